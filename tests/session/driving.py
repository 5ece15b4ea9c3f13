"""Drives a real session as a learner does: opens it, types, waits for what it says."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

from engine.course.model import Course
from engine.session.journal import stable
from engine.session.progress import ProgressStore
from engine.session.session import Session

SECONDS = 40.0


@contextlib.asynccontextmanager
async def at(course: Course, store: ProgressStore, step: str | None = None) -> AsyncIterator[Session]:
    """A started session, at ``step`` if it is named and else where the learner left it."""
    session = Session.open(course, store=store, language="en")
    if step is not None:
        session.begin_at(course.step(step))
    await session.start()
    try:
        yield session
    finally:
        await session.close()


async def until(session: Session, holds: Callable[[], object]) -> None:
    """Wait for an event after which ``holds`` is true."""
    happened = asyncio.Event()
    unsubscribe = session.subscribe(lambda _: happened.set())
    try:
        async with asyncio.timeout(SECONDS):
            while not holds():
                await happened.wait()
                happened.clear()
    finally:
        unsubscribe()


async def type_line(session: Session, terminal: str, text: str) -> None:
    """Type a line and press Enter, without waiting for what it does."""
    shell = await session.terminal(terminal)
    await shell.type(text)
    shell.write(b"\r")


async def run(session: Session, terminal: str, text: str) -> None:
    """Type a line, press Enter, and wait until it has ended and the session has taken note of it."""
    await (await session.terminal(terminal)).run(text)
    await session.settle()


async def serve(session: Session, terminal: str, text: str) -> None:
    """Type a command that goes on running, and wait until the session knows it for a server."""
    before = session.history.position
    await type_line(session, terminal, text)
    await until(session, lambda: session.history.position > before)


def state(session: Session) -> object:
    """The lab's network, apart from what differs from lab to lab."""
    assert session.snapshot is not None
    return stable(session.snapshot)


def ports(session: Session, namespace: str = "host") -> set[int]:
    """Who listens there."""
    space = session.snapshot.namespace(namespace) if session.snapshot else None
    return {one.port for one in space.listeners if one.protocol == "tcp"} - {53} if space else set()
