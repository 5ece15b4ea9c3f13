"""A seat's process that runs, as the hub sees it: packets to and from it, and its end."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable

import msgspec

from engine.classroom import protocol
from engine.classroom.protocol import Fact, Order, ProtocolError
from tui.classroom.nursery import Born, SeatNursery
from tui.classroom.seat_process import LENGTH_BYTES
from tui.classroom.seating import SeatSeating
from tui.web import packets
from tui.web.packets import DATA, META, Ended, Meta, OpenUrl, PacketError, Quit

QUIT_SECONDS = 15.0
"""How long a process may take to keep the progress and end its lab before it is killed; its lab dies with it."""
MIRROR_BYTES = 1024 * 1024
"""So much of the mirrored demo may wait for a seat; then what comes next is left out until it has caught up."""


class Running:
    """Made by :meth:`start`."""

    def __init__(self, born: Born, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.pid = born.pid
        self._born = born
        self._reader = reader
        self._writer = writer
        self.ending = False
        """It has been asked to end, or has ended: nobody new can sit there."""

    @classmethod
    async def start(cls, nursery: SeatNursery, seating: SeatSeating) -> Running:
        """A new process. Raises :class:`~tui.classroom.nursery.NurseryError`."""
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                born = await nursery.fork(theirs)
        except BaseException:
            ours.close()
            raise
        reader, writer = await asyncio.open_unix_connection(sock=ours)
        told = msgspec.json.encode(seating)
        writer.write(len(told).to_bytes(LENGTH_BYTES, "big") + told)
        return cls(born, reader, writer)

    async def type(self, text: bytes) -> None:
        await self._send(packets.packet(DATA, text))

    async def tell(self, what: Meta) -> None:
        await self._send(packets.meta(what))

    async def order(self, order: Order) -> None:
        await self._send(packets.packet(protocol.ORDER, protocol.encode(order)))

    def offer(self, kind: bytes, payload: bytes) -> None:
        """Send it unless too much waits already."""
        if not self._writer.is_closing() and self._writer.transport.get_write_buffer_size() < MIRROR_BYTES:
            self._writer.write(packets.packet(kind, payload))

    async def read(
        self,
        painted: Callable[[bytes], Awaitable[None]],
        told: Callable[[Fact], None],
        linked: Callable[[str], Awaitable[None]],
    ) -> Ended | None:
        """Until its end, handing on all that it says; its last words, None if it died without."""
        last: Ended | None = None
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError, PacketError, ProtocolError):
            while True:
                kind, size = packets.header(await self._reader.readexactly(packets.HEADER_BYTES))
                payload = await self._reader.readexactly(size)
                if kind == DATA:
                    await painted(payload)
                elif kind == protocol.FACT:
                    told(protocol.fact(payload))
                elif kind == META:
                    match packets.understood(payload):
                        case Ended() as last:
                            pass
                        case OpenUrl(url) if url.startswith(("https://", "http://")):
                            await linked(url)
                        case _:
                            pass
        self.ending = True
        self._writer.close()
        try:
            async with asyncio.timeout(QUIT_SECONDS):
                await self._born.ended()
        except TimeoutError:
            self.kill()
            await self._born.ended()
        return last

    async def ended(self) -> None:
        """Wait for its end."""
        await self._born.ended()

    async def stop(self) -> None:
        """Ask it to keep its progress and end; see that it has. :meth:`read` must be going on."""
        self.ending = True
        await self._send(packets.meta(Quit()))
        try:
            async with asyncio.timeout(QUIT_SECONDS):
                await self._born.ended()
        except TimeoutError:
            self.kill()
            await self._born.ended()

    def kill(self) -> None:
        """At once. The kernel ends its lab with it."""
        self._born.kill()

    async def _send(self, data: bytes) -> None:
        if self._writer.is_closing():
            return
        with contextlib.suppress(ConnectionError):
            self._writer.write(data)
            await self._writer.drain()
