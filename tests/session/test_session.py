"""A session as the screen drives it: real lab, real shells, the course itself."""

from __future__ import annotations

import pytest

from engine.course.model import Course
from engine.session import events
from engine.session.progress import ProgressStore
from engine.session.session import Session
from tests.session.driving import at, type_line, until

pytestmark = pytest.mark.lab


async def test_a_step_passes_when_the_kernel_says_so_and_next_goes_on(course: Course, store: ProgressStore) -> None:
    async with at(course, store) as session:
        heard: list[events.Event] = []
        session.subscribe(heard.append)
        first = session.step
        assert not await session.next()
        await type_line(session, "T1", "python3 -m http.server 8080")
        await until(session, lambda: session.passed)
        assert events.StepPassed(first) in heard
        assert session.step is first, "nothing moves by itself"
        assert await session.next()
        assert session.step is course.steps[1]
        assert session.step_state(first) == "done"


async def test_the_lab_comes_back_as_the_learner_left_it(course: Course, store: ProgressStore) -> None:
    """Other ways than the lesson's: a pasted block, a shell inside the namespace, a server in the background."""
    async with at(course, store, "loopback/look") as session:
        await session.goto(course.step("veth/create-pair"))
        shell = await session.terminal("T2")
        await shell.run("ip link add veth_dustin type veth peer veth_ns_dustin\nip link set veth_dustin mtu 1400")
        await shell.run("(cd /tmp && python3 -m http.server 9090 >/dev/null 2>&1) &")
        await until(session, lambda: any(one.background for one in session.progress.journal))
        await type_line(session, "T2", "sudo ip netns exec netns_dustin bash")
        await until(session, lambda: shell.at_prompt and len(session.commands) == 3)
        await type_line(session, "T2", "ip link set lo mtu 1600")
        await until(session, lambda: any("1600" in one.text for one in session.progress.journal))
    async with at(course, store) as session:
        assert session.step.id == "veth/create-pair"
        snapshot = session.snapshot
        assert snapshot is not None
        assert (link := snapshot.host.link("veth_dustin")) is not None and link.mtu == 1400
        inner = snapshot.namespace("netns_dustin")
        assert inner is not None and (lo := inner.link("lo")) is not None and lo.mtu == 1600
        assert {8080, 9090} <= {one.port for one in snapshot.host.listeners}
        assert 8080 in {one.port for one in inner.listeners}


async def test_a_skipped_step_is_marked_so_and_opens_the_way(course: Course, store: ProgressStore) -> None:
    async with at(course, store, "veth/create-pair") as session:
        await session.skip()
        assert session.step_state(session.step) == "skipped"
        assert session.snapshot is not None and session.snapshot.host.link("veth_dustin")
        assert await session.next()


async def test_the_solution_is_the_command_that_comes_next(course: Course, store: ProgressStore) -> None:
    async with at(course, store, "veth/create-pair") as session:
        first, *more = session.step.commands
        assert session.solution() == first and session.progress.solutions[session.step.id] == 1
        assert not session.is_done(first.terminal, first.text) and not session.commands
        shell = await session.terminal(first.terminal)
        await shell.run(first.text)
        await until(session, lambda: session.is_done(first.terminal, first.text))
        assert session.solution() == more[0] and session.progress.solutions[session.step.id] == 2


async def test_the_solution_is_ctrl_c_where_something_runs(course: Course, store: ProgressStore) -> None:
    async with at(course, store, "clean-up/stop-servers") as session:
        for command in session.step.commands:
            assert session.solution() == command
            shell = await session.terminal(command.terminal)
            shell.write(b"\x03")
            await shell.wait_prompt()
            assert session.is_done(command.terminal, command.text)
        assert session.solution() == session.step.commands[0]


async def test_what_was_built_and_broken_later_is_named(course: Course, store: ProgressStore) -> None:
    async with at(course, store, "addresses/host-end") as session:
        for step in course.steps[: course.steps.index(session.step)]:
            session.progress.states[step.id] = "done"
        shell = await session.terminal("T2")
        await shell.run("sudo ip netns exec netns_dustin ip link set lo down")
        await until(session, lambda: session.undone)
        assert {verdict.diagnosis for verdict in session.undone} == {"link-down"}
        await shell.run("sudo ip -n netns_dustin link set lo up")
        await until(session, lambda: not session.undone)


async def test_a_reset_keeps_the_steps_before_and_drops_this_ones_work(course: Course, store: ProgressStore) -> None:
    async with at(course, store, "addresses/host-end") as session:
        shell = await session.terminal("T2")
        await shell.run("sudo ip address add 10.0.0.99/24 dev veth_dustin")
        await until(session, lambda: session.journal.touched)
        await session.reset()
        assert session.snapshot is not None
        assert not any(one.address == "10.0.0.99" for one in session.snapshot.host.addresses)
        assert session.snapshot.host.link("veth_dustin")


async def test_a_spoilt_lab_is_told_and_a_fresh_one_stands_at_the_same_step(
    course: Course, store: ProgressStore
) -> None:
    async with at(course, store, "veth/move-end") as session:
        await type_line(session, "T2", "sudo rm -rf --no-preserve-root / 2>/dev/null; bash -c true")
        await until(session, lambda: session.lost)
        await session.reset()
        assert session.lost is None and session.step.id == "veth/move-end"
        assert session.snapshot is not None and session.snapshot.host.link("veth_ns_dustin")


async def test_a_journal_that_no_longer_works_gives_the_reference_state_and_says_so(
    course: Course, store: ProgressStore
) -> None:
    async with at(course, store, "veth/create-pair") as session:
        shell = await session.terminal("T2")
        await shell.run("name=veth_dustin")
        await session.settle()  # else both commands count as one pasted block, which is journalled whole
        await shell.run("sudo ip link add dev $name type veth peer name veth_ns_dustin")
        await until(session, lambda: session.journal.touched)
    session = Session.open(course, store=store, language="en")
    heard: list[events.Event] = []
    session.subscribe(heard.append)
    await session.start()
    try:
        assert any(isinstance(event, events.LabRestored) for event in heard)
        assert session.snapshot is not None and session.snapshot.namespace("netns_dustin")
    finally:
        await session.close()
