"""Which earlier checks must still hold."""

from __future__ import annotations

from engine.course.model import Check, Course, Lesson, Step, Text
from engine.session.lasting import lasting_checks, noticed_checks


def step(name: str, *checks: Check) -> Step:
    return Step(id=f"a/{name}", number="1.1", title=Text(""), body=Text(""), checks=checks)


def test_state_holds_until_the_step_that_ends_it_and_only_where_it_was_reached() -> None:
    kept = Check(id="kept", kind="namespace", fields={"name": "x"})
    moved = Check(id="moved", kind="link", fields={"name": "y"}, until="a/two")
    seen = Check(id="seen", kind="ran", fields={})
    asked = Check(id="asked", kind="ping", fields={"to": "10.0.0.1"})
    steps = (step("one", kept, moved, seen, asked), step("two"), step("three"))
    lesson = Lesson(id="a", number=1, title=Text(""), intro=Text(""), recap=Text(""), docker=Text(""), steps=steps)
    course = Course(lessons=(lesson,))
    assert lasting_checks(course, steps[0], lambda _: True) == ()
    assert lasting_checks(course, steps[1], lambda _: True) == (kept,)
    assert lasting_checks(course, steps[2], lambda _: False) == ()

    later = Check(id="moved", kind="link", fields={"name": "y"}, until="a/three")
    steps = (step("one", later), step("two"), step("three"))
    course = Course(
        lessons=(
            Lesson(id="a", number=1, title=Text(""), intro=Text(""), recap=Text(""), docker=Text(""), steps=steps),
        )
    )
    assert lasting_checks(course, steps[1], lambda _: True) == (later,)
    assert lasting_checks(course, steps[2], lambda _: True) == ()


def test_what_the_lesson_at_hand_ends_may_go_a_step_early() -> None:
    soon = Check(id="soon", kind="link", fields={"name": "y"}, until="b/three")
    later = Check(id="later", kind="link", fields={"name": "z"}, until="c/four")
    first, second = step("one", soon, later), step("two")
    third = Step(id="b/three", number="2.1", title=Text(""), body=Text(""))
    fourth = Step(id="c/four", number="3.1", title=Text(""), body=Text(""))
    lessons = tuple(
        Lesson(id=name, number=1, title=Text(""), intro=Text(""), recap=Text(""), docker=Text(""), steps=steps)
        for name, steps in (("a", (first,)), ("b", (second, third)), ("c", (fourth,)))
    )
    course = Course(lessons=lessons)
    assert lasting_checks(course, second, lambda _: True) == (soon, later)
    assert noticed_checks(course, second, lambda _: True) == (later,)
