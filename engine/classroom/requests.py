"""What follows from what the instructor's board requests."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from engine.classroom import bounds, desk, protocol
from engine.classroom.journal import entries
from engine.classroom.plain import plain_text
from engine.classroom.roster import LiveSeat
from engine.classroom.store import StoreError
from engine.messages import Message

if TYPE_CHECKING:
    from engine.classroom.room import Room

LONGEST_TIMER_SECONDS = 24 * 3600.0


class Requests:
    """Part of a :class:`~engine.classroom.room.Room`."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self.demo_watchers: frozenset[int] = frozenset()

    def asked(self, board: int, request: desk.Request) -> None:
        """Do it, or answer why not."""
        try:
            self._do(board, request)
        except _Impossible as impossible:
            self._room.hub.answer(board, desk.Denied(message=impossible.message))

    def _do(self, board: int, request: desk.Request) -> None:
        room = self._room
        match request:
            case desk.SetGate(last=last):
                self._known(last)
                room.set_state(gate=last)
            case desk.SetFreeze(on=on, text=text):
                room.set_state(frozen=on, freeze_text=plain_text(text) if on else "")
            case desk.SetTimer(seconds=seconds, text=text):
                ends = None if seconds is None else room.clock() + min(max(0.0, seconds), LONGEST_TIMER_SECONDS)
                room.set_state(timer_ends_at=ends, timer_text=plain_text(text) if ends is not None else "")
            case desk.TakeTo(to=to, step=step):
                self._known(step)
                self._send(board, to, protocol.Take(step=step), "taken")
            case desk.SayTo(to=to, text=text):
                said = plain_text(text)
                if not said:
                    raise _Impossible("nothing-said")
                self._send(board, to, protocol.Say(text=said), "said")
            case desk.PushHintTo(to=to):
                self._send(board, to, protocol.PushHint(), "hinted")
            case desk.LowerHandOf(seat=number):
                seat = self._seat(number)
                room.roster.stand(seat, replace(seat.standing, hand_at=None))
                room.orders.give((seat,), protocol.LowerHand())
                room.hub.changed()
            case desk.Watch(seat=number):
                self._watch(board, number)
            case desk.Unwatch(seat=number):
                self._unwatch(board, number)
            case desk.OfferHelpTo(seat=number):
                self._offer(board, number)
            case desk.LetGo(seat=number):
                self._let_go(self._seat(number))
            case desk.WantJournal(seat=number, after=after):
                room.later(self._journal(board, self._seat(number), after))
            case desk.WantNetworkOf(seat=number):
                seat = self._here(number)
                seat.network_wanted.add(board)
                room.hub.order(number, protocol.WantNetwork())
            case desk.RemoveSeat(seat=number):
                room.later(self._remove(board, self._seat(number)))
            case desk.StartDemo(first=first, last=last):
                self._start_demo(first, last)
            case desk.StopDemo():
                self.stop_demo()
            case desk.EndRoom():
                room.set_state(closed=True)

    # -- who comes and goes --------------------------------------------------------------------------------------------

    def seat_gone(self, seat: LiveSeat) -> None:
        """Its program is gone: there is nothing to watch, nobody to help, no answer to come."""
        for watcher in seat.watchers:
            self._room.hub.answer(watcher, desk.WatchEnded(seat=seat.id))
        for board in seat.network_wanted:
            self._room.hub.answer(board, desk.NetworkTold(seat=seat.id, snapshot=None))
        seat.network_wanted.clear()
        seat.let_go()

    def board_left(self, board: int) -> None:
        for seat in self._room.roster:
            seat.network_wanted.discard(board)
            if seat.helper == board:
                self._let_go(seat)
            if board in seat.watchers:
                self._unwatch(board, seat.id)
        self.demo_watchers -= {board}

    # -- over the shoulder ---------------------------------------------------------------------------------------------

    def _watch(self, board: int, number: int) -> None:
        if number == desk.DEMO:
            if not self._room.demo:
                raise _Impossible("no-demo")
            self.demo_watchers |= {board}
            columns, rows = self._room.demo_size
        else:
            seat = self._here(number)
            seat.watchers.add(board)
            told = seat.standing.told
            columns, rows = seat.size if all(seat.size) else (told.columns, told.rows) if told else (0, 0)
        columns, rows = bounds.screen_size(columns or 80, rows or 24)
        self._room.hub.answer(board, desk.ScreenSized(seat=number, columns=columns, rows=rows))
        if number == desk.DEMO:
            self._room.hub.demo_watched()
        else:
            self._room.hub.order(number, protocol.Watched(watchers=len(seat.watchers)))
        self._room.hub.changed()

    def _unwatch(self, board: int, number: int) -> None:
        self.demo_watchers -= {board} if number == desk.DEMO else set()
        seat = self._room.roster.get(number)
        if seat is not None and board in seat.watchers:
            seat.watchers.discard(board)
            if seat.connected:
                self._room.hub.order(number, protocol.Watched(watchers=len(seat.watchers)))
            self._room.hub.changed()

    def _offer(self, board: int, number: int) -> None:
        seat = self._here(number)
        if seat.help != "none" and seat.helper != board:
            raise _Impossible("helped-already")
        if seat.help == "none":
            seat.help, seat.helper = "offered", board
            self._room.hub.order(number, protocol.OfferHelp(on=True))
            self._room.hub.changed()

    def _let_go(self, seat: LiveSeat) -> None:
        if seat.help != "none":
            seat.help, seat.helper = "none", None
            if seat.connected:
                self._room.hub.order(seat.id, protocol.OfferHelp(on=False))
            self._room.hub.changed()

    # -- the demo ------------------------------------------------------------------------------------------------------

    def _start_demo(self, first: str | None, last: str | None) -> None:
        self._known(first)
        self._known(last)
        if self._room.demo:
            raise _Impossible("demo-already")
        self._room.demo = True
        columns, rows = self._room.demo_size
        self._room.hub.demo((first, last))
        self._room.orders.everywhere(protocol.Mirror(on=True, columns=columns, rows=rows))
        self._room.hub.changed()

    def stop_demo(self) -> None:
        """End it, if there is one."""
        if not self._room.demo:
            return
        self._room.demo = False
        self._room.hub.demo(None)
        self._room.orders.everywhere(protocol.Mirror(on=False))
        for board in self.demo_watchers:
            self._room.hub.answer(board, desk.WatchEnded(seat=desk.DEMO))
        self.demo_watchers = frozenset()
        self._room.hub.changed()

    # -- within --------------------------------------------------------------------------------------------------------

    def _send(self, board: int, to: desk.Target, order: protocol.Order, said: str) -> None:
        seats = list(self._targets(to))
        if not seats:
            raise _Impossible("nobody")
        self._room.orders.give(seats, order)
        self._room.hub.answer(board, desk.Noted(message=Message(f"board.noted.{said}", {"count": len(seats)})))

    def _targets(self, to: desk.Target) -> Iterable[LiveSeat]:
        roster = self._room.roster
        if to.everyone:
            return list(roster)
        numbers = set(to.seats)
        if to.cause is not None:
            causes = self._room.board().summary.causes
            numbers |= {number for cause in causes if cause.id == to.cause for number in cause.seats}
        return [seat for number in sorted(numbers) if (seat := roster.get(number))]

    def _known(self, step: str | None) -> None:
        if step is not None and step not in self._room.steps.outline:
            raise _Impossible("no-step", step=step)

    def _seat(self, number: int) -> LiveSeat:
        seat = self._room.roster.get(number)
        if seat is None:
            raise _Impossible("no-seat", seat=number)
        return seat

    def _here(self, number: int) -> LiveSeat:
        """A seat whose program is with this hub, now."""
        seat = self._seat(number)
        if not self._room.roster.here(seat):
            raise _Impossible("elsewhere", hub=seat.owner or "?")
        if not seat.connected:
            raise _Impossible("away")
        return seat

    async def _journal(self, board: int, seat: LiveSeat, after: int) -> None:
        try:
            found = await self._room.writer.read(
                lambda records: tuple(records.events(seat=seat.id, after=after, latest=desk.JOURNAL_ENTRIES))
            )
        except StoreError as error:
            self._room.hub.answer(board, desk.Denied(message=error.message))
            return
        self._room.hub.answer(board, desk.JournalTold(seat=seat.id, entries=entries(found)))

    async def _remove(self, board: int, seat: LiveSeat) -> None:
        try:
            await self._room.remove(seat.id)
        except StoreError as error:
            self._room.hub.answer(board, desk.Denied(message=error.message))


class _Impossible(Exception):
    """It cannot be done; why is ``board.denied.<key>``."""

    def __init__(self, key: str, **params: object) -> None:
        super().__init__(key)
        self.message = Message(f"board.denied.{key}", params)
