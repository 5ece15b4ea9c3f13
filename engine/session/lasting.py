"""Which checks of earlier steps must still hold: what was built is to stay, until a step takes it away on purpose."""

from __future__ import annotations

from collections.abc import Callable

from engine.course.model import Check, Course, Step
from engine.verify import STATE_KINDS


def lasting_checks(course: Course, here: Step, passed: Callable[[Step], bool]) -> tuple[Check, ...]:
    """State checks of the passed steps before ``here`` that no step up to ``here`` ends (``until``)."""
    order = {step.id: index for index, step in enumerate(course.steps)}
    now = order[here.id]
    return tuple(
        check
        for step in course.steps[:now]
        if passed(step)
        for check in step.checks
        if check.kind in STATE_KINDS and (check.until is None or order[check.until] > now)
    )


def noticed_checks(course: Course, here: Step, passed: Callable[[Step], bool]) -> tuple[Check, ...]:
    """Those whose loss a learner should hear of: what the lesson at hand ends anyway may go a step early."""
    lesson = course.lesson_of(here)
    ending = {step.id for step in lesson.steps}
    return tuple(check for check in lasting_checks(course, here, passed) if check.until not in ending)
