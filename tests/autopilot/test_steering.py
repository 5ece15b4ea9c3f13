"""Steering a talk in a real lab: paused, sent back and on, taken over, broken, given back, restored."""

from __future__ import annotations

import gc
import math
import os
import signal
import weakref

import pytest

from engine.messages import render
from engine.session.autopilot import events
from tests.autopilot.clock import FakeClock, JumpingClock, settle
from tests.autopilot.talks import Talk, talk

pytestmark = pytest.mark.lab


def links(it: Talk, namespace: str = "host") -> set[str]:
    space = it.session.snapshot.namespace(namespace) if it.session.snapshot else None
    return {link.name for link in space.links} if space else set()


async def typing(it: Talk, clock: FakeClock, step: str) -> None:
    """Move the clock until a command of that step is being typed and part of it stands there."""
    while not (it.autopilot.phase == "typing" and it.autopilot.step.number == step):
        await clock.somebody_waits()
        await clock.advance(1.0)
    await clock.somebody_waits()
    await clock.advance(1.2)


async def test_a_pause_in_the_midst_of_a_command_and_on() -> None:
    clock = FakeClock()
    async with talk("4.1", "4.1", speed=1, clock=clock) as it:
        await typing(it, clock, "4.1")
        echoed: list[bytes] = []
        it.session.terminals["T2"].on_output.append(echoed.append)
        it.autopilot.pause()
        await clock.advance(600)
        assert it.autopilot.phase == "typing" and "veth_dustin" not in links(it)
        assert len(b"".join(echoed)) < 20, "it went on typing"
        it.autopilot.resume()
        while not it.task.done():  # type: ignore[union-attr]
            await clock.advance(1.0)
            await it.until(lambda: clock._sleepers or it.task.done(), "the next wait")  # type: ignore[union-attr]
        assert it.verified() == ["4.1"]
        assert it.performed()[0] == "sudo ip link add dev veth_dustin type veth peer name veth_ns_dustin"


async def test_previous_across_the_border_of_a_lesson_takes_the_lab_back() -> None:
    async with talk("3.3", "4.2", speed=math.inf, patient=True, paused_at="4.2") as it:
        await it.until(lambda: it.begun() == ["3.3", "4.1", "4.2"], "step 4.2")
        assert "veth_dustin" in links(it)
        it.autopilot.subscribe(lambda event: it.autopilot.pause() if isinstance(event, events.StepBegan) else None)
        it.autopilot.previous()
        await it.until(lambda: it.begun()[-1] == "4.1", "step 4.1")
        assert "veth_dustin" not in links(it)
        it.autopilot.previous()
        await it.until(lambda: it.begun()[-1] == "3.3", "step 3.3")
        assert it.session.step.number == "3.3" and it.session.snapshot is not None
        lo = it.session.snapshot.namespace("netns_dustin").link("lo")  # type: ignore[union-attr]
        assert lo is not None and lo.up
        it.autopilot.resume()
        await it.until(lambda: it.begun()[-1] == "4.1", "step 4.1 again")
        assert it.verified()[-1] == "3.3"


async def test_next_in_the_midst_of_a_step_brings_the_lab_there() -> None:
    clock = FakeClock()
    async with talk("4.1", "4.3", speed=1, clock=clock, patient=True) as it:
        await typing(it, clock, "4.1")
        it.autopilot.next()
        await it.until(lambda: it.begun()[-1] == "4.2", "step 4.2")
        assert "veth_dustin" in links(it) and it.session.step.number == "4.2"


async def test_two_jumps_at_once_end_at_the_last_one() -> None:
    async with talk("4.1", "6.2", speed=math.inf, patient=True) as it:
        await it.until(lambda: it.begun() != [], "the beginning")
        it.autopilot.goto(it.session.course.step("5.1"))
        await it.phase("bringing")
        it.autopilot.goto(it.session.course.step("6.2"))
        await it.phase("finished")
        assert it.begun()[-1] == "6.2" and it.verified()[-1] == "6.2"
        assert it.session.terminals["T2"].at_prompt


async def test_taken_over_and_left_as_it_was_it_goes_on_where_it_stood() -> None:
    clock = FakeClock()
    async with talk("4.1", "4.1", speed=1, clock=clock) as it:
        await typing(it, clock, "4.1")
        it.autopilot.take_over()
        await settle()
        run = await it.run("T2", "echo a question from the room")
        assert run.output.strip() == "a question from the room"
        assert await it.autopilot.give_back()
        assert it.autopilot.reason is None
        it.autopilot.pace.set_speed(math.inf)
        await it.until(lambda: it.task.done(), "the end")  # type: ignore[union-attr]
        assert it.verified() == ["4.1"] and it.begun() == ["4.1"]


