"""The time that is counted: learning, not an open window."""

from __future__ import annotations

from engine.session.stopwatch import IDLE_SECONDS, Stopwatch


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_laps_add_up_to_the_time_that_was_spent() -> None:
    clock = Clock()
    watch = Stopwatch(clock)
    clock.now += 5
    assert watch.seconds == 5
    assert watch.lap() == 5
    clock.now += 2.5
    watch.touch()
    clock.now += 1
    assert watch.lap() == 3.5
    assert watch.lap() == 0


def test_the_clock_stops_when_nobody_is_there_and_goes_on_when_they_are_back() -> None:
    clock = Clock()
    watch = Stopwatch(clock)
    clock.now += 10
    watch.touch()
    clock.now += IDLE_SECONDS + 50_000
    assert watch.seconds == 10 + IDLE_SECONDS
    watch.touch()
    clock.now += 7
    assert watch.lap() == 10 + IDLE_SECONDS + 7


def test_a_lap_taken_while_nobody_is_there_counts_nothing_twice() -> None:
    clock = Clock()
    watch = Stopwatch(clock)
    clock.now += 2 * IDLE_SECONDS
    assert watch.lap() == IDLE_SECONDS
    clock.now += 1000
    assert watch.lap() == 0
    watch.touch()
    clock.now += 3
    assert watch.lap() == 3
