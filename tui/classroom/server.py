"""The hub's web server: the join page, the seats' screens, the programs that join, the boards."""

from __future__ import annotations

import ssl
from pathlib import Path

from aiohttp import web

from engine.classroom.desk import RoomTold
from engine.classroom.store import StoreError
from tui.classroom.addresses import Addresses, NetworkGuard, listening_socket
from tui.classroom.desk_routes import DeskRoutes
from tui.classroom.hub import Hub
from tui.classroom.pages import static_files
from tui.classroom.seat_routes import SeatRoutes
from tui.classroom.site import Site
from tui.web.guard import Handler
from tui.web.pages import file_response

REQUEST_BYTES = 4096
SHUTDOWN_SECONDS = 2.0
BACKLOG = 512


class ClassroomServer:
    """Listens from :meth:`start` to :meth:`close`.

    ``code``: the room's; ``token``: the instructor's, ``standing`` if he was given it; ``address``: the file that tells
    boards of this machine where the hub is; ``language``: the room's, or ``None`` for each browser's.
    """

    def __init__(
        self,
        hub: Hub,
        addresses: Addresses,
        *,
        code: str,
        token: str,
        address: Path,
        language: str | None,
        standing: bool = False,
    ) -> None:
        self._hub = hub
        self._code = code
        self._addresses = addresses
        self._site = Site(hub, addresses, language)
        self._seats = SeatRoutes(self._site, code)
        self._desks = DeskRoutes(self._site, token, address, self._told, standing=standing)
        self._files = static_files()
        self._runners: list[web.AppRunner] = []

    async def start(self, tls: ssl.SSLContext | None, desk_socket: Path) -> None:
        """Listen for people, and at ``desk_socket`` for the boards of this machine. Raises
        :class:`~tui.classroom.addresses.ListenError`."""
        listening = listening_socket(self._addresses.host, self._addresses.port)
        self._site.port = listening.getsockname()[1]
        application = web.Application(client_max_size=REQUEST_BYTES, middlewares=[self._errors])
        application.add_routes([web.get("/alive", self._alive), web.get("/static/{name}", self._static)])
        application.add_routes([*self._seats.routes(), *self._desks.routes()])
        NetworkGuard(self._addresses, self.port, self._site.refused).install(application)
        runner = await self._runner(application)
        await web.SockSite(runner, listening, ssl_context=tls, backlog=BACKLOG).start()

        local = web.Application(client_max_size=REQUEST_BYTES)
        local.add_routes([self._desks.room_route()])
        await web.UnixSite(await self._runner(local), str(desk_socket)).start()

    async def _runner(self, application: web.Application) -> web.AppRunner:
        # No access log: a request's first line may hold a token.
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
        await runner.setup()
        self._runners.append(runner)
        return runner

    async def close(self) -> None:
        """Listen no more."""
        await self._desks.close()
        for runner in self._runners:
            await runner.cleanup()

    @property
    def port(self) -> int:
        return self._site.port

    @property
    def link(self) -> str:
        """What everybody opens."""
        return self._site.link

    @property
    def link_with_code(self) -> str:
        """The same, with the code behind ``#``, which a browser keeps to itself: for a QR code."""
        return f"{self.link}/#{self._code}"

    def desk_link(self) -> str:
        """Lets one browser lead the room, once. The link before it is void."""
        return self._desks.link()

    def _told(self) -> RoomTold:
        room = self._hub.room
        return RoomTold(steps=room.outline, link=self.link, code=self._code, limit=room.settings.seats)

    @web.middleware
    async def _errors(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        pages = self._site.pages(request)
        try:
            return await handler(request)
        except (web.HTTPNotFound, web.HTTPMethodNotAllowed):
            return pages.missing()
        except web.HTTPRequestEntityTooLarge:
            return pages.failure(pages.say("refused.too-much"), 413)
        except StoreError as error:
            return pages.failure(pages.tell(error.message))

    async def _alive(self, request: web.Request) -> web.StreamResponse:
        return web.Response(text="nsteps\n")

    async def _static(self, request: web.Request) -> web.StreamResponse:
        path = self._files.get(request.match_info["name"])
        return file_response(path) if path is not None else self._site.pages(request).missing()
