"""The figures that a course shows. A figure in a step is a picture of the lab just after that step."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

import msgspec

from engine.course.model import Course, Step

_FIGURE = re.compile(r"!\[([^\]]*)\]\(\s*<?([^)\s>]*figures/[\w.-]+\.svg)>?[^)]*\)")


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """A picture that a lesson refers to."""

    name: str
    """Its file's name: ``pair.svg``."""
    step: Step
    words: str
    """The alternative text, in English."""


def figures_of(course: Course) -> tuple[Figure, ...]:
    """The SVG figures that the steps of ``course`` show from a folder ``figures``, in order, each once."""
    found: dict[str, Figure] = {}
    for step in course.steps:
        for words, target in _FIGURE.findall(step.body.en):
            name = PurePosixPath(target).name
            found.setdefault(name, Figure(name=name, step=step, words=" ".join(words.split())))
    return tuple(found.values())
