"""A room's database: SQLite in a file, or PostgreSQL."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, select, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from engine.classroom import schema
from engine.classroom.records import Records
from engine.messages import Message, render

BUSY_SECONDS = 10.0
"""How long a write waits for another program's."""
_READS = "nsteps_reads"
_LOCK = 0x6E73746570  # "nstep": two hubs that start at once make the tables one after the other


class StoreError(Exception):
    """The database cannot be used. ``str(error)`` is the English text of ``message``."""

    def __init__(self, message: Message) -> None:
        super().__init__(render(message, "en"))
        self.message = message


class Store(Records):
    """Blocking, and safe in several threads. Each call is a transaction of its own; :meth:`transaction` is for more.

    SQLite is written ahead (WAL) and waits for the disk at each commit (``synchronous=FULL``): what was committed
    survives ``kill -9`` and a power cut. https://www.sqlite.org/pragma.html#pragma_synchronous
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._reader = engine.execution_options(**{_READS: True})

    @classmethod
    def open(cls, url: str) -> Store:
        """``sqlite:////path`` or ``postgresql://…``; the tables are made if they are not there. Raises
        :class:`StoreError`."""
        engine = _engine(url)
        try:
            _make_tables(engine)
        except DBAPIError as error:
            engine.dispose()
            raise StoreError(Message("board.store.unreachable", {"reason": reason(error)})) from error
        except StoreError:
            engine.dispose()
            raise
        return cls(engine)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Records]:
        """Several reads and writes as one."""
        with self.engine.begin() as connection:
            yield Transaction(connection)

    def scrub(self) -> None:
        """What was deleted is in no file any more. PostgreSQL does that by itself, in its own time (VACUUM)."""
        if self.engine.dialect.name == "sqlite":
            with self.engine.connect() as connection:
                raw: Any = connection.connection.driver_connection
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        self.engine.dispose()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _reading(self) -> AbstractContextManager[Connection]:
        return self._reader.begin()

    def _writing(self) -> AbstractContextManager[Connection]:
        return self.engine.begin()


class Transaction(Records):
    """Part of a transaction that somebody else began and commits."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def _reading(self) -> AbstractContextManager[Connection]:
        return contextlib.nullcontext(self._connection)

    def _writing(self) -> AbstractContextManager[Connection]:
        return contextlib.nullcontext(self._connection)


def sqlite_url(path: Path) -> str:
    """The URL of a database in that file."""
    return f"sqlite:///{path.resolve()}"


def reason(error: SQLAlchemyError) -> str:
    """The database's own words, on one line."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    return " ".join(str(cause).split())


def _engine(url: str) -> Engine:
    # What a URL is called elsewhere (libpq, most platforms) does not say which driver; psycopg 3 is the one used here.
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            url = "postgresql+psycopg://" + url.removeprefix(prefix)
    try:
        engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"), pool_size=4)
    except ModuleNotFoundError as error:
        raise StoreError(Message("board.store.no-driver", {"module": error.name})) from error
    except (ArgumentError, ValueError) as error:
        raise StoreError(Message("board.store.no-url", {})) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_connected)
        event.listen(engine, "begin", _sqlite_begins)
    elif engine.dialect.name != "postgresql":
        raise StoreError(Message("board.store.no-url", {}))
    return engine


def _sqlite_connected(connection: Any, _record: object) -> None:
    # The driver's own idea of when a transaction begins is switched off; see _sqlite_begins.
    # https://docs.sqlalchemy.org/en/21/dialects/sqlite.html#serializable-isolation-savepoints-transactional-ddl
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        f"busy_timeout={round(BUSY_SECONDS * 1000)}",
        "foreign_keys=ON",
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begins(connection: Connection) -> None:
    # Who will write takes the lock at once: one that begins as a reader may find that it cannot become a writer.
    reads = connection.get_execution_options().get(_READS, False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _make_tables(engine: Engine) -> None:
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        there = inspect(connection).has_table(schema.room.name)
        if there and "layout" in {column["name"] for column in inspect(connection).get_columns(schema.room.name)}:
            layout = connection.execute(select(schema.room.c.layout)).scalar()
            if layout not in (None, schema.VERSION):
                raise StoreError(Message("board.store.layout", {"found": layout, "known": schema.VERSION}))
        elif there:
            raise StoreError(Message("board.store.foreign", {"table": schema.room.name}))
        schema.metadata.create_all(connection)
