"""Taking back what was run, one change or many, in a real lab."""

from __future__ import annotations

import pytest

from engine.course.model import Course
from engine.lab import Lab, LabError
from engine.session import events
from engine.session.progress import ProgressStore
from tests.session.driving import at, ports, run, serve, state, until

pytestmark = pytest.mark.lab

PAIR = "sudo ip link add dev veth_dustin type veth peer name veth_ns_dustin"


async def test_the_lab_is_as_it_was_before_the_last_change(course: Course, store: ProgressStore) -> None:
    async with at(course, store, "veth/create-pair") as session:
        before = state(session)
        await run(session, "T2", "ip link list")
        await run(session, "T2", PAIR)
        after = state(session)
        assert after != before
        point = await session.history.undo()
        assert point is not None and point.text == PAIR and point.terminal == "T2"
        assert state(session) == before
        assert [one.text for one in session.commands] == ["ip link list"], "what was only looked at stays done"
        assert session.step.id == "veth/create-pair"
        redone = await session.history.redo()
        assert redone == point and not redone.undone
        assert state(session) == after
        assert PAIR in [one.text for one in session.commands]
        assert await session.history.redo() is None


async def test_undo_goes_back_to_the_step_of_what_it_takes_back(course: Course, store: ProgressStore) -> None:
    async with at(course, store, "veth/create-pair") as session:
        await run(session, "T2", PAIR)
        await run(session, "T2", "ip link list")
        await until(session, lambda: session.passed)
        await session.next()
        assert session.step.id != "veth/create-pair"
        await session.history.undo()
        assert session.step.id == "veth/create-pair" and session.passed
        assert session.snapshot is not None and session.snapshot.host.link("veth_dustin") is None


async def test_servers_come_and_go_with_their_points(course: Course, store: ProgressStore) -> None:
    async with at(course, store, "network-namespace/create") as session:
        assert ports(session) == {8080}
        shell = await session.terminal("T1")
        shell.write(b"\x03")
        await until(session, lambda: session.history.points[-1].ends)
        await serve(session, "T2", "python3 -m http.server 9090")
        assert ports(session) == {9090}
        undone = await session.history.undo()
        assert undone is not None and "9090" in undone.text
        assert ports(session) == set() and session.terminals["T2"].at_prompt
        undone = await session.history.undo()
        assert undone is not None and undone.ends, "stopping a server can be taken back as well"
        assert ports(session) == {8080} and session.terminals["T1"].running is not None


async def test_any_point_can_be_gone_to_and_a_new_change_leaves_the_old_way(
    course: Course, store: ProgressStore
) -> None:
    async with at(course, store, "addresses/host-end") as session:
        start = session.history.position
        states = [state(session)]
        for number in range(1, 4):
            await run(session, "T2", f"sudo ip address add 10.9.9.{number}/32 dev veth_dustin")
            states.append(state(session))
        assert session.history.position == start + 3
        for back in (1, 3, 0, 2):
            await session.history.go_to(start + back)
            assert state(session) == states[back]
            assert [one.undone for one in session.history.points[start:]] == [n >= back for n in range(3)]
        await run(session, "T2", "sudo ip address add 10.9.9.9/32 dev veth_dustin")
        assert len(session.history.points) == start + 3
        assert not any(one.undone for one in session.history.points)


async def test_nothing_is_taken_back_in_an_untouched_lab(course: Course, store: ProgressStore) -> None:
    async with at(course, store) as session:
        assert session.history.points == ()
        assert await session.history.undo() is None


async def test_the_old_lab_stays_until_the_new_one_is_ready_and_its_prompt_is_not_lost(
    course: Course, store: ProgressStore
) -> None:
    async with at(course, store, "bridge/attach") as session:
        old = session.terminals["T1"]
        printed: dict[str, bytes] = {}
        seen: list[str] = []

        def hear(event: events.Event) -> None:
            match event:
                case events.LabStarted():
                    seen.append("lab")
                case events.TerminalOpened(shell):
                    name = shell.name
                    seen.append(name)
                    shell.on_output.append(lambda data: printed.update({name: printed.get(name, b"") + data}))
                case events.Busy():
                    assert session.terminals["T1"] is old

        session.subscribe(hear)
        await session.history.undo()
        assert seen[0] == "lab" and {"T1", "T3", "T4"} <= set(seen[1:])
        assert old.ended or session.terminals["T1"] is not old
        assert b"http.server" in printed["T1"] and b"http.server" in printed["T4"]


async def test_what_was_run_is_still_there_after_a_restart(course: Course, store: ProgressStore) -> None:
    async with at(course, store, "veth/create-pair") as session:
        await run(session, "T2", PAIR)
        position = session.history.position
    async with at(course, store) as session:
        assert session.history.position == position
        undone = await session.history.undo()
        assert undone is not None and undone.text == PAIR


async def test_if_no_other_lab_can_be_made_the_one_in_use_stays(
    course: Course, store: ProgressStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at(course, store, "veth/create-pair") as session:
        await run(session, "T2", PAIR)
        before, lab, position = state(session), session.lab, session.history.position

        async def fail(**_: object) -> Lab:
            raise LabError("nursery-gone", reason="none")

        with monkeypatch.context() as patch:
            patch.setattr(Lab, "start", fail)
            with pytest.raises(LabError):
                await session.history.undo()
        assert session.lab is lab and not session.busy and session.history.position == position
        assert state(session) == before
        await run(session, "T2", "ip link list")
        await until(session, lambda: session.passed)
        assert await session.history.undo() is not None


async def test_what_has_just_been_run_is_what_is_taken_back(course: Course, store: ProgressStore) -> None:
    async with at(course, store, "veth/create-pair") as session:
        await (await session.terminal("T2")).run(PAIR)
        point = await session.history.undo()
        assert point is not None and point.text == PAIR
