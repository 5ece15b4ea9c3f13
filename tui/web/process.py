"""A learner's process as the web server sees it: started for a page, fed with keys, ended for good with the page."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec

from tui.web import packets
from tui.web.packets import DATA, Ended, Meta, OpenUrl, PacketError, Quit

QUIT_SECONDS = 10.0
"""How long a process may take to keep the progress and end its lab before it is killed; its lab dies with it."""
LAST_WORDS_SECONDS = 2.0
"""How long what a process said before its end may take to be read."""

_CODE = (
    "import sys; root = sys.argv.pop(1); root in sys.path or sys.path.append(root); "
    "from importlib import import_module; import_module(sys.argv.pop(1)).main()"
)
LEARNER = "tui.web.learner"
_ROOT = str(Path(__file__).resolve().parents[2])
_OF_THE_SERVERS_TERMINAL = ("COLORFGBG", "COLUMNS", "LINES", "STY", "TERM_PROGRAM", "TERM_PROGRAM_VERSION", "TMUX")
OF_THE_BROWSER = {
    "TERM": "xterm-256color",
    "COLORTERM": "truecolor",
    "TEXTUAL_COLOR_SYSTEM": "truecolor",
    "TEXTUAL_FPS": "60",
}


def browser_environment() -> dict[str, str]:
    """The server's environment, with what it says about a terminal replaced by what a browser can do."""
    return {name: value for name, value in os.environ.items() if name not in _OF_THE_SERVERS_TERMINAL} | OF_THE_BROWSER


class LearnerProcess:
    """One run of :mod:`tui.web.learner`, or of another ``module`` that is started in the same way.

    ``paint`` is awaited for each piece of the picture, which is how a slow browser holds the process back; ``link`` is
    awaited when the learner follows a link.
    """

    def __init__(
        self,
        paint: Callable[[bytes], Awaitable[None]],
        link: Callable[[str], Awaitable[None]],
        module: str = LEARNER,
    ) -> None:
        self._module = module
        self._paint = paint
        self._link = link
        self._process: Process | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._reading: asyncio.Task[Ended | None] | None = None
        self._looked_at = True

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    async def start(self, seating: msgspec.Struct) -> None:
        """Start it. Raises ``OSError``."""
        ours, theirs = socket.socketpair()
        words = (str(theirs.fileno()), msgspec.json.encode(seating).decode())
        try:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-c", _CODE, _ROOT, self._module, *words),
                stdin=DEVNULL,
                env=browser_environment(),
                pass_fds=(theirs.fileno(),),
                start_new_session=True,  # Ctrl-C at the server's terminal is for the server
            )
        except OSError:
            ours.close()
            raise
        finally:
            theirs.close()
        reader, self._writer = await asyncio.open_unix_connection(sock=ours)
        self._reading = asyncio.create_task(self._read(reader))

    async def type(self, text: str) -> None:
        """What was typed or pasted, and mouse reports, as a terminal sends them."""
        await self._send(packets.packet(DATA, text.encode("utf-8", "replace")))

    async def tell(self, what: Meta) -> None:
        await self._send(packets.meta(what))

    async def ended(self) -> Ended | None:
        """Wait for its end: what it said last; None if it died without a word."""
        assert self._reading is not None
        last = await asyncio.shield(self._reading)
        assert self._process is not None
        await self._process.wait()
        return last

    async def stop(self) -> None:
        """Nobody looks any more: ask it to end, see that it has. Returns when it has ended."""
        if self._process is None:
            return
        self._looked_at = False
        await self._send(packets.meta(Quit()))
        try:
            await asyncio.wait_for(self._process.wait(), QUIT_SECONDS)
        except TimeoutError:
            self.kill()
            await self._process.wait()
        if self._writer is not None:
            self._writer.close()
        if self._reading is not None:
            done, _ = await asyncio.wait({self._reading}, timeout=LAST_WORDS_SECONDS)
            if not done:
                self._reading.cancel()  # the browser takes nothing, not even the end

    def kill(self) -> None:
        """At once. The kernel ends its lab with it."""
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()

    async def _send(self, data: bytes) -> None:
        writer = self._writer
        if writer is None or writer.is_closing():
            return
        with contextlib.suppress(ConnectionError):
            writer.write(data)
            if self._looked_at:
                await writer.drain()

    async def _read(self, reader: asyncio.StreamReader) -> Ended | None:
        """Until its end of the socket is closed, painting as long as somebody looks."""
        last: Ended | None = None
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError, PacketError):
            while True:
                kind, size = packets.header(await reader.readexactly(packets.HEADER_BYTES))
                payload = await reader.readexactly(size)
                if kind == DATA:
                    await self._show(payload)
                    continue
                match packets.understood(payload):
                    case Ended() as last:
                        pass
                    case OpenUrl(url) if url.startswith(("https://", "http://")) and self._looked_at:
                        await self._link(url)
                    case _:
                        pass
        return last

    async def _show(self, payload: bytes) -> None:
        if self._looked_at:
            try:
                await self._paint(payload)
            except ConnectionError:
                self._looked_at = False
