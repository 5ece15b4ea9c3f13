"""How far a learner has come, kept on disk so that nothing is lost by a crash or a closed window.

A course's progress is one small JSON file, replaced atomically each time it changes: after ``kill -9`` it holds either
the old state or the new one, whole.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import msgspec
import platformdirs

from engine.assets import lessons_directory
from engine.course.model import Course
from engine.lab.command import CommandRun

StepState = Literal["todo", "done", "skipped"]


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One command of the journal: it changed the lab, so a rebuilt lab needs it."""

    step: str
    terminal: str
    text: str
    namespace: str = "host"
    """The network namespace of the shell it was typed in."""
    cwd: str | None = None
    runs: bool = False
    """It is a server that still runs in its terminal."""
    background: bool = False
    """It left a server running behind its prompt (``&``)."""
    failed: bool = False
    """It changed the lab and ended with an error all the same, so a replay need not succeed either."""
    files: dict[str, str | None] = {}
    """Watched files as the command left them: an editor's work cannot be replayed, its result can be written."""
    ends: bool = False
    """It is no command: the server of that terminal with that ``text`` has ended."""
    typed: str | None = None
    """What was typed, where ``text`` is what is replayed in its place."""


def live(entries: Iterable[Entry]) -> list[Entry]:
    """What a fresh lab needs of a journal: all of it but the servers that have ended, and their ends."""
    needed: list[Entry] = []
    for entry in entries:
        if not entry.ends:
            needed.append(entry)
            continue
        for index in range(len(needed) - 1, -1, -1):
            one = needed[index]
            if (one.runs or one.background) and (one.terminal, one.text) == (entry.terminal, entry.text):
                del needed[index]
                break
    return needed


class SetAside(msgspec.Struct, frozen=True, kw_only=True):
    """A learner's own work that waits while they are somewhere else (see :mod:`engine.session.aside`)."""

    step: str
    journal: list[Entry]
    free: list[Entry] | None = None
    commands: list[CommandRun] = []
    """What had been run in the step."""


class Progress(msgspec.Struct, kw_only=True):
    """One learner's way through one course."""

    step: str | None = None
    """Id of the step the learner is at; ``None`` before the first start."""
    states: dict[str, StepState] = {}
    journal: list[Entry] = []
    """What brings a fresh lab to where the learner left it: every change, in order (see :func:`live`)."""
    free: list[Entry] | None = None
    """The same for free play; ``None`` while the learner follows the lesson."""
    seconds: float = 0.0
    """Time spent in the course."""
    step_seconds: dict[str, float] = {}
    """The same, by step."""
    passed_on: dict[str, str] = {}
    """The day (ISO 8601, local) on which each step was first done or skipped."""
    hints: dict[str, int] = {}
    """How many hints were shown, by step."""
    solutions: dict[str, int] = {}
    """Which of the step's commands was explained to the learner last, counted from 1, by step."""
    answers: dict[str, int] = {}
    """Answers to the questions asked before commands, by the question's key."""
    language: str | None = None
    aside: list[SetAside] = []
    """Own work from before the learner was taken elsewhere, the latest last."""

    @property
    def entries(self) -> list[Entry]:
        """The journal of the lab as it is: that of free play, or the lesson's."""
        return self.journal if self.free is None else self.free

    def state(self, step_id: str) -> StepState:
        """``done``, ``skipped`` or ``todo``."""
        return self.states.get(step_id, "todo")

    def percent(self, course: Course) -> int:
        """Steps done or skipped, of a hundred."""
        steps = course.steps
        passed = sum(self.state(step.id) != "todo" for step in steps)
        return round(100 * passed / len(steps)) if steps else 0


class ProgressStore:
    """Reads and writes the progress of courses in one directory (default: the user's XDG data directory)."""

    def __init__(self, directory: Path | None = None) -> None:
        self.directory = directory or platformdirs.user_data_path("nsteps") / "progress"

    def path(self, course: Course) -> Path:
        """The file that holds the progress in ``course``: courses are told apart by where they lie."""
        if course.path.resolve() == lessons_directory().resolve():
            return self.directory / "nsteps.json"
        digest = hashlib.sha256(str(course.path.resolve()).encode()).hexdigest()[:12]
        return self.directory / f"{course.path.resolve().name}-{digest}.json"

    def load(self, course: Course) -> Progress:
        """The stored progress, or a new one. A damaged file is set aside as ``….broken``, never overwritten."""
        path = self.path(course)
        try:
            return msgspec.json.decode(path.read_bytes(), type=Progress)
        except FileNotFoundError:
            return Progress()
        except (msgspec.DecodeError, UnicodeDecodeError):
            with contextlib.suppress(OSError):
                path.replace(path.with_name(path.name + ".broken"))
            return Progress()

    def save(self, course: Course, progress: Progress, *, durable: bool = True) -> None:
        """Replace the stored progress atomically: after ``kill -9`` it is the old or the new, whole.

        ``durable`` waits for the disk (fsync(2)), so that it survives a power cut as well; a slow disk takes its time.
        Raises ``OSError`` if the directory cannot be written.
        """
        self.directory.mkdir(parents=True, exist_ok=True)
        path = self.path(course)
        descriptor, temporary = tempfile.mkstemp(dir=self.directory, prefix=path.name, suffix=".new")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(msgspec.json.format(msgspec.json.encode(progress), indent=1))
                if durable:
                    file.flush()
                    os.fsync(file.fileno())
            Path(temporary).replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
            raise
