"""A step as beats: everything of it is there, in the order of the lesson, in both languages."""

from __future__ import annotations

import pytest

from engine.course import load_course
from engine.course.model import Command, Course, Lesson, Prediction, Step, Text
from engine.session.autopilot.script import Advance, Ask, Explain, Perform, Read, Reveal, Verify, script

COURSE = load_course()


@pytest.mark.parametrize("step", COURSE.steps, ids=lambda step: step.id)
def test_every_step_of_the_course(step: Step) -> None:
    beats = script(COURSE, step)
    assert [beat.command for beat in beats if isinstance(beat, Perform)] == list(step.commands)
    assert [beat.prediction for beat in beats if isinstance(beat, Ask)] == list(step.predictions)
    assert sum(isinstance(beat, Verify) for beat in beats) == 1
    assert isinstance(beats[-1], Advance)
    for index, beat in enumerate(beats):
        if isinstance(beat, Ask):
            assert isinstance(beats[index + 1], Reveal)
            following = next(one for one in beats[index:] if isinstance(one, Perform))
            assert following.index == beat.prediction.before
        if isinstance(beat, Read | Explain):
            assert beat.text.zh and beat.text.zh != beat.text.en
    lesson = COURSE.lesson_of(step)
    texts = [beat.text for beat in beats if isinstance(beat, Read | Explain)]
    assert (lesson.intro in texts) == (step is lesson.steps[0])
    assert (lesson.recap in texts) == (step is lesson.steps[-1])


def make(body: Text, *, commands: tuple[str, ...], unguided: bool = False, before: int | None = None) -> Course:
    """A course of one step."""
    predictions = (
        ()
        if before is None
        else (Prediction(question=Text("What?"), answers=(Text("a"), Text("b")), right=0, before=before),)
    )
    step = Step(
        id="one/step",
        number="1.1",
        title=Text("Step"),
        body=body,
        commands=tuple(Command(text=text) for text in commands),
        unguided=unguided,
        predictions=predictions,
    )
    empty = Text("")
    lesson = Lesson(id="one", number=1, title=Text("One"), intro=empty, recap=empty, docker=empty, steps=(step,))
    return Course(lessons=(lesson,))


def test_words_stand_before_the_commands_that_follow_them() -> None:
    fences = ("```console T1\n$ a\n$ b\n```", "```console docker\n$ docker ps\n```", "```console T1\n$ c\n```")
    body = "\n\n".join(["First.", fences[0], "Then.", fences[1], fences[2], "Last."])
    course = make(Text(body), commands=("a", "b", "c"), before=1)
    beats = script(course, course.steps[0])
    kinds = [type(beat).__name__ for beat in beats]
    assert kinds == ["Read", "Perform", "Ask", "Reveal", "Perform", "Read", "Perform", "Read", "Verify", "Advance"]
    texts = [beat.text.en for beat in beats if isinstance(beat, Read)]
    assert texts[0] == "First." and texts[1].startswith("Then.") and "docker ps" in texts[1] and texts[2] == "Last."


def test_a_task_without_shown_commands_is_read_whole_and_then_solved() -> None:
    course = make(Text("Do it yourself."), commands=("a", "b"), unguided=True)
    kinds = [type(beat).__name__ for beat in script(course, course.steps[0])]
    assert kinds == ["Read", "Perform", "Perform", "Verify", "Advance"]


def test_a_translation_of_another_shape_falls_back_to_the_original() -> None:
    body = Text("First.\n\n```console T1\n$ a\n```", "只有文字。")
    course = make(body, commands=("a",))
    first = script(course, course.steps[0])[0]
    assert isinstance(first, Read) and first.text == Text("First.")
