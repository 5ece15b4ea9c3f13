"""The boards that are connected: what they request goes to the room, what the room answers goes to them."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import Callable

from aiohttp import WSMsgType, web

from engine.classroom import desk
from engine.classroom.protocol import ProtocolError

WAITING_BYTES = 4 * 1024 * 1024
"""So much may wait for a board; one that takes less is hung up on, and comes back."""


class Desk:
    """One board's connection."""

    def __init__(self, number: int, socket: web.WebSocketResponse) -> None:
        self.number = number
        self._socket = socket
        self._waiting: asyncio.Queue[str | bytes] = asyncio.Queue()
        self._bytes = 0
        self._sender = asyncio.get_running_loop().create_task(self._send())

    def tell(self, message: str | bytes) -> None:
        """Send it, later, in order."""
        if not self._sender.done():
            self._bytes += len(message)
            self._waiting.put_nowait(message)
            if self._bytes > WAITING_BYTES:
                self._sender.cancel()

    async def _send(self) -> None:
        while True:
            message = await self._waiting.get()
            if isinstance(message, str):
                await self._socket.send_str(message)
            else:
                await self._socket.send_bytes(message)
            self._bytes -= len(message)

    async def listen(
        self, asked: Callable[[int, desk.Request], None], typed: Callable[[int, int, bytes], None]
    ) -> None:
        """Until it hangs up, says what is not of the protocol, or takes too little."""
        reading = asyncio.get_running_loop().create_task(self._read(asked, typed))
        try:
            await asyncio.wait({reading, self._sender}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (reading, self._sender):
                task.cancel()
            await asyncio.gather(reading, self._sender, return_exceptions=True)

    async def _read(self, asked: Callable[[int, desk.Request], None], typed: Callable[[int, int, bytes], None]) -> None:
        with contextlib.suppress(ProtocolError):
            async for message in self._socket:
                if message.type is WSMsgType.TEXT:
                    asked(self.number, desk.request(message.data))
                elif message.type is WSMsgType.BINARY:
                    typed(self.number, *desk.framed(message.data))

    async def drained(self, timeout_seconds: float) -> None:
        """Wait until everything has been sent."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_seconds):
                while self._bytes and not self._sender.done():  # noqa: ASYNC110 - a few times, at the end of the room
                    await asyncio.sleep(0.02)


class Desks:
    """All of them."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._desks: dict[int, Desk] = {}

    def __len__(self) -> int:
        return len(self._desks)

    def add(self, socket: web.WebSocketResponse) -> Desk:
        one = Desk(next(self._numbers), socket)
        self._desks[one.number] = one
        return one

    def remove(self, one: Desk) -> None:
        self._desks.pop(one.number, None)

    def answer(self, number: int, answer: desk.Answer) -> None:
        if one := self._desks.get(number):
            one.tell(desk.encode(answer))

    def frame(self, number: int, seat: int, picture: bytes) -> None:
        if one := self._desks.get(number):
            one.tell(desk.frame(seat, picture))

    def everyone(self, answer: desk.Answer) -> None:
        """Tell every board."""
        message = desk.encode(answer)
        for one in self._desks.values():
            one.tell(message)

    async def drained(self, timeout_seconds: float) -> None:
        await asyncio.gather(*(one.drained(timeout_seconds) for one in self._desks.values()))
