// Around textual-serve's script, which draws the screen and sends the keys: asks for the seat first, waits for the
// fonts, keeps the keyboard on the screen, and says in words why the screen is no more.
"use strict";

const connect = window.onload;   // textual-serve's script: makes the terminal and connects it
window.onload = null;            // not before the seat is ours

const body = document.body;
const terminal = document.getElementById("terminal");
const card = document.getElementById("card");
const button = document.getElementById("button");
let view = "";
let live = false;

function show(title, text, label, act) {
  live = false;
  card.hidden = false;
  document.getElementById("title").textContent = title;
  document.getElementById("text").textContent = text;
  document.getElementById("keys").hidden = true;
  button.hidden = !label;
  button.textContent = label || "";
  button.onclick = act;
  button.focus();
}

function gone() {
  show(body.dataset.goneTitle, body.dataset.gone, body.dataset.again, () => location.reload());
}

// A refusal is a page: its words are shown as they are.
async function refused(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const words = (name) => page.querySelector(name)?.textContent ?? "";
  show(words("h1"), words("p"), body.dataset.again, () => location.reload());
}

function ask(take) {
  return fetch("/seat", { method: "POST", body: JSON.stringify({ take }) });
}

function fonts() {
  const faces = ["16px", "bold 16px", "italic 16px", "italic bold 16px"];
  return Promise.allSettled(faces.map((face) => document.fonts.load(`${face} "Roboto Mono"`)));
}

async function begin(take) {
  button.hidden = true;
  button.onclick = null;
  let answer;
  try {
    [answer] = await Promise.all([ask(take), fonts()]);
    if (answer.status === 409) {
      const busy = await answer.json();
      show(busy.title, busy.text, busy.button, () => begin(true));
      return;
    }
    if (!answer.ok) {
      await refused(answer);
      return;
    }
    view = (await answer.json()).view;
  } catch {
    gone();
    return;
  }
  terminal.dataset.sessionWebsocketUrl = `ws${location.protocol === "https:" ? "s" : ""}://${location.host}/screen/${view}`;
  live = true;
  connect.call(window);
}

async function ended() {
  try {
    const answer = await fetch(`/ending/${view}`);
    if (!answer.ok) {
      await refused(answer);
      return;
    }
    const why = await answer.json();
    show(why.title, why.text, why.button, () => {
      if (why.reason === "moved") sessionStorage.setItem("take", "yes");
      location.reload();
    });
  } catch {
    gone();
  }
}

function focusScreen() {
  if (live) terminal.querySelector("textarea")?.focus();
}

// textual-serve's script tells by classes of the body: the first picture, and the end.
new MutationObserver(() => {
  if (live && body.classList.contains("-closed")) {
    live = false;
    ended();
  } else if (live && body.classList.contains("-first-byte") && !card.hidden) {
    card.hidden = true;
    focusScreen();
  }
}).observe(body, { attributes: true, attributeFilter: ["class"] });

window.addEventListener("focus", focusScreen);

// Ctrl-W is a habit in a shell, and closes the tab in a browser: ask first.
window.addEventListener("beforeunload", (event) => {
  if (live) event.preventDefault();
});

// F11: full screen by the page, not by the browser, because only then may the page have all keys.
async function toggleFullScreen() {
  if (document.fullscreenElement) {
    navigator.keyboard?.unlock();
    await document.exitFullscreen();
  } else {
    await document.documentElement.requestFullscreen();
    await navigator.keyboard?.lock();
  }
}

window.addEventListener("keydown", (event) => {
  if (event.key === "F11" && !event.ctrlKey && !event.altKey && !event.shiftKey && !event.metaKey) {
    event.preventDefault();
    event.stopImmediatePropagation();
    toggleFullScreen().catch(() => {});
  }
}, true);

// The script makes one terminal for one connection, so "continue here" begins with a fresh page.
const take = sessionStorage.getItem("take") === "yes";
sessionStorage.removeItem("take");
begin(take);
