"""The seats of a room in memory: this hub's as they are, the others' as the database has them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from engine.classroom.board import SeatNow
from engine.classroom.desk import Help
from engine.classroom.kept import SeatRecord, SeatStanding
from engine.classroom.records import Records

HUB_DEAD_SECONDS = 15.0
"""A hub that has not said for so long that it lives does not: its seats are not connected."""


class LiveSeat:
    """A seat, and what of it only matters while the hub runs."""

    def __init__(self, record: SeatRecord) -> None:
        self.id = record.id
        self.name = record.name
        self.owner = record.owner
        self.connected = record.connected
        self.heard = record.heard
        self.standing: SeatStanding = record.standing
        self.size = (0, 0)
        self.watchers: set[int] = set()
        self.network_wanted: set[int] = set()
        self.helper: int | None = None
        self.help: Help = "none"
        self.cause: str | None = None
        """The cause that was written down last."""

    def let_go(self) -> None:
        """Nobody watches or helps any more."""
        self.watchers.clear()
        self.helper, self.help = None, "none"


class Roster:
    """Seats by number. ``hub``: this hub's name."""

    def __init__(self, hub: str, records: Iterable[SeatRecord], *, clock: Callable[[], float]) -> None:
        self.hub = hub
        self._clock = clock
        self._seats = {record.id: LiveSeat(record) for record in records}
        self._dirty: set[int] = set()
        self._alive: dict[str, float] = {}

    def __iter__(self) -> Iterator[LiveSeat]:
        return iter(tuple(self._seats.values()))

    def __len__(self) -> int:
        return len(self._seats)

    def numbers(self) -> frozenset[int]:
        """Of all seats."""
        return frozenset(self._seats)

    def get(self, seat: int) -> LiveSeat | None:
        return self._seats.get(seat)

    def here(self, seat: LiveSeat) -> bool:
        """Whether its program belongs to this hub."""
        return seat.owner == self.hub

    def connected(self, seat: LiveSeat) -> bool:
        """Whether its program is there, as far as is known."""
        if self.here(seat) or not seat.connected:
            return seat.connected
        return self._clock() - self._alive.get(seat.owner or "", 0.0) < HUB_DEAD_SECONDS

    def add(self, record: SeatRecord) -> LiveSeat:
        """The seat of that record, new or known."""
        return self._seats.setdefault(record.id, LiveSeat(record))

    def remove(self, seat: int) -> None:
        self._seats.pop(seat, None)
        self._dirty.discard(seat)

    def stand(self, seat: LiveSeat, standing: SeatStanding) -> None:
        """That is where it stands from now on; kept at the next :meth:`changes`."""
        seat.standing = standing
        self._dirty.add(seat.id)

    def changes(self) -> Callable[[Records], None] | None:
        """What keeps the standings that have changed since the last call; ``None``: none has."""
        standings = {number: seat.standing for number in self._dirty if (seat := self._seats.get(number))}
        self._dirty.clear()
        if not standings:
            return None

        def keep(records: Records) -> None:
            for number, standing in standings.items():
                records.set_standing(number, standing)

        return keep

    def refresh(self, records: Iterable[SeatRecord], alive: dict[str, float], known: frozenset[int]) -> list[int]:
        """Take over what other hubs have kept; the numbers of this hub's seats that are gone, or are another's now.
        ``known``: :meth:`numbers` when it was asked for: a seat that has come since is not gone."""
        self._alive = alive
        lost = []
        there = set()
        for record in records:
            there.add(record.id)
            seat = self._seats.get(record.id)
            if seat is None:
                self._seats[record.id] = LiveSeat(record)
            elif not self.here(seat):
                seat.name, seat.owner, seat.heard = record.name, record.owner, record.heard
                seat.connected, seat.standing = record.connected, record.standing
            else:
                seat.name = record.name
                if record.owner not in (None, self.hub):
                    seat.owner = record.owner
                    lost.append(record.id)
        for number in (known & set(self._seats)) - there:
            if self.here(self._seats[number]):
                lost.append(number)
            self.remove(number)
        return lost

    def now(self) -> list[SeatNow]:
        """What the board is made of."""
        return [
            SeatNow(
                id=seat.id,
                name=seat.name,
                connected=self.connected(seat),
                here=self.here(seat),
                standing=seat.standing,
                watchers=len(seat.watchers),
                help=seat.help,
            )
            for seat in self._seats.values()
        ]
