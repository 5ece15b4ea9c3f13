"""Reading and writing a room's rows. Blocking; the same for SQLite and PostgreSQL."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection, delete, insert, select, update

from engine.classroom import schema
from engine.classroom.kept import ORDER_EVENT, EventRecord, RoomSettings, RoomState, SeatRecord, SeatStanding
from engine.session.progress import Progress

_SEAT = (
    schema.seats.c.id,
    schema.seats.c.name,
    schema.seats.c.joined_at,
    schema.seats.c.left_at,
    schema.seats.c.owner,
    schema.seats.c.connected,
    schema.seats.c.heard,
    schema.seats.c.standing,
)
_BATCH = 500


class Records(ABC):
    """What a room keeps. Each call is one transaction of a :class:`~engine.classroom.store.Store`, or part of one."""

    @abstractmethod
    def _reading(self) -> AbstractContextManager[Connection]:
        """A connection in a transaction that changes nothing."""

    @abstractmethod
    def _writing(self) -> AbstractContextManager[Connection]:
        """A connection in a transaction that may change something."""

    # -- the room ------------------------------------------------------------------------------------------------------

    def settings(self) -> RoomSettings | None:
        """How the room was opened; ``None``: it never was."""
        row = self._room()
        return msgspec.json.decode(row.settings, type=RoomSettings) if row else None

    def room(self) -> RoomState:
        """What the instructor has set."""
        row = self._room()
        return msgspec.json.decode(row.state, type=RoomState) if row else RoomState()

    def version(self) -> int:
        """It has grown whenever the state was set or an order given since."""
        row = self._room()
        return int(row.version) if row else 0

    def open_room(self, settings: RoomSettings) -> None:
        """Keep the settings; the state stays if there is one."""
        with self._writing() as connection:
            words = msgspec.json.encode(settings).decode()
            found = connection.execute(update(schema.room).values(settings=words))
            if not found.rowcount:
                state = msgspec.json.encode(RoomState()).decode()
                values = {"id": schema.ROOM, "layout": schema.VERSION, "version": 1, "settings": words, "state": state}
                connection.execute(insert(schema.room).values(values))

    def change_room(self, **changes: Any) -> RoomState:
        """Set these fields of the state only; the state that came of it. Others may set other fields meanwhile."""
        with self._writing() as connection:
            self._grow(connection)  # locks the row
            found = connection.execute(select(schema.room.c.state)).scalar_one()
            state = replace(msgspec.json.decode(found, type=RoomState), **changes)
            connection.execute(update(schema.room).values(state=msgspec.json.encode(state).decode()))
            return state

    # -- hubs ----------------------------------------------------------------------------------------------------------

    def hub_lives(self, hub: str, at: float) -> None:
        """That hub is alive now."""
        with self._writing() as connection:
            if not connection.execute(update(schema.hubs).where(schema.hubs.c.id == hub).values(alive_at=at)).rowcount:
                connection.execute(insert(schema.hubs).values(id=hub, alive_at=at))

    def hubs(self) -> dict[str, float]:
        """When each hub was last known to be alive."""
        with self._reading() as connection:
            return {row.id: row.alive_at for row in connection.execute(select(schema.hubs))}

    # -- seats ---------------------------------------------------------------------------------------------------------

    def add_seat(self, name: str | None, digest: bytes, *, at: float, owner: str | None = None) -> SeatRecord:
        """A new seat. ``digest``: of its secret."""
        with self._writing() as connection:
            values = {"name": name, "digest": digest, "joined_at": at, "owner": owner}
            number = connection.execute(insert(schema.seats).values(values)).inserted_primary_key
            assert number is not None
            return SeatRecord(id=int(number[0]), name=name, joined_at=at, owner=owner)

    def seats(self, *, gone: bool = False) -> list[SeatRecord]:
        """Every seat in the order of joining; with ``gone``, those that left for good as well."""
        query = select(*_SEAT).order_by(schema.seats.c.id)
        if not gone:
            query = query.where(schema.seats.c.left_at.is_(None))
        with self._reading() as connection:
            return [_seat(row) for row in connection.execute(query)]

    def seat_with(self, digest: bytes) -> SeatRecord | None:
        """The seat whose secret has that digest, unless it left for good."""
        return self._one(schema.seats.c.digest == digest, schema.seats.c.left_at.is_(None))

    def set_owner(self, seat: int, owner: str | None) -> None:
        """The hub whose process the seat is from now on."""
        self._set_seat(seat, owner=owner)

    def set_connected(self, seat: int, connected: bool) -> None:
        self._set_seat(seat, connected=connected)

    def set_heard(self, seat: int, seq: int) -> None:
        """It has been given every order up to that one."""
        self._set_seat(seat, heard=seq)

    def set_standing(self, seat: int, standing: SeatStanding) -> None:
        self._set_seat(seat, standing=msgspec.json.encode(standing).decode())

    def remove_seat(self, seat: int, *, at: float) -> None:
        """It has left for good: its secret opens nothing any more. What it did stays for the report."""
        self._set_seat(seat, left_at=at, connected=False)

    def disconnect_seats(self, owner: str) -> None:
        """None of that hub's seats is connected: it has only just started."""
        with self._writing() as connection:
            connection.execute(update(schema.seats).where(schema.seats.c.owner == owner).values(connected=False))

    # -- what happened -------------------------------------------------------------------------------------------------

    def append(self, seat: int | None, kind: str, payload: bytes, at: float) -> int:
        """Write an event down; its number."""
        with self._writing() as connection:
            return self._append(connection, seat, kind, payload, at)

    def give_order(self, seat: int | None, payload: bytes, at: float) -> int:
        """Write an order down for the hub that owns the seat. The room's row is locked first, so that whoever has seen
        its version has seen every order up to it."""
        with self._writing() as connection:
            self._grow(connection)
            return self._append(connection, seat, ORDER_EVENT, payload, at)

    def events(
        self, *, seat: int | None = None, kinds: tuple[str, ...] = (), after: int = 0, latest: int | None = None
    ) -> Iterator[EventRecord]:
        """Events in order: of one seat, of some kinds, after a number; of these the ``latest`` so many."""
        table = schema.events
        conditions = []
        if seat is not None:
            conditions.append(table.c.seat == seat)
        if kinds:
            conditions.append(table.c.kind.in_(kinds))
        if latest is not None:
            query = select(table).where(table.c.seq > after, *conditions).order_by(table.c.seq.desc()).limit(latest)
            with self._reading() as connection:
                yield from [_event(row) for row in reversed(connection.execute(query).all())]
            return
        while True:
            query = select(table).where(table.c.seq > after, *conditions).order_by(table.c.seq).limit(_BATCH)
            with self._reading() as connection:
                batch = [_event(row) for row in connection.execute(query)]
            yield from batch
            if len(batch) < _BATCH:
                return
            after = batch[-1].seq

    # -- progress ------------------------------------------------------------------------------------------------------

    def keep_progress(self, seat: int, number: int, progress: Progress) -> None:
        """All that is needed to come back to this place, instead of what was kept before."""
        values = {"number": number, "progress": msgspec.json.encode(progress).decode()}
        table = schema.progress
        with self._writing() as connection:
            if not connection.execute(update(table).where(table.c.seat == seat).values(values)).rowcount:
                connection.execute(insert(table).values(seat=seat, **values))

    def progress(self, seat: int) -> tuple[int, Progress] | None:
        """The number and the progress kept last."""
        table = schema.progress
        with self._reading() as connection:
            row = connection.execute(select(table.c.number, table.c.progress).where(table.c.seat == seat)).first()
        return (int(row.number), msgspec.json.decode(row.progress, type=Progress)) if row else None

    # -- forgetting ----------------------------------------------------------------------------------------------------

    def forget_names(self) -> int:
        """Delete every name; how many there were."""
        with self._writing() as connection:
            table = schema.seats
            return connection.execute(update(table).where(table.c.name.is_not(None)).values(name=None)).rowcount

    def forget_all(self) -> None:
        """Delete everything: the room is as if it had never been opened."""
        with self._writing() as connection:
            for table in (schema.progress, schema.events, schema.seats, schema.hubs, schema.room):
                connection.execute(delete(table))

    # -- within --------------------------------------------------------------------------------------------------------

    def _room(self) -> Any:
        with self._reading() as connection:
            return connection.execute(select(schema.room)).first()

    def _grow(self, connection: Connection, **values: str) -> None:
        connection.execute(update(schema.room).values(version=schema.room.c.version + 1, **values))

    def _append(self, connection: Connection, seat: int | None, kind: str, payload: bytes, at: float) -> int:
        values = {"seat": seat, "kind": kind, "payload": payload.decode(), "at": at}
        number = connection.execute(insert(schema.events).values(values)).inserted_primary_key
        assert number is not None
        return int(number[0])

    def _one(self, *conditions: Any) -> SeatRecord | None:
        with self._reading() as connection:
            row = connection.execute(select(*_SEAT).where(*conditions)).first()
        return _seat(row) if row else None

    def _set_seat(self, seat: int, **values: Any) -> None:
        with self._writing() as connection:
            connection.execute(update(schema.seats).where(schema.seats.c.id == seat).values(**values))


def _seat(row: Any) -> SeatRecord:
    standing = msgspec.json.decode(row.standing, type=SeatStanding) if row.standing else SeatStanding()
    return SeatRecord(
        id=int(row.id),
        name=row.name,
        joined_at=row.joined_at,
        left_at=row.left_at,
        owner=row.owner,
        connected=bool(row.connected),
        heard=int(row.heard),
        standing=standing,
    )


def _event(row: Any) -> EventRecord:
    return EventRecord(
        seq=int(row.seq),
        seat=None if row.seat is None else int(row.seat),
        at=row.at,
        kind=row.kind,
        payload=row.payload.encode(),
    )
