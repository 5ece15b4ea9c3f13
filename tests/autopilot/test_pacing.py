"""Waits on a clock that the test moves."""

from __future__ import annotations

import asyncio
import math

import pytest

from engine.session.autopilot.pacing import Pace, QuickClock
from tests.autopilot.clock import FakeClock, settle


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


async def started(pace: Pace, seconds: float, **how: object) -> asyncio.Task[None]:
    task = asyncio.ensure_future(pace.wait(seconds, **how))  # type: ignore[arg-type]
    await settle()
    return task


async def test_a_wait_takes_its_time_and_no_more(clock: FakeClock) -> None:
    task = await started(Pace(clock), 10)
    await clock.advance(9.9)
    assert not task.done()
    await clock.advance(0.1)
    assert task.done()


async def test_speed_shortens_what_is_scaled_only(clock: FakeClock) -> None:
    pace = Pace(clock, speed=2)
    task = await started(pace, 10)
    await clock.advance(5)
    assert task.done()
    task = await started(pace, 10, scaled=False)
    await clock.advance(9.9)
    assert not task.done()
    await clock.advance(0.2)
    assert task.done()


async def test_a_pause_stops_the_time_and_resuming_goes_on_with_the_rest(clock: FakeClock) -> None:
    pace = Pace(clock)
    task = await started(pace, 10)
    await clock.advance(4)
    assert pace.remaining == pytest.approx(6)
    pace.hold("paused")
    await clock.advance(1000)
    assert not task.done() and pace.remaining == pytest.approx(6)
    pace.release("paused")
    await clock.advance(5.9)
    assert not task.done()
    await clock.advance(0.2)
    assert task.done()


async def test_every_hold_must_be_released(clock: FakeClock) -> None:
    pace = Pace(clock)
    pace.hold("paused")
    pace.hold("taken")
    task = await started(pace, 1)
    pace.release("paused")
    await clock.advance(10)
    assert not task.done()
    pace.release("taken")
    await clock.advance(1)
    assert task.done()


async def test_a_change_of_speed_acts_on_the_present_wait(clock: FakeClock) -> None:
    pace = Pace(clock)
    task = await started(pace, 10)
    await clock.advance(2)
    pace.set_speed(4)
    await settle()
    assert pace.remaining == pytest.approx(2)
    await clock.advance(2)
    assert task.done()


async def test_skip_ends_the_present_wait_and_not_the_next(clock: FakeClock) -> None:
    pace = Pace(clock)
    task = await started(pace, 10)
    pace.skip()
    await settle()
    assert task.done()
    assert not (await started(pace, 10)).done()


async def test_another_turn_at_the_keyboard_ends_a_wait_that_asks_for_it(clock: FakeClock) -> None:
    pace = Pace(clock)
    typing = await started(pace, 10, turn=pace.turn)
    reading = await started(Pace(clock), 10)
    pace.turn += 1
    pace.hold("taken")
    await settle()
    assert typing.done() and not reading.done()


async def test_an_endless_speed_waits_for_nothing_but_a_hold(clock: FakeClock) -> None:
    pace = Pace(clock, speed=math.inf)
    assert (await started(pace, 1000)).done() and clock.waits == []
    pace.hold("paused")
    task = await started(pace, 1000)
    assert not task.done()
    pace.release("paused")
    await settle()
    assert task.done()


async def test_faster_and_slower_go_through_the_speeds_and_stop_at_the_ends(clock: FakeClock) -> None:
    pace = Pace(clock)
    pace.faster()
    assert pace.speed == 1.25
    for _ in range(20):
        pace.faster()
    assert pace.speed == 8
    for _ in range(20):
        pace.slower()
    assert pace.speed == 0.25
    pace.set_speed(1.3)
    pace.slower()
    assert pace.speed == 1.25


async def test_a_key_counts_only_when_it_is_waited_for(clock: FakeClock) -> None:
    pace = Pace(clock)
    pace.press("a")
    task = asyncio.ensure_future(pace.key())
    await settle()
    assert pace.waits_for_key and not task.done()
    pace.press("b")
    await settle()
    assert task.result() == "b" and not pace.waits_for_key


async def test_the_quick_clock_counts_in_full_what_it_does_not_wait_for() -> None:
    clock = QuickClock()
    ticks: list[float] = []
    began = clock.now()
    clock.ticked = lambda: ticks.append(clock.now() - began)
    real = asyncio.get_running_loop().time()
    await clock.wait(asyncio.Event(), 5)
    assert 5 <= clock.now() - began < 7
    assert asyncio.get_running_loop().time() - real < 3
    assert len(ticks) == 5


async def test_the_quick_clock_does_not_count_what_was_cut_short() -> None:
    clock, event = QuickClock(), asyncio.Event()
    event.set()
    began = clock.now()
    await clock.wait(event, 3600)
    assert clock.now() - began < 60
