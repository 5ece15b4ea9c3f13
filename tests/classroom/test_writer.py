"""Writes: kept once they return, in order, many to a commit, and none takes another with it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import event

from engine.classroom.records import Records
from engine.classroom.store import Store, StoreError, sqlite_url
from engine.classroom.writer import Writer


def appending(number: int) -> Callable[[Records], int]:
    return lambda records: records.append(None, "n", str(number).encode(), 0.0)


async def test_what_returned_is_there_in_order(store: Store) -> None:
    writer = Writer(store)
    numbers = await asyncio.gather(*(writer.write(appending(number)) for number in range(200)))
    assert numbers == sorted(numbers)
    assert [event.payload for event in store.events()] == [str(number).encode() for number in range(200)]
    await writer.close()


async def test_writes_at_the_same_time_share_commits(sqlite_store: Store) -> None:
    commits = []
    event.listen(sqlite_store.engine, "commit", lambda connection: commits.append(1))
    writer = Writer(sqlite_store)
    await asyncio.gather(*(writer.write(appending(number)) for number in range(100)))
    await writer.close()
    assert len(commits) < 50


async def test_one_that_fails_takes_no_other_with_it(store: Store) -> None:
    writer = Writer(store)

    def fails(records: Records) -> None:
        records.append(None, "half", b"0", 0.0)
        raise LookupError("mine")

    def twice(records: Records) -> None:
        records.add_seat(None, b"same", at=0.0)

    outcomes = await asyncio.gather(
        *(writer.write(work) for work in (appending(1), fails, twice, twice, appending(2))), return_exceptions=True
    )
    assert isinstance(outcomes[1], LookupError) and isinstance(outcomes[3], StoreError)
    assert [event.payload for event in store.events()] == [b"1", b"2"]
    assert len(store.seats()) == 1
    await writer.close()


async def test_closing_keeps_what_was_asked_for_and_then_nothing(sqlite_store: Store) -> None:
    writer = Writer(sqlite_store)
    waiting = [writer.write(appending(number)) for number in range(20)]
    await writer.close()
    await asyncio.gather(*waiting)
    assert len(list(sqlite_store.events())) == 20
    with pytest.raises(StoreError, match="closed"):
        await writer.write(appending(1))


async def test_a_busy_database_is_tried_again(tmp_path: Path) -> None:
    with Store.open(sqlite_url(tmp_path / "room.db")) as store, Store.open(sqlite_url(tmp_path / "room.db")) as other:
        store.engine.dispose()
        event.listen(store.engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=1"))
        writer = Writer(store)
        tried = threading.Event()
        event.listen(store.engine, "handle_error", lambda context: tried.set())
        with other.transaction() as records:
            records.append(None, "other", b"0", 0.0)
            mine = writer.write(appending(1))
            await asyncio.to_thread(tried.wait, 20)
            await asyncio.sleep(0)
            assert not mine.done()
        await mine
        assert [one.payload for one in store.events()] == [b"0", b"1"]
        await writer.close()


KILLED = """
import asyncio, sys
from engine.classroom.store import Store
from engine.classroom.writer import Writer
def appending(number):
    return lambda records: records.append(None, "n", str(number).encode(), 0.0)
async def main():
    writer = Writer(Store.open(sys.argv[1]))
    number = 0
    while True:
        await asyncio.gather(*(writer.write(appending(number + k)) for k in range(5)))
        number += 5
        print(number - 1, flush=True)
asyncio.run(main())
"""


def test_nothing_that_was_acknowledged_is_lost_by_kill_9(url: str) -> None:
    process = subprocess.Popen([sys.executable, "-c", KILLED, url], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(20)]
    os.kill(process.pid, signal.SIGKILL)
    said += process.stdout.readlines()
    process.wait()
    acknowledged = max(int(line) for line in said if line.endswith("\n"))
    with Store.open(url) as store:
        kept = [int(event.payload) for event in store.events()]
    assert kept == list(range(len(kept))) and len(kept) > acknowledged >= 95
