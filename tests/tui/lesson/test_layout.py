"""The document as lines of a width."""

from __future__ import annotations

import pytest

from engine.course.model import LANGUAGES
from tests.tui.fakes import make_course
from tui.lesson.document import Commands, Panel, Reading, Section, document
from tui.lesson.layout import lay_out
from tui.lesson.markdown import parse
from tui.lines import LOOKS, Line
from tui.wrap import width_of

COURSE = make_course()


def laid_out(width: int, language: str = "en", step: int = 0, **reading: object) -> list[Line]:
    lesson = COURSE.lessons[0]
    return lay_out(document(lesson, Reading(step=lesson.steps[step], language=language, **reading)), width)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [36, 52, 78, 140])
def test_no_line_is_wider_than_the_pane(width: int, language: str) -> None:
    lines = laid_out(width, language, states={"veth/create-pair": "done"}, hints={"veth/create-pair": 2})
    assert max(width_of(line.spans) for line in lines) <= width


def test_every_look_has_a_colour() -> None:
    lines = laid_out(
        60, states={"veth/create-pair": "done"}, hints={"veth/create-pair": 2}, answers={"veth/create-pair?0": 0}
    )
    looks = {look for line in lines for span in line.spans for look in span.look.split()}
    assert looks <= set(LOOKS)


def test_a_command_that_is_too_long_goes_on_indented() -> None:
    lines = [
        line.text
        for line in lay_out([Section((Commands("T2", (("command", "ip link add dev veth_dustin type veth"),)),))], 30)
    ]
    assert lines[0].startswith("   T2  ┃ $ ip link add")
    assert lines[1].startswith("       ┃     ")


def test_answers_are_clicked_and_show_which_was_right() -> None:
    asked = [line for line in laid_out(60) if line.action]
    assert [line.action for line in asked] == [f"screen.answer('veth/create-pair?0', {index})" for index in (0, 1)]
    answered = laid_out(60, answers={"veth/create-pair?0": 0})
    assert not [line for line in answered if line.action]
    texts = [line.text for line in answered]
    assert any("✗  One" in text for text in texts) and any("✓  Two" in text for text in texts)


def test_the_heading_and_the_panels_can_be_scrolled_to() -> None:
    anchors = [line.anchor for line in laid_out(60, hints={"veth/create-pair": 1}) if line.anchor]
    assert anchors == ["veth/create-pair", "veth/create-pair?0", "veth/create-pair#hint0", "veth/create-pair#hint0/end"]


def test_docker_commands_are_marked_as_for_another_machine() -> None:
    panel = Panel("docker", "Docker", parse("```console docker\n$ docker ps\n```\n"), "docker")
    assert any(" docker  ┃ $ docker ps" in line.text for line in lay_out([Section((panel,))], 60))


def test_a_wide_table_is_wrapped() -> None:
    source = "| what | why |\n|---|---|\n| a word | " + "a long explanation " * 6 + "|\n"
    lines = lay_out([Section(tuple(parse(source)))], 40)
    assert max(width_of(line.spans) for line in lines) <= 40
    assert sum("explanation" in line.text for line in lines) > 2
