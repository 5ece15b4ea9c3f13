"""``nsteps web``: one person's tutorial, served to a browser on the same machine."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable

import msgspec
from aiohttp import web

from tui.web.admission import Admission
from tui.web.guard import Guard, Handler, loopback_hosts
from tui.web.learner import Seating
from tui.web.pages import Pages, file_response, static_files
from tui.web.seat import Seat

ADDRESS = "127.0.0.1"
PORT = 8421
REQUEST_BYTES = 4096
MESSAGE_BYTES = 4 * 1024 * 1024
"""The most that is pasted at once."""
HEARTBEAT_SECONDS = 15.0
HANG_UP_SECONDS = 2.0
SHUTDOWN_SECONDS = 2.0


class PortTaken(Exception):
    """No listening there; the text is the system's reason."""


class Wish(msgspec.Struct, frozen=True):
    """What a page asks for the seat with."""

    take: bool = False


class Server:
    """Listens on loopback from :meth:`start` to :meth:`close`. ``language`` is asked anew for each page."""

    def __init__(self, seating: Callable[[int, int], Seating], language: Callable[[], str]) -> None:
        self._pages = Pages(language)
        self._seat = Seat(seating)
        self._files = static_files()
        self._runner: web.AppRunner | None = None
        self._admission = Admission("nsteps")
        self.port = 0

    async def start(self, port: int | None) -> None:
        """Listen on ``port``; None: the usual one, or any other if that is taken. Raises :class:`PortTaken`."""
        listening = _listening_socket(port)
        self.port = listening.getsockname()[1]
        self._admission = Admission(f"nsteps-{self.port}")
        application = web.Application(client_max_size=REQUEST_BYTES, middlewares=[self._let_in])
        application.add_routes(
            [
                web.get("/", self._main, allow_head=False),
                web.get("/static/{name}", self._static),
                web.post("/seat", self._ask),
                web.get("/screen/{view}", self._screen, allow_head=False),
                web.get("/ending/{view}", self._ending, allow_head=False),
            ]
        )
        Guard(loopback_hosts(self.port), self._pages.refusal).install(application)
        # No access log: a request's first line may hold a token.
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
        await runner.setup()
        self._runner = runner
        await web.SockSite(runner, listening).start()

    async def close(self) -> None:
        """End the lab, hang up, listen no more."""
        await self._seat.close()
        if self._runner is not None:
            await self._runner.cleanup()

    def link(self) -> str:
        """A link that lets one browser in, once. The link before it is void."""
        return f"http://{ADDRESS}:{self.port}/?token={self._admission.new_token()}"

    @web.middleware
    async def _let_in(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """The second middleware, behind the guard: whatever concerns the seat is for who has the cookie."""
        if request.path != "/" and not request.path.startswith("/static/") and not self._admission.knows(request):
            return self._pages.refusal("stranger")
        try:
            return await handler(request)
        except (web.HTTPNotFound, web.HTTPMethodNotAllowed):
            return self._pages.missing()

    async def _main(self, request: web.Request) -> web.StreamResponse:
        """The page; or, with a token, its exchange for the cookie."""
        token = request.query.get("token")
        secret = self._admission.redeem(token) if token is not None else None
        if secret is not None:
            response = self._pages.entrance()
            self._admission.give(response, secret)
            return response
        if not self._admission.knows(request):
            return self._pages.refusal("stranger" if token is None else "spent")
        return self._pages.main() if token is None else self._pages.entrance()

    async def _static(self, request: web.Request) -> web.StreamResponse:
        path = self._files.get(request.match_info["name"])
        return file_response(path) if path is not None else self._pages.missing()

    async def _ask(self, request: web.Request) -> web.StreamResponse:
        """A page asks for the seat: 200 and the view to connect with, or 409 and what to tell."""
        try:
            wish = msgspec.json.decode(await request.read(), type=Wish)
        except msgspec.MsgspecError:
            return web.json_response({}, status=400)
        view = await self._seat.grant(take=wish.take)
        return web.json_response(self._pages.busy(), status=409) if view is None else web.json_response({"view": view})

    async def _screen(self, request: web.Request) -> web.StreamResponse:
        """The WebSocket of textual-serve's script."""
        connection = web.WebSocketResponse(
            heartbeat=HEARTBEAT_SECONDS, timeout=HANG_UP_SECONDS, compress=False, max_msg_size=MESSAGE_BYTES
        )
        if not connection.can_prepare(request).ok:
            return self._pages.missing()
        await connection.prepare(request)
        columns, rows = (_number(request.query.get(name, ""), usual) for name, usual in (("width", 80), ("height", 24)))
        await self._seat.show(request.match_info["view"], connection, columns, rows)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(connection.close(), HANG_UP_SECONDS)
        return connection

    async def _ending(self, request: web.Request) -> web.StreamResponse:
        """Why a screen is no more, for the page that showed it."""
        ending = self._seat.ending(request.match_info["view"])
        return self._pages.missing() if ending is None else web.json_response(self._pages.ending(ending))


def _listening_socket(port: int | None) -> socket.socket:
    for number in (PORT, 0) if port is None else (port,):
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((ADDRESS, number))
        except OSError as error:
            listening.close()
            reason = os.strerror(error.errno or 0)
            continue
        return listening
    raise PortTaken(reason)


def _number(text: str, usual: int) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else usual
