"""A real browser without a window, driven over the DevTools protocol (https://chromedevtools.github.io/devtools-protocol)."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import itertools
import json
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from tests.web.serving import BUSY
from tui.terminal.ghostty import GhosttyEmulator

PATIENCE_SECONDS = 60
BINARY = 2
PROGRAM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
needs_chromium = pytest.mark.skipif(
    PROGRAM is None, reason="no Chromium on this machine (Debian: apt install chromium)"
)

FLAGS = (
    "--headless",
    "--no-sandbox",  # root's Chromium does not start with it, and all it visits is this program
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--remote-debugging-port=0",
    "--window-size=1280,800",
)

KEYS = {
    "Enter": {"code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r"},
    "Escape": {"code": "Escape", "windowsVirtualKeyCode": 27},
    "Tab": {"code": "Tab", "windowsVirtualKeyCode": 9},
    "Backspace": {"code": "Backspace", "windowsVirtualKeyCode": 8},
    "ArrowLeft": {"code": "ArrowLeft", "windowsVirtualKeyCode": 37},
    "ArrowUp": {"code": "ArrowUp", "windowsVirtualKeyCode": 38},
    "ArrowRight": {"code": "ArrowRight", "windowsVirtualKeyCode": 39},
    "ArrowDown": {"code": "ArrowDown", "windowsVirtualKeyCode": 40},
    ".": {"code": "Period", "windowsVirtualKeyCode": 190},
    "]": {"code": "BracketRight", "windowsVirtualKeyCode": 221},
    **{f"F{number}": {"code": f"F{number}", "windowsVirtualKeyCode": 111 + number} for number in range(1, 13)},
}
MODIFIERS = {"Alt": 1, "Control": 2, "Meta": 4, "Shift": 8}


class Chromium:
    """The browser; :meth:`tab` opens pages in it."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._listeners: list[Callable[[str, str, dict[str, Any]], None]] = []
        self._reader = asyncio.create_task(self._read())

    async def send(self, method: str, session: str = "", **params: Any) -> dict[str, Any]:
        """One command, and its answer."""
        number = next(self._numbers)
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._answers[number] = answer
        message: dict[str, Any] = {"id": number, "method": method, "params": params}
        await self._socket.send_json(message | ({"sessionId": session} if session else {}))
        async with asyncio.timeout(PATIENCE_SECONDS):
            told = await answer
        assert "error" not in told, (method, told["error"])
        result: dict[str, Any] = told["result"]
        return result

    async def tab(self) -> Tab:
        """An empty tab."""
        target = (await self.send("Target.createTarget", url="about:blank"))["targetId"]
        session = (await self.send("Target.attachToTarget", targetId=target, flatten=True))["sessionId"]
        tab = Tab(self, target, session)
        self._listeners.append(tab.heard)
        for domain in ("Page", "Network", "Runtime", "Log"):
            await tab.send(f"{domain}.enable")
        return tab

    async def close(self) -> None:
        with contextlib.suppress(AssertionError, TimeoutError, ConnectionError):
            await self.send("Browser.close")
        self._reader.cancel()

    async def _read(self) -> None:
        async for message in self._socket:
            told = json.loads(message.data)
            if "id" in told:
                if not (answer := self._answers.pop(told["id"])).done():
                    answer.set_result(told)
            else:
                for listener in self._listeners:
                    listener(told.get("sessionId", ""), told["method"], told["params"])


