"""The hub: one room, the seats that have a process here, the programs that have joined from elsewhere, the boards."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import Coroutine
from typing import Any

import msgspec

from engine.classroom import desk, protocol
from engine.classroom.protocol import Fact, Order
from engine.classroom.room import Room
from engine.classroom.store import StoreError
from tui.classroom import governor, joining
from tui.classroom.cgroups import Cgroups
from tui.classroom.demo import Demo
from tui.classroom.desks import Desk, Desks
from tui.classroom.nursery import SeatNursery
from tui.classroom.remote import REMOVED, RESTARTING, TAKEN_OVER, RemoteSeat
from tui.classroom.running import Running
from tui.classroom.seating import SeatSeating
from tui.classroom.seats import LiveSeat

BOARD_SECONDS = 0.3
"""The shortest time between two tellings of the board."""
TICK_SECONDS = 1.0
STARTS_PER_CPU = 2
"""So many seats start at a time, for each processor; the others wait their turn."""
START_SECONDS = 8.0
"""A seat that has painted nothing by then lets the next one begin."""
FAREWELL_SECONDS = 1.0


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How long the hub waits for people."""

    grace_seconds: float = 300.0
    """A seat's process goes on for so long without a page."""
    idle_seconds: float = 3600.0
    """A page where nothing was typed for so long is hung up on."""


