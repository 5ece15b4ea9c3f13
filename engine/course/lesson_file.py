"""One lesson file, English or Chinese, as it was written: the parts that :mod:`engine.course.build` puts together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import msgspec

from engine.course.alternatives import Draft, read_accepted, read_mistakes
from engine.course.checks import read_checks
from engine.course.data import convert, read_yaml
from engine.course.fences import is_console, read_commands, read_how, read_typed
from engine.course.markdown import Block, Comment, Details, Fence
from engine.course.model import Check, Command
from engine.course.problems import Problems
from engine.course.sections import Section, fences_of, read_sections, words_of

Filled = Annotated[str, msgspec.Meta(min_length=1)]


class LessonFields(msgspec.Struct):
    """``<!-- lesson … -->``."""

    minutes: Annotated[int, msgspec.Meta(ge=1, le=600)] = 10


class QuestionWords(msgspec.Struct):
    """``<!-- predict … -->`` in a translation."""

    question: Filled
    answers: Annotated[list[Filled], msgspec.Meta(min_length=2)]


class QuestionFields(QuestionWords):
    """``<!-- predict … -->`` in English."""

    right: int = 0


@dataclass
class Question:
    words: QuestionWords
    right: int
    before: int
    line: int


@dataclass
class StepDraft:
    """One step of one file."""

    section: Section
    body: str
    commands: list[tuple[Command, int]] = field(default_factory=list)
    shown: list[tuple[str, tuple[str, ...], int]] = field(default_factory=list)
    """Every console fence: the words behind ``console``, what is typed, its line."""
    questions: list[Question] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    hints: list[tuple[str, int]] = field(default_factory=list)
    explanation: str = ""
    notes: str = ""
    notes_line: int = 0
    accepted: list[Draft] = field(default_factory=list)
    mistakes: list[Draft] = field(default_factory=list)

    @property
    def id(self) -> str:
        return self.section.id

    @property
    def line(self) -> int:
        return self.section.line


@dataclass
class LessonDraft:
    """One file. Texts that it lacks are empty."""

    path: Path
    title: str
    line: int
    text: str
    intro: str = ""
    intro_line: int = 1
    recap: str = ""
    docker: str = ""
    minutes: int | None = None
    steps: list[StepDraft] = field(default_factory=list)
    problems: Problems = field(default_factory=lambda: Problems(Path()))


def read_lesson(path: Path, text: str, *, translation: bool = False) -> LessonDraft:
    """The parts of one file; what is wrong with it is in ``problems`` of the result."""
    problems = Problems(path)
    lines = text.split("\n")
    sections = read_sections(text, problems)
    intro = sections[0]
    draft = LessonDraft(path, intro.title, intro.line, text, problems=problems)
    draft.intro, draft.intro_line = words_of(intro, lines), intro.start
    draft.minutes = _minutes(intro, translation, problems)
    _only_docker_fences(intro, problems)
    for section in sections[1:]:
        if section.kind == "step":
            draft.steps.append(_Reader(section, lines, translation, problems).read())
        else:
            _only_docker_fences(section, problems)
            setattr(draft, section.kind, words_of(section, lines))
    if not draft.steps and not problems.found:
        problems.add(intro.line, "no-steps")
    return draft


def _minutes(intro: Section, translation: bool, problems: Problems) -> int | None:
    comments = [block for block in intro.blocks if isinstance(block, Comment) and block.name == "lesson"]
    for comment in comments[1:]:
        problems.add(comment.line, "comment-twice", name="lesson")
    if not comments:
        return None
    if translation:
        problems.add(comments[0].line, "only-in-english", name="lesson")
        return None
    marked = read_yaml(comments[0].text, comments[0].text_line, problems)
    fields = convert(marked, LessonFields, problems) if marked else None
    return fields.minutes if fields else None


def _only_docker_fences(section: Section, problems: Problems) -> None:
    for fence in fences_of(section):
        if is_console(fence):
            read_typed(fence, problems)
            if read_how(fence, problems).terminal != "docker":
                problems.add(fence.line, "fence-elsewhere")


class _Reader:
    """Reads the blocks of one step in their order."""

    def __init__(self, section: Section, lines: list[str], translation: bool, problems: Problems) -> None:
        self.section = section
        self.translation = translation
        self.problems = problems
        self.draft = StepDraft(section, words_of(section, lines))
        self.solution: Details | None = None
        self._seen: dict[str, int] = {}

    def read(self) -> StepDraft:
        for block in self.section.blocks:
            if isinstance(block, Fence) and is_console(block):
                self._fence(block, shown=True)
            elif isinstance(block, Details):
                self._details(block)
            elif isinstance(block, Comment) and block.name == "predict":
                self._question(block)
            elif isinstance(block, Comment) and block.name == "notes":
                self._notes(block)
            elif isinstance(block, Comment) and block.name in ("checks", "accepted", "mistakes"):
                self._data(block)
        draft, problems = self.draft, self.problems
        if self.section.unguided and self.solution is None:
            problems.add(draft.line, "no-solution", id=draft.id)
        elif self.section.unguided and not draft.commands and not self.translation and self.solution:
            problems.add(self.solution.line, "empty-solution", id=draft.id)
        for question in draft.questions:
            if question.before >= len(draft.commands) and not self.translation:
                problems.add(question.line, "predict-without-command")
        return draft

    def _fence(self, fence: Fence, *, shown: bool) -> None:
        """Its commands are the step's; in an unguided step only those of the solution may be there."""
        scratch = Problems(self.problems.path)
        how = read_how(fence, scratch)
        if shown and self.section.unguided and how.terminal != "docker":
            self.problems.add(fence.line, "shown-in-unguided", id=self.section.id)
            return
        typed = tuple(one.text for one in read_typed(fence, scratch))
        self.draft.shown.append((" ".join(fence.info.split()[1:]), typed, fence.line))
        if not self.translation:
            self.draft.commands += read_commands(fence, self.problems)

    def _details(self, block: Details) -> None:
        if block.kind == "hint":
            self.draft.hints.append((block.text, block.line))
        elif block.kind == "explanation":
            self._once("explanation", block)
            self.draft.explanation = block.text
        elif block.kind == "solution":
            self._once("solution", block)
            if not self.section.unguided:
                self.problems.add(block.line, "solution-in-guided", id=self.section.id)
                return
            self.solution = block
            for fence in _fences(block.blocks):
                self._fence(fence, shown=False)

    def _once(self, name: str, block: Block) -> None:
        if name in self._seen:
            self.problems.add(block.line, "comment-twice", name=name)
        self._seen[name] = block.line

    def _notes(self, comment: Comment) -> None:
        self._once("notes", comment)
        self.draft.notes, self.draft.notes_line = comment.text.strip(), comment.line
        if not self.draft.notes:
            self.problems.add(comment.line, "empty-notes")

    def _question(self, comment: Comment) -> None:
        marked = read_yaml(comment.text, comment.text_line, self.problems, words=True)
        if marked is None:
            return
        if self.translation:
            if isinstance(marked.data, dict) and "right" in marked.data:
                self.problems.add(marked.line(("right",)), "only-in-english", name="right")
                marked.data.pop("right")
            words = convert(marked, QuestionWords, self.problems)
            if words:
                self.draft.questions.append(Question(words, 0, 0, comment.line))
            return
        fields = convert(marked, QuestionFields, self.problems)
        if fields is None:
            return
        if "right" not in marked.data:
            self.problems.add(comment.line, "predict-without-right")
        elif not 1 <= fields.right <= len(fields.answers):
            line = marked.line(("right",))
            self.problems.add(line, "right-out-of-range", right=fields.right, count=len(fields.answers))
        else:
            before = len(self.draft.commands)
            self.draft.questions.append(Question(fields, fields.right - 1, before, comment.line))

    def _data(self, comment: Comment) -> None:
        self._once(comment.name, comment)
        if self.translation:
            self.problems.add(comment.line, "only-in-english", name=comment.name)
            return
        marked = read_yaml(comment.text, comment.text_line, self.problems, words=comment.name != "checks")
        if marked is None:
            return
        if not isinstance(marked.data, list):
            self.problems.add(marked.line(), "not-a-list", name=comment.name)
        elif comment.name == "checks":
            self.draft.checks += read_checks(marked, self.problems)
        elif comment.name == "accepted":
            self.draft.accepted += read_accepted(marked, self.problems)
        else:
            self.draft.mistakes += read_mistakes(marked, self.problems)


def _fences(blocks: Iterable[Block]) -> list[Fence]:
    return [block for block in blocks if isinstance(block, Fence) and is_console(block)]
