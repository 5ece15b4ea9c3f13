"""What learners' pages and programs ask the hub for: a seat, its screen, an end."""

from __future__ import annotations

import asyncio
import contextlib
from http.cookies import CookieError

import msgspec
from aiohttp import web

from engine.classroom.room import RoomRefusal
from engine.messages import Message
from tui.classroom.joining import Rates, same_code
from tui.classroom.remote import RemoteSeat
from tui.classroom.seats import Grant
from tui.classroom.site import HANG_UP_SECONDS, Site, new_socket
from tui.web.seat import clamped

MESSAGE_BYTES = 512 * 1024
"""The most that is pasted at once."""
REMOTE_BYTES = 8 * 1024 * 1024
"""The most that a program from elsewhere says at once: all of its learner's progress."""
COOKIE_SECONDS = 14 * 24 * 3600
RETRY_SECONDS = 30


class Wanted(msgspec.Struct, frozen=True):
    """What somebody joins with."""

    code: str = ""
    name: str | None = None


class NotAdmitted(Exception):
    """No seat. ``reason`` is for programs, ``message`` for people."""

    def __init__(self, status: int, reason: str, message: Message) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.message = message


class SeatRoutes:
    """See the module. ``code`` is the room's."""

    def __init__(self, site: Site, code: str) -> None:
        self._site = site
        self._hub = site.hub
        self._code = code
        self._rates = Rates(site.hub.room.settings.seats)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self._main, allow_head=False),
            web.post("/join", self._join),
            web.post("/seat", self._ask),
            web.get("/screen/{view}", self._screen, allow_head=False),
            web.get("/ending/{view}", self._ending, allow_head=False),
            web.post("/leave", self._leave),
            web.post("/api/join", self._api_join),
            web.get("/api/seat", self._api_seat, allow_head=False),
        ]

    # -- joining ---------------------------------------------------------------------------------------------------

    async def _main(self, request: web.Request) -> web.StreamResponse:
        """The screen for who has a seat, the join page for everybody else."""
        pages = self._site.pages(request)
        if await self._seat_of(request) is not None:
            response = pages.screen("")
        else:
            response = pages.join(names=not self._hub.room.settings.no_names)
        pages.remember(request, response, secure=self._site.secure)
        return response

    async def _join(self, request: web.Request) -> web.StreamResponse:
        """A page takes a seat: 200 and the cookie; else what to tell."""
        try:
            number, secret, _ = await self._admit(request, own_terminal=False)
        except NotAdmitted as error:
            return web.json_response({"text": self._site.pages(request).tell(error.message)}, status=error.status)
        response = web.json_response({"seat": number})
        response.set_cookie(
            self._cookie,
            secret,
            httponly=True,
            samesite="Strict",
            path="/",
            secure=self._site.secure,
            max_age=COOKIE_SECONDS,
        )
        return response

    async def _api_join(self, request: web.Request) -> web.StreamResponse:
        """The same for ``nsteps join``, whose secret is in the answer."""
        try:
            number, secret, name = await self._admit(request, own_terminal=True)
        except NotAdmitted as error:
            told = {"reason": error.reason, "text": self._site.pages(request).tell(error.message)}
            headers = {"Retry-After": str(RETRY_SECONDS)} if error.status == 429 else None
            return web.json_response(told, status=error.status, headers=headers)
        return web.json_response({"seat": number, "secret": secret, "name": name})

    async def _admit(self, request: web.Request, *, own_terminal: bool) -> tuple[int, str, str | None]:
        """A new seat for who knows the code. Raises :class:`NotAdmitted`."""
        who = self._site.addresses.client(request)
        if not self._rates.may_try(who):
            raise NotAdmitted(429, "slow", Message("classroom.join.slow", {}))
        try:
            wanted = msgspec.json.decode(await request.read(), type=Wanted)
        except msgspec.MsgspecError:
            wanted = Wanted()
        if not same_code(wanted.code, self._code):
            self._rates.wrong(who)
            raise NotAdmitted(403, "code", Message("classroom.join.wrong", {}))
        self._rates.right(who)
        try:
            return await self._hub.join(wanted.name, own_terminal=own_terminal)
        except RoomRefusal as error:
            raise NotAdmitted(409, error.message.key.rpartition(".")[2], error.message) from error

    # -- a seat's page ---------------------------------------------------------------------------------------------

    async def _ask(self, request: web.Request) -> web.StreamResponse:
        """A page asks for its seat: 200 and the view to connect with, or 409 and what to tell."""
        pages, number = self._site.pages(request), await self._seat_of(request)
        if number is None:
            return web.json_response(pages.card("removed"), status=409)
        try:
            wish = msgspec.json.decode(await request.read(), type=Grant)
        except msgspec.MsgspecError:
            return web.json_response({}, status=400)
        self._hub.languages[number] = pages.language
        view = await self._hub.seat(number).grant(wish)
        return web.json_response(pages.card("busy"), status=409) if view is None else web.json_response({"view": view})

    async def _screen(self, request: web.Request) -> web.StreamResponse:
        """The WebSocket of textual-serve's script."""
        pages, number = self._site.pages(request), await self._seat_of(request)
        connection = new_socket(MESSAGE_BYTES)
        if number is None or not connection.can_prepare(request).ok:
            return pages.refusal("stranger") if number is None else pages.missing()
        await connection.prepare(request)
        await self._hub.seat(number).show(request.match_info["view"], connection, *screen_size(request))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(connection.close(), HANG_UP_SECONDS)
        return connection

    async def _ending(self, request: web.Request) -> web.StreamResponse:
        """Why a screen is no more, for the page that showed it."""
        pages, number = self._site.pages(request), await self._seat_of(request)
        if number is None:
            return web.json_response(pages.card("removed"))
        ending = self._hub.seat(number).ending(request.match_info["view"])
        return pages.missing() if ending is None else web.json_response(pages.card(ending.reason, ending.text))

    async def _leave(self, request: web.Request) -> web.StreamResponse:
        """The learner gives the seat up: it ends for good."""
        number = await self._seat_of(request)
        if number is not None:
            await self._hub.leave(number)
        response = web.json_response({})
        response.del_cookie(self._cookie, path="/")
        return response

    # -- a program from elsewhere ------------------------------------------------------------------------------------

    async def _api_seat(self, request: web.Request) -> web.StreamResponse:
        kind, _, secret = request.headers.get("Authorization", "").partition(" ")
        number = await self._hub.seat_with(secret) if kind == "Bearer" and secret else None
        connection = new_socket(REMOTE_BYTES)
        if number is None or not connection.can_prepare(request).ok:
            return web.json_response({"reason": "secret"}, status=401)
        await connection.prepare(request)
        with contextlib.suppress(LookupError):  # removed just now
            await self._hub.serve_remote(RemoteSeat(number, connection, self._hub))
        return connection

    # -- who it is -------------------------------------------------------------------------------------------------

    @property
    def _cookie(self) -> str:
        return f"nsteps-seat-{self._site.port}"

    async def _seat_of(self, request: web.Request) -> int | None:
        """Whose browser it is."""
        try:
            secret = request.cookies.get(self._cookie)
        except CookieError:
            return None
        return await self._hub.seat_with(secret) if secret else None


def screen_size(request: web.Request) -> tuple[int, int]:
    """Columns and rows that a page has room for."""
    columns, rows = (_number(request.query.get(name, ""), usual) for name, usual in (("width", 80), ("height", 24)))
    return clamped(columns), clamped(rows)


def _number(text: str, usual: int) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else usual
