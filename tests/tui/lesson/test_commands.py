"""The commands of the laid-out lesson."""

from __future__ import annotations

import pytest

from tests.tui.fakes import make_course
from tui.lesson.commands import places, pointed_at, suggested
from tui.lesson.document import Commands, Reading, Section, document
from tui.lesson.layout import command_action, lay_out
from tui.lines import Line
from tui.wrap import width_of

COURSE = make_course()
LONG = "sudo ip link add dev veth_dustin type veth peer name veth_ns_dustin"


def page(width: int = 60, *fences: Commands) -> list[Line]:
    if fences:
        return lay_out([Section(fences)], width)
    lesson = COURSE.lessons[0]
    return lay_out(document(lesson, Reading(step=lesson.steps[0], language="en")), width)


def test_every_command_of_the_step_is_found_with_all_its_lines() -> None:
    first, second = places(page(50))
    assert (first.terminal, first.text) == ("T2", LONG)
    assert first.end - first.first == 2  # it is too long for one line
    assert (second.terminal, second.text) == ("T2", "ip link list")


@pytest.mark.parametrize("text", ["echo 'it''s' \"x\"", "printf '%s\\n' 网络 | tee a"])
def test_any_text_comes_through(text: str) -> None:
    (one,) = places(page(60, Commands("T1", (("command", text),))))
    assert one.text == text and one.action == command_action("T1", text)


def test_lines_that_go_on_belong_to_their_command() -> None:
    rows = (("command", "for n in 1 2"), ("continued", "do echo $n"), ("continued", "done"), ("output", "1"))
    (one,) = places(page(60, Commands("T3", rows)))
    assert one.text == "for n in 1 2\ndo echo $n\ndone"
    assert one.end - one.first == 3


def test_the_same_command_twice_is_two() -> None:
    rows = (("command", "ip a"), ("command", "ip a"))
    first, second = places(page(60, Commands("T1", rows)))
    assert [first.number, second.number] == [0, 1] and not first.is_same(second)
    other_page = places(page(30, Commands("T1", rows)))
    assert other_page[1].is_same(second)
    lines = page(60, Commands("T1", rows))
    assert places(pointed_at(lines, second)) == [first, second]


def test_what_docker_would_be_told_is_not_for_the_lab() -> None:
    assert places(page(60, Commands("docker", (("command", "docker ps"),)))) == []


def test_the_next_one_is_suggested() -> None:
    found = places(page())
    done: set[str] = set()

    def is_done(terminal: str, text: str) -> bool:
        return terminal == "T2" and text in done

    assert suggested(found, 0, is_done) == found[0]
    done.add(LONG)
    assert suggested(found, 0, is_done) == found[1]
    done.add("ip link list")
    assert suggested(found, 0, is_done) == found[0]
    assert suggested(found, 1000, is_done) is None


def test_pointing_changes_the_look_and_not_the_text() -> None:
    lines = page(50)
    place = places(lines)[0]
    marked = pointed_at(lines, place)
    assert [width_of(line.spans) for line in marked] == [width_of(line.spans) for line in lines]
    assert "▸ sudo ip link add" in marked[place.first].text
    for index in range(place.first, place.end):
        assert any("link" in span.look.split() for span in marked[index].spans)
    assert places(marked)[0] == place  # still found, though its prompt is an arrow
    assert [line for index, line in enumerate(marked) if not place.first <= index < place.end] == [
        line for index, line in enumerate(lines) if not place.first <= index < place.end
    ]
