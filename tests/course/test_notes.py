"""Speaker notes in lessons: read in both languages, hidden from learners, and their mistakes told."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.course import CourseError, lint, load_course
from tests.course.writing import CHINESE, LESSON, write

MARKER = "<!-- step: create -->\n"
NOTES = f"{MARKER}\n<!-- notes\nHold up a **cable**.\n-->\n"
NOTES_ZH = f"{MARKER}\n<!-- notes\n拿起一根**网线**。\n-->\n"


def test_notes_are_markdown_of_both_languages_and_no_part_of_the_text(tmp_path: Path) -> None:
    write(tmp_path, n01_a=LESSON.replace(MARKER, NOTES), n01_a_zh=CHINESE.replace(MARKER, NOTES_ZH))
    step = load_course(tmp_path).steps[0]
    assert (step.notes.en, step.notes.zh) == ("Hold up a **cable**.", "拿起一根**网线**。")
    assert "Hold up" not in step.body.en and "拿起" not in (step.body.zh or "")
    assert lint(tmp_path) == ()


def test_a_step_needs_none(tmp_path: Path) -> None:
    write(tmp_path, n01_a=LESSON, n01_a_zh=CHINESE)
    assert load_course(tmp_path).steps[0].notes.en == ""
    assert lint(tmp_path) == ()


@pytest.mark.parametrize("text", ["<!-- notes\n\n-->\n", "<!-- notes: -->\n"])
def test_empty_ones_and_second_ones_are_problems(tmp_path: Path, text: str) -> None:
    write(tmp_path, n01_a=LESSON.replace(MARKER, f"{MARKER}\n{text}\n<!-- notes: twice -->\n"))
    with pytest.raises(CourseError) as error:
        load_course(tmp_path)
    assert {(problem.name, problem.line) for problem in error.value.problems} == {
        ("empty-notes", 13),
        ("comment-twice", 14 + text.count("\n")),
    }


def test_notes_in_one_language_only(tmp_path: Path) -> None:
    write(tmp_path, n01_a=LESSON.replace(MARKER, NOTES), n01_a_zh=CHINESE)
    assert [problem.name for problem in lint(tmp_path)] == ["untranslated"]
    write(tmp_path, n01_a=LESSON, n01_a_zh=CHINESE.replace(MARKER, NOTES_ZH))
    assert [problem.name for problem in lint(tmp_path)] == ["notes-only-translated"]


def test_every_step_of_the_course_has_notes() -> None:
    for step in load_course().steps:
        assert step.notes.en and step.notes.zh, step.id
