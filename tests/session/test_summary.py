"""What a learner has done, as data, as Markdown and as a picture."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from engine.course.model import LANGUAGES, Course, Lesson, Prediction, Step, Text
from engine.messages import render
from engine.session.predictions import Score
from engine.session.progress import Progress
from engine.session.summary import as_markdown, as_svg, summarize
from engine.session.summary.data import duration

QUESTION = Prediction(question=Text("Q"), answers=(Text("a"), Text("b")), right=0, before=0)


def lesson(number: int, *ids: str, asks: bool = False) -> Lesson:
    steps = tuple(
        Step(
            id=f"l{number}/{name}",
            number=f"{number}.{index}",
            title=Text(f"Step {name}", f"步骤 {name}"),
            body=Text(""),
            predictions=(QUESTION,) if asks else (),
        )
        for index, name in enumerate(ids, 1)
    )
    return Lesson(
        id=f"l{number}",
        number=number,
        title=Text(f"Lesson {number} <b>", f"第{number}课"),
        intro=Text(""),
        recap=Text(f"You can do {number}.", f"你会 {number} 了。"),
        docker=Text(""),
        steps=steps,
    )


COURSE = Course(lessons=(lesson(1, "a", "b", asks=True), lesson(2, "c")))
HALF = Progress(
    states={"l1/a": "done", "l1/b": "skipped"},
    seconds=4000.0,
    step_seconds={"l1/a": 100.0, "l1/b": 50.0, "gone/x": 9.0},
    passed_on={"l1/a": "2026-01-02", "l1/b": "2026-01-03"},
    hints={"l1/a": 2},
    answers={"l1/a?0": 0, "l1/b?0": 1},
)
WHOLE = Progress(
    states={**HALF.states, "l2/c": "done"}, seconds=5000.0, passed_on={**HALF.passed_on, "l2/c": "2026-02-01"}
)


def test_the_figures_are_counted_by_lesson_and_altogether() -> None:
    summary = summarize(COURSE, HALF)
    first, second = summary.lessons
    assert (first.done, first.skipped, first.hints, first.seconds) == (1, 1, 2, 150.0)
    assert first.finished and first.finished_on == "2026-01-03"
    assert first.predictions == Score(asked=2, answered=2, held=1)
    assert not second.finished and second.finished_on is None
    assert (summary.percent, summary.steps, summary.done, summary.skipped) == (67, 3, 1, 1)
    assert summary.skipped_steps == ("1.2",)
    assert (summary.next_step, summary.next_title) == ("2.1", Text("Step c", "步骤 c"))
    assert not summary.finished and summary.finished_on is None


def test_a_finished_course_has_its_day_and_nothing_ahead() -> None:
    summary = summarize(COURSE, WHOLE)
    assert summary.finished and summary.finished_on == "2026-02-01" and summary.next_step is None


def test_progress_of_an_older_version_has_a_summary_as_well() -> None:
    summary = summarize(COURSE, Progress(states={"l1/a": "done", "l1/b": "done", "l2/c": "done"}, seconds=60.0))
    assert summary.finished and summary.finished_on is None
    for language in LANGUAGES:
        assert "None" not in as_markdown(summary, language) + as_svg(summary, language)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "under a minute"), (59.9, "under a minute"), (60, "1 min"), (3599, "59 min"), (7500, "2 h 5 min")],
)
def test_durations_are_for_people(seconds: float, words: str) -> None:
    assert render(duration(seconds), "en") == words


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_markdown_says_what_one_can_do_and_how_it_went(language: str) -> None:
    text = as_markdown(summarize(COURSE, HALF), language, name="A *B*")
    assert text.startswith("# ") and "**A \\*B\\***" in text
    assert COURSE.lessons[0].recap.in_language(language) in text
    assert COURSE.lessons[1].recap.in_language(language) not in text, "what is not done is not claimed"
    assert "67%" in text and "2.1" in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("progress", [Progress(), HALF, WHOLE], ids=["nothing", "half", "whole"])
def test_the_picture_is_svg_that_fits_and_knows_light_and_dark(progress: Progress, language: str) -> None:
    svg = as_svg(summarize(COURSE, progress), language, name='<"Zoë & 张伟">')
    root = ElementTree.fromstring(svg)
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    for one in root.iter("{http://www.w3.org/2000/svg}text"):
        assert 0 < float(one.attrib["x"]) < width and 0 < float(one.attrib["y"]) < height
    words = [one.text for one in root.iter("{http://www.w3.org/2000/svg}text")]
    assert '<"Zoë & 张伟">' in words
    assert all(lesson.title.in_language(language) in words for lesson in COURSE.lessons)
    assert "prefers-color-scheme:dark" in svg
    used = set(" ".join(re.findall(r'class="([^"]+)"', svg)).split())
    assert all(f".{name}{{" in svg for name in used), "every class has its rule"
    assert svg == as_svg(summarize(COURSE, progress), language, name='<"Zoë & 张伟">')


def test_words_that_are_too_long_are_squeezed_not_cut() -> None:
    svg = as_svg(summarize(COURSE, HALF), "en", name="W" * 200)
    assert 'textLength="784"' in svg and "W" * 200 in svg
