// Around textual-serve's script, which draws the screen and sends the keys: asks for the seat first, waits for the
// fonts, keeps the keyboard on the screen, says in words why the screen is no more, and, where the server is said to
// come back, waits for it.
"use strict";

const connect = window.onload;   // textual-serve's script: makes the terminal and connects it
window.onload = null;            // not before the seat is ours

const body = document.body;
const terminal = document.getElementById("terminal");
const card = document.getElementById("card");
const button = document.getElementById("button");
const leave = document.getElementById("leave");        // gives a seat up that would otherwise stay the learner's
const base = body.dataset.base;                        // what the addresses of this screen begin with
const returning = body.dataset.returning === "yes";    // the seat outlives the connection, and the server
const RETURNS = { broken: 1000, gone: 1000, closed: 5000, failed: 20000 };   // milliseconds before another try
let view = "";
let live = false;
let socket = null;

// The connection that textual-serve's script makes, so that keys on the screen can go the same way as all others.
const Socket = window.WebSocket;
window.WebSocket = class extends Socket {
  constructor(...words) {
    super(...words);
    socket = this;
  }

  send(data) {
    super.send(touch.held(data));
  }
};

// This tab's name for itself: a tab that has lost its connection is not a second one.
function tab() {
  if (!sessionStorage.getItem("tab")) {
    const numbers = crypto.getRandomValues(new Uint32Array(4));
    sessionStorage.setItem("tab", Array.from(numbers, (number) => number.toString(36)).join(""));
  }
  return sessionStorage.getItem("tab");
}

function show(title, text, label, act) {
  live = false;
  card.hidden = false;
  document.getElementById("title").textContent = title;
  document.getElementById("text").textContent = text;
  document.getElementById("keys").hidden = true;
  button.hidden = !label;
  button.textContent = label || "";
  button.onclick = act;
  leave.hidden = true;
  button.focus();
}

function gone() {
  show(body.dataset.goneTitle, body.dataset.gone, body.dataset.again, () => location.reload());
  comeBack("gone");
}

// Look, at growing intervals, whether the server answers, and begin anew once it does.
async function comeBack(reason) {
  if (!returning || !(reason in RETURNS)) return;
  const tries = Number(sessionStorage.getItem("tries") ?? 0);
  sessionStorage.setItem("tries", tries + 1);
  let pause = RETURNS[reason] * Math.min(2 ** tries, 16);
  for (;;) {
    await new Promise((done) => setTimeout(done, pause * (0.8 + 0.4 * Math.random())));
    if (card.hidden) return;
    try {
      if ((await fetch("/alive", { cache: "no-store" })).ok) {
        location.reload();
        return;
      }
    } catch { }
    pause = Math.min(Math.max(pause, 1000) * 1.3, 5000);
  }
}

// A refusal is a page: its words are shown as they are.
async function refused(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const words = (name) => page.querySelector(name)?.textContent ?? "";
  show(words("h1"), words("p"), body.dataset.again, () => location.reload());
}

function ask(take) {
  return fetch(`${base}/seat`, { method: "POST", body: JSON.stringify({ take, tab: tab() }) });
}

function fonts() {
  const faces = ["16px", "bold 16px", "italic 16px", "italic bold 16px"];
  return Promise.allSettled(faces.map((face) => document.fonts.load(`${face} "Roboto Mono"`)));
}

// The usual size, or on a small screen the largest with which 80 columns and 24 rows have room.
function fontSize() {
  return String(Math.max(8, Math.min(16, Math.floor(Math.min(terminal.clientWidth / 48.2, terminal.clientHeight / 31.8)))));
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
  terminal.dataset.sessionWebsocketUrl = `ws${location.protocol === "https:" ? "s" : ""}://${location.host}${base}/screen/${view}`;
  terminal.dataset.fontSize = fontSize();
  live = true;
  connect.call(window);
}

async function ended() {
  try {
    const answer = await fetch(`${base}/ending/${view}`);
    if (!answer.ok) {
      await refused(answer);
      return;
    }
    const why = await answer.json();
    show(why.title, why.text, why.button, () => {
      if (why.reason === "moved") sessionStorage.setItem("take", "yes");
      sessionStorage.removeItem("tries");
      location.reload();
    });
    leave.hidden = !leave.textContent || why.reason !== "left";
    comeBack(why.reason);
  } catch {
    gone();
  }
}

leave.onclick = async () => {
  await fetch("/leave", { method: "POST" }).catch(() => {});
  location.reload();
};

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
    sessionStorage.removeItem("tries");
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

// Where there is a touch screen and perhaps no keyboard: the keys that its own keyboard lacks.
const touch = {
  row: document.getElementById("touch"),
  holds: document.querySelectorAll("#touch [data-hold]"),

  holding(which) {
    return Array.from(this.holds).some((key) => key.dataset.hold === which && key.getAttribute("aria-pressed") === "true");
  },

  letGo() {
    for (const key of this.holds) key.setAttribute("aria-pressed", "false");
  },

  // What is typed while Ctrl is held on the screen.
  held(data) {
    if (!this.holding("ctrl") || typeof data !== "string") return data;
    const [kind, text] = JSON.parse(data);
    if (kind !== "stdin" || text.length !== 1) return data;
    this.letGo();
    const letter = text.toUpperCase();
    return /[@A-Z[\\\]^_ ]/.test(letter) ? JSON.stringify([kind, String.fromCharCode(letter.charCodeAt(0) & 31)]) : data;
  },

  // The same key with Shift, as terminals tell it.
  shifted(keys) {
    if (keys === "\t") return "\u001b[Z";
    return keys.replace(/^\u001bO([PQRS])$/, "\u001b[1;2$1").replace(/^\u001b\[([ABCD])$/, "\u001b[1;2$1").replace("~", ";2~");
  },

  press(key) {
    if (key.dataset.hold) {
      key.setAttribute("aria-pressed", String(key.getAttribute("aria-pressed") !== "true"));
    } else if (live && socket?.readyState === Socket.OPEN) {
      const keys = key.dataset.sends.replace("^[", "\u001b").replace("TAB", "\t");
      const sent = this.holding("shift") ? this.shifted(keys) : keys;
      this.letGo();
      socket.send(JSON.stringify(["stdin", sent]));
    }
  },

  // The keyboard that a tablet shows covers the page: keep to what can be seen.
  fit() {
    const seen = window.visualViewport?.height ?? window.innerHeight;
    body.style.setProperty("--seen", `${Math.floor(seen)}px`);
    window.scrollTo(0, 0);
    window.dispatchEvent(new Event("resize"));
  },

  begin() {
    this.row.hidden = false;
    body.classList.add("-touch");
    this.row.addEventListener("pointerdown", (event) => {
      event.preventDefault();   // the keyboard stays with the terminal
      const key = event.target.closest("button");
      if (key) this.press(key);
    });
    window.visualViewport?.addEventListener("resize", () => this.fit());
    this.fit();
  },
};
if (window.matchMedia("(any-pointer: coarse)").matches || new URLSearchParams(location.search).has("keys")) touch.begin();

// The script makes one terminal for one connection, so "continue here" begins with a fresh page.
const take = sessionStorage.getItem("take") === "yes";
sessionStorage.removeItem("take");
begin(take);
