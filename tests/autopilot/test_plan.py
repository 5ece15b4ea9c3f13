"""The plan of a talk: its sums, and fitting it into a given time."""

from __future__ import annotations

import math

import pytest
from msgspec.structs import replace

from engine.course import load_course
from engine.session.autopilot.plan import TooShort, make_plan

COURSE = load_course()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_whole_course_is_a_talk_of_about_an_hour(language: str) -> None:
    plan = make_plan(COURSE, COURSE.steps, language, pause=4)
    assert 40 * 60 < plan.total < 80 * 60
    assert plan.begins(0) == 0
    assert plan.total == pytest.approx(sum(plan.seconds(index) for index in range(len(plan.steps))))
    assert all(5 < plan.seconds(index) < 300 for index in range(len(plan.steps)))


@pytest.mark.parametrize("minutes", [15, 30, 45, 90, 200])
def test_it_fits_into_the_time_there_is(minutes: int) -> None:
    plan = make_plan(COURSE, COURSE.steps, "en", pause=4).fitted(minutes * 60)
    assert plan.total == pytest.approx(minutes * 60)


def test_too_little_time_is_said_with_the_least_that_would_do() -> None:
    plan = make_plan(COURSE, COURSE.steps, "en", pause=4)
    with pytest.raises(TooShort) as error:
        plan.fitted(60)
    assert plan.fitted(error.value.least_seconds + 1).speed <= 8


def test_a_higher_speed_shortens_everything_but_the_commands_and_the_pauses() -> None:
    plan = make_plan(COURSE, COURSE.steps[:5], "en", pause=2)
    twice = replace(plan, speed=2.0)
    own = sum(step.own for step in plan.steps) + 2 * 4
    assert twice.total - own == pytest.approx((plan.total - own) / 2)
    endless = replace(plan, speed=math.inf)
    assert endless.total == pytest.approx(sum(step.own for step in plan.steps))
