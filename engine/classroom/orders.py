"""Orders to seats: what it takes that each is told once, wherever it is, and whenever it comes back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec

from engine.classroom import protocol
from engine.classroom.kept import ORDER_EVENT, OrderGiven
from engine.classroom.plain import plain_text
from engine.classroom.records import Records
from engine.classroom.roster import LiveSeat

if TYPE_CHECKING:
    from engine.classroom.room import Room

TIMER_KEPT_SECONDS = 60.0
"""A timer that ran out so long ago is not told any more."""
SAID_AT_MOST = 3
"""Messages that a seat missed while it was away: the latest ones are told."""


class Orders:
    """Part of a :class:`~engine.classroom.room.Room`. ``seq``: of the last order that was written down."""

    def __init__(self, room: Room, seq: int) -> None:
        self._room = room
        self.seq = seq

    def give(self, seats: Iterable[LiveSeat], order: protocol.Order) -> None:
        """Order these seats, wherever they are; who is not connected is told when it comes back."""
        at, hub = self._room.clock(), self._room.roster.hub
        given: list[tuple[int, bool]] = []
        for seat in seats:
            delivered = self._room.roster.here(seat) and seat.connected
            if delivered:
                self._room.hub.order(seat.id, order)
            given.append((seat.id, delivered))
        payloads = {
            delivered: msgspec.json.encode(OrderGiven(hub=hub, order=order, delivered=delivered))
            for delivered in (True, False)
        }

        def work(records: Records) -> None:
            for number, delivered in given:
                seq = records.give_order(number, payloads[delivered], at)
                if delivered:
                    records.set_heard(number, seq)

        if given:
            self._room.writer.write(work)

    def everywhere(self, order: protocol.Order) -> None:
        """Order every connected seat of this hub, unwritten."""
        for seat in self._room.roster:
            if self._room.roster.here(seat) and seat.connected:
                self._room.hub.order(seat.id, order)

    def welcome(self, seat: LiveSeat) -> None:
        """What a seat must know when it comes."""
        self._room.hub.order(seat.id, protocol.Gate(last=self._room.state.gate))
        if self._room.state.frozen:
            self._room.hub.order(seat.id, protocol.Freeze(on=True, text=self._room.state.freeze_text))
        if seat.standing.hand_at is not None:
            self._room.hub.order(seat.id, protocol.HandUp())
        timer = self.timer()
        if timer is not None and timer.seconds is not None:
            self._room.hub.order(seat.id, timer)
        if self._room.demo:
            columns, rows = self._room.demo_size
            self._room.hub.order(seat.id, protocol.Mirror(on=True, columns=columns, rows=rows))
        self._room.later(self._tell_missed(seat))

    async def _tell_missed(self, seat: LiveSeat) -> None:
        """The orders it was given while it was away: where to go last, and the latest messages."""
        after = seat.heard
        missed = await self._room.writer.read(
            lambda records: list(records.events(seat=seat.id, kinds=(ORDER_EVENT,), after=after))
        )
        missed = [event for event in missed if event.seq > seat.heard]  # some may have been delivered meanwhile
        orders = [msgspec.json.decode(event.payload, type=OrderGiven) for event in missed]
        waiting = [given.order for given in orders if not given.delivered]
        takes = [order for order in waiting if isinstance(order, protocol.Take)][-1:]
        says = [order for order in waiting if isinstance(order, protocol.Say)][-SAID_AT_MOST:]
        if missed and seat.connected:
            undelivered: tuple[protocol.Order, ...] = (*takes, *says)
            for order in undelivered:
                self._room.hub.order(seat.id, order)
            self._hear(seat, missed[-1].seq)

    def deliver(self, number: int | None, seq: int, given: OrderGiven) -> None:
        """An order that was written down, by this hub or another."""
        self.seq = max(self.seq, seq)
        seat = self._room.roster.get(number) if number is not None else None
        if (
            seat is None
            or given.delivered
            or not self._room.roster.here(seat)
            or not seat.connected
            or seq <= seat.heard
        ):
            return
        self._room.hub.order(seat.id, given.order)
        self._hear(seat, seq)

    def _hear(self, seat: LiveSeat, seq: int) -> None:
        seat.heard = max(seat.heard, seq)
        heard = seat.heard
        self._room.writer.write(lambda records: records.set_heard(seat.id, heard))

    def timer(self) -> protocol.Timer | None:
        """The timer now; ``None``: it ran out long ago."""
        ends = self._room.state.timer_ends_at
        if ends is None:
            return protocol.Timer(seconds=None)
        left = ends - self._room.clock()
        text = plain_text(self._room.state.timer_text)
        return protocol.Timer(seconds=max(0.0, left), text=text) if left > -TIMER_KEPT_SECONDS else None
