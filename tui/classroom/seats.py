"""The seats that have a process here: pages come and go, the process stays for a while, and resumes after it has gone.

A page first asks for its seat (:meth:`LiveSeat.grant`) and gets a view, a name for its connection; with that it
connects (:meth:`LiveSeat.show`). When the connection ends, the process goes on for the grace time: a reload, a closed
lid or a lost connection comes back to the very same terminals. After that it keeps its progress and ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from collections.abc import Awaitable, Coroutine
from typing import Any, Protocol

import msgspec
from aiohttp import web

from engine.classroom.protocol import Attached, Detached, Fact, Order, RoomClosed
from tui.classroom.nursery import NurseryError
from tui.classroom.running import Running
from tui.web.packets import Ended, Meta, Resize
from tui.web.seat import ENDINGS_KEPT, RELOAD_SECONDS, Ending, listen

PICTURE_BEGINS = b"\x1b[?1049h"
"""The first thing a seat paints for a new page; what comes before it was meant for the page before."""
SLOW_SECONDS = 10.0
"""A page that takes nothing for so long is given up; until then the seat waits for it."""


class Grant(msgspec.Struct, frozen=True):
    """What a page asks for its seat with. ``tab`` is the browser tab's own name for itself."""

    take: bool = False
    tab: str = ""


class Page:
    """One connected page."""

    def __init__(self, view: str, socket: web.WebSocketResponse, seat: LiveSeat) -> None:
        self.view = view
        self.socket = socket
        self.over = asyncio.Event()
        """It is to be hung up on."""
        self.last_typed = time.monotonic()
        self.process: Running | None = None
        """What it looks at; none yet while one starts, or the one before still ends."""
        self._seat = seat
        self._fresh = False

    async def show(self, picture: bytes) -> None:
        self._fresh = self._fresh or picture.startswith(PICTURE_BEGINS)
        if not self._fresh or self.over.is_set():
            return
        try:
            async with asyncio.timeout(SLOW_SECONDS):
                await self.socket.send_bytes(picture)
        except (ConnectionError, TimeoutError):
            self.over.set()

    async def type(self, text: str) -> None:
        self.last_typed = time.monotonic()
        if not self.over.is_set():
            await self._seat.type(text.encode("utf-8", "replace"))

    async def tell(self, what: Meta) -> None:
        if not self.over.is_set():
            await self._seat.tell(what)

    async def open_url(self, url: str) -> None:
        with contextlib.suppress(ConnectionError):
            await self.socket.send_json(["open_url", {"url": url, "new_tab": True}])


class Surroundings(Protocol):
    """What a seat needs of the hub. Only :meth:`start_seat` may wait."""

    async def start_seat(self, seat: int, columns: int, rows: int) -> Running:
        """A process for it. Raises :class:`NurseryError`."""

    def connected(self, seat: int, connected: bool) -> None:
        """A page looks at it now, or none any more."""

    def told(self, seat: int, fact: Fact) -> None:
        """Raises :class:`~engine.classroom.protocol.ProtocolError`: it is not to be listened to any more."""

    def sized(self, seat: int, columns: int, rows: int) -> None: ...

    def painted(self, seat: int, picture: bytes) -> None: ...


