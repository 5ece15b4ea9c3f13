"""A hub that speaks packets over a socket pair to a real seat's process."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import msgspec

from engine.classroom.protocol import FACT, ORDER, Fact, Order, encode, fact
from tui.classroom.seat_process import LENGTH_BYTES
from tui.classroom.seating import SeatSeating
from tui.terminal.ghostty import GhosttyEmulator
from tui.web.packets import DATA, HEADER_BYTES, META, Ended, Meta, header, meta, packet, understood
from tui.web.process import browser_environment

PATIENCE_SECONDS = 60
_ROOT = str(Path(__file__).resolve().parents[3])
_CODE = "import sys; sys.path.insert(0, sys.argv.pop(1)); from tui.classroom.learner import _executed; _executed()"


class FakeHub:
    """See the module; what the seat paints is on an emulator's screen."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writer = writer
        self.facts: list[Fact] = []
        self.painted = 0
        self.last: Ended | None = None
        self.screen = GhosttyEmulator(80, 24)
        self.heard = asyncio.Event()
        self.reading = asyncio.ensure_future(self._read(reader))

    def order(self, *orders: Order) -> None:
        for order in orders:
            self.writer.write(packet(ORDER, encode(order)))

    def type(self, text: str) -> None:
        self.writer.write(packet(DATA, text.encode()))

    def send(self, kind: bytes, payload: bytes) -> None:
        self.writer.write(packet(kind, payload))

    def tell(self, what: Meta) -> None:
        self.writer.write(meta(what))

    def of(self, kind: type[Any]) -> list[Any]:
        return [one for one in self.facts if isinstance(one, kind)]

    def text(self) -> str:
        return self.screen.text_between((0, 0), (self.screen.columns - 1, self.screen.rows - 1))

    async def until(self, condition: Callable[[], object], what: str = "it") -> None:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not condition():
                    self.heard.clear()
                    await self.heard.wait()
        except TimeoutError:
            raise AssertionError(f"{what} did not come\n{self.text()}\n{self.facts[-5:]}") from None

    async def sees(self, text: str) -> None:
        await self.until(lambda: text in self.text(), repr(text))

    async def told(self, kind: type[Any], condition: Callable[[Any], object] = lambda one: True) -> Any:
        await self.until(lambda: any(condition(one) for one in self.of(kind)), kind.__name__)
        return next(one for one in reversed(self.of(kind)) if condition(one))

    async def _read(self, reader: asyncio.StreamReader) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                kind, size = header(await reader.readexactly(HEADER_BYTES))
                payload = await reader.readexactly(size)
                if kind == DATA:
                    self.painted += 1
                    self.screen.feed(payload)
                elif kind == FACT:
                    self.facts.append(fact(payload))
                elif kind == META and isinstance(said := understood(payload), Ended):
                    self.last = said
                self.heard.set()
        self.heard.set()


@contextlib.asynccontextmanager
async def seated(seating: SeatSeating) -> AsyncIterator[FakeHub]:
    """A seat's process, until it has ended; it ends with the hub."""
    ours, theirs = socket.socketpair()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-c", _CODE, _ROOT, str(theirs.fileno())),
        pass_fds=(theirs.fileno(),),
        env=browser_environment(),
    )
    theirs.close()
    reader, writer = await asyncio.open_unix_connection(sock=ours)
    told = msgspec.json.encode(seating)
    writer.write(len(told).to_bytes(LENGTH_BYTES, "big") + told)
    hub = FakeHub(reader, writer)
    try:
        yield hub
    finally:
        writer.close()
        try:
            await asyncio.wait_for(process.wait(), PATIENCE_SECONDS)
        except TimeoutError:
            process.kill()
            raise
        await hub.reading
        hub.screen.close()
