"""Lesson 1 without typing a command: each is taken from the lesson, by keys and by clicks, in a real lab."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.learner import ENTER, INTERRUPT, Learner, learning

pytestmark = pytest.mark.lab

CHORD, SPLIT = "\x1d", "\x1b[1;2S"
SERVER = "python3 -m http.server 8080"


async def to_the_lesson(learner: Learner) -> None:
    await learner.type(CHORD)
    await learner.until(lambda: learner.it.main.focused is learner.it.main.lesson, "the lesson")


def shown(learner: Learner) -> str:
    """What stands in T1."""
    emulator = learner.it.main.deck._views["T1"].emulator
    assert emulator is not None
    return emulator.text_between((0, 0), (emulator.columns - 1, emulator.position()[1] - 1)).rstrip()


async def choose_the_server(learner: Learner) -> None:
    """Shift-Tab, back to the command of the step before."""
    await to_the_lesson(learner)
    await learner.type("\x1b[Z")
    chosen = learner.it.main.lesson.chosen
    assert chosen is not None and chosen.text == SERVER


async def test_server_and_client_from_the_lesson(tmp_path: Path) -> None:
    async with learning(tmp_path, size=(140, 50)) as learner:
        it, session = learner.it, learner.session
        await learner.until(lambda: learner.shell("T1").at_prompt, "a prompt")
        await to_the_lesson(learner)
        await it.sees(f"▸ {SERVER}")
        await learner.type(ENTER)
        await it.sees(f"$ {SERVER}")
        await learner.until(lambda: it.view.has_focus, "the terminal")
        assert learner.shell("T1").at_prompt  # it was not run
        await learner.type(ENTER)
        await learner.until(lambda: session.step_state(learner.step) == "done", "the running server")

        await learner.next()
        await learner.until(lambda: "T2" in session.terminals and learner.shell("T2").at_prompt, "a second terminal")
        await learner.type(SPLIT)
        await learner.until(lambda: it.main.deck.shown == ["T1", "T2"], "both")
        await to_the_lesson(learner)
        await it.sees("▸ curl localhost:8080")
        await learner.type(ENTER + ENTER)  # twice at once: it runs
        await learner.until(lambda: session.step_state(learner.step) == "done", "the visit")
        await it.sees("GET / HTTP/1.1")  # in the terminal beside it

        await choose_the_server(learner)
        await learner.type(ENTER)
        await it.sees("T1 is busy")
        await learner.type("\x1b[C" + ENTER)  # stop it
        await learner.until(lambda: learner.shell("T1").at_prompt, "the prompt after Ctrl-C")
        exiting = "Keyboard interrupt received, exiting."
        await learner.until(lambda: f"$ {SERVER}" in shown(learner).partition(exiting)[2], "the command at the prompt")

        await learner.type(INTERRUPT)
        await learner.until(lambda: shown(learner).endswith("$") and learner.shell("T1").at_prompt, "an empty prompt")
        await learner.type("sleep 100\r")
        await learner.until(lambda: learner.shell("T1").running is not None, "a command that runs")
        await choose_the_server(learner)
        await learner.type(ENTER)
        await it.sees("sleep 100")
        await it.sees("Use T2")
        await learner.type(ENTER)
        await learner.until(lambda: it.main.deck.front == "T2" and it.view.has_focus, "the other terminal")
        assert learner.shell("T1").running is not None and learner.shell("T2").at_prompt
