"""Which text is shown, with its questions, hints and explanation."""

from __future__ import annotations

from typing import Any

from tests.tui.fakes import make_course
from tui.lesson.document import Commands, Heading, Panel, Question, Reading, Title, Upcoming, document

COURSE = make_course()
VETH = COURSE.lessons[0]
LABELS = {"hint": "Hint", "explanation": "What happened", "recap": "Recap", "docker": "Docker"}


def items(step: int = 0, **reading: Any) -> list[object]:
    sections = document(
        VETH, Reading(step=VETH.steps[step], language=reading.pop("language", "en"), labels=LABELS, **reading)
    )
    return [item for section in sections for item in section.items]


def of(kind: type, found: list[object]) -> list[Any]:
    return [item for item in found if isinstance(item, kind)]


def test_the_lesson_up_to_the_current_step_and_titles_of_what_comes() -> None:
    found = items()
    assert of(Title, found)[0].text == "Create a veth pair"
    assert [heading.number for heading in of(Heading, found)] == ["4.1"]
    assert [one.number for one in of(Upcoming, found)] == ["4.2"]


def test_earlier_steps_stay_to_be_read() -> None:
    found = items(1, states={"veth/create-pair": "done"})
    headings = of(Heading, found)
    assert [(one.number, one.state, one.current) for one in headings] == [("4.1", "done", False), ("4.2", "todo", True)]
    assert len(of(Commands, found)) == 3


def test_only_the_current_step_has_the_bar() -> None:
    sections = document(VETH, Reading(step=VETH.steps[1], language="en"))
    assert [section.current for section in sections] == [False, False, True]


def test_the_question_stands_before_the_command_that_answers_it() -> None:
    kinds = [type(item) for item in items() if isinstance(item, (Commands, Question))]
    assert kinds == [Commands, Question, Commands]


def test_commands_and_output_are_told_apart() -> None:
    look = of(Commands, items())[1]
    assert look.terminal == "T2"
    assert [kind for kind, _ in look.rows] == ["command", "output", "output"]


def test_hints_as_many_as_were_asked_for() -> None:
    assert not of(Panel, items())
    assert [panel.label for panel in of(Panel, items(hints={"veth/create-pair": 2}))] == ["Hint 1/2", "Hint 2/2"]


def test_the_explanation_comes_when_the_step_is_done_or_skipped() -> None:
    for state in ("done", "skipped"):
        assert [panel.kind for panel in of(Panel, items(states={"veth/create-pair": state}))] == ["explanation"]


def test_recap_and_docker_end_the_lesson() -> None:
    found = items(1, states={"veth/create-pair": "done", "veth/move-end": "done"})
    assert [panel.kind for panel in of(Panel, found)] == ["explanation", "recap", "docker"]


def test_an_earlier_lesson_is_shown_whole() -> None:
    reading = Reading(step=COURSE.lessons[1].steps[0], language="en", labels=LABELS)
    found = [item for section in document(VETH, reading) for item in section.items]
    assert [(one.number, one.current) for one in of(Heading, found)] == [("4.1", False), ("4.2", False)]
    assert [panel.kind for panel in of(Panel, found)] == ["recap", "docker"]


def test_chinese() -> None:
    assert of(Heading, items(language="zh"))[0].text == "一次创建两端"


def test_the_solution_that_was_asked_for_comes_with_its_reasons() -> None:
    assert not of(Panel, items(solutions={}))
    (panel,) = of(Panel, items(solutions={"veth/create-pair": 1}))
    assert panel.kind == "solution" and panel.anchor == "veth/create-pair#solution"
    words = str(panel.blocks)
    assert "peer name veth_ns_dustin" in words and "the other end of the cable" in words
    (panel,) = of(Panel, items(solutions={"veth/create-pair": 2}, language="zh"))
    assert "列出当前网络命名空间的所有设备和状态" in str(panel.blocks)


def test_a_solution_of_a_course_that_has_changed_since_is_no_mistake() -> None:
    assert not of(Panel, items(solutions={"veth/create-pair": 7}))
