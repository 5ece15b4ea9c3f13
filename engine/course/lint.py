"""What only authors care about: a course that loads may still leave its learner alone, or be hard to read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote

from engine.assets import lessons_directory
from engine.course.build import Pair
from engine.course.effects import changes, looks_only
from engine.course.fences import INTERRUPT
from engine.course.glossary import lint_glossary
from engine.course.lesson_file import LessonDraft, StepDraft
from engine.course.loader import Loaded, read_course
from engine.course.markdown import Comment
from engine.course.problems import CourseError, Problem, Problems
from engine.course.room import SCREEN_LINES, lines_needed
from engine.messages import Message

_IMAGE = re.compile(r"!\[([^\]]*)\]\(\s*<?([^)\s>]+)>?[^)]*\)")
_NUMBERED = re.compile(r"(?:lesson|section|第)?\s*\d+\s*[.:、．：章节课]", re.IGNORECASE)


def lint(path: Path | None = None, *, thorough: bool = False) -> tuple[Problem, ...]:
    """Every problem of the course in ``path`` (default: the one that comes with the program), by file and line.

    ``thorough`` also asks for other right ways and for mistakes wherever a step changes the lab.
    """
    loaded = read_course(path or lessons_directory())
    found = list(loaded.problems)
    for pair in loaded.pairs:
        english = Problems(pair.english.path, found, "lint.problem")
        _lesson(pair, english)
        for step in pair.english.steps:
            _step(step, english, thorough)
        for draft in (pair.english, pair.chinese):
            if draft is not None:
                _draft(draft, Problems(draft.path, found, "lint.problem"))
        _translation(pair, found)
    if loaded.glossary is not None:
        lint_glossary(loaded.glossary, found)
    _terminals(loaded, found)
    return CourseError(found).problems


def _lesson(pair: Pair, problems: Problems) -> None:
    draft = pair.english
    for name, words in (("intro", draft.intro), ("recap", draft.recap), ("docker", draft.docker)):
        if not words.strip():
            problems.add(draft.line, f"no-{name}")
    if draft.minutes is None:
        problems.add(draft.line, "no-minutes")


def _step(step: StepDraft, problems: Problems, thorough: bool) -> None:
    """What is asked of the English text of a step."""
    if not 2 <= len(step.hints) <= 3:
        problems.add(step.line, "hints", id=step.id, count=len(step.hints))
    if not step.explanation.strip():
        problems.add(step.line, "no-explanation", id=step.id)
    if not any(isinstance(block, Comment) and block.name == "checks" for block in step.section.blocks):
        problems.add(step.line, "no-checks", id=step.id)
    if not step.commands:
        problems.add(step.line, "no-commands", id=step.id)
    for command, line in step.commands:
        if command.look and changes(command.text) and command.exit == 0:
            problems.add(line, "look-changes", command=command.text)
        elif not command.look and not command.runs and looks_only(command.text):
            problems.add(line, "looks-without-look", command=command.text)
    if thorough and any(not command.look and command.text != INTERRUPT for command, _ in step.commands):
        for name, some in (("accepted", step.accepted), ("mistakes", step.mistakes)):
            if not some:
                problems.add(step.line, f"no-{name}", id=step.id)


def _draft(draft: LessonDraft, problems: Problems) -> None:
    """What is asked of either file."""
    if _NUMBERED.match(draft.title):
        problems.add(draft.line, "numbered-title", title=draft.title)
    for step in draft.steps:
        for text, line in step.hints:
            if not text.strip():
                problems.add(line, "empty-hint", id=step.id)
        needed = lines_needed(step.body)
        if needed > SCREEN_LINES:
            problems.add(step.line, "long-step", id=step.id, lines=needed, limit=SCREEN_LINES)
    for number, words in enumerate(draft.text.split("\n"), 1):
        for alternative, target in _IMAGE.findall(words):
            _image(alternative, target, number, draft.path, problems)


def _image(alternative: str, target: str, line: int, path: Path, problems: Problems) -> None:
    if not alternative.strip():
        problems.add(line, "figure-without-words", file=target)
    if re.match(r"[a-z][a-z0-9+.-]*:", target, re.IGNORECASE):
        problems.add(line, "remote-figure", file=target)
    elif not (path.parent / unquote(target)).is_file():
        problems.add(line, "no-figure", file=target)


def _translation(pair: Pair, found: list[Problem]) -> None:
    english, chinese = pair.english, pair.chinese
    if chinese is None:
        name = english.path.with_suffix(".zh.md").name
        Problems(english.path, found, "lint.problem").add(0, "no-translation", name=name)
        return
    problems = Problems(chinese.path, found, "lint.problem")
    _words(problems, chinese.line, "title", english.title, chinese.title, same_allowed=True)
    for name in ("intro", "recap", "docker"):
        _words(problems, chinese.line, name, getattr(english, name), getattr(chinese, name))
    others = {step.id: step for step in chinese.steps}
    order = [step.id for step in chinese.steps if step.id in {one.id for one in english.steps}]
    if order != [step.id for step in english.steps if step.id in others]:
        problems.add(chinese.line, "order-differs")
    for step in english.steps:
        other = others.get(step.id)
        if other is None:
            continue
        _words(problems, other.line, "body", step.body, other.body)
        _words(problems, other.line, "explanation", step.explanation, other.explanation)
        _words(problems, other.notes_line or other.line, "notes", step.notes, other.notes)
        if other.notes and not step.notes:
            problems.add(other.notes_line, "notes-only-translated", id=step.id)
        for (mine, _), (theirs, line) in zip(step.hints, other.hints, strict=False):
            _words(problems, line, "hint", mine, theirs, same_allowed=not _has_words(mine))
        _fences(step, other, problems)


def _words(problems: Problems, line: int, part: str, english: str, chinese: str, *, same_allowed: bool = False) -> None:
    """``chinese`` must be there where ``english`` is, and must not be the same."""
    if english.strip() and not chinese.strip():
        problems.add(line, "untranslated", part=Message(f"lint.part.{part}", {}))
    elif english.strip() == chinese.strip() and english.strip() and not same_allowed:
        problems.add(line, "same-words", part=Message(f"lint.part.{part}", {}))


def _has_words(text: str) -> bool:
    """Whether anything is left of a hint without its code: a hint may be nothing but a command."""
    return bool(re.search(r"[^\W\d_]{2}", re.sub(r"`[^`]*`", "", text)))


def _fences(english: StepDraft, chinese: StepDraft, problems: Problems) -> None:
    """The commands of the translation are those of the original."""
    if len(english.shown) != len(chinese.shown):
        counts = {"english": len(english.shown), "chinese": len(chinese.shown)}
        problems.add(chinese.line, "fences-differ", id=english.id, **counts)
        return
    for (info, typed, origin), (other_info, other_typed, line) in zip(english.shown, chinese.shown, strict=True):
        if sorted(info.split()) != sorted(other_info.split()):
            problems.add(line, "fence-words-differ", words=other_info, english=info, line=origin)
        if typed != other_typed:
            wrong = next((text for text in other_typed if text not in typed), " … ".join(other_typed))
            right = next((text for text in typed if text not in other_typed), " … ".join(typed))
            problems.add(line, "commands-differ", command=wrong, english=right, line=origin)


def _terminals(loaded: Loaded, found: list[Problem]) -> None:
    """Follow what runs in which terminal: nothing can be typed where a server runs, nor stopped where none does."""
    running: dict[str, tuple[str, str]] = {}
    for pair in loaded.pairs:
        problems = Problems(pair.english.path, found, "lint.problem")
        for step in pair.english.steps:
            for command, line in step.commands:
                here = running.get(command.terminal)
                if command.text == INTERRUPT:
                    if here is None:
                        problems.add(line, "nothing-to-interrupt", terminal=command.terminal)
                    running.pop(command.terminal, None)
                elif here is not None:
                    problems.add(line, "terminal-busy", terminal=command.terminal, command=here[0], step=here[1])
                if command.runs:
                    running[command.terminal] = command.text, f"{pair.id}/{step.id}"
    if running and loaded.pairs:
        _still_running(loaded.pairs, running, found)


def _still_running(pairs: Sequence[Pair], running: dict[str, tuple[str, str]], found: list[Problem]) -> None:
    origins = {f"{pair.id}/{step.id}": (pair, step) for pair in pairs for step in pair.english.steps}
    for terminal, (command, step_id) in running.items():
        pair, step = origins[step_id]
        line = next((line for one, line in step.commands if one.text == command), step.line)
        Problems(pair.english.path, found, "lint.problem").add(
            line, "never-stopped", terminal=terminal, command=command
        )