async def test_taken_over_and_broken_it_says_what_is_missing_and_restores_it() -> None:
    clock = FakeClock()
    async with talk("4.2", "4.3", speed=1, clock=clock, patient=True) as it:
        await typing(it, clock, "4.2")
        it.autopilot.take_over()
        await settle()
        await it.run("T2", "sudo ip netns delete netns_dustin")
        assert not await it.autopilot.give_back()
        assert it.autopilot.taken and it.autopilot.reason is not None
        assert "netns_dustin" in render(it.autopilot.reason, "en")
        assert "netns_dustin" in render(it.autopilot.reason, "zh")
        it.autopilot.pace.set_speed(math.inf)
        it.autopilot.restore()
        await it.phase("finished")
        assert it.begun() == ["4.2", "4.2", "4.3"] and it.verified() == ["4.2", "4.3"]


async def test_what_the_instructor_mended_again_is_no_obstacle() -> None:
    clock = FakeClock()
    async with talk("4.2", "4.2", speed=1, clock=clock) as it:
        await typing(it, clock, "4.2")
        it.autopilot.take_over()
        await settle()
        await it.run("T2", "sudo ip link delete veth_dustin")
        assert not await it.autopilot.give_back()
        await it.run("T2", "sudo ip link add veth_dustin type veth peer veth_ns_dustin")
        assert await it.autopilot.give_back()
        it.autopilot.pace.set_speed(math.inf)
        await it.until(lambda: it.task.done(), "the end")  # type: ignore[union-attr]
        assert it.verified() == ["4.2"]


@pytest.mark.parametrize("left", ["sleep 1000", "sudo ip netns exec netns_dustin bash"])
async def test_a_terminal_that_is_not_free_is_an_obstacle(left: str) -> None:
    clock = FakeClock()
    async with talk("4.2", "4.2", speed=1, clock=clock) as it:
        await typing(it, clock, "4.2")
        it.autopilot.take_over()
        await settle()
        shell = await it.session.terminal("T2")
        await shell.type(left)
        started = len(it.session.commands)
        shell.write(b"\r")
        await it.until(lambda: len(it.session.commands) > started, "the command")
        if "bash" in left:
            await it.until(lambda: shell.at_prompt, "the inner prompt")
        assert not await it.autopilot.give_back()
        assert left in render(it.autopilot.reason, "en")  # type: ignore[arg-type]
        shell.write(b"\x03" if "sleep" in left else b"exit\r")
        await it.until(lambda: all(run.exit is not None for run in it.session.commands), "its end")
        assert await it.autopilot.give_back()
        it.autopilot.pace.set_speed(math.inf)
        await it.until(lambda: it.task.done(), "the end")  # type: ignore[union-attr]
        assert it.verified() == ["4.2"]


async def test_a_check_that_fails_stops_the_talk_with_the_reason() -> None:
    async with talk("4.1", "4.4", speed=math.inf, paused_at="4.1") as it:
        await it.until(lambda: it.begun() == ["4.1"], "the beginning")
        await it.until(lambda: it.session.terminals.get("T2"), "the terminal")
        await it.session.lab.run("ip link add veth_dustin type bridge")  # type: ignore[union-attr]
        it.autopilot.resume()
        await it.until(lambda: it.task.done(), "the end")  # type: ignore[union-attr]
        reason = it.task.result()  # type: ignore[union-attr]
        assert reason is not None and "veth_dustin" in render(reason, "en")
        assert it.begun() == ["4.1"] and it.verified() == []
        assert any(isinstance(event, events.Stopped) for event in it.told)


async def test_after_a_stop_it_goes_on_when_the_instructor_has_mended_the_lab() -> None:
    async with talk("4.1", "4.2", speed=math.inf, patient=True, paused_at="4.1") as it:
        await it.until(lambda: it.begun() == ["4.1"], "the beginning")
        await it.until(lambda: it.session.terminals.get("T2"), "the terminal")
        await it.session.lab.run("ip link add veth_dustin type bridge")  # type: ignore[union-attr]
        it.autopilot.resume()
        await it.phase("stopped")
        it.autopilot.take_over()
        await settle()
        await it.run("T2", "sudo ip link delete veth_dustin")
        await it.run("T2", "sudo ip link add veth_dustin type veth peer veth_ns_dustin; ip link list")
        assert await it.autopilot.give_back()
        await it.phase("finished")
        assert it.verified() == ["4.1", "4.2"] and it.begun() == ["4.1", "4.2"]


