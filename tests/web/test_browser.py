"""The whole way through a real browser: a person's keys in Chromium, the program's screen in its window."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from tests.web.chromium import Chromium, Tab, chromium, needs_chromium
from tests.web.serving import Serving, all_gone, descendants, free_port, serving

pytestmark = [pytest.mark.lab, needs_chromium]

SERVER = "python3 -m http.server 8080"
PROMPT = "you@lab:~$"
IN_TERMINAL = "^] Lesson"

HARMLESS = ("software WebGL", "in CLOSING or CLOSED state")
"""What the console may say: how a machine without graphics draws, and that a screen which is no more lost the focus."""

DRAWN = """(() => {
  const canvas = document.querySelector("canvas.xterm-text-layer");
  const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  const colours = new Set();
  for (let at = 0; at < pixels.length; at += 4) colours.add(pixels[at] << 16 | pixels[at + 1] << 8 | pixels[at + 2]);
  return colours.size;
})()"""
"""How many colours are really in the window."""

ATTEMPTS = (
    """new Promise((done) => {
      const socket = new WebSocket("ORIGIN/screen/x".replace("http", "ws"));
      socket.onopen = () => done("in");
      socket.onerror = () => done("out");
    })""",
    """fetch("ORIGIN/seat", {method: "POST", body: '{"take":true}', credentials: "include"})
      .then(() => "in", () => "out")""",
    """fetch("ORIGIN/", {credentials: "include"}).then(() => "in", () => "out")""",
    """new Promise((done) => {
      const frame = document.createElement("iframe");
      frame.onload = () => { try { done(frame.contentDocument.title ? "in" : "out"); } catch { done("out"); } };
      frame.src = "ORIGIN/";
      document.body.append(frame);
    })""",
)
"""What another page might try. ORIGIN stands for the server's address."""


@pytest.fixture
async def program() -> AsyncIterator[Serving]:
    async with serving("--port", free_port()) as program:
        yield program


@pytest.fixture
async def browser() -> AsyncIterator[Chromium]:
    async with chromium() as browser:
        yield browser


@pytest.fixture
async def tab(browser: Chromium, program: Serving) -> Tab:
    """The tutorial, opened with the link, its first prompt there."""
    tab = await browser.tab()
    await tab.open(program.link)
    await tab.ready()
    await tab.sees(IN_TERMINAL, PROMPT)
    return tab


async def test_a_step_a_reload_in_the_midst_of_it_and_the_end(program: Serving, tab: Tab) -> None:
    await tab.type(SERVER + "\n")
    await tab.sees("Serving HTTP", "Step done")
    assert await tab.evaluate(DRAWN) > 20
    await tab.press("F5")  # the program's key, not the browser's
    await tab.sees("1.2 Visit it", "2%")
    before = descendants(program.process.pid)
    assert tab.questions == []

    await tab.reload()
    await tab.sees("1.2", "2%", IN_TERMINAL, PROMPT)
    await tab.ready()
    await tab.type("curl localhost:8080\n")  # the server runs again
    await tab.sees("Directory listing", "Step done")
    assert tab.questions == ["beforeunload"]
    await all_gone(before)

    after = descendants(program.process.pid)
    await tab.press("F10")
    assert await tab.card() == "Until next time"
    await all_gone(after)
    await tab.evaluate("document.getElementById('button').click()")
    await tab.ready()
    await tab.sees("1.2", IN_TERMINAL)
    await tab.close()
    await all_gone(descendants(program.process.pid))

    origin = program.origin
    assert all(url.startswith((origin, origin.replace("http", "ws", 1))) for url in tab.requests), tab.requests
    assert [text for text in tab.complaints if not any(word in text for word in HARMLESS)] == []


