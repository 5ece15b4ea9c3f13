"""The figures of a learner's way through a course. Pure: all of it is in the progress."""

from __future__ import annotations

import msgspec

from engine.course.model import Course, Lesson, Text
from engine.messages import Message
from engine.session.predictions import Score, score
from engine.session.progress import Progress


class LessonSummary(msgspec.Struct, frozen=True, kw_only=True):
    """One lesson."""

    id: str
    number: int
    title: Text
    recap: Text
    """Markdown: what one can do after it."""
    steps: int
    done: int
    skipped: int
    hints: int
    seconds: float
    predictions: Score
    finished_on: str | None
    """The day (ISO 8601) on which its last open step was done or skipped."""

    @property
    def finished(self) -> bool:
        """Whether every step is done or skipped."""
        return self.done + self.skipped == self.steps


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """A whole course."""

    lessons: tuple[LessonSummary, ...]
    percent: int
    steps: int
    done: int
    skipped: int
    skipped_steps: tuple[str, ...]
    """The numbers of the steps that were skipped."""
    hints: int
    seconds: float
    predictions: Score
    finished_on: str | None
    next_step: str | None
    """The number of the first step that is not done or skipped yet."""
    next_title: Text | None

    @property
    def finished(self) -> bool:
        """Whether every step of the course is done or skipped."""
        return self.done + self.skipped == self.steps

    def lesson(self, lesson_id: str) -> LessonSummary:
        return next(one for one in self.lessons if one.id == lesson_id)


def summarize(course: Course, progress: Progress) -> Summary:
    """The summary of ``course`` as far as ``progress`` tells."""
    lessons = tuple(_lesson(lesson, progress) for lesson in course.lessons)
    steps = course.steps
    ahead = next((step for step in steps if progress.state(step.id) == "todo"), None)
    whole = all(lesson.finished for lesson in lessons)
    return Summary(
        lessons=lessons,
        percent=progress.percent(course),
        steps=len(steps),
        done=sum(lesson.done for lesson in lessons),
        skipped=sum(lesson.skipped for lesson in lessons),
        skipped_steps=tuple(step.number for step in steps if progress.state(step.id) == "skipped"),
        hints=sum(lesson.hints for lesson in lessons),
        seconds=progress.seconds,
        predictions=score(steps, progress),
        finished_on=max((day for one in lessons if (day := one.finished_on)), default=None) if whole else None,
        next_step=ahead.number if ahead else None,
        next_title=ahead.title if ahead else None,
    )


def _lesson(lesson: Lesson, progress: Progress) -> LessonSummary:
    states = [progress.state(step.id) for step in lesson.steps]
    days = [day for step in lesson.steps if (day := progress.passed_on.get(step.id))]
    return LessonSummary(
        id=lesson.id,
        number=lesson.number,
        title=lesson.title,
        recap=lesson.recap,
        steps=len(states),
        done=states.count("done"),
        skipped=states.count("skipped"),
        hints=sum(progress.hints.get(step.id, 0) for step in lesson.steps),
        seconds=sum(progress.step_seconds.get(step.id, 0.0) for step in lesson.steps),
        predictions=score(lesson.steps, progress),
        finished_on=max(days, default=None) if "todo" not in states else None,
    )


def duration(seconds: float) -> Message:
    """For people: ``2 h 5 min``, ``18 min``, ``under a minute``."""
    minutes = int(seconds // 60)
    if minutes < 1:
        return Message("teaching.duration.moment", {})
    if minutes < 60:
        return Message("teaching.duration.minutes", {"minutes": minutes})
    return Message("teaching.duration.hours", {"hours": minutes // 60, "minutes": minutes % 60})


def prediction_words(score: Score) -> Message:
    """For people: how many guesses held, without a word on those that were not made."""
    if not score.answered:
        return Message("teaching.predictions.none", {})
    return Message("teaching.predictions.held", {"held": score.held, "answered": score.answered})


def step_words(done: int, skipped: int, steps: int) -> Message:
    """For people: ``52 of 56 done, 4 skipped``."""
    key = "teaching.steps.skipped" if skipped else "teaching.steps.done"
    return Message(key, {"done": done, "skipped": skipped, "steps": steps})
