"""A jump, a skip and the way out of free play can be given up in their midst: the lab in use stays as it is."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

from engine.course import load_course
from engine.session import events
from engine.session.progress import ProgressStore
from engine.session.session import Session

pytestmark = pytest.mark.lab


async def give_up(session: Session, work: Coroutine[Any, Any, Any]) -> None:
    """Begin the work and cancel it as soon as the session says that it is busy."""
    busy = asyncio.Event()
    unsubscribe = session.subscribe(lambda event: busy.set() if isinstance(event, events.Busy) else None)
    task = asyncio.ensure_future(work)
    await busy.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    unsubscribe()
    assert not session.busy


async def test_given_up_in_the_midst(tmp_path: Path) -> None:
    course = load_course()
    session = Session.open(course, store=ProgressStore(tmp_path), language="en")
    session.begin_at(course.step("4.1"))
    await session.start()
    try:
        lab, step, entries = session.lab, session.step, list(session.progress.entries)
        assert entries
        for work in (session.goto(course.step("9.3")), session.reset(), session.history.undo()):
            await give_up(session, work)
            assert (session.lab, session.step, session.progress.entries) == (lab, step, entries)
        assert session.history.position == len(session.history.points) == len(entries)

        await give_up(session, session.skip())
        assert session.lab is lab and session.step_state(step) == "todo"

        assert await session.free_play.begin()
        for work in (session.free_play.end(), session.goto(course.step("1.1"))):
            await give_up(session, work)
            assert session.lab is lab and session.free_play.on
        assert (await session.shells_of_lab.open("T2")).ended is False
        await session.goto(course.step("1.1"))  # and nothing is in the way of doing it after all
        assert session.step.number == "1.1" and session.lab is not lab and not session.free_play.on
    finally:
        await session.close()