async def test_keys_reach_the_shell(tab: Tab) -> None:
    await tab.type("sleep 1000\n")
    await tab.press("c", "Control")
    await tab.sees("^C")
    await tab.type("echo one.two three")
    await tab.press("w", "Control")  # without a window the browser does not take it
    await tab.type("four\n")
    await tab.sees("\n", "one.two four")
    await tab.type("echo ")
    await tab.press(".", "Alt")
    await tab.type(" five\n")
    await tab.sees("$ echo four five")
    await tab.holds(lambda: tab.text.count("you@lab:~$") == 4, "the prompt")  # else the kernel edits the line, not bash
    await tab.press("ArrowUp")
    await tab.press("ArrowLeft")
    await tab.press("Backspace")
    await tab.type("r\n")
    await tab.sees("four fire")

    await tab.type("cat -v\n")
    await tab.press("Escape")
    for key in ("F11", "ArrowUp"):
        await tab.press(key, "Shift")
    await tab.press("]", "Control")
    await tab.sees("^] Terminal")  # the program's chord
    await tab.press("]", "Control")
    await tab.sees(IN_TERMINAL)
    await tab.type("\n")
    await tab.sees("^[^[[23;2~^[[1;2A")


async def test_chinese_from_an_input_method(tab: Tab) -> None:
    await tab.type("echo ")
    await tab.sees("$ echo")
    await tab.compose("wang'luo", "网络")
    await tab.sees("$ echo 网络")  # the terminal in the page reads a composition a moment after it has ended
    await tab.compose("qiao", "桥")
    await tab.sees("$ echo 网络桥")
    await tab.type("\n")
    await tab.sees("\n", "网络桥")
    assert "wang" not in tab.text


async def test_a_paste_waits_for_enter(tab: Tab) -> None:
    await tab.evaluate(
        """(() => {
          const data = new DataTransfer();
          data.setData("text/plain", "echo first\\necho $((40 + 2))nd\\n");
          document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true}));
        })()"""
    )
    await tab.sees("echo $((40 + 2))nd")
    assert "42nd" not in tab.text
    await tab.press("Enter")
    await tab.sees("42nd")


async def test_the_mouse_and_the_size(tab: Tab) -> None:
    columns, rows = tab.size
    await tab.click(100, 120)  # in the lesson
    await tab.sees("^] Terminal")
    await tab.click(900, 200)  # in the terminal
    await tab.sees(IN_TERMINAL)
    await tab.resize(1000, 600)
    await tab.holds(lambda: tab.size[0] < columns and tab.size[1] < rows, "a smaller screen")
    await tab.sees(IN_TERMINAL, PROMPT)
    await tab.resize(1600, 900)
    await tab.holds(lambda: tab.size[0] > columns, "a larger screen")
    await tab.sees("F10 Quit", IN_TERMINAL)


async def test_a_second_tab(browser: Chromium, program: Serving, tab: Tab) -> None:
    second = await browser.tab()
    await second.open(program.origin + "/")
    assert await second.card() == "Already open"
    await second.evaluate("document.getElementById('button').click()")
    await second.ready()
    await second.sees(IN_TERMINAL, PROMPT)
    assert await tab.card() == "Open elsewhere now"
    await tab.evaluate("document.getElementById('button').click()")  # and back
    assert await second.card() == "Open elsewhere now"
    await tab.ready()
    await tab.sees(IN_TERMINAL, PROMPT)


async def test_the_end_of_the_server_is_told(program: Serving, tab: Tab) -> None:
    assert await program.end() == 0
    assert await tab.card() == "nsteps has ended"
    assert tab.questions == []


async def evil(request: web.Request) -> web.Response:
    return web.Response(text="<p>evil</p>", content_type="text/html")


async def test_a_page_of_another_server_gets_nothing(browser: Chromium, program: Serving, tab: Tab) -> None:
    """On this machine, with another port: to the browser the same site, so that even a strict cookie is sent along."""
    application = web.Application()
    application.router.add_get("/", evil)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    other = await browser.tab()
    try:
        await other.open(f"http://127.0.0.1:{runner.addresses[0][1]}/")
        await other.until("!!document.querySelector('p')")
        for attempt in ATTEMPTS:
            assert await other.evaluate(attempt.replace("ORIGIN", program.origin)) == "out", attempt
    finally:
        await runner.cleanup()
    await tab.type("echo still here\n")
    await tab.sees("\n", "still here")
