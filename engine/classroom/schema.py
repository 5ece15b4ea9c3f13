"""The tables of a classroom's database, the same in SQLite and PostgreSQL. One database (or schema) holds one room."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

VERSION = 1
"""Of this layout. A database of another one is refused, not guessed at."""
ROOM = 1
"""The id of the only row of ``room``."""

metadata = MetaData()
_serial = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself in a column of exactly this type only."""

room = Table(
    "room",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("layout", Integer, nullable=False),
    Column("version", BigInteger, nullable=False, doc="grows with each change of state and each order"),
    Column("settings", Text, nullable=False, doc="RoomSettings as JSON"),
    Column("state", Text, nullable=False, doc="RoomState as JSON"),
)

hubs = Table(
    "hubs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("alive_at", Float, nullable=False),
)

seats = Table(
    "seats",
    metadata,
    Column("id", _serial, primary_key=True, autoincrement=True),
    Column("name", Text, doc="NULL: none was given, kept, or it was forgotten"),
    Column("digest", LargeBinary, nullable=False, unique=True, doc="of its secret, which is not kept itself"),
    Column("joined_at", Float, nullable=False),
    Column("left_at", Float, doc="it left for good or was removed"),
    Column("owner", Text, doc="the hub whose process it is"),
    Column("connected", Boolean, nullable=False, default=False),
    Column("heard", BigInteger, nullable=False, default=0, doc="the last order it was given, by seq"),
    Column("standing", Text, doc="SeatStanding as JSON"),
    sqlite_autoincrement=True,
)

events = Table(
    "events",
    metadata,
    Column("seq", _serial, primary_key=True, autoincrement=True),
    Column("seat", _serial, ForeignKey("seats.id"), doc="NULL: the room"),
    Column("at", Float, nullable=False),
    Column("kind", Text, nullable=False),
    Column("payload", Text, nullable=False, doc="JSON"),
    Index("events_by_seat", "seat", "seq"),
    Index("events_by_kind", "kind", "seq"),
    sqlite_autoincrement=True,
)

progress = Table(
    "progress",
    metadata,
    Column("seat", _serial, ForeignKey("seats.id"), primary_key=True, autoincrement=False),
    Column("number", BigInteger, nullable=False),
    Column("progress", Text, nullable=False, doc="Progress as JSON"),
)
