"""Between a board and the hub: requests and keys go one way, answers and pictures come the other."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import NamedTuple, Protocol

import aiohttp

from engine.classroom import desk
from engine.classroom.protocol import ProtocolError
from tui.classroom.seating import DeskAddress

PICTURE_BYTES = 64 * 1024 * 1024
HEARTBEAT_SECONDS = 15.0
AGAIN_SECONDS = (0.3, 1.0, 2.0, 4.0)
"""Pauses before the next try to reach a hub that is away, the last one again and again."""


class Picture(NamedTuple):
    """A piece of what a watched screen paints."""

    seat: int
    data: bytes


class Lost(NamedTuple):
    """The hub cannot be reached just now; it is tried again. The next :class:`~engine.classroom.desk.RoomTold` says
    that it is there again, and has forgotten what this board watched."""

    reason: str


Heard = desk.Answer | Picture | Lost


class Connection(Protocol):
    """What the board needs. None of the first two waits; both do nothing while the hub is away."""

    def request(self, request: desk.Request) -> None:
        """Ask the hub for that."""

    def type(self, seat: int, keys: bytes) -> None:
        """Type that in a seat whose learner has consented, or in the demo."""

    def heard(self) -> AsyncIterator[Heard]:
        """Everything the hub tells, until the room has ended."""


class HubConnection:
    """Over a WebSocket to the hub's Unix socket; comes back when the hub does."""

    def __init__(self, address: DeskAddress) -> None:
        self._address = address
        self._outgoing: asyncio.Queue[str | bytes] | None = None

    def request(self, request: desk.Request) -> None:
        if self._outgoing is not None:
            self._outgoing.put_nowait(desk.encode(request))

    def type(self, seat: int, keys: bytes) -> None:
        if self._outgoing is not None:
            self._outgoing.put_nowait(desk.frame(seat, keys))

    async def heard(self) -> AsyncIterator[Heard]:
        """See :class:`Connection`."""
        tries = 0
        async with aiohttp.ClientSession(connector=aiohttp.UnixConnector(path=self._address.unix)) as session:
            while True:
                try:
                    async for one in self._connected(session):
                        tries = 0
                        yield one
                        if isinstance(one, desk.RoomEnded):
                            return
                    reason = ""
                except (aiohttp.ClientError, OSError, ProtocolError) as error:
                    reason = str(error)
                yield Lost(reason)
                await asyncio.sleep(AGAIN_SECONDS[min(tries, len(AGAIN_SECONDS) - 1)])
                tries += 1

    async def _connected(self, session: aiohttp.ClientSession) -> AsyncIterator[Heard]:
        headers = {"Authorization": f"Bearer {self._address.token}"}
        async with session.ws_connect(
            "http://localhost/desk/room", headers=headers, max_msg_size=PICTURE_BYTES, heartbeat=HEARTBEAT_SECONDS
        ) as socket:
            self._outgoing = asyncio.Queue()
            sending = asyncio.ensure_future(_send(self._outgoing, socket))
            try:
                async for message in socket:
                    if message.type is aiohttp.WSMsgType.TEXT:
                        yield desk.answer(message.data)
                    elif message.type is aiohttp.WSMsgType.BINARY:
                        yield Picture(*desk.framed(message.data))
            finally:
                self._outgoing = None
                sending.cancel()
                with contextlib.suppress(asyncio.CancelledError, aiohttp.ClientError, OSError):
                    await sending


async def _send(outgoing: asyncio.Queue[str | bytes], socket: aiohttp.ClientWebSocketResponse) -> None:
    while True:
        message = await outgoing.get()
        if isinstance(message, str):
            await socket.send_str(message)
        else:
            await socket.send_bytes(message)
