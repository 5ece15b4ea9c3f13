"""The room: what its seats tell and the instructor asks for, and what follows. No sockets, no processes, no screen.

Several hubs may keep one room in one database (each with seats of its own): what is set for everybody, every seat's
standing and orders to seats go through it, and :meth:`Room.tick` takes over what the others have written.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec.structs import replace

from engine.classroom import bounds, desk, protocol
from engine.classroom.board import board
from engine.classroom.causes import Steps
from engine.classroom.facts import Facts
from engine.classroom.hub import Hub
from engine.classroom.kept import ORDER_EVENT, OrderGiven, RoomSettings, RoomState, SeatRecord
from engine.classroom.orders import Orders
from engine.classroom.plain import plain_name
from engine.classroom.records import Records
from engine.classroom.requests import Requests
from engine.classroom.roster import Roster
from engine.classroom.store import StoreError
from engine.classroom.writer import Writer
from engine.course.model import Course
from engine.messages import Message

DEMO_SIZE = (80, 24)
"""Columns and rows of the instructor's demo: every screen has room for it."""


class RoomRefusal(Exception):
    """No seat; ``message`` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.key)
        self.message = message


class Room:
    """One workshop. To be made in a running event loop, of which all its methods are used.

    ``hub_name``: stays the same when this hub is restarted; hubs that share a database have different ones.
    Making it reads the database, and marks this hub's seats as not connected yet.
    """

    def __init__(
        self,
        records: Records,
        writer: Writer,
        course: Course,
        settings: RoomSettings,
        hub: Hub,
        *,
        hub_name: str = "hub",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.settings = settings
        self.writer = writer
        self.clock = clock
        self.hub = hub
        self.steps = Steps.of(course, settings.first, settings.last)
        self.outline = tuple(self.steps.outline.values())
        self.known = frozenset(self.steps.outline)
        self.fingerprint = protocol.fingerprint(course)
        records.open_room(settings)
        records.disconnect_seats(hub_name)
        records.hub_lives(hub_name, clock())
        self.state: RoomState = records.room()
        self.roster = Roster(hub_name, records.seats(), clock=clock)
        self.demo = False
        self.demo_size = DEMO_SIZE
        self._version = records.version()
        latest = max((event.seq for event in records.events(kinds=(ORDER_EVENT,), latest=1)), default=0)
        self.orders = Orders(self, latest)
        self._facts = Facts(self)
        self._requests = Requests(self)
        self._tasks: set[asyncio.Task[None]] = set()

    # -- seats ---------------------------------------------------------------------------------------------------------

    async def join(self, name: str | None, digest: bytes, *, own_terminal: bool = False) -> SeatRecord:
        """A new seat. ``digest``: of the secret that its learner was given. Raises :class:`RoomRefusal`,
        :class:`~engine.classroom.store.StoreError`."""
        kept = (plain_name(name) or None) if name and not self.settings.no_names else None
        at = self.clock()

        def work(records: Records) -> SeatRecord | None:
            if len(records.seats()) >= self.settings.seats:
                return None
            record = records.add_seat(kept, digest, at=at, owner=self.roster.hub)
            records.append(record.id, "joined", msgspec.json.encode({"own_terminal": own_terminal}), at)
            return record

        if self.state.closed:
            raise RoomRefusal(Message("board.refused.closed", {}))
        record = await self.writer.write(work)
        if record is None:
            raise RoomRefusal(Message("board.refused.full", {"seats": self.settings.seats}))
        seat = self.roster.add(record)
        self.roster.stand(seat, replace(seat.standing, own_terminal=own_terminal))
        self.hub.changed()
        return record

    async def find(self, digest: bytes) -> SeatRecord | None:
        """The seat whose secret has that digest, whichever hub made it. Raises
        :class:`~engine.classroom.store.StoreError`."""
        record = await self.writer.read(lambda records: records.seat_with(digest))
        if record is not None:
            live = self.roster.add(record)
            live.heard = max(live.heard, record.heard)
        return record

    async def seated(self, seat: int) -> protocol.Seated:
        """Whose seat it is and what it goes on from, for the program about to be its. Raises ``LookupError``,
        :class:`~engine.classroom.store.StoreError`."""
        live = self.roster.get(seat)
        if live is None:
            raise LookupError(f"there is no seat {seat}")
        kept = await self.writer.read(lambda records: records.progress(seat))
        number, progress = kept or (0, None)
        return protocol.Seated(
            seat=seat,
            name=live.name,
            course=self.fingerprint,
            first=self.settings.first,
            language=self.settings.language,
            progress=progress,
            number=number,
        )

    def connected(self, seat: int, connected: bool) -> None:
        """The program of that seat is there now and is given what it must know; or it is gone."""
        live = self.roster.get(seat)
        if live is None:
            return
        live.connected = connected
        if connected:
            live.owner = self.roster.hub
            self.orders.welcome(live)
        else:
            self._requests.seat_gone(live)
        owner = live.owner

        def work(records: Records) -> None:
            records.set_connected(seat, connected)
            records.set_owner(seat, owner)

        self.writer.write(work)
        self.hub.changed()

    def told(self, seat: int, fact: protocol.Fact) -> None:
        """A connected seat of this hub has told that. Raises :class:`~engine.classroom.protocol.ProtocolError` where it
        cannot be: that seat is not to be listened to any more."""
        live = self.roster.get(seat)
        if live is not None:
            self._facts.told(live, fact)

    def sized(self, seat: int, columns: int, rows: int) -> None:
        """The screen of that seat (or of the demo) has this size from now on; its watchers are told."""
        columns, rows = bounds.screen_size(columns, rows)
        if seat == desk.DEMO and self.demo_size != (columns, rows):
            self.demo_size = (columns, rows)
            self.orders.everywhere(protocol.Mirror(on=self.demo, columns=columns, rows=rows))
            for watcher in self._requests.demo_watchers:
                self.hub.answer(watcher, desk.ScreenSized(seat=seat, columns=columns, rows=rows))
        live = self.roster.get(seat)
        if live is not None and live.size != (columns, rows):
            live.size = (columns, rows)
            for watcher in live.watchers:
                self.hub.answer(watcher, desk.ScreenSized(seat=seat, columns=columns, rows=rows))

    async def leave(self, seat: int) -> None:
        """Its learner has left for good: it ends, its secret opens nothing any more, its place is free. Raises
        :class:`~engine.classroom.store.StoreError`."""
        await self._remove(seat, "learner")

    # -- boards --------------------------------------------------------------------------------------------------------

    def asked(self, board: int, request: desk.Request) -> None:
        """A board requests that; ``board`` is a number that the hub gave it."""
        self._requests.asked(board, request)

    def board_left(self, board: int) -> None:
        """That board is gone: it watches and helps nobody any more."""
        self._requests.board_left(board)

    def watchers(self, seat: int) -> frozenset[int]:
        """The boards that are to be sent what the screen of that seat (or the demo) paints."""
        live = self.roster.get(seat)
        return self._requests.demo_watchers if seat == desk.DEMO else frozenset(live.watchers if live else ())

    def may_type(self, board: int, seat: int) -> bool:
        """Whether what that board types goes to that seat: its learner has consented, or it is the demo."""
        live = self.roster.get(seat)
        if seat == desk.DEMO:
            return self.demo
        return live is not None and live.help == "given" and live.helper == board and live.connected

    def board(self) -> desk.Board:
        """The board now."""
        return board(self.roster.now(), self.steps, self.leading(), self.clock())

    def leading(self) -> desk.Leading:
        """What is set for everybody now."""
        ends = self.state.timer_ends_at
        return desk.Leading(
            gate=self.state.gate,
            frozen=self.state.frozen,
            freeze_text=self.state.freeze_text,
            timer_seconds=None if ends is None else round(ends - self.clock(), 1),
            timer_text=self.state.timer_text,
            demo=self.demo,
        )

    def demo_ended(self) -> None:
        """The demo's program has ended by itself."""
        self._requests.stop_demo()

    # -- what goes on by itself ----------------------------------------------------------------------------------------

    async def tick(self) -> None:
        """To be called about once a second: keeps standings, takes over what other hubs have written. Raises
        :class:`~engine.classroom.store.StoreError`."""
        self._note_stuck()
        keep = self.roster.changes()
        hub, at, since, known = self.roster.hub, self.clock(), self.orders.seq, self.roster.numbers()

        def work(records: Records) -> tuple[int, RoomState, list[Any], list[SeatRecord], dict[str, float]]:
            if keep is not None:
                keep(records)
            records.hub_lives(hub, at)
            version = records.version()
            orders = list(records.events(kinds=(ORDER_EVENT,), after=since)) if version != self._version else []
            return version, records.room(), orders, records.seats(), records.hubs()

        version, state, orders, seats, alive = await self.writer.write(work)
        for number in self.roster.refresh(seats, alive, known):
            self.hub.order(number, protocol.RoomClosed())
            self.hub.removed(number)
        if version != self._version:
            self._version = version
            self._take_over(state)
            for event in orders:
                self.orders.deliver(event.seat, event.seq, msgspec.json.decode(event.payload, type=OrderGiven))
        self.hub.changed()

    async def close(self) -> None:
        """Keep everything, with every seat's latest standing."""
        keep = self.roster.changes()
        if keep is not None:
            self.writer.write(keep)
        hub = self.roster.hub
        self.writer.write(lambda records: records.hub_lives(hub, 0.0))
        self.writer.write(lambda records: records.disconnect_seats(hub))
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.writer.close()

    # -- for the parts -------------------------------------------------------------------------------------------------

    def set_state(self, **changes: Any) -> None:
        """Set it for everybody, here at once and in the database."""
        self._take_over(replace(self.state, **changes))
        at, kept = self.clock(), msgspec.json.encode(changes)

        def work(records: Records) -> None:
            records.change_room(**changes)
            records.append(None, "room", kept, at)

        self.writer.write(work)
        self.hub.changed()

    def later(self, work: Any) -> None:
        """Do that (a coroutine) without anybody waiting; :meth:`close` does."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None and not isinstance(error, StoreError):  # a database that is away is told elsewhere
            context = {"message": "a part of the room failed", "exception": error, "task": task}
            task.get_loop().call_exception_handler(context)

    async def remove(self, seat: int) -> None:
        """The instructor removes it."""
        await self._remove(seat, "instructor")

    # -- within --------------------------------------------------------------------------------------------------------

    async def _remove(self, seat: int, by: str) -> None:
        live = self.roster.get(seat)
        if live is None:
            return
        here = self.roster.here(live)
        at = self.clock()
        standing = live.standing

        def work(records: Records) -> None:
            records.set_standing(seat, standing)
            records.remove_seat(seat, at=at)
            records.append(seat, "left", msgspec.json.encode({"by": by}), at)

        await self.writer.write(work)
        self._requests.seat_gone(live)
        self.roster.remove(seat)
        if here:
            if live.connected:
                self.hub.order(seat, protocol.RoomClosed())
            self.hub.removed(seat)
        self.hub.changed()

    def _note_stuck(self) -> None:
        """Write down who has become stuck on what, for the journal and the report."""
        at = self.clock()
        for row in self.board().rows:
            seat = self.roster.get(row.seat)
            if seat is None or not row.here or row.cause == seat.cause:
                continue
            seat.cause = row.cause
            if row.cause is not None:
                told = {"step": row.step, "check": row.check or "", "why": row.why}
                self._write_event(row.seat, "stuck", msgspec.json.encode(told), at)

    def _write_event(self, seat: int, kind: str, payload: bytes, at: float) -> None:
        self.writer.write(lambda records: records.append(seat, kind, payload, at))

    def _take_over(self, state: RoomState) -> None:
        """What is set for everybody is this from now on; tells this hub's seats what is new."""
        before, self.state = self.state, state
        if state.gate != before.gate:
            self.orders.everywhere(protocol.Gate(last=state.gate))
        if (state.frozen, state.freeze_text) != (before.frozen, before.freeze_text):
            self.orders.everywhere(protocol.Freeze(on=state.frozen, text=state.freeze_text))
        if (state.timer_ends_at, state.timer_text) != (before.timer_ends_at, before.timer_text):
            self.orders.everywhere(self.orders.timer() or protocol.Timer(seconds=None))
        if state.closed and not before.closed:
            self.orders.everywhere(protocol.RoomClosed())
            self.hub.ended()
