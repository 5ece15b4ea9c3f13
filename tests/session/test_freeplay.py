"""Free play in a real lab: try anything, come back to where one was."""

from __future__ import annotations

import pytest

from engine.course.model import Course
from engine.session import events
from engine.session.progress import ProgressStore
from tests.session.driving import at, ports, run, serve, state, until

pytestmark = pytest.mark.lab

PAIR = "sudo ip link add dev veth_dustin type veth peer name veth_ns_dustin"


async def test_the_lab_and_the_step_are_as_they_were_left(course: Course, store: ProgressStore) -> None:
    async with at(course, store, "veth/create-pair") as session:
        await run(session, "T2", PAIR)
        before, verdicts = state(session), session.verdicts
        assert await session.free_play.begin() and session.free_play.on and not await session.free_play.begin()
        await run(session, "T2", "sudo ip netns delete netns_dustin; sudo ip link delete veth_dustin")
        await run(session, "T2", "sudo iptables --policy FORWARD ACCEPT")
        await serve(session, "T5", "python3 -m http.server 7070")
        assert session.verdicts == verdicts and not session.undone, "nobody is judged in free play"
        assert await session.free_play.end() and not session.free_play.on
        assert state(session) == before and 7070 not in ports(session)
        assert PAIR in [one.text for one in session.commands]
        assert "T5" in session.terminals
        await run(session, "T2", "ip link list")
        await until(session, lambda: session.passed)


async def test_nothing_passes_and_nothing_moves_on_in_free_play(course: Course, store: ProgressStore) -> None:
    async with at(course, store, "veth/create-pair") as session:
        await session.free_play.begin()
        heard: list[events.Event] = []
        session.subscribe(heard.append)
        for command in session.step.commands:
            await session.perform(command)
        await session.settle()
        await session.skip()
        assert not await session.next()
        assert session.step_state(session.step) == "todo"
        assert not any(isinstance(event, events.StepPassed) for event in heard)


async def test_in_free_play_changes_can_be_taken_back_and_a_reset_gives_its_beginning(
    course: Course, store: ProgressStore
) -> None:
    async with at(course, store, "veth/move-end") as session:
        before = state(session)
        await session.free_play.begin()
        await run(session, "T2", "sudo ip link delete veth_dustin")
        await session.history.undo()
        assert state(session) == before and session.free_play.on
        await run(session, "T2", "sudo ip link delete veth_dustin")
        await session.reset()
        assert state(session) == before and session.free_play.on


async def test_going_elsewhere_in_the_course_ends_it(course: Course, store: ProgressStore) -> None:
    async with at(course, store, "veth/move-end") as session:
        await session.free_play.begin()
        await session.goto(course.steps[0])
        assert not session.free_play.on and session.progress.journal == []


async def test_it_goes_on_after_a_restart_and_still_leads_back(course: Course, store: ProgressStore) -> None:
    async with at(course, store, "veth/move-end") as session:
        before = state(session)
        await session.free_play.begin()
        await run(session, "T2", "sudo ip link add dev playground type bridge")
    async with at(course, store) as session:
        assert session.free_play.on and session.step.id == "veth/move-end"
        assert session.snapshot is not None and session.snapshot.host.link("playground")
        await session.free_play.end()
        assert state(session) == before


async def test_what_has_just_been_run_still_belongs_to_the_lesson(course: Course, store: ProgressStore) -> None:
    async with at(course, store, "veth/create-pair") as session:
        await (await session.terminal("T2")).run(PAIR)
        await session.free_play.begin()  # before anything was heard of the lab's new state
        await run(session, "T2", "sudo ip link delete veth_dustin")
        await session.free_play.end()
        assert session.snapshot is not None and session.snapshot.host.link("veth_dustin")
