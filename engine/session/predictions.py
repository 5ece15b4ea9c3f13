"""Guesses before commands: kept, and judged when the command has been run."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import msgspec

from engine.course.model import Command, Prediction, Step
from engine.lab import CommandRun
from engine.session import events
from engine.session.progress import Progress
from engine.verify.commandline import programs

if TYPE_CHECKING:
    from engine.session.session import Session


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """How the guesses went. What was not answered counts for nothing."""

    asked: int = 0
    """Questions there are."""
    answered: int = 0
    held: int = 0


def key(step: Step, index: int) -> str:
    """Names the step's question with that index."""
    return f"{step.id}?{index}"


def score(steps: Iterable[Step], progress: Progress) -> Score:
    """The score over some steps."""
    asked = answered = held = 0
    for step in steps:
        for index, prediction in enumerate(step.predictions):
            answer = progress.answers.get(key(step, index))
            asked += 1
            answered += answer is not None
            held += answer == prediction.right
    return Score(asked=asked, answered=answered, held=held)


def has_been_run(prediction: Prediction, step: Step, commands: Sequence[CommandRun]) -> bool:
    """Whether what the question is about has been run: that command, the like of it, or one that comes after it."""
    return any(
        (index := _closest(run, step.commands)) is not None
        and index >= prediction.before
        and (run.exit is not None or step.commands[index].runs)
        for run in commands
    )


def _closest(run: CommandRun, commands: Sequence[Command]) -> int | None:
    """Which command of the step a run comes nearest to: one with the same programs, and most like it."""
    text = _plain(run.text)
    used = programs(run.text)
    likeness = {
        index: difflib.SequenceMatcher(None, text, _plain(command.text)).ratio()
        for index, command in enumerate(commands)
        if _plain(command.text) == text or (used and programs(command.text) == used)
    }
    return max(likeness, key=lambda index: (likeness[index], -index)) if likeness else None


def _plain(text: str) -> str:
    return " ".join(text.split()).removeprefix("sudo ")


class Predictions:
    """``session.predictions``."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._told: set[str] = set()

    def answer(self, step: Step, index: int, answer: int) -> bool:
        """Keep the learner's guess; another may take its place until the command has been run. ``False``: too late."""
        if self.is_over(step, index):
            return False
        self._session.progress.answers[key(step, index)] = answer
        self._session.save()
        return True

    def is_over(self, step: Step, index: int) -> bool:
        """Whether the outcome is known: the command has been run, or the step is done or skipped."""
        session = self._session
        if session.was_passed(step):
            return True
        return step is session.step and has_been_run(step.predictions[index], step, session.commands)

    @property
    def over(self) -> frozenset[str]:
        """The keys of all questions whose outcome is known."""
        steps: Sequence[Step] = self._session.course.steps
        return frozenset(
            key(step, index) for step in steps for index in range(len(step.predictions)) if self.is_over(step, index)
        )

    def look(self) -> None:
        """Tell of guesses of the current step whose outcome has just become known."""
        step, answers = self._session.step, self._session.progress.answers
        for index, prediction in enumerate(step.predictions):
            name = key(step, index)
            if name not in self._told and name in answers and self.is_over(step, index):
                self._told.add(name)
                self._session.emit(events.PredictionJudged(name, answers[name] == prediction.right))

    def begin_step(self) -> None:
        """What is known by now is no news."""
        step = self._session.step
        self._told = {key(step, i) for i in range(len(step.predictions)) if self.is_over(step, i)}

    @property
    def score(self) -> Score:
        """The score over the whole course."""
        return score(self._session.course.steps, self._session.progress)
