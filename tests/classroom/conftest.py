"""Stores: one in SQLite, one in a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from engine.classroom.schema import metadata
from engine.classroom.store import Store, sqlite_url
from tests.classroom import postgresql


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    if postgresql.programs() is None:
        pytest.skip("PostgreSQL's server programs (initdb, postgres) are not installed")
    with postgresql.running() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database, in each kind."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "room.db")
        return
    server: str = request.getfixturevalue("postgresql_url")
    yield server
    engine = create_engine(server.replace("postgresql:", "postgresql+psycopg:"))
    metadata.drop_all(engine)
    engine.dispose()


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with Store.open(url) as store:
        yield store


@pytest.fixture
def sqlite_store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(sqlite_url(tmp_path / "room.db")) as store:
        yield store
