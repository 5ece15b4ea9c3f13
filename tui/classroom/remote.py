"""A seat with a program and a lab of its own (``nsteps join``), connected over a WebSocket."""

from __future__ import annotations

import asyncio
import contextlib

from aiohttp import WSMsgType, web

from engine.classroom import protocol
from engine.classroom.protocol import Order, ProtocolError, RoomClosed
from tui.classroom.joining import Bucket
from tui.classroom.seats import Surroundings
from tui.web import packets
from tui.web.packets import PacketError

REMOVED, TAKEN_OVER, BROKEN_RULES = 4001, 4002, 4003
RESTARTING = 1012
"""Why the hub hangs up: the seat is no more, another program has it, it does not keep to the protocol; or (a code
of the WebSocket protocol) the hub ends and will be back."""
WAITING_BYTES = 1024 * 1024
FACTS_AT_ONCE, FACTS_PER_SECOND = 400, 40.0
"""More than a learner can do. It is somebody's own program, and may say anything."""


class RemoteSeat:
    """One connection."""

    def __init__(self, number: int, socket: web.WebSocketResponse, hub: Surroundings) -> None:
        self.number = number
        self._socket = socket
        self._hub = hub
        self._facts = Bucket(FACTS_AT_ONCE, FACTS_PER_SECOND)
        self._waiting: asyncio.Queue[bytes] = asyncio.Queue()
        self._bytes = 0
        self._code: int | None = None
        self._over = asyncio.Event()

    def order(self, order: Order) -> None:
        """Send it, later, in order."""
        self._put(packets.packet(protocol.ORDER, protocol.encode(order)))

    def offer(self, kind: bytes, payload: bytes) -> None:
        """A packet that is left out if it does not keep up."""
        if self._bytes < WAITING_BYTES:
            self._put(packets.packet(kind, payload))

    def close(self, code: int) -> None:
        """Hang up, and say why."""
        if code == REMOVED:
            self.order(RoomClosed())
        self._code = self._code or code
        self._over.set()

    async def serve(self) -> None:
        """Until either hangs up."""
        loop = asyncio.get_running_loop()
        tasks = {loop.create_task(work) for work in (self._read(), self._send(), self._over.wait())}
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        with contextlib.suppress(ConnectionError, TimeoutError):
            async with asyncio.timeout(2):
                while not self._waiting.empty():
                    await self._socket.send_bytes(self._waiting.get_nowait())
                await self._socket.close(code=self._code or 1000)

    def _put(self, data: bytes) -> None:
        self._bytes += len(data)
        self._waiting.put_nowait(data)
        if self._bytes > 2 * WAITING_BYTES:
            self._over.set()  # it takes nothing: it will come back

    async def _send(self) -> None:
        while True:
            data = await self._waiting.get()
            await self._socket.send_bytes(data)
            self._bytes -= len(data)

    async def _read(self) -> None:
        try:
            async for message in self._socket:
                if message.type is not WSMsgType.BINARY:
                    continue
                kind, size = packets.header(message.data[: packets.HEADER_BYTES])
                payload = message.data[packets.HEADER_BYTES :]
                if len(payload) != size:
                    raise PacketError("not one packet")
                if kind == protocol.SCREEN:
                    self._hub.painted(self.number, payload)
                elif kind == protocol.FACT:
                    if not self._facts.take():
                        raise ProtocolError("too many facts")
                    self._hub.told(self.number, protocol.fact(payload))
        except (PacketError, ProtocolError):
            self._code = BROKEN_RULES
