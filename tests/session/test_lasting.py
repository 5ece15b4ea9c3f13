"""Which earlier checks must still hold."""

from __future__ import annotations

from engine.course.model import Check, Course, Lesson, Step, Text
from engine.session.lasting import lasting_checks


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
