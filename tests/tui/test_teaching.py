"""A learner who takes things back, plays, guesses and comes to the end of a lesson: the real screen, lab and keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.course import load_course
from engine.session.journal import stable
from engine.session.progress import ProgressStore
from tests.tui.learner import ENTER, INTERRUPT, NEXT, SOLUTION, TERMINAL, Learner, learning
from tui.screens.finish import FinishScreen

pytestmark = pytest.mark.lab

FREE_PLAY, HISTORY, UNDO = "\x1b[18;2~", "\x1b[19;2~", "\x1b[20;2~"
TO_LESSON = "\x1d"


def state(learner: Learner) -> str:
    snapshot = learner.session.snapshot
    assert snapshot is not None
    return str(stable(snapshot))


async def test_a_slip_is_taken_back_with_its_terminals_and_servers(tmp_path: Path) -> None:
    async with learning(tmp_path, at="4.2") as learner:
        before = state(learner)
        await learner.go_to_terminal("T2")
        await learner.type("sudo ip link delete dev veth_dustin\r")
        await learner.it.sees("Shift-F9 takes the change back")
        shell = learner.shell("T2")
        await learner.type(UNDO)
        await learner.it.sees("Taken back: sudo ip link delete")
        await learner.idle()
        await learner.until(lambda: state(learner) == before, "the lab as it was")
        assert learner.shell("T2") is not shell and learner.shell("T2").at_prompt
        assert learner.it.view.has_focus
        await learner.type("echo back again\r")
        await learner.it.sees("back again")
        await learner.do_step()


async def test_a_server_that_was_stopped_by_mistake_runs_again(tmp_path: Path) -> None:
    async with learning(tmp_path, at="2.1") as learner:
        await learner.go_to_terminal("T1")
        await learner.type(INTERRUPT)
        await learner.until(lambda: learner.session.history.points[-1].ends, "the end of the server")
        await learner.type(UNDO)
        await learner.it.sees("Runs again: python3 -m http.server 8080")
        await learner.idle()
        await learner.it.sees("Serving HTTP on")
        assert learner.shell("T1").running is not None


async def test_the_list_leads_back_to_any_point_and_forward_again(tmp_path: Path) -> None:
    async with learning(tmp_path, at="5.1") as learner:
        await learner.go_to_terminal("T2")
        position = learner.session.history.position
        for number in (1, 2):
            await learner.type(f"sudo ip address add 10.9.9.{number}/32 dev lo\r")
            await learner.until(lambda n=number: learner.session.history.position == position + n, "the change")
        after = state(learner)
        await learner.type(HISTORY)
        await learner.it.sees("What has changed the lab")
        await learner.type("\x1b[A\x1b[A" + ENTER)
        await learner.until(lambda: learner.session.history.position == position, "the point")
        await learner.idle()
        assert "10.9.9" not in state(learner)
        await learner.type(HISTORY)
        await learner.it.sees("↷ T2")
        await learner.type("\x1b[B\x1b[B" + ENTER)
        await learner.until(lambda: state(learner) == after, "the lab as it was before")


async def test_free_play_leaves_no_trace(tmp_path: Path) -> None:
    async with learning(tmp_path, "zh", at="4.1") as learner:
        await learner.perform(learner.step.commands[0])
        await learner.until(lambda: learner.session.history.position > 4, "the change")
        before = state(learner)
        await learner.type(FREE_PLAY)
        await learner.it.sees("◇ 自由练习")
        await learner.go_to_terminal("T2")
        await learner.type("sudo ip netns delete netns_dustin; sudo ip link delete dev veth_dustin\r")
        await learner.until(lambda: "veth_dustin" not in state(learner), "the wreck")
        await learner.it.sees_no("前面的某一步不再成立")
        await learner.type(FREE_PLAY)
        await learner.it.sees("已回到课文")
        await learner.idle()
        await learner.until(lambda: state(learner) == before, "the lab as it was left")
        await learner.do_step()


async def test_a_guess_is_kept_and_judged_when_the_command_was_run(tmp_path: Path) -> None:
    async with learning(tmp_path, at="4.1") as learner:
        prediction = learner.step.predictions[0]
        await learner.type(TO_LESSON)
        await learner.type(str(prediction.right + 1))
        await learner.it.sees("Your guess. Now run it.")
        await learner.type(TERMINAL)
        await learner.do_step()
        await learner.until(lambda: learner.session.predictions.score.held == 1, "the guess that held")
        step = learner.step
    assert ProgressStore(tmp_path).load(load_course()).answers == {f"{step.id}?0": prediction.right}
    async with learning(tmp_path) as learner:
        await learner.type(TO_LESSON)
        await learner.it.sees("Your guess held.")


async def test_the_command_comes_with_its_reasons(tmp_path: Path) -> None:
    async with learning(tmp_path, at="4.1", size=(160, 50)) as learner:
        await learner.type(SOLUTION)
        await learner.it.sees("The command, part by part")
        await learner.it.sees("the other end of the cable")


async def test_the_end_of_a_lesson_is_an_event(tmp_path: Path) -> None:
    async with learning(tmp_path, at="3.3") as learner:
        await learner.do_step()
        await learner.type(NEXT)
        await learner.it.sees("Lesson 3 is done: Bring up loopback")
        await learner.it.sees("Next: lesson 4")
        await learner.type(ENTER)
        await learner.until(lambda: learner.step.number == "4.1", "lesson 4")
        assert not isinstance(learner.it.app.screen, FinishScreen)
        await learner.until(lambda: not learner.session.busy, "the lesson")
    progress = ProgressStore(tmp_path).load(load_course())
    assert progress.step_seconds["loopback/" + load_course().step("3.3").id.split("/")[1]] > 0
    assert len(progress.passed_on) == 1