class Hub:
    """See the module; it is what :class:`engine.classroom.hub.Hub` asks for. :meth:`start`, :meth:`close`."""

    room: Room

    def __init__(
        self, nursery: SeatNursery, lessons: str | None, limits: Limits, cgroups: Cgroups | None = None
    ) -> None:
        self._cgroups = cgroups
        self.limits = limits
        self.desks = Desks()
        self.ended_by_instructor = asyncio.Event()
        self.over = False
        """The workshop is."""
        self.languages: dict[int, str] = {}
        """What the browser of each seat prefers."""
        self._nursery = nursery
        self._lessons = lessons
        self._seats: dict[int, LiveSeat] = {}
        self._remote: dict[int, RemoteSeat] = {}
        self._secrets: dict[bytes, int] = {}
        self._starting = asyncio.Semaphore(STARTS_PER_CPU * (os.cpu_count() or 1))
        self._painting: dict[int, asyncio.Event] = {}
        self._demo: Demo | None = None
        self._board_planned: asyncio.TimerHandle | None = None
        self._board_told = 0.0
        self._tasks: set[asyncio.Task[None]] = set()
        self._ticking: asyncio.Task[None] | None = None

    async def warm_up(self) -> None:
        """Start the seats' parent. Raises :class:`~tui.classroom.nursery.NurseryError`."""
        await self._nursery.start()

    def start(self, room: Room) -> None:
        """Begin. ``room`` was made with this hub."""
        self.room = room
        self._ticking = asyncio.get_running_loop().create_task(self._tick())

    async def close(self, *, over: bool = True) -> None:
        """Every seat keeps its progress and ends; the room is written down. ``over``: the workshop is; otherwise pages
        and programs are left to come back by themselves, here or at another hub."""
        self.over = over
        if self._ticking is not None:
            self._ticking.cancel()
        if self._board_planned is not None:
            self._board_planned.cancel()
        for remote in tuple(self._remote.values()):
            remote.close(REMOVED if over else RESTARTING)
        self.demo(None)
        await asyncio.gather(*(seat.close("closed" if over else "broken", over=over) for seat in self._seats.values()))
        if over:
            self.desks.everyone(desk.RoomEnded())
        await self.desks.drained(FAREWELL_SECONDS)
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.room.close()
        await self._nursery.close()

    # -- seats -----------------------------------------------------------------------------------------------------

    async def join(self, name: str | None, *, own_terminal: bool = False) -> tuple[int, str, str | None]:
        """A new seat: its number, the secret for its learner, its name as it is kept. Raises
        :class:`~engine.classroom.room.RoomRefusal`, :class:`~engine.classroom.store.StoreError`."""
        secret = joining.new_secret()
        digest = joining.digest(secret)
        record = await self.room.join(name, digest, own_terminal=own_terminal)
        self._secrets[digest] = record.id
        return record.id, secret, record.name

    async def seat_with(self, secret: str) -> int | None:
        """Whose secret that is. Raises :class:`~engine.classroom.store.StoreError`."""
        digest = joining.digest(secret)
        number = self._secrets.get(digest)
        if number is None:
            record = await self.room.find(digest)
            if record is None:
                return None
            number = self._secrets[digest] = record.id
        return number

    def seat(self, number: int) -> LiveSeat:
        """The seat of that number, for pages. It must exist."""
        if number not in self._seats:
            self._seats[number] = LiveSeat(number, self, self.limits.grace_seconds)
        return self._seats[number]

    async def leave(self, number: int) -> None:
        """For good. Raises :class:`~engine.classroom.store.StoreError`."""
        await self.room.leave(number)

    async def serve_remote(self, remote: RemoteSeat) -> None:
        """A program from elsewhere sits there until it hangs up. Raises ``LookupError``,
        :class:`~engine.classroom.store.StoreError`."""
        number = remote.number
        remote.order(await self.room.seated(number))
        if before := self._remote.pop(number, None):
            before.close(TAKEN_OVER)
        if page := self._seats.get(number):
            page.dismiss("moved")
        self._remote[number] = remote
        self.room.connected(number, True)
        try:
            await remote.serve()
        finally:
            if self._remote.get(number) is remote:
                del self._remote[number]
                self.room.connected(number, False)

    # -- what a seat needs (seats.Surroundings) --------------------------------------------------------------------

    async def start_seat(self, number: int, columns: int, rows: int) -> Running:
        await self._starting.acquire()
        painted = self._painting[number] = asyncio.Event()
        try:
            seated = await self.room.seated(number)
            running = await Running.start(
                self._nursery,
                SeatSeating(
                    seat=number,
                    name=seated.name,
                    columns=columns,
                    rows=rows,
                    language=seated.language or self.languages.get(number),
                    step=seated.first,
                    progress=seated.progress,
                    progress_number=seated.number,
                    cgroup=self._cgroups.seat(number) if self._cgroups else None,
                ),
            )
        except BaseException:
            self._starting.release()
            raise
        self._do(self._until_painted(painted))
        if self._cgroups is not None:
            self._do(self._remove_cgroup(number, running))
        return running

    async def _remove_cgroup(self, number: int, running: Running) -> None:
        await running.ended()
        live = self._seats.get(number)
        if self._cgroups is not None and (live is None or live.pid is None):
            self._cgroups.remove(number)

    async def _until_painted(self, painted: asyncio.Event) -> None:
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(START_SECONDS):
                    await painted.wait()
        finally:
            self._starting.release()

    def connected(self, seat: int, connected: bool) -> None:
        if connected:
            # What a process that nobody looked at was not told.
            for order in (protocol.Freeze(on=False), protocol.Timer(seconds=None), protocol.Mirror(on=False)):
                self.order(seat, order)
        self.room.connected(seat, connected)
        if connected and self._demo is not None:
            self._demo.repaint()

    def told(self, seat: int, fact: Fact) -> None:
        self.room.told(seat, fact)

    def sized(self, seat: int, columns: int, rows: int) -> None:
        self.room.sized(seat, columns, rows)

    def painted(self, seat: int, picture: bytes) -> None:
        if painted := self._painting.pop(seat, None):
            painted.set()
        for watcher in self.room.watchers(seat):
            self.desks.frame(watcher, seat, picture)

    # -- what the room needs (engine.classroom.hub.Hub) ------------------------------------------------------------

    def order(self, seat: int, order: Order) -> None:
        if remote := self._remote.get(seat):
            remote.order(order)
        elif live := self._seats.get(seat):
            live.order(order)

    def answer(self, board: int, answer: desk.Answer) -> None:
        self.desks.answer(board, answer)

    def changed(self) -> None:
        if len(self.desks) and self._board_planned is None:
            wait = max(0.0, self._board_told + BOARD_SECONDS - time.monotonic())
            self._board_planned = asyncio.get_running_loop().call_later(wait, self._tell_boards)

    def demo(self, wanted: tuple[str | None, str | None] | None) -> None:
        before, self._demo = self._demo, None
        if before is not None:
            self._do(before.stop())
        if wanted is not None:
            language = self.room.settings.language
            self._demo = Demo(self._lessons, language, wanted, self._demo_painted, self._demo_ended)
            self._do(self._demo.run(*self.room.demo_size))

    def demo_watched(self) -> None:
        if self._demo is not None:
            self._demo.repaint()

    def removed(self, seat: int) -> None:
        self._secrets = {digest: number for digest, number in self._secrets.items() if number != seat}
        if remote := self._remote.pop(seat, None):
            remote.close(REMOVED)
        if live := self._seats.pop(seat, None):
            self._do(live.close("removed"))

    def ended(self) -> None:
        self.ended_by_instructor.set()

    def deserted(self) -> bool:
        """No page, no program, no board."""
        return not (len(self.desks) or self._remote or any(seat.page is not None for seat in self._seats.values()))

    # -- boards ----------------------------------------------------------------------------------------------------

    async def serve_desk(self, one: Desk, told: desk.RoomTold) -> None:
        """A board, until it hangs up."""
        one.tell(desk.encode(told))
        one.tell(desk.encode(desk.BoardTold(board=self.room.board())))
        try:
            await one.listen(self.room.asked, self._typed)
        finally:
            self.desks.remove(one)
            self.room.board_left(one.number)

    def _typed(self, board: int, seat: int, keys: bytes) -> None:
        if not self.room.may_type(board, seat):
            return
        if seat == desk.DEMO:
            if self._demo is not None:
                self._demo.type(keys)
        elif remote := self._remote.get(seat):
            remote.offer(protocol.HELPER, keys)
        elif live := self._seats.get(seat):
            live.offer(protocol.HELPER, keys)

    def _tell_boards(self) -> None:
        self._board_planned = None
        self._board_told = time.monotonic()
        self.desks.everyone(desk.BoardTold(board=self.room.board()))

    # -- the demo --------------------------------------------------------------------------------------------------

    def _demo_painted(self, demo: Demo, picture: bytes) -> None:
        if demo is not self._demo:
            return
        for watcher in self.room.watchers(desk.DEMO):
            self.desks.frame(watcher, desk.DEMO, picture)
        for remote in self._remote.values():
            remote.offer(protocol.MIRROR, picture)
        for live in self._seats.values():
            if live.page is not None:
                live.offer(protocol.MIRROR, picture)

    def _demo_ended(self, demo: Demo) -> None:
        if demo is self._demo:
            self.room.demo_ended()

    # -- what goes on by itself ------------------------------------------------------------------------------------

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_SECONDS)
            with contextlib.suppress(StoreError):  # it is tried again, and what waits to be written waits
                await self.room.tick()
            quiet = time.monotonic() - self.limits.idle_seconds
            for live in tuple(self._seats.values()):
                if live.page is not None and live.page.last_typed < quiet:
                    live.dismiss("idle")
            if self._cgroups is None and governor.crowded():
                await asyncio.to_thread(governor.put_last, [seat.pid for seat in self._seats.values() if seat.pid])

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
