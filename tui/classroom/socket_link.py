"""The link of ``nsteps join``: a WebSocket to the hub that is made anew whenever it is lost."""

from __future__ import annotations

import asyncio
import contextlib
import random
import ssl
from collections.abc import Callable
from typing import Literal, Protocol

import aiohttp

from engine.classroom import protocol
from engine.classroom.protocol import FACT, ORDER, SCREEN, Fact, Seated
from tui.classroom.outbox import Outbox
from tui.classroom.remote import REMOVED, TAKEN_OVER
from tui.web import packets
from tui.web.packets import HEADER_BYTES, packet

FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 0.5, 15.0
"""Between two tries: doubled each time, up to the longest, and never quite the same in a whole room."""
HEARTBEAT_SECONDS = 15.0
ANSWER_SECONDS = 15.0
CLOSE_SECONDS = 3.0
LARGEST_BYTES = 16 * 1024 * 1024

End = Literal["removed", "moved", "unknown"]
"""The hub wants nothing more of this program: the seat is no more, another program has it, or it never was one."""


class Unreachable(Exception):
    """No connection; the text is the system's reason."""


class UnknownSeat(Exception):
    """The hub knows no seat with that secret."""


class Listener(Protocol):
    """Who hears what the hub says, in the same loop."""

    def receive(self, kind: bytes, payload: bytes) -> None:
        """A packet."""

    def connected(self, seated: Seated) -> None:
        """The connection is there; :meth:`SocketLink.catch_up` is expected."""

    def disconnected(self) -> None:
        """It is lost; it is tried again."""

    def ended(self, end: End) -> None:
        """It is over."""


class SocketLink:
    """See the module. :meth:`connect` once, or not; then :meth:`run` until :meth:`close`."""

    def __init__(self, url: str, secret: str, tls: ssl.SSLContext | None = None) -> None:
        self._url = url
        self._headers = {"Authorization": f"Bearer {secret}"}
        self._tls: ssl.SSLContext | bool = tls or True
        self._session: aiohttp.ClientSession | None = None
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._outbox = Outbox()
        self._waiting: asyncio.Queue[bytes] = asyncio.Queue()
        self._unsent = 0
        self._when_sent: Callable[[], None] | None = None
        self._connected = False
        self._closing = asyncio.Event()

    # -- what a seat wants of a link -------------------------------------------------------------------------------

    @property
    def unsent(self) -> int:
        return self._unsent

    def when_sent(self, call: Callable[[], None]) -> None:
        if self._unsent:
            self._when_sent = call
        else:
            call()

    def tell(self, fact: Fact) -> None:
        payload = self._outbox.put(fact)
        if self._connected:
            self._put(packet(FACT, payload))

    def paint(self, data: bytes) -> None:
        if self._connected:
            self._put(packet(SCREEN, data))

    def acknowledged(self, number: int) -> None:
        self._outbox.acknowledged(number)

    def start_from(self, number: int) -> None:
        """The seat goes on from that progress, which the hub has."""
        self._outbox.start_from(number)

    def catch_up(self) -> None:
        """Tell what the hub may not have heard, and from now on what happens."""
        self._connected = True
        for payload in self._outbox.payloads():
            self._put(packet(FACT, payload))

    # -- the connection --------------------------------------------------------------------------------------------

    async def connect(self) -> Seated:
        """Connect once. Raises :class:`Unreachable`, :class:`UnknownSeat`."""
        if self._session is None:
            self._session = aiohttp.ClientSession()
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                self._socket = await self._session.ws_connect(
                    f"{self._url}/api/seat",
                    headers=self._headers,
                    heartbeat=HEARTBEAT_SECONDS,
                    max_msg_size=LARGEST_BYTES,
                    ssl=self._tls,
                )
                first = await self._socket.receive()
                return _seated(first)
        except aiohttp.WSServerHandshakeError as error:
            if error.status == 401:
                raise UnknownSeat from error
            raise Unreachable(f"{error.status} {error.message}") from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise Unreachable(str(error)) from error
        except TimeoutError as error:
            raise Unreachable("timeout") from error

    async def run(self, listener: Listener, seated: Seated | None) -> None:
        """Keep the connection until :meth:`close`, or until the hub wants nothing more. ``seated``: it is there."""
        wait = FIRST_WAIT_SECONDS
        while not self._closing.is_set():
            try:
                seated = seated or await self.connect()
            except UnknownSeat:
                listener.ended("unknown")
                return
            except Unreachable:
                await self._pause(wait)
                wait = min(2 * wait, LONGEST_WAIT_SECONDS)
                continue
            wait = FIRST_WAIT_SECONDS
            listener.connected(seated)
            seated = None
            end = await self._talk(listener)
            if end is not None:
                listener.ended(end)
                return
            if not self._closing.is_set():
                listener.disconnected()
                await self._pause(wait)

    async def close(self) -> None:
        """Send what waits, hang up."""
        self._closing.set()
        if self._connected and self._unsent:
            sent = asyncio.Event()
            self._when_sent = sent.set
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(sent.wait(), CLOSE_SECONDS)
        if self._socket is not None:
            with contextlib.suppress(TimeoutError, ConnectionError):
                await asyncio.wait_for(self._socket.close(), CLOSE_SECONDS)
        if self._session is not None:
            await self._session.close()

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._closing.wait(), seconds * random.uniform(0.7, 1.3))

    async def _talk(self, listener: Listener) -> End | None:
        """Until the connection ends; how, if for good."""
        socket = self._socket
        assert socket is not None
        sending = asyncio.ensure_future(self._send(socket))
        try:
            async for message in socket:
                if message.type is aiohttp.WSMsgType.BINARY:
                    with contextlib.suppress(packets.PacketError):
                        listener.receive(*_packet(message.data))
        finally:
            self._connected = False
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
            self._forget_unsent()
        ends: dict[int | None, End] = {REMOVED: "removed", TAKEN_OVER: "moved"}
        return ends.get(socket.close_code)

    def _put(self, data: bytes) -> None:
        self._unsent += len(data)
        self._waiting.put_nowait(data)

    async def _send(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        with contextlib.suppress(ConnectionError):
            while True:
                data = await self._waiting.get()
                await socket.send_bytes(data)
                self._unsent -= len(data)
                self._tell_if_sent()

    def _forget_unsent(self) -> None:
        """Facts are in the outbox; the picture is of no use any more."""
        while not self._waiting.empty():
            self._waiting.get_nowait()
        self._unsent = 0
        self._tell_if_sent()

    def _tell_if_sent(self) -> None:
        if not self._unsent and self._when_sent is not None:
            call, self._when_sent = self._when_sent, None
            call()


def _packet(data: bytes) -> tuple[bytes, bytes]:
    kind, size = packets.header(data[:HEADER_BYTES])
    payload = data[HEADER_BYTES:]
    if len(payload) != size:
        raise packets.PacketError("not one packet")
    return kind, payload


def _seated(message: aiohttp.WSMessage) -> Seated:
    """What the hub says first. Raises ``ValueError``: it is no hub."""
    if message.type is aiohttp.WSMsgType.BINARY:
        kind, payload = _packet(message.data)
        first = protocol.order(payload) if kind == ORDER else None
        if isinstance(first, Seated):
            return first
    raise ValueError("no classroom answers there")
