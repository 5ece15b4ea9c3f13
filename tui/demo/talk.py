"""What the command line says about a talk: its steps, its speed, its length."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from engine.course.model import Course, Lesson, Step

if TYPE_CHECKING:
    _Type = click.ParamType[Any]
else:
    _Type = click.ParamType  # generic only from click 8.4 on

_DURATION = re.compile(r"(?:(\d+)h)?(?:(\d+)m(?:in)?)?(?:(\d+)s)?")


class Speed(_Type):
    """``1.5``, ``max``."""

    name = "speed"

    def convert(self, value: object, param: click.Parameter | None, context: click.Context | None) -> float:
        if isinstance(value, float):
            return value
        text = str(value).lower()
        if text == "max":
            return math.inf
        try:
            speed = float(text.removeprefix("×").removesuffix("x"))
        except ValueError:
            speed = math.nan
        if not 0.1 <= speed <= 100:
            self.fail(f"{value!r}: 0.1 … 100, max", param, context)
        return speed


class Duration(_Type):
    """``45m``, ``1h30m``, ``90s``; a bare number is minutes. Gives seconds."""

    name = "duration"

    def convert(self, value: object, param: click.Parameter | None, context: click.Context | None) -> float:
        if isinstance(value, float):
            return value
        text = str(value).lower().replace(" ", "")
        if text.isdecimal():
            text += "m"
        match = _DURATION.fullmatch(text)
        if match is None or not text:
            self.fail(f"{value!r}: 45m, 1h30m, 90s", param, context)
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        total = float(hours * 3600 + minutes * 60 + seconds)
        if not total:
            self.fail(f"{value!r}: 45m, 1h30m, 90s", param, context)
        return total


class Size(_Type):
    """``120x36``: columns and rows."""

    name = "size"

    def convert(self, value: object, param: click.Parameter | None, context: click.Context | None) -> tuple[int, int]:
        if isinstance(value, tuple):
            return value
        match = re.fullmatch(r"(\d+)[x×](\d+)", str(value).lower())
        if match is None or not (80 <= int(match[1]) <= 500 and 24 <= int(match[2]) <= 200):
            self.fail(f"{value!r}: 120x36 (80x24 … 500x200)", param, context)
        return int(match[1]), int(match[2])


def find_lesson(course: Course, reference: str) -> Lesson | None:
    """The lesson with that id, number or file name."""
    for lesson in course.lessons:
        if reference in (lesson.id, str(lesson.number), f"{lesson.number:02}", f"{lesson.number:02}-{lesson.id}"):
            return lesson
    return None


def steps_between(course: Course, first: Step | None, last: Step | None) -> Sequence[Step]:
    """From ``first`` to ``last``, both included; empty if they stand the wrong way round."""
    order = [step.id for step in course.steps]
    start = order.index(first.id) if first else 0
    end = order.index(last.id) if last else len(order) - 1
    return course.steps[start : end + 1]