class Tab:
    """One page. ``text``: what the screen in it shows.

    ``requests``: addresses it asked for, ``sockets``: how many of them for a WebSocket; ``complaints``: what its
    console has to say against it; ``questions``: what the browser asked the person, always answered with yes.
    """

    def __init__(self, browser: Chromium, target: str, session: str) -> None:
        self._browser = browser
        self._target = target
        self._session = session
        self._tasks: set[asyncio.Task[Any]] = set()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.questions: list[str] = []
        self.sockets = 0
        self._emulator: GhosttyEmulator | None = None

    def heard(self, session: str, method: str, params: dict[str, Any]) -> None:
        if session != self._session:
            return
        match method:
            case "Network.requestWillBeSent":
                self.requests.append(params["request"]["url"])
            case "Network.webSocketCreated":
                self.requests.append(params["url"])
                self.sockets += 1
                query = parse_qs(urlsplit(params["url"]).query)
                if "width" in query:  # the program's own page
                    self._emulator = GhosttyEmulator(int(query["width"][0]), int(query["height"][0]))
            case "Network.webSocketFrameReceived" if params["response"]["opcode"] == BINARY:
                assert self._emulator is not None
                self._emulator.feed(base64.b64decode(params["response"]["payloadData"]))
            case "Network.webSocketFrameSent" if (sent := params["response"]["payloadData"]).startswith('["resize"'):
                assert self._emulator is not None
                size = json.loads(sent)[1]
                self._emulator.resize(size["width"], size["height"])
            case "Log.entryAdded":
                self.complaints.append(f"{params['entry']['text']} {params['entry'].get('url', '')}")
            case "Runtime.exceptionThrown":
                self.complaints.append(json.dumps(params["exceptionDetails"]))
            case "Page.javascriptDialogOpening":
                self.questions.append(params["type"])
                task = asyncio.ensure_future(self.send("Page.handleJavaScriptDialog", accept=True))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def send(self, method: str, **params: Any) -> dict[str, Any]:
        return await self._browser.send(method, self._session, **params)

    @property
    def text(self) -> str:
        emulator = self._emulator
        return emulator.text_between((0, 0), (emulator.columns - 1, emulator.rows - 1)) if emulator else ""

    @property
    def size(self) -> tuple[int, int]:
        """Of the screen, in cells."""
        return (self._emulator.columns, self._emulator.rows) if self._emulator else (0, 0)

    async def sees(self, *texts: str) -> None:
        """Wait until all the texts are on the screen, and the program is not busy."""
        await self.holds(lambda: BUSY not in self.text and all(text in self.text for text in texts), str(texts))

    async def holds(self, condition: Callable[[], bool], what: str) -> None:
        """Wait until the condition on this tab is true."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not condition():  # noqa: ASYNC110 - nothing announces it
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise AssertionError(f"never came: {what}\n{self.text}") from None

    async def open(self, url: str) -> None:
        await self.send("Page.navigate", url=url)

    async def reload(self) -> None:
        """Wait until the page is a new one, with a connection of its own."""
        sockets = self.sockets
        await self.evaluate("window.before = true")
        await self.send("Page.reload")
        await self.until("window.before === undefined")
        await self.holds(lambda: self.sockets == sockets + 1, "a new connection")

    async def close(self) -> None:
        """As a person closes it, without being asked."""
        await self._browser.send("Target.closeTarget", targetId=self._target)

    async def evaluate(self, expression: str) -> Any:
        """The value of an expression in the page; None while the page is changing."""
        try:
            told = await self.send("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        except AssertionError:
            return None
        return told["result"].get("value")

    async def until(self, expression: str) -> Any:
        """Wait until the expression is true in the page; its value."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not (value := await self.evaluate(expression)):  # noqa: ASYNC110 - nothing announces it
                await asyncio.sleep(0.05)
        return value

    async def ready(self) -> None:
        """Wait until the program's screen is there and has the keyboard."""
        await self.until("document.getElementById('card')?.hidden && document.activeElement.tagName === 'TEXTAREA'")

    async def card(self) -> str:
        """Wait until the page says something instead of the screen; its title."""
        title = "document.getElementById('title')"
        return str(
            await self.until(
                f"!{title}.parentElement.hidden && {title}.textContent !== 'nsteps' && {title}.textContent"
            )
        )

    async def type(self, text: str) -> None:
        """Keys that a person presses one by one."""
        for character in text:
            await self.press("Enter") if character == "\n" else await self._key(character, 0, text=character)

    async def press(self, key: str, *modifiers: str) -> None:
        """One key with others held: ``press("c", "Control")``."""
        held = sum(MODIFIERS[name] for name in modifiers)
        details = dict(KEYS.get(key, {"code": f"Key{key.upper()}", "windowsVirtualKeyCode": ord(key.upper()[0])}))
        if held & ~MODIFIERS["Shift"]:
            details.pop("text", None)
        await self._key(key, held, **details)

    async def _key(self, key: str, modifiers: int, **details: Any) -> None:
        kind = "keyDown" if "text" in details else "rawKeyDown"
        await self.send("Input.dispatchKeyEvent", type=kind, key=key, modifiers=modifiers, **details)
        details.pop("text", None)
        await self.send("Input.dispatchKeyEvent", type="keyUp", key=key, modifiers=modifiers, **details)

    async def compose(self, while_typing: str, text: str) -> None:
        """As an input method writes: something provisional first, then what was chosen."""
        await self.send("Input.imeSetComposition", text=while_typing, selectionStart=0, selectionEnd=len(while_typing))
        await self.send("Input.insertText", text=text)

    async def click(self, x: int, y: int) -> None:
        for kind in ("mousePressed", "mouseReleased"):
            await self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    async def resize(self, width: int, height: int) -> None:
        await self.send(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False
        )

    async def screenshot(self, path: Path) -> None:
        data = (await self.send("Page.captureScreenshot", format="png"))["data"]
        await asyncio.to_thread(path.write_bytes, base64.b64decode(data))


@contextlib.asynccontextmanager
async def chromium() -> AsyncIterator[Chromium]:
    """The browser with a profile of its own, ended at the end."""
    assert PROGRAM is not None
    with tempfile.TemporaryDirectory(prefix="nsteps-chromium-", ignore_cleanup_errors=True) as profile:
        process = await asyncio.create_subprocess_exec(
            *(PROGRAM, *FLAGS, f"--user-data-dir={profile}"),
            env={**os.environ, "HOME": profile},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            address = await _address(process)
            async with aiohttp.ClientSession() as session, session.ws_connect(address, max_msg_size=0) as socket:
                browser = Chromium(socket)
                try:
                    yield browser
                finally:
                    await browser.close()
        finally:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), 10)
            if process.returncode is None:
                process.kill()
                await process.wait()


async def _address(process: asyncio.subprocess.Process) -> str:
    assert process.stderr is not None
    said = b""
    async with asyncio.timeout(PATIENCE_SECONDS):
        async for line in process.stderr:
            said += line
            if b"DevTools listening on " in line:
                return line.split()[-1].decode()
    raise AssertionError(said.decode(errors="replace"))
