"""From the parts of the files to a :class:`Course`: numbers, translations, and what refers to other steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.course.alternatives import settle
from engine.course.data import near
from engine.course.fences import INTERRUPT
from engine.course.lesson_file import LessonDraft, Question, StepDraft
from engine.course.model import Check, Course, Lesson, Prediction, Step, Text
from engine.course.problems import Problems


@dataclass
class Pair:
    """A lesson's two files."""

    id: str
    number: int
    english: LessonDraft
    chinese: LessonDraft | None


def build(path: Path, pairs: Sequence[Pair]) -> Course:
    """The course; what does not fit together is added to the problems of the drafts."""
    for pair in pairs:
        if pair.chinese is not None:
            _compare(pair.english, pair.chinese)
    _check_references(pairs)
    busy: dict[str, str] = {}
    return Course(lessons=tuple(_lesson(pair, busy) for pair in pairs), path=path)


def _lesson(pair: Pair, busy: dict[str, str]) -> Lesson:
    english, chinese = pair.english, pair.chinese
    others = {step.id: step for step in chinese.steps} if chinese else {}
    steps = tuple(
        _step(f"{pair.id}/{step.id}", f"{pair.number}.{index}", step, others.get(step.id), english.path, busy)
        for index, step in enumerate(english.steps, 1)
    )
    return Lesson(
        id=pair.id,
        number=pair.number,
        title=_text(english.title, chinese.title if chinese else None),
        intro=_text(english.intro, chinese.intro if chinese else None),
        recap=_text(english.recap, chinese.recap if chinese else None),
        docker=_text(english.docker, chinese.docker if chinese else None),
        steps=steps,
        minutes=english.minutes or 10,
        path=english.path,
    )


def _text(english: str, chinese: str | None) -> Text:
    return Text(english, chinese or None)


def _step(
    step_id: str, number: str, step: StepDraft, other: StepDraft | None, path: Path, busy: dict[str, str]
) -> Step:
    """``busy`` holds what runs on in which terminal, and is brought up to the end of this step."""
    commands = tuple(command for command, _ in step.commands)
    occupied = tuple(busy)
    for command in commands:
        if command.text == INTERRUPT:
            busy.pop(command.terminal, None)
        elif command.runs:
            busy[command.terminal] = command.text
    hints = [text for text, _ in other.hints] if other else []
    return Step(
        id=step_id,
        number=number,
        title=_text(step.section.title, other.section.title if other else None),
        body=_text(step.body, other.body if other else None),
        commands=commands,
        unguided=step.section.unguided,
        predictions=tuple(
            _prediction(question, other.questions[index] if other and index < len(other.questions) else None)
            for index, question in enumerate(step.questions)
        ),
        checks=tuple(step.checks),
        hints=tuple(
            _text(text, hints[index] if index < len(hints) else None) for index, (text, _) in enumerate(step.hints)
        ),
        explanation=_text(step.explanation, other.explanation if other else None),
        notes=_text(step.notes, other.notes if other else None),
        accepted=tuple(settle(draft, commands, occupied) for draft in step.accepted),
        mistakes=tuple(settle(draft, commands, occupied) for draft in step.mistakes),
        path=path,
        line=step.line,
    )


def _prediction(question: Question, other: Question | None) -> Prediction:
    answers = other.words.answers if other else []
    return Prediction(
        question=_text(question.words.question, other.words.question if other else None),
        answers=tuple(
            _text(answer, answers[index] if index < len(answers) else None)
            for index, answer in enumerate(question.words.answers)
        ),
        right=question.right,
        before=question.before,
    )


def _compare(english: LessonDraft, chinese: LessonDraft) -> None:
    """The translation must have the shape of the original."""
    problems = chinese.problems
    ours = {step.id: step for step in english.steps}
    theirs = {step.id: step for step in chinese.steps}
    for step in chinese.steps:
        if step.id not in ours:
            problems.add(step.line, "translated-unknown-step", id=step.id, near=near(step.id, ours))
    for step in english.steps:
        other = theirs.get(step.id)
        if other is None:
            problems.add(0, "step-not-translated", id=step.id, line=step.line)
            continue
        if len(step.hints) != len(other.hints):
            _differ(problems, other.line, "hints-differ", step.id, len(step.hints), len(other.hints))
        if len(step.questions) != len(other.questions):
            _differ(problems, other.line, "predictions-differ", step.id, len(step.questions), len(other.questions))
        for mine, question in zip(step.questions, other.questions, strict=False):
            if len(mine.words.answers) != len(question.words.answers):
                counts = len(mine.words.answers), len(question.words.answers)
                _differ(problems, question.line, "answers-differ", step.id, *counts)
        if step.section.unguided != other.section.unguided:
            problems.add(other.line, "unguided-differs", id=step.id)


def _differ(problems: Problems, line: int, name: str, step: str, english: int, chinese: int) -> None:
    problems.add(line, name, id=step, english=english, chinese=chinese)


def _check_references(pairs: Sequence[Pair]) -> None:
    """``until`` must name a later step, ``fails`` a check of its own step."""
    order = {f"{pair.id}/{step.id}": 0 for pair in pairs for step in pair.english.steps}
    order = {name: index for index, name in enumerate(order)}
    for pair in pairs:
        for step in pair.english.steps:
            here = order[f"{pair.id}/{step.id}"]
            for check in step.checks:
                _check_until(check, here, order, pair)
            names = [check.id for check in step.checks]
            for draft in step.mistakes:
                if draft.check not in names and not _broken_checks(pair.english, step):
                    where = near(draft.check or "", names)
                    pair.english.problems.add(draft.check_line, "unknown-check", check=draft.check, near=where)


def _broken_checks(draft: LessonDraft, step: StepDraft) -> bool:
    """Whether some of the step's checks could not be read: what refers to them may be right."""
    return any(step.section.line <= problem.line < step.section.end for problem in draft.problems.found)


def _check_until(check: Check, here: int, order: dict[str, int], pair: Pair) -> None:
    if check.until is None:
        return
    line = check.line
    if check.until not in order:
        pair.english.problems.add(line, "unknown-until", id=check.id, step=check.until, near=near(check.until, order))
    elif order[check.until] <= here:
        pair.english.problems.add(line, "until-not-later", id=check.id, step=check.until)
