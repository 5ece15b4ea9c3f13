"""What the instructor's boards ask the hub for. All of it needs the instructor's token, in a header or in a cookie."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
from collections.abc import Callable
from http.cookies import CookieError
from pathlib import Path

import msgspec
from aiohttp import web

from engine.classroom.desk import RoomTold
from tui.classroom.joining import digest, new_secret
from tui.classroom.seat_routes import MESSAGE_BYTES, screen_size
from tui.classroom.seats import Grant
from tui.classroom.site import HANG_UP_SECONDS, Site, new_socket
from tui.web.seat import Seat

BOARD = "tui.classroom.board.browser"
DESK_BYTES = 1024 * 1024
"""The most that a board says at once."""


class BoardSeating(msgspec.Struct, frozen=True, kw_only=True):
    """What a board in the browser is started with."""

    columns: int
    rows: int
    address: str
    """The file with the :class:`~tui.classroom.seating.DeskAddress`."""


class DeskRoutes:
    """See the module. ``token``: the instructor's; ``standing``: it opens the board's page by itself, because the
    instructor was given it; ``address``: the file for boards of this machine; ``told``: what a board is told first."""

    def __init__(
        self, site: Site, token: str, address: Path, told: Callable[[], RoomTold], *, standing: bool = False
    ) -> None:
        self._standing = standing
        self._site = site
        self._token = token
        self._told = told
        self._seat = Seat(lambda columns, rows: BoardSeating(columns=columns, rows=rows, address=str(address)), BOARD)
        self._link: bytes | None = None
        self._told_why = asyncio.Event()
        """No page that showed the board waits to be told why it does so no longer."""
        self._told_why.set()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/desk", self._main, allow_head=False),
            web.post("/desk/seat", self._ask),
            web.get("/desk/screen/{view}", self._screen, allow_head=False),
            web.get("/desk/ending/{view}", self._ending, allow_head=False),
            self.room_route(),
        ]

    def room_route(self) -> web.RouteDef:
        """The one that boards themselves use."""
        return web.get("/desk/room", self._room, allow_head=False)

    def link(self) -> str:
        """Lets one browser lead the room, once. The link before it is void."""
        once = new_secret()
        self._link = digest(once)
        return f"{self._site.link}/desk?token={once}"

    async def close(self) -> None:
        """Listen no more. The page with the board still gets to know that the workshop is over."""
        await self._seat.close()
        if self._site.hub.over:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._told_why.wait(), HANG_UP_SECONDS)

    # -- handlers --------------------------------------------------------------------------------------------------

    async def _main(self, request: web.Request) -> web.StreamResponse:
        """The board's page; or, with a token, its exchange for the cookie."""
        pages, once = self._site.pages(request), request.query.get("token")
        if once is not None and self._redeem(once):
            response = pages.entrance("/desk")
            response.set_cookie(
                self._cookie, self._token, httponly=True, samesite="Strict", path="/desk", secure=self._site.secure
            )
            return response
        if not self._knows(request):
            return pages.refusal("instructor")
        return pages.screen("/desk") if once is None else pages.entrance("/desk")

    async def _ask(self, request: web.Request) -> web.StreamResponse:
        pages = self._site.pages(request)
        if not self._knows(request):
            return pages.refusal("instructor")
        try:
            wish = msgspec.json.decode(await request.read(), type=Grant)
        except msgspec.MsgspecError:
            return web.json_response({}, status=400)
        view = await self._seat.grant(take=wish.take)
        return web.json_response(pages.card("busy"), status=409) if view is None else web.json_response({"view": view})

    async def _screen(self, request: web.Request) -> web.StreamResponse:
        pages = self._site.pages(request)
        connection = new_socket(MESSAGE_BYTES)
        if not self._knows(request) or not connection.can_prepare(request).ok:
            return pages.refusal("instructor")
        await connection.prepare(request)
        self._told_why.clear()
        await self._seat.show(request.match_info["view"], connection, *screen_size(request))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(connection.close(), HANG_UP_SECONDS)
        return connection

    async def _ending(self, request: web.Request) -> web.StreamResponse:
        pages = self._site.pages(request)
        if not self._knows(request):
            return pages.refusal("instructor")
        ending = self._seat.ending(request.match_info["view"])
        if ending is None:
            return pages.missing()
        self._told_why.set()
        reason = "closed" if self._site.hub.over else ending.reason
        of_the_board = (
            pages.card(f"board-{reason}") if reason in ("left", "closed") else pages.card(reason, ending.text)
        )
        return web.json_response(of_the_board | {"reason": reason})

    async def _room(self, request: web.Request) -> web.StreamResponse:
        """A board: what it and the hub say is :mod:`engine.classroom.desk`'s."""
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        connection = new_socket(DESK_BYTES)
        if kind != "Bearer" or not self._is_token(token):
            return web.json_response({"reason": "token"}, status=401)
        if not connection.can_prepare(request).ok:
            return web.json_response({"reason": "websocket"}, status=400)
        await connection.prepare(request)
        await self._site.hub.serve_desk(self._site.hub.desks.add(connection), self._told())
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(connection.close(), HANG_UP_SECONDS)
        return connection

    # -- who it is -------------------------------------------------------------------------------------------------

    @property
    def _cookie(self) -> str:
        return f"nsteps-desk-{self._site.port}"

    def _is_token(self, text: str) -> bool:
        return hmac.compare_digest(digest(text), digest(self._token))

    def _redeem(self, once: str) -> bool:
        """Whether it is the last link's token, which is then spent; or the instructor's own, given to several hubs."""
        if self._link is not None and hmac.compare_digest(digest(once), self._link):
            self._link = None
            return True
        return self._standing and self._is_token(once)

    def _knows(self, request: web.Request) -> bool:
        try:
            return self._is_token(request.cookies.get(self._cookie, ""))
        except CookieError:
            return False
