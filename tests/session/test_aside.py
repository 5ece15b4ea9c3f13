"""Taken elsewhere by the instructor, and back to one's own work; held back by the gate: in real labs."""

from __future__ import annotations

import pytest

from engine.course.model import Course
from engine.session import events
from engine.session.progress import ProgressStore
from engine.session.replay import entries_before
from engine.session.session import Session
from tests.session.driving import at, run, state

OWN = "veth/create-pair"


@pytest.mark.lab
async def test_own_work_waits_and_comes_back(course: Course, store: ProgressStore) -> None:
    elsewhere = course.lessons[7].steps[0]
    async with at(course, store, OWN) as session:
        heard: list[events.Event] = []
        session.subscribe(heard.append)
        await run(session, "T2", "sudo ip link add dev veth_dustin type veth peer name veth_ns_dustin")
        await run(session, "T2", "ip link list")
        own, commands = state(session), [run.text for run in session.commands]
        session.gate = course.step(OWN)

        await session.aside.take(elsewhere)
        assert session.step is elsewhere
        assert session.progress.journal == entries_before(course, elsewhere)
        assert [step.id for step in session.aside.waiting] == [OWN]
        assert events.SetAside(elsewhere, kept=True) in heard
        there = state(session)
        assert there != own

        # What waits survives a new start.
        session.save(durable=True)
        again = Session.open(course, store=store)
        assert [step.id for step in again.aside.waiting] == [OWN]
        assert again.step.id == elsewhere.id

        # Something is done there: going back to one's own work sets it aside in turn.
        await run(session, "T5", "sudo ip link add name mine type bridge")
        assert await session.aside.take_up()
        assert session.step.id == OWN
        assert state(session) == own
        assert [run.text for run in session.commands] == commands
        assert [step.id for step in session.aside.waiting] == [elsewhere.id]
        assert await session.aside.take_up()
        assert session.step is elsewhere
        assert session.snapshot is not None
        assert session.snapshot.namespace("host").link("mine") is not None  # type: ignore[union-attr]

        # The gate holds, wherever one wants to go on to.
        heard.clear()
        await session.goto(course.lessons[8].steps[0])
        assert heard == [events.GateHeld(course.lessons[8].steps[0])]
        await session.skip()
        assert heard[-1] == events.GateHeld(elsewhere)
        assert session.step is elsewhere
        session.progress.states[elsewhere.id] = "done"
        assert not await session.next()
        session.gate = None
        assert await session.next()


@pytest.mark.lab
async def test_an_untouched_place_is_not_kept(course: Course, store: ProgressStore) -> None:
    first, second, third = (course.lessons[index].steps[0] for index in (1, 2, 3))
    async with at(course, store, first.id) as session:
        await session.free_play.begin()
        await run(session, "T5", "sudo ip link add name played type bridge")
        await session.aside.take(second)
        assert not session.free_play.on
        await session.aside.take(third)
        assert [step.id for step in session.aside.waiting] == [first.id]
        assert await session.aside.take_up()
        assert session.free_play.on
        assert session.snapshot is not None
        assert session.snapshot.namespace("host").link("played") is not None  # type: ignore[union-attr]
        assert session.aside.waiting == ()
        assert not await session.aside.take_up()
        await session.free_play.end()
        assert session.snapshot.namespace("host").link("played") is None  # type: ignore[union-attr]