class LiveSeat:
    """One seat of this hub's: with a process, or soon, or again."""

    def __init__(self, number: int, hub: Surroundings, grace_seconds: float) -> None:
        self.number = number
        self.page: Page | None = None
        self._hub = hub
        self._grace_seconds = grace_seconds
        self._running: Running | None = None
        self._changing = asyncio.Lock()
        self._view = self._tab = ""
        self._let_go = asyncio.Event()
        self._grace: asyncio.TimerHandle | None = None
        self._endings: dict[str, Ending] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._serving: asyncio.Task[None] | None = None
        self._closed = False
        self._over = False
        """Its process has been told that the room has closed, or that the seat is no more."""

    @property
    def pid(self) -> int | None:
        """Of its process, if there is one."""
        return self._running.pid if self._running else None

    # -- pages -----------------------------------------------------------------------------------------------------

    async def grant(self, wish: Grant) -> str | None:
        """A view for the page that asks; None if another has the seat. ``take`` ends the other's. A tab that only has
        lost its connection is not another."""
        if self.page is not None and (wish.take or (wish.tab and wish.tab == self._tab)):
            self.dismiss("moved")
        elif self.page is not None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._let_go.wait(), RELOAD_SECONDS)
            if self.page is not None:
                return None
        self._view, self._tab = secrets.token_urlsafe(16), wish.tab
        return self._view

    def ending(self, view: str) -> Ending | None:
        """How that view ended; None if it has not, or never was."""
        return self._endings.get(view)

    async def show(self, view: str, socket: web.WebSocketResponse, columns: int, rows: int) -> None:
        """Show the seat to the page at the other end of ``socket`` until either ends."""
        if not view or view != self._view or self._closed:
            self._end(view, Ending("moved"))
            return
        self._view = ""
        self.dismiss("moved")
        page = self.page = Page(view, socket, self)
        self._let_go.clear()
        self._stop_grace()
        try:
            running = page.process = await self._process(columns, rows)
            if self.page is page:
                self._hub.sized(self.number, columns, rows)
                await running.order(Attached(columns=columns, rows=rows))
                self._hub.connected(self.number, True)
                await _first_of(listen(socket, page), page.over.wait())
        except NurseryError as error:
            self._end(view, Ending("failed", str(error)))
        finally:
            self._end(view, Ending("broken"))
            self._leave(page)

    def dismiss(self, reason: str) -> None:
        """Hang up on whoever looks, and say why: ``reason`` is the name of a card of the pages."""
        page = self.page
        if page is not None:
            self._end(page.view, Ending(reason))
            page.over.set()
            self._leave(page)

    def _leave(self, page: Page) -> None:
        if self.page is not page:
            return
        self.page = None
        self._let_go.set()
        self._hub.connected(self.number, False)
        if self._running is not None:
            self._do(self._running.order(Detached()))
            self._grace = asyncio.get_running_loop().call_later(self._grace_seconds, self._grace_over)

    def _end(self, view: str, ending: Ending) -> None:
        """The first reason counts."""
        if view and view not in self._endings:
            self._endings[view] = ending
            while len(self._endings) > ENDINGS_KEPT:
                del self._endings[next(iter(self._endings))]

    # -- what goes to the process ----------------------------------------------------------------------------------

    async def type(self, text: bytes) -> None:
        """What its page types."""
        if self._running is not None:
            await self._running.type(text)

    async def tell(self, what: Meta) -> None:
        """What its page tells."""
        if isinstance(what, Resize):
            self._hub.sized(self.number, what.columns, what.rows)
        if self._running is not None:
            await self._running.tell(what)

    def order(self, order: Order) -> None:
        """Give it to the process, if there is one."""
        if self._running is not None:
            self._over = self._over or isinstance(order, RoomClosed)
            self._do(self._running.order(order))

    def offer(self, kind: bytes, payload: bytes) -> None:
        """A packet to the process, left out if it does not keep up."""
        if self._running is not None:
            self._running.offer(kind, payload)

    # -- the process -----------------------------------------------------------------------------------------------

    async def _process(self, columns: int, rows: int) -> Running:
        async with self._changing:
            if self._running is not None and self._running.ending:
                await self._running.ended()
                self._running = None
            if self._running is None:
                self._running = await self._hub.start_seat(self.number, columns, rows)
                self._serving = self._do(self._serve(self._running))
            return self._running

    async def _serve(self, running: Running) -> None:
        """Until the process has ended."""
        last = await running.read(self._painted, self._heard, self._linked)
        if self._running is running:
            self._running = None
            self._stop_grace()
        page = self.page
        if page is not None and page.process is running:
            self._end(page.view, _ending(last, over=self._over))
            page.over.set()

    async def _painted(self, picture: bytes) -> None:
        self._hub.painted(self.number, picture)
        if self.page is not None:
            await self.page.show(picture)

    def _heard(self, fact: Fact) -> None:
        self._hub.told(self.number, fact)

    async def _linked(self, url: str) -> None:
        if self.page is not None:
            await self.page.open_url(url)

    def _grace_over(self) -> None:
        self._grace = None
        self._do(self._stop_unless_looked_at())

    async def _stop_unless_looked_at(self) -> None:
        async with self._changing:
            if self.page is None and self._running is not None:
                await self._running.stop()

    def _stop_grace(self) -> None:
        if self._grace is not None:
            self._grace.cancel()
            self._grace = None

    async def close(self, reason: str, *, over: bool = True) -> None:
        """Whoever looks is told why, the process keeps its progress and ends. ``over``: for good, and is told so."""
        self._closed = True
        self._view = ""
        page = self.page
        self._over = self._over or over
        if page is not None and not over:
            self._end(page.view, Ending(reason))
        async with self._changing:
            if self._running is not None:
                if over:
                    await self._running.order(RoomClosed())
                await self._running.stop()
        if self._serving is not None:  # it says what the process said last
            await asyncio.wait({self._serving}, timeout=SLOW_SECONDS)
        self.dismiss(reason)
        self._stop_grace()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=SLOW_SECONDS)

    def _do(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        async def run() -> None:
            with contextlib.suppress(ConnectionError):
                await work

        task = asyncio.get_running_loop().create_task(run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _ending(last: Ended | None, *, over: bool) -> Ending:
    if last is None:
        return Ending("closed" if over else "broken")
    return Ending("failed" if last.exit else "closed" if over else "left", last.text)


async def _first_of(*works: Awaitable[Any]) -> None:
    tasks = {asyncio.ensure_future(work) for work in works}
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
