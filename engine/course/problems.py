"""What is wrong with a course's files: each problem with its place, what it is, and how to mend it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from engine.messages import Message, render

CATALOGUES = ("course.problem", "lint.problem")


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One authoring mistake. ``line`` counts from 1; 0: it concerns the file (or folder) as a whole."""

    path: Path
    line: int
    name: str
    """A stable word for the kind of problem, the same in every language: ``unknown-field``."""
    what: Message
    how: Message

    @property
    def place(self) -> str:
        """``lessons/04-veth.md:12``, below the working directory relative to it."""
        path = self.path
        with contextlib.suppress(ValueError, OSError):
            path = path.absolute().relative_to(Path.cwd())
        return f"{path}:{self.line}" if self.line else str(path)

    def render(self, language: str) -> str:
        """One line: the place, what is wrong there, how to mend it."""
        glue = "" if language == "zh" else " "
        return f"{self.place}: {render(self.what, language)}{glue}{render(self.how, language)}"


class CourseError(Exception):
    """A course that cannot be loaded: ``problems`` holds every reason, in the order of files and lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems), key=lambda one: (str(one.path), one.line, one.name)))
        super().__init__("\n".join(problem.render("en") for problem in self.problems))


@dataclass
class Problems:
    """Collects the problems of one file."""

    path: Path
    found: list[Problem] = field(default_factory=list)
    catalogue: str = CATALOGUES[0]

    def add(self, line: int, name: str, /, **params: Any) -> None:
        """Note the problem ``name`` (its words: ``course.problem.NAME.what`` and ``….how``) at ``line``."""
        key = f"{self.catalogue}.{name}"
        self.found.append(
            Problem(
                path=self.path,
                line=line,
                name=name,
                what=Message(f"{key}.what", params),
                how=Message(f"{key}.how", params),
            )
        )
