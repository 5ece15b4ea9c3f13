"""The steps of a room, with the time that is planned for each."""

from __future__ import annotations

from engine.classroom.desk import StepOutline
from engine.course.model import Course, Lesson
from engine.session.autopilot.plan import make_plan


def outline(course: Course, first: str | None = None, last: str | None = None) -> tuple[StepOutline, ...]:
    """The steps from ``first`` to ``last`` (ids or numbers; default: all).

    A lesson's author says how many minutes it takes a learner. They are shared out among its steps as a talk's time is:
    by what there is to read, to type and to look at in each (:mod:`engine.session.autopilot.plan`). Raises
    ``LookupError`` for a step that there is not, ``ValueError`` where ``last`` comes before ``first``.
    """
    steps = course.steps
    begin = steps.index(course.step(first)) if first else 0
    end = steps.index(course.step(last)) if last else len(steps) - 1
    if end < begin:
        raise ValueError(f"{last} comes before {first}")
    rows = [row for lesson in course.lessons for row in _lesson(course, lesson)]
    return tuple(rows[begin : end + 1])


def _lesson(course: Course, lesson: Lesson) -> list[StepOutline]:
    plan = make_plan(course, lesson.steps, "en")
    talked = [plan.seconds(index) for index in range(len(lesson.steps))]
    whole = sum(talked) or 1.0
    return [
        StepOutline(
            id=step.id,
            number=step.number,
            title=step.title,
            lesson=lesson.number,
            lesson_title=lesson.title,
            planned_seconds=round(60 * lesson.minutes * seconds / whole, 1),
        )
        for step, seconds in zip(lesson.steps, talked, strict=True)
    ]
