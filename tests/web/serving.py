"""``nsteps web`` as a process of its own, and what a page does, done by hand over HTTP and WebSocket."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from types import TracebackType

import aiohttp
from yarl import URL

from tests.cli.command_line import PROGRAM, ROOT
from tui.terminal.ghostty import GhosttyEmulator

PATIENCE_SECONDS = 60
BUSY = "◌"
"""Stands in the header while the lab is made or rebuilt: what is typed then goes nowhere."""


class Serving:
    """The running program: ``link`` is what it printed, ``origin`` the address without the token."""

    def __init__(self, process: asyncio.subprocess.Process, link: str) -> None:
        self.process = process
        self.link = link
        self.origin = str(URL(link).origin())

    async def end(self, number: int = signal.SIGINT) -> int:
        """Send the signal, wait for the end; the exit code."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(number)
        return await asyncio.wait_for(self.process.wait(), PATIENCE_SECONDS)


@contextlib.asynccontextmanager
async def serving(*words: str, **variables: str) -> AsyncIterator[Serving]:
    """``nsteps web`` with these words, ended at the end."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PROGRAM, "web", *words),
        env={**os.environ, "PYTHONPATH": str(ROOT), **variables},
        cwd="/",
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield Serving(process, await _link(process))
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(process.wait(), PATIENCE_SECONDS)
            except TimeoutError:
                process.kill()


def free_port() -> str:
    """A port that is nobody's now; the usual one goes to the next server here as soon as its own has ended."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return str(unused.getsockname()[1])


async def _link(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    async for line in process.stdout:
        if found := re.search(rb"http://\S+", line):
            return found[0].decode()
    raise AssertionError("no link")


def descendants(pid: int) -> set[int]:
    """Every process that came of that one and is still there."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError):
            text = stat.read_text()
            fields = text[text.rindex(")") + 2 :].split()
            if fields[0] != "Z":
                children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found: set[int] = set()
    waiting = [pid]
    while waiting:
        for child in children.get(waiting.pop(), []):
            found.add(child)
            waiting.append(child)
    return found


async def all_gone(pids: set[int]) -> None:
    """Wait until none of those processes is left."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while any(alive(pid) for pid in pids):  # noqa: ASYNC110 - nothing announces it
            await asyncio.sleep(0.05)


def alive(pid: int) -> bool:
    """Whether that process runs."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return text[text.rindex(")") + 2] != "Z"


class Visitor:
    """One browser: its cookies, and requests as its pages send them."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))

    async def __aenter__(self) -> Visitor:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.session.close()

    async def get(self, path: str, **headers: str) -> tuple[int, str]:
        async with self.session.get(URL(self.origin + path, encoded=True), headers=headers) as answer:
            return answer.status, await answer.text()

    async def enter(self, link: str) -> int:
        """Open a link with a token; the status."""
        async with self.session.get(link) as answer:
            return answer.status

    async def ask(self, *, take: bool = False, **headers: str) -> tuple[int, dict[str, str]]:
        """Ask for the seat, as the page does."""
        sent = {"Origin": self.origin} | headers
        body = json.dumps({"take": take})
        async with self.session.post(f"{self.origin}/seat", data=body, headers=sent) as answer:
            told = await answer.json() if answer.content_type == "application/json" else {}
            return answer.status, told

    async def look(self, *, take: bool = False, columns: int = 120, rows: int = 36) -> Page:
        """Ask for the seat, and connect."""
        status, told = await self.ask(take=take)
        assert status == 200, told
        return await self.connect(told["view"], columns, rows)

    async def connect(self, view: str, columns: int = 120, rows: int = 36) -> Page:
        socket = await self.session.ws_connect(
            f"{self.origin}/screen/{view}?width={columns}&height={rows}", headers={"Origin": self.origin}
        )
        return Page(view, socket, columns, rows)

    async def ending(self, page: Page) -> dict[str, str]:
        status, text = await self.get(f"/ending/{page.view}")
        assert status == 200, text
        told: dict[str, str] = json.loads(text)
        return told


class Page:
    """A page that is connected: what is on its screen, and keys."""

    def __init__(self, view: str, socket: aiohttp.ClientWebSocketResponse, columns: int, rows: int) -> None:
        self.view = view
        self.socket = socket
        self.emulator = GhosttyEmulator(columns, rows)

    @property
    def text(self) -> str:
        """The screen's text."""
        return self.emulator.text_between((0, 0), (self.emulator.columns - 1, self.emulator.rows - 1))

    async def sees(self, *texts: str) -> None:
        """Wait until all the texts are on the screen, and the program is not busy."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while BUSY in self.text or not all(text in self.text for text in texts):
                    message = await self.socket.receive()
                    assert message.type in (aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT), (message, self.text)
                    if message.type is aiohttp.WSMsgType.BINARY:
                        self.emulator.feed(message.data)
        except TimeoutError:
            raise AssertionError(f"not on the screen: {texts}\n{self.text}") from None

    async def closed(self) -> None:
        """Wait until the server hangs up."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (await self.socket.receive()).type in (aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT):
                pass

    async def type(self, text: str) -> None:
        await self.socket.send_json(["stdin", text])

    async def resize(self, columns: int, rows: int) -> None:
        self.emulator.resize(columns, rows)
        await self.socket.send_json(["resize", {"width": columns, "height": rows}])

    async def close(self) -> None:
        """As a tab that is closed."""
        await self.socket.close()
