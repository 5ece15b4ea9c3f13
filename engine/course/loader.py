"""A folder of lesson files as a :class:`Course`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from engine.assets import lessons_directory
from engine.course.build import Pair, build
from engine.course.glossary import CHINESE, ENGLISH, GlossaryPair, build_glossary, glossary_files
from engine.course.glossary_file import GlossaryDraft, read_glossary
from engine.course.lesson_file import LessonDraft, read_lesson
from engine.course.model import Course
from engine.course.problems import CourseError, Problem, Problems

_LESSON = re.compile(r"(\d+)-([a-z0-9]+(?:-[a-z0-9]+)*)(\.zh)?\.md")
_BESIDE = re.compile(r"[A-Z_]+(\.[a-z]{2})?\.md")
"""README.md, CONTRIBUTING.md and their like: not lessons."""


@dataclass
class Loaded:
    """Everything that was read; ``course`` is what could be made of it, for whoever wants to find more problems."""

    course: Course | None = None
    pairs: list[Pair] = field(default_factory=list)
    glossary: GlossaryPair | None = None
    problems: list[Problem] = field(default_factory=list)


def load_course(path: Path | None = None) -> Course:
    """The course in the folder ``path`` (default: the one that comes with the program).

    Raises :class:`CourseError`, with every problem of every file, if it cannot be played as it is.
    """
    loaded = read_course(path or lessons_directory())
    if loaded.problems or loaded.course is None:
        raise CourseError(loaded.problems)
    return loaded.course


def read_course(path: Path) -> Loaded:
    """Read every file of a course, come what may."""
    folder = Problems(path)
    loaded = Loaded()
    english, chinese = _files(path, folder)
    drafts: list[LessonDraft] = []
    for key, file in sorted(english.items()):
        number, lesson_id = key
        draft = _read(file, folder, translation=False)
        other = chinese.pop(key, None)
        translated = _read(other, folder, translation=True) if other else None
        drafts += [one for one in (draft, translated) if one]
        if draft is not None:
            loaded.pairs.append(Pair(lesson_id, number, draft, translated))
    for (_, lesson_id), file in chinese.items():
        problems = Problems(file)
        name = file.name.replace(".zh.md", ".md")
        problems.add(0, "orphaned-translation", name=name, id=lesson_id)
        folder.found += problems.found
    _check_numbers(loaded.pairs, folder)
    loaded.glossary = _glossary(path, folder)
    if loaded.pairs:
        loaded.course = build(path, loaded.pairs)
    if loaded.glossary:
        steps = [step.id for step in loaded.course.steps] if loaded.course else []
        terms = build_glossary(loaded.glossary, steps)
        loaded.course = msgspec.structs.replace(loaded.course, glossary=terms) if loaded.course else None
        folder.found += loaded.glossary.problems
    loaded.problems = folder.found + [problem for draft in drafts for problem in draft.problems.found]
    return loaded


Files = dict[tuple[int, str], Path]


def _files(path: Path, folder: Problems) -> tuple[Files, Files]:
    """The lesson files of a folder, English and Chinese, by number and id."""
    english: Files = {}
    chinese: Files = {}
    try:
        if not path.is_dir():
            folder.add(0, "no-folder" if not path.exists() else "not-a-folder")
            return english, chinese
        names = sorted(one for one in path.iterdir() if one.suffix == ".md" and not one.name.startswith("."))
    except OSError as error:
        folder.add(0, "unreadable", detail=error.strerror or str(error))
        return english, chinese
    for file in names:
        match = _LESSON.fullmatch(file.name)
        if match:
            files = chinese if match.group(3) else english
            files[int(match.group(1)), match.group(2)] = file
        elif not _BESIDE.fullmatch(file.name) and file.name not in (ENGLISH, CHINESE):
            Problems(file, folder.found).add(0, "bad-file-name", name=file.name)
    if not english and not folder.found:
        folder.add(0, "empty-folder")
    return english, chinese


def _read(file: Path, folder: Problems, *, translation: bool) -> LessonDraft | None:
    text = _text(file, folder)
    return None if text is None else read_lesson(file, text, translation=translation)


def _glossary(path: Path, folder: Problems) -> GlossaryPair | None:
    """The glossary, if the course has one."""
    drafts: list[GlossaryDraft | None] = []
    files = glossary_files(path)
    for file in files:
        text = _text(file, folder) if file else None
        translation = bool(drafts)
        drafts.append(read_glossary(file, text, translation=translation) if file and text is not None else None)
    english, chinese = drafts
    if english is None:
        if files[1] is not None and files[0] is None:
            Problems(files[1], folder.found).add(0, "orphaned-translation", name=ENGLISH)
        return None
    return GlossaryPair(english, chinese)


def _text(file: Path, folder: Problems) -> str | None:
    """What stands in a file; ``None``, and a problem, if it cannot be read."""
    here = Problems(file, folder.found)
    try:
        data = file.read_bytes()
    except OSError as error:
        here.add(0, "unreadable", detail=error.strerror or str(error))
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        here.add(data[: error.start].count(b"\n") + 1, "not-utf8")
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _check_numbers(pairs: list[Pair], folder: Problems) -> None:
    """Each number once, each id once, no gap."""
    for index, pair in enumerate(pairs):
        here = Problems(pair.english.path, folder.found)
        for earlier in pairs[:index]:
            if earlier.id == pair.id:
                here.add(0, "lesson-twice", id=pair.id, other=earlier.english.path.name)
        if index == 0:
            continue
        before = pairs[index - 1]
        if pair.number == before.number:
            here.add(0, "number-twice", number=pair.number, other=before.english.path.name)
        elif pair.number != before.number + 1:
            here.add(0, "number-gap", number=pair.number, before=before.number)
