"""The document as lines of a width."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace

from engine.assets import assets_directory
from engine.course.model import LANGUAGES
from tests.tui.fakes import make_course
from tui.lesson.document import Commands, Panel, Reading, Section, document
from tui.lesson.layout import lay_out
from tui.lesson.markdown import parse
from tui.lines import Line
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
    sheet = (assets_directory() / "styles" / "nsteps.tcss").read_text(encoding="utf-8")
    assert looks - {"bar"} <= set(re.findall(r"\.look--([\w-]+)", sheet))


def test_a_command_that_is_too_long_goes_on_indented() -> None:
    lines = [
        line.text
        for line in lay_out([Section((Commands("T2", (("command", "ip link add dev veth_dustin type veth"),)),))], 30)
    ]
    assert lines[0].startswith("   T2  ┃ $ ip link add")
    assert lines[1].startswith("       ┃     ")


def test_answers_are_clicked_and_show_which_was_right() -> None:
    asked = [line for line in laid_out(60) if (line.action or "").startswith("screen.answer")]
    assert [line.action for line in asked] == [f"screen.answer('veth/create-pair?0', {index})" for index in (0, 1)]
    answered = laid_out(60, answers={"veth/create-pair?0": 0})
    assert not [line for line in answered if (line.action or "").startswith("screen.answer")]
    texts = [line.text for line in answered]
    assert any("✗  One" in text for text in texts) and any("✓  Two" in text for text in texts)


def test_the_heading_and_the_panels_can_be_scrolled_to() -> None:
    anchors = [line.anchor for line in laid_out(60, hints={"veth/create-pair": 1}) if line.anchor]
    assert anchors == ["veth/create-pair", "veth/create-pair?0", "veth/create-pair#hint0", "veth/create-pair#hint0/end"]


def test_docker_commands_are_marked_as_for_another_machine() -> None:
    panel = Panel("docker", "Docker", parse("```console docker\n$ docker ps\n```\n"), "docker")
    assert any(" docker  ┃ $ docker ps" in line.text for line in lay_out([Section((panel,))], 60))


def test_titles_of_what_comes_stand_close() -> None:
    lesson = COURSE.lessons[0]
    steps = (*lesson.steps, replace(lesson.steps[1], id="veth/third", number="4.3"))
    lines = lay_out(document(replace(lesson, steps=steps), Reading(step=steps[0], language="en")), 60)
    found = [index for index, line in enumerate(lines) if line.text.strip().startswith("· 4.")]
    assert found[1] == found[0] + 1


def test_what_follows_a_list_stands_apart() -> None:
    lines = [line.text.strip() for line in lay_out([Section(tuple(parse("- a\n- b\n\nwords\n")))], 40)]
    assert lines[:4] == ["• a", "• b", "", "words"]


def test_a_wide_table_is_wrapped() -> None:
    source = "| what | why |\n|---|---|\n| a word | " + "a long explanation " * 6 + "|\n"
    lines = lay_out([Section(tuple(parse(source)))], 40)
    assert max(width_of(line.spans) for line in lines) <= 40
    assert sum("explanation" in line.text for line in lines) > 2


def test_a_guess_stays_open_until_the_command_has_been_run() -> None:
    labels = {"guess-yours": "Now run it.", "guess-held": "It held.", "guess-missed": "Another way."}
    key = "veth/create-pair?0"

    def asked(answer: int | None, *over: str) -> list[Line]:
        return laid_out(60, answers={} if answer is None else {key: answer}, over=frozenset(over), labels=labels)

    def texts(lines: list[Line]) -> str:
        return "\n".join(line.text for line in lines)

    guessed = asked(0)
    assert "▸  One" in texts(guessed) and "Now run it." in texts(guessed)
    assert len([line for line in guessed if (line.action or "").startswith("screen.answer")]) == 2, (
        "another guess may take its place"
    )
    missed = asked(0, key)
    assert "✗  One" in texts(missed) and "✓  Two" in texts(missed) and "Another way." in texts(missed)
    assert not [line for line in missed if (line.action or "").startswith("screen.answer")]
    assert "✓  Two" in texts(asked(1, key)) and "It held." in texts(asked(1, key))
    skipped = asked(None, key)
    assert "✓  Two" in texts(skipped) and "✗" not in texts(skipped)
    assert not any(word in texts(skipped) for word in labels.values()), "who did not guess is not judged"
