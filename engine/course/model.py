"""A course as data: lessons, steps, commands and the statements that prove a step. All of it is frozen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

LANGUAGES = ("en", "zh")


class Text(msgspec.Struct, frozen=True):
    """The same words in each language of the course; a language that is missing falls back to English."""

    en: str
    zh: str | None = None

    def in_language(self, language: str) -> str:
        """The words in ``language`` (``en`` or ``zh``)."""
        return (self.zh if language == "zh" else None) or self.en


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """One reference command of a step: what is typed, where, and how it is known to end."""

    text: str
    """As typed, several lines if the lesson shows a continued command. ``^C`` stands for pressing Ctrl-C."""
    terminal: str = "T1"
    namespace: str = "host"
    """Where its network work happens: from ``ip netns exec NAME`` in its text, else the host."""
    exit: int | str = 0
    """The exit code to expect: a number, or ``failure`` for any but 0."""
    look: bool = False
    """It only looks: the lab is the same after it, so a replay leaves it out."""
    runs: bool = False
    """It goes on running in its terminal (a server) until a ``^C`` there."""
    interrupt: bool = False
    """It is ended by Ctrl-C once it has shown what there is to see (``ping`` without a count)."""
    shows: tuple[str, ...] = ()
    """The lines the lesson prints below it, as the learner will see them, give or take numbers."""


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One statement about the lab that a step makes true; ``engine.verify`` validates ``kind`` and ``fields``."""

    id: str
    kind: str
    """``link``, ``address``, ``route``, ``rule``, ``ran``, ``ping`` …"""
    fields: dict[str, Any]
    until: str | None = None
    """The step that ends it on purpose; a state check without one must hold to the course's end."""
    line: int = 0


class Alternative(msgspec.Struct, frozen=True, kw_only=True):
    """Another way that must pass, or a slip that must fail with its diagnosis."""

    commands: tuple[Command, ...]
    check: str | None = None
    """For a mistake: the check that must fail."""
    diagnosis: str | None = None
    """For a mistake: the key of the message that the learner must see."""
    line: int = 0


class Prediction(msgspec.Struct, frozen=True, kw_only=True):
    """A question asked before a command."""

    question: Text
    answers: tuple[Text, ...]
    right: int
    """Index of the right answer."""
    before: int
    """Index, in the step's commands, of the command it is asked before."""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a lesson."""

    id: str
    """Stable: ``veth/create-pair``."""
    number: str
    """For people: ``4.1``."""
    title: Text
    body: Text
    """Markdown: the prose with its ``console`` fences, without markers, hints and explanation."""
    commands: tuple[Command, ...] = ()
    unguided: bool = False
    """Its commands are a hidden solution: the learner finds their own."""
    predictions: tuple[Prediction, ...] = ()
    checks: tuple[Check, ...] = ()
    hints: tuple[Text, ...] = ()
    explanation: Text = Text("")
    notes: Text = Text("")
    """Markdown for whoever shows the step to others; a learner never sees it."""
    accepted: tuple[Alternative, ...] = ()
    mistakes: tuple[Alternative, ...] = ()
    path: Path = Path()
    line: int = 0


class Lesson(msgspec.Struct, frozen=True, kw_only=True):
    """One Markdown file (and its translation)."""

    id: str
    number: int
    title: Text
    intro: Text
    """Markdown before the first step: what you will be able to do."""
    recap: Text
    docker: Text
    """"How Docker does this"."""
    steps: tuple[Step, ...]
    minutes: int = 10
    path: Path = Path()


class Term(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of the course's glossary."""

    id: str
    title: Text
    text: Text
    """Markdown: what it is in two or three sentences, and the command that shows it in a ``console`` fence."""
    words: tuple[str, ...] = ()
    """What it is called in English texts: the title, and other words for the same thing."""
    words_zh: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    """The commands that show it; none of those for another machine."""
    step: str | None = None
    """The step in which it is met."""
    related: tuple[str, ...] = ()
    """Ids of other terms."""

    def words_in(self, language: str) -> tuple[str, ...]:
        """What it is called in texts of that language; Chinese texts use English words, too."""
        return (*self.words_zh, *self.words) if language == "zh" else self.words


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """The lessons of one folder, in order, and its glossary."""

    lessons: tuple[Lesson, ...]
    glossary: tuple[Term, ...] = ()
    path: Path = Path()

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every step of every lesson, in order."""
        return tuple(step for lesson in self.lessons for step in lesson.steps)

    def step(self, reference: str) -> Step:
        """The step with that id (``veth/create-pair``) or number (``4.1``); ``LookupError`` with near ones if none."""
        for step in self.steps:
            if reference in (step.id, step.number):
                return step
        import difflib

        near = difflib.get_close_matches(reference, [step.id for step in self.steps], n=3, cutoff=0.4)
        raise LookupError(f"there is no step {reference!r}" + (f"; did you mean {', '.join(near)}?" if near else ""))

    def lesson_of(self, step: Step) -> Lesson:
        """The lesson that holds ``step``."""
        return next(lesson for lesson in self.lessons if step in lesson.steps)