async def test_after_a_stop_the_checks_can_be_looked_at_again() -> None:
    async with talk("4.1", "4.1", speed=math.inf, patient=True, paused_at="4.1") as it:
        await it.until(lambda: it.begun() == ["4.1"], "the beginning")
        await it.until(lambda: it.session.terminals.get("T2"), "the terminal")
        await it.session.lab.run("ip link add veth_dustin type bridge")  # type: ignore[union-attr]
        it.autopilot.resume()
        await it.phase("stopped")
        it.autopilot.toggle()
        await it.until(lambda: sum(isinstance(one, events.Stopped) for one in it.told) == 2, "the same reason")
        for mend in ("ip link delete veth_dustin", "ip link add veth_dustin type veth peer veth_ns_dustin"):
            await it.session.lab.run(mend)  # type: ignore[union-attr]
        shell = await it.session.terminal("T2")
        await shell.run("ip link list")
        it.autopilot.toggle()
        await it.phase("finished")
        assert it.verified() == ["4.1"] and it.begun() == ["4.1"] and it.autopilot.reason is None


async def test_a_lab_that_is_lost_stops_the_talk_and_a_fresh_one_goes_on() -> None:
    clock = FakeClock()
    async with talk("4.1", "4.2", speed=1, clock=clock, patient=True) as it:
        await typing(it, clock, "4.1")
        os.kill(it.session.lab.pid, signal.SIGKILL)  # type: ignore[union-attr]
        await it.phase("stopped")
        assert it.autopilot.reason is not None
        it.autopilot.pace.set_speed(math.inf)
        it.autopilot.restore()
        await it.phase("finished")
        assert it.verified() == ["4.1", "4.2"]


async def test_by_hand_every_command_answer_and_step_waits_for_a_key() -> None:
    async with talk("4.1", "4.2", speed=1, clock=JumpingClock(), manual=True) as it:
        pace = it.autopilot.pace
        seen = []
        while not it.task.done():  # type: ignore[union-attr]
            await it.until(lambda: pace.waits_for_key or it.task.done(), "a key")  # type: ignore[union-attr]
            if pace.waits_for_key:
                seen.append(it.autopilot.phase)
                it.autopilot.toggle()
                await it.until(lambda: not pace.waits_for_key or it.autopilot.phase != seen[-1], "it to go on")
        assert seen == ["waiting", "asking", "waiting", "counting", "waiting", "asking", "waiting"]
        assert it.verified() == ["4.1", "4.2"]


async def test_a_loop_begins_again_in_a_fresh_lab() -> None:
    async with talk("4.1", "4.2", speed=math.inf, loop=True) as it:
        begun: list[float] = []
        ended: list[float] = []

        def note(event: events.Event) -> None:
            if isinstance(event, events.StepBegan) and event.step.number == "4.1":
                begun.append(it.autopilot.elapsed)
            elif isinstance(event, events.RoundFinished):
                ended.append(it.autopilot.elapsed)

        it.autopilot.subscribe(note)
        await it.until(lambda: it.autopilot.round >= 4, "the fourth round")
        assert it.verified()[:6] == ["4.1", "4.2"] * 3
        assert len(ended) >= 3
        assert all(start < end for start, end in zip(begun[1:], ended, strict=False)), "each round has its own clock"


async def test_a_loop_leaves_nothing_of_the_labs_before() -> None:
    labs: list[weakref.ref[object]] = []
    gc.disable()  # only what the talk itself clears away counts
    try:
        async with talk("4.1", "4.1", speed=math.inf, loop=True) as it:

            def keep(event: events.Event) -> None:
                if isinstance(event, events.RoundFinished):
                    labs.append(weakref.ref(it.session.lab))

            it.autopilot.subscribe(keep)
            await it.until(lambda: len(labs) == 5, "five rounds")
            assert [lab() for lab in labs[:3]] == [None] * 3
    finally:
        gc.enable()


async def test_a_jump_to_a_step_outside_the_talk_takes_it_in() -> None:
    async with talk("4.2", "4.3", speed=math.inf, patient=True) as it:
        await it.phase("finished")
        it.autopilot.goto(it.session.course.step("3.3"))
        await it.until(lambda: len(it.verified()) >= 6, "the steps from there on")
        await it.phase("finished")
        assert it.begun() == ["4.2", "4.3", "3.3", "4.1", "4.2", "4.3"]
        assert it.autopilot.standing.count == 4
