"""Writing without holding up the room: one thread, and what comes at the same time shares a commit."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from engine.classroom.records import Records
from engine.classroom.store import Store, StoreError, Transaction, reason
from engine.messages import Message

Result = TypeVar("Result")
GATHER_SECONDS = 0.004
"""A commit waits that long for more, as waiting for the disk takes at least as long."""
BATCH = 512
"""So many writes share a commit at most."""
RETRY_SECONDS = (0.1, 0.4, 1.0, 2.0, 4.0)
"""Pauses between the tries of a commit whose database is away or busy; then its writes fail."""


class _Write:
    def __init__(self, work: Callable[[Records], Any], done: asyncio.Future[Any]) -> None:
        self.work = work
        self.done = done


class Writer:
    """``result = await writer.write(lambda records: records.append(…))``: once it returns, it is kept for good.

    Writes are made in the order in which they were asked for. One that fails (:class:`StoreError`, or what its work
    raised) takes no other with it. To be made and used in a running event loop.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._loop = asyncio.get_running_loop()
        self._queue: queue.SimpleQueue[_Write | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="classroom-writer", daemon=True)
        self._thread.start()
        self._closed = False

    def write(self, work: Callable[[Records], Result]) -> asyncio.Future[Result]:
        """Do ``work`` within a transaction; the future is done once that is committed. It may be left alone: its
        exception is then only what it is, not a warning."""
        done: asyncio.Future[Result] = self._loop.create_future()
        done.add_done_callback(_seen)
        if self._closed:
            done.set_exception(StoreError(Message("board.store.closed", {})))
        else:
            self._queue.put(_Write(work, done))
        return done

    async def read(self, work: Callable[[Records], Result]) -> Result:
        """Do ``work`` in a thread, without waiting for writes. Raises :class:`StoreError`."""
        try:
            return await asyncio.to_thread(work, self._store)
        except DBAPIError as error:
            raise StoreError(Message("board.store.failed", {"reason": reason(error)})) from error

    async def close(self) -> None:
        """Commit what was asked for so far, then end."""
        if not self._closed:
            self._closed = True
            self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    # -- the thread ----------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        ended = False
        while not ended:
            batch, ended = self._gather()
            if batch:
                self._commit(batch)

    def _gather(self) -> tuple[list[_Write], bool]:
        first = self._queue.get()
        if first is None:
            return [], True
        batch = [first]
        until = time.monotonic() + GATHER_SECONDS
        while len(batch) < BATCH:
            try:
                one = self._queue.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                break
            if one is None:
                return batch, True
            batch.append(one)
        return batch, False

    def _commit(self, batch: list[_Write]) -> None:
        for pause in (*RETRY_SECONDS, None):
            try:
                outcomes = self._together(batch)
                break
            except SQLAlchemyError as error:
                failed = error
                if pause is None:
                    problem = StoreError(Message("board.store.failed", {"reason": reason(failed)}))
                    outcomes = [problem] * len(batch)
                else:
                    time.sleep(pause)
        self._tell([(one.done, outcome) for one, outcome in zip(batch, outcomes, strict=True)])

    def _together(self, batch: list[_Write]) -> list[Any]:
        """The result of each, or the exception it raised, once all are committed."""
        outcomes: list[Any] = []
        with self._store.engine.begin() as connection:
            records = Transaction(connection)
            for one in batch:
                try:
                    with connection.begin_nested():
                        outcomes.append(one.work(records))
                except DBAPIError as error:
                    if error.connection_invalidated or connection.invalidated:
                        raise
                    outcomes.append(StoreError(Message("board.store.failed", {"reason": reason(error)})))
                except Exception as error:
                    outcomes.append(error)
        return outcomes

    def _tell(self, outcomes: list[tuple[asyncio.Future[Any], Any]]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended: nobody waits any more
            self._loop.call_soon_threadsafe(_resolve, outcomes)


def _resolve(outcomes: list[tuple[asyncio.Future[Any], Any]]) -> None:
    for done, outcome in outcomes:
        if done.cancelled():
            continue
        if isinstance(outcome, Exception):
            done.set_exception(outcome)
        else:
            done.set_result(outcome)


def _seen(done: asyncio.Future[Any]) -> None:
    if not done.cancelled():
        done.exception()
