"""A hub's door for programs, over real HTTP on loopback, that does what a test wants."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator

from aiohttp import WSMsgType, web
from aiohttp.test_utils import TestServer

from engine.classroom.protocol import FACT, ORDER, SCREEN, Fact, Order, ProgressKept, Seated, encode, fact
from tui.web.packets import HEADER_BYTES, packet

CODE = "ABCDEF"
SECRET = "s" * 43


class FakeRoom:
    """One seat, one connection at a time. ``refusal``: what joining is answered with."""

    def __init__(self) -> None:
        self.url = ""
        self.refusal: web.Response | None = None
        self.seated = Seated(seat=1, name="Ann")
        self.wanted: list[object] = []
        self.facts: list[Fact] = []
        self.painted = bytearray()
        self.known = True
        self.connections = 0
        self.socket: web.WebSocketResponse | None = None
        self.heard = asyncio.Event()

    def application(self) -> web.Application:
        application = web.Application()
        application.add_routes([web.post("/api/join", self._join), web.get("/api/seat", self._seat)])
        return application

    async def order(self, order: Order) -> None:
        await self.send(ORDER, encode(order))

    async def send(self, kind: bytes, payload: bytes) -> None:
        assert self.socket is not None
        await self.socket.send_bytes(packet(kind, payload))

    async def hang_up(self, code: int = 1001) -> None:
        assert self.socket is not None
        await self.socket.close(code=code)

    async def until(self, condition: object) -> None:
        async with asyncio.timeout(30):
            while not condition():  # type: ignore[operator]
                self.heard.clear()
                await self.heard.wait()

    def kept(self) -> list[ProgressKept]:
        return [one for one in self.facts if isinstance(one, ProgressKept)]

    async def _join(self, request: web.Request) -> web.Response:
        wanted = await request.json()
        self.wanted.append(wanted)
        if self.refusal is not None:
            return self.refusal
        if wanted["code"] != CODE:
            return web.json_response({"reason": "code", "text": "no"}, status=403)
        return web.json_response({"seat": 1, "secret": SECRET, "name": wanted["name"]})

    async def _seat(self, request: web.Request) -> web.StreamResponse:
        if not self.known or request.headers.get("Authorization") != f"Bearer {SECRET}":
            return web.json_response({"reason": "secret"}, status=401)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.socket = socket
        self.connections += 1
        await self.order(self.seated)
        self.heard.set()
        async for message in socket:
            if message.type is not WSMsgType.BINARY:
                continue
            if message.data[:1] == FACT:
                self.facts.append(fact(message.data[HEADER_BYTES:]))
            elif message.data[:1] == SCREEN:
                self.painted += message.data[HEADER_BYTES:]
            self.heard.set()
        return socket


@contextlib.asynccontextmanager
async def room(tls: ssl.SSLContext | None = None, port: int | None = None) -> AsyncIterator[FakeRoom]:
    """It listens, on any port if none is named."""
    it = FakeRoom()
    server = TestServer(it.application(), host="127.0.0.1", port=port)
    await server.start_server(ssl=tls, shutdown_timeout=0.1)
    it.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.port}"
    try:
        yield it
    finally:
        await server.close()
