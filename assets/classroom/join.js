// Gives the code and the name for a seat. The code may come with the link, behind the "#": no server's log sees it.
"use strict";

const form = document.getElementById("join");
const code = document.getElementById("code");
const name = document.getElementById("name");
const problem = document.getElementById("problem");
const enter = document.getElementById("enter");
const language = document.getElementById("language");

code.value = decodeURIComponent(location.hash.slice(1)).slice(0, 12);
language.href += location.hash;
document.getElementById("command").textContent = `nsteps join ${location.origin}`;
(code.value && name.offsetParent ? name : code).focus();

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  problem.textContent = "";
  enter.disabled = true;
  try {
    const answer = await fetch("/join", { method: "POST", body: JSON.stringify({ code: code.value, name: name.value }) });
    if (answer.ok) {
      location.replace("/");
      return;
    }
    problem.textContent = answer.headers.get("Content-Type")?.startsWith("application/json")
      ? (await answer.json()).text
      : new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("p")?.textContent;
  } catch {
    problem.textContent = document.body.dataset.unreachable;
  }
  enter.disabled = false;
  (code.value ? enter : code).focus();
});
