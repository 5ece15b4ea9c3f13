"""The end of a lesson and of the course, free play, and guesses, with a session that has no lab."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.lab import CommandRun
from engine.session import events
from tests.tui.fakes import FakeSession
from tests.tui.running import Running, running
from tui.screens.finish import FinishScreen


def at_the_end_of_a_lesson(language: str = "en") -> FakeSession:
    session = FakeSession(language)
    create, move, _ = session.course.steps
    session.progress.states = {create.id: "skipped", move.id: "done"}
    session.progress.step_seconds = {create.id: 70.0, move.id: 200.0}
    session.progress.answers = {f"{create.id}?0": 1}
    session.step = move
    return session


def is_open(it: Running) -> bool:
    return isinstance(it.app.screen, FinishScreen)


def names_in(directory: Path) -> list[str]:
    return [path.name for path in directory.iterdir()]


async def test_a_lesson_ends_with_what_one_can_do_now_and_what_comes_next() -> None:
    async with running(session=at_the_end_of_a_lesson()) as it:
        await it.press("f5")
        for text in (
            "Lesson 4 is done: Create a veth pair",
            "1 of 2 done, 1 skipped",
            "4 min",
            "1 of 1 held",
            "You can join two namespaces.",
            "Next: lesson 5, Give the pair IP addresses",
        ):
            await it.sees(text)
        assert "next" not in it.session.calls
        await it.press("enter")
        await it.until(lambda: "next" in it.session.calls and not is_open(it))


async def test_who_stays_is_not_shown_it_again() -> None:
    async with running("zh", session=at_the_end_of_a_lesson("zh")) as it:
        await it.press("f5")
        await it.sees("第 4 课完成：创建 veth 对")
        await it.press("escape")
        await it.until(lambda: not is_open(it))
        assert "next" not in it.session.calls
        await it.sees("docker network inspect bridge")
        assert it.main.focused is it.main.lesson
        await it.press("f5")
        await it.until(lambda: "next" in it.session.calls)


async def test_letters_that_are_typed_ahead_do_nothing_at_the_end_of_a_lesson(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with running(session=at_the_end_of_a_lesson()) as it:
        await it.press("f5")
        await it.sees("Lesson 4 is done")
        await it.press(*"nsmqe")
        await it.pilot.pause()
        assert is_open(it) and names_in(tmp_path) == []


async def test_inside_a_lesson_next_goes_straight_on() -> None:
    async with running() as it:
        it.session.progress.states[it.session.step.id] = "done"
        await it.press("f5")
        await it.until(lambda: "next" in it.session.calls)
        assert not is_open(it)


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
async def test_the_end_of_the_course_can_be_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    monkeypatch.chdir(tmp_path)
    session = at_the_end_of_a_lesson()
    session.step = session.course.steps[-1]
    session.progress.states[session.step.id] = "done"
    async with running(session=session, size=size) as it:
        await it.press("f5")
        await it.sees("You have built a container network, by hand")
        await it.sees("Esc closes")
        await it.press("m")
        await it.sees("Written: ")
        assert (tmp_path / "nsteps-summary.md").read_text(encoding="utf-8").startswith("# Container networking")
        await it.press("s")
        await it.until((tmp_path / "nsteps-summary.svg").exists)
        await it.press("enter")
        await it.until(lambda: not is_open(it))
        assert "next" not in it.session.calls


async def test_where_nothing_can_be_written_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "nsteps-summary.md").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    async with running() as it:
        await it.press("ctrl+right_square_bracket", "e")
        await it.sees("What you have done so far")
        await it.press("m")
        await it.sees("cannot be written")


async def test_free_play_silences_the_lesson_until_it_is_wanted_again() -> None:
    async with running() as it:
        await it.press("shift+f7")
        await it.sees("◇ Free play")
        await it.sees("Shift-F7  back to 4.1 Create both ends at once")
        for key in ("f2", "f3", "f5", "f7"):
            await it.press(key)
            await it.sees("The lesson waits.")
        assert not {"solution", "next", "skip"} & set(it.session.calls)
        await it.press("shift+f7")
        await it.sees("Back in the lesson")
        await it.sees("Checks 0/2")
        assert it.session.calls[-2].startswith("move") or "move 0 veth/create-pair" in it.session.calls


async def test_a_guess_is_judged_when_the_command_has_been_run() -> None:
    async with running() as it:
        await it.press("ctrl+right_square_bracket", "1")
        await it.sees("▸  One")
        await it.sees("Your guess. Now run it.")
        await it.press("2")
        await it.sees("▸  Two, both on the host")
        run = CommandRun(id=1, terminal="T2", text="ip link list", cwd=None, exit=0)
        it.session.commands = (run,)
        it.session.emit(events.CommandFinished(run))
        it.session.predictions.look()
        await it.sees("✓  Two, both on the host")
        await it.sees("Your guess held.")
        await it.press("1")
        assert it.session.progress.answers == {"veth/create-pair?0": 1}


async def test_a_question_without_an_answer_is_no_hurdle_and_ends_with_the_truth() -> None:
    async with running() as it:
        it.session.pass_step()
        await it.sees("✓  Two, both on the host")
        assert it.session.predictions.score.answered == 0
        assert "✗" not in it.text()


async def test_after_the_first_change_the_key_that_takes_it_back_is_named_once() -> None:
    async with running() as it:
        it.session.emit(events.JournalGrew())
        await it.sees("Shift-F9 takes the change back")
        it.main.note("-")
        it.session.emit(events.JournalGrew())
        await it.pilot.pause()
        assert "Shift-F9 takes" not in it.text()


async def test_the_solution_says_what_each_part_is_for() -> None:
    async with running(size=(120, 50)) as it:
        it.session.progress.solutions = {it.session.step.id: 1}
        await it.press("f3")
        await it.sees("The command, part by part")
        await it.sees("peer name veth_ns_dustin")
        await it.sees("the other end of")
