"""What a shell completes beyond options and commands: ids of steps and lessons."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from engine.course.model import Course, Text
from engine.language import detect_language


def complete_step(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Step ids that begin with what was typed; numbers once a digit was. Titles as their help."""
    course = _course(context)
    steps = course.steps if course else ()
    if incomplete[:1].isdigit():
        return _beginning(incomplete, ((step.number, step.title) for step in steps))
    return _beginning(incomplete, ((step.id, step.title) for step in steps))


def complete_lesson(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Lesson ids that begin with what was typed."""
    course = _course(context)
    return _beginning(incomplete, ((lesson.id, lesson.title) for lesson in course.lessons) if course else ())


def _beginning(incomplete: str, names: Iterable[tuple[str, Text]]) -> list[CompletionItem]:
    language = detect_language()
    return [
        CompletionItem(name, help=title.in_language(language)) for name, title in names if name.startswith(incomplete)
    ]


def _course(context: click.Context) -> Course | None:
    """The course that the words before ask for; none if it cannot be read: a completion has no place for errors."""
    from engine.course import CourseError, load_course

    folder = next((found for one in _chain(context) if (found := one.params.get("lessons"))), None)
    try:
        return load_course(Path(folder) if folder else None)
    except CourseError:
        return None


def _chain(context: click.Context | None) -> Iterable[click.Context]:
    while context is not None:
        yield context
        context = context.parent
