"""Guesses before commands: kept, judged when the command was run, and counted so that nobody is shamed."""

from __future__ import annotations

import pytest

from engine.course.model import Command, Course, Prediction, Step, Text
from engine.lab import CommandRun
from engine.session import events
from engine.session.predictions import Score, has_been_run, key, score
from engine.session.progress import Progress, ProgressStore
from tests.session.driving import at, run, until

ADD = Command(text="sudo ip link add dev veth0 type veth peer name veth1")
LOOK = Command(text="ip link list", look=True)
SERVER = Command(text="python3 -m http.server 8080", runs=True)
ASKED = Prediction(question=Text("How many?"), answers=(Text("One"), Text("Two")), right=1, before=1)
STEP = Step(
    id="veth/pair", number="1.1", title=Text(""), body=Text(""), commands=(ADD, LOOK), predictions=(ASKED, ASKED)
)


def ran(text: str, exit: int | None = 0) -> CommandRun:
    return CommandRun(id=1, terminal="T1", text=text, cwd=None, exit=exit)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("ip link list", True),
        ("ip  link   list", True),
        ("ip link show", True),
        ("sudo ip link", True),
        ("ip link add veth0 type veth peer veth1", False),
        ("sudo ip link add dev veth0 type veth peer name veth1", False),
        ("ls", False),
    ],
)
def test_the_outcome_is_known_when_that_command_or_the_like_of_it_was_run(text: str, told: bool) -> None:
    assert has_been_run(ASKED, STEP, [ran(text)]) is told


def test_the_outcome_is_not_known_while_it_runs_unless_it_goes_on_running() -> None:
    assert not has_been_run(ASKED, STEP, [ran("ip link list", None)])
    question = Prediction(question=Text(""), answers=(Text("a"), Text("b")), right=0, before=0)
    step = Step(id="a/b", number="1", title=Text(""), body=Text(""), commands=(SERVER,), predictions=(question,))
    assert has_been_run(question, step, [ran(SERVER.text, None)])


def test_what_was_not_answered_counts_for_nothing() -> None:
    progress = Progress(answers={key(STEP, 0): 1})
    assert score([STEP], progress) == Score(asked=2, answered=1, held=1)
    progress.answers[key(STEP, 1)] = 0
    assert score([STEP], progress) == Score(asked=2, answered=2, held=1)


@pytest.mark.lab
async def test_a_guess_can_be_changed_until_the_command_has_been_run_and_is_kept(
    course: Course, store: ProgressStore
) -> None:
    async with at(course, store, "veth/create-pair") as session:
        step = session.step
        prediction = step.predictions[0]
        wrong = (prediction.right + 1) % len(prediction.answers)
        heard: list[events.Event] = []
        session.subscribe(heard.append)
        assert session.predictions.answer(step, 0, prediction.right)
        assert session.predictions.answer(step, 0, wrong)
        for command in step.commands[: prediction.before]:
            await run(session, command.terminal, command.text)
        assert not session.predictions.is_over(step, 0)
        await run(session, "T2", step.commands[prediction.before].text)
        await until(session, lambda: session.predictions.is_over(step, 0))
        assert [event for event in heard if isinstance(event, events.PredictionJudged)] == [
            events.PredictionJudged(key(step, 0), False)
        ]
        assert not session.predictions.answer(step, 0, prediction.right), "it is too late for another guess"
    assert store.load(course).answers == {key(step, 0): wrong}
