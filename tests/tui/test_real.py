"""The screen with a real lab: leaving and coming back, skipping, jumping, resetting, and what learners do wrong."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from engine.course import load_course
from engine.session.progress import ProgressStore
from tests.tui.learner import HINT, LANGUAGE, NEXT, QUIT, RESET, SKIP, SOLUTION, STEPS, TERMINAL, Learner, learning

pytestmark = pytest.mark.lab


def state(learner: Learner) -> str:
    """What the lab's network is, apart from what differs from lab to lab."""
    from engine.session.journal import stable

    snapshot = learner.session.snapshot
    assert snapshot is not None
    return str(stable(snapshot))


async def test_resume_after_quit_at_a_random_step(tmp_path: Path) -> None:
    course = load_course()
    step = random.Random().choice([one for lesson in course.lessons[3:9] for one in lesson.steps[1:]])
    async with learning(tmp_path, at=step.id) as learner:
        await learner.do_step()
        before = state(learner)
        await learner.type(QUIT)
        await learner.until(lambda: learner.session.lab is None, "the end of the lab")
    progress = ProgressStore(tmp_path).load(course)
    assert progress.step == step.id and progress.state(step.id) == "done"
    async with learning(tmp_path) as learner:
        assert learner.step.id == step.id
        await learner.it.sees(step.number)
        await learner.until(lambda: state(learner) == before, "the lab as it was left")
        assert not learner.session.undone


async def test_skip_marks_the_step_as_skipped_and_does_it(tmp_path: Path) -> None:
    async with learning(tmp_path, at="4.1") as learner:
        step = learner.step
        await learner.type(SKIP)
        await learner.until(lambda: learner.session.step_state(step) == "skipped", "the skipped step")
        await learner.it.sees("Step skipped")
        await learner.it.sees("veth_dustin")
        await learner.idle()
        await learner.next()
        await learner.do_step()
        assert [learner.session.step_state(one) for one in (step, learner.step)] == ["skipped", "done"]


async def test_jump_to_the_last_steps_and_back(tmp_path: Path) -> None:
    async with learning(tmp_path) as learner:
        for number in ("9.4", "3.1"):
            await learner.type(STEPS)
            await learner.it.sees("Go to a step")
            await learner.type(number + "\r")
            await learner.until(lambda number=number: learner.step.number == number, f"step {number}")
            await learner.idle()
            await learner.sees_step()
            await learner.do_step()


async def test_reset_gives_the_lab_as_it_was_when_the_step_began(tmp_path: Path) -> None:
    async with learning(tmp_path, at="4.1") as learner:
        await learner.do_step()
        await learner.next()
        before = state(learner)
        shell = await learner.go_to_terminal("T2")
        await learner.type("sudo ip link delete dev veth_dustin\r")
        await learner.it.sees("An earlier step no longer holds")
        await learner.type(RESET)
        await learner.until(lambda: learner.session.terminals.get("T2") is not shell, "a fresh terminal")
        await learner.idle()
        await learner.until(lambda: state(learner) == before, "the lab as it was")
        await learner.it.sees_no("An earlier step no longer holds")
        await learner.do_step()


async def test_the_solution_stands_at_the_prompt_until_enter_is_pressed(tmp_path: Path) -> None:
    async with learning(tmp_path, at="4.1") as learner:
        command = learner.step.commands[0]
        await learner.type(SOLUTION)
        await learner.it.sees("link add dev veth_dustin")
        await learner.until(lambda: learner.it.main.deck.front == command.terminal, "the terminal")
        assert not learner.session.commands
        await learner.type("\r")
        await learner.it.sees("○ veth_ns_dustin")


async def test_a_slip_is_named_in_both_languages(tmp_path: Path) -> None:
    async with learning(tmp_path, at="4.1") as learner:
        await learner.go_to_terminal(learner.step.commands[0].terminal)
        await learner.type("sudo ip link add dev veth_dustn type veth peer name veth_ns_dustin\r")
        await learner.it.sees("✗")
        await learner.it.sees("There is a")
        await learner.type(LANGUAGE)
        await learner.it.sees("✗")
        await learner.it.sees("检查")
        await learner.type(NEXT)
        await learner.it.sees("这一步还没有完成")
        await learner.type(HINT)
        await learner.it.sees("提示 1/")


async def test_a_shell_that_was_left_comes_back_by_enter(tmp_path: Path) -> None:
    async with learning(tmp_path) as learner:
        shell = await learner.go_to_terminal("T1")
        await learner.until(lambda: shell.at_prompt, "a prompt")
        await learner.type("exit\r")
        await learner.it.sees("This shell has ended")
        await learner.type("\r")
        await learner.until(lambda: learner.session.terminals["T1"] is not shell, "a fresh shell")
        await learner.do_step()


@pytest.mark.parametrize(
    "damage",
    ["rm -rf --no-preserve-root / 2>/dev/null", "rm -rf --no-preserve-root /etc /opt /home /run /tmp 2>/dev/null"],
)
async def test_a_spoilt_lab_is_noticed_and_a_fresh_one_is_one_key_away(tmp_path: Path, damage: str) -> None:
    async with learning(tmp_path, at="2.1") as learner:
        shell = await learner.go_to_terminal("T3")
        await learner.until(lambda: shell.at_prompt, "a prompt")
        await learner.type(damage + "\r")
        await learner.it.sees("The lab is gone")
        await learner.type("\r")
        await learner.it.sees_no("The lab is gone")
        await learner.until(lambda: learner.session.terminals.get("T3") not in (None, shell), "a fresh terminal")
        await learner.idle()
        assert learner.step.number == "2.1"
        await learner.do_step()


async def test_killing_everything_ends_shells_and_not_the_program(tmp_path: Path) -> None:
    async with learning(tmp_path) as learner:
        await learner.do_step()  # a server runs in T1
        await learner.next()
        first, second = learner.shell("T1"), await learner.go_to_terminal("T2")
        await learner.until(lambda: second.at_prompt, "a prompt")
        await learner.type("kill -9 -1\r")
        await learner.until(lambda: first.ended, "the end of T1's shell")
        await learner.it.sees("T1 ✕")
        await learner.it.sees("An earlier step no longer holds")
        await learner.type(TERMINAL)
        await learner.it.sees("This shell has ended")
        await learner.type("\r")
        await learner.until(lambda: learner.session.terminals["T1"] is not first, "a fresh shell")


async def test_ten_megabytes_do_not_keep_ctrl_c_from_the_shell(tmp_path: Path) -> None:
    async with learning(tmp_path) as learner:
        shell = await learner.go_to_terminal("T1")
        await learner.until(lambda: shell.at_prompt, "a prompt")
        await learner.type("yes 网络 0123456789 0123456789 0123456789 | head -c 10000000\r")
        await learner.until(lambda: shell.running is None and shell.at_prompt, "the end of ten megabytes")
        await learner.type("yes\r")
        await learner.until(lambda: shell.running is not None, "the flood")
        await learner.type("\x03")
        await learner.until(lambda: shell.at_prompt, "the prompt")


async def test_a_large_paste_arrives_whole(tmp_path: Path) -> None:
    async with learning(tmp_path) as learner:
        shell = await learner.go_to_terminal("T1")
        await learner.until(lambda: shell.at_prompt, "a prompt")
        await learner.type("cat > /tmp/pasted\r")
        await learner.until(lambda: shell.running is not None, "cat")
        line = "网 0123456789 " * 6 + "\n"
        count = 100_000 // len(line.encode())
        await learner.type(f"\x1b[200~{line * count}\x1b[201~")
        await learner.type("\x04")
        await learner.until(lambda: shell.at_prompt, "the prompt")
        await learner.type(
            f"wc -c < /tmp/pasted; test $(wc -c < /tmp/pasted) = {len(line.encode()) * count} && echo whole=yes\r"
        )
        await learner.until(
            lambda: any(row.split("▏")[-1].strip() == "whole=yes" for row in learner.it.rows()), "the whole paste"
        )


async def test_vim_and_less_and_colours(tmp_path: Path) -> None:
    async with learning(tmp_path) as learner:
        shell = await learner.go_to_terminal("T1")
        await learner.until(lambda: shell.at_prompt, "a prompt")
        await learner.type("seq 1 500 > /tmp/list; less /tmp/list\r")
        await learner.until(lambda: learner.it.view.modes.alternate_screen, "less")
        await learner.type("G")
        await learner.it.sees("500")
        await learner.type("q")
        await learner.until(lambda: not learner.it.view.modes.alternate_screen and shell.at_prompt, "the prompt")
        await learner.type("printf '\\033[32m%s\\033[0m 网络\\n' green\r")
        await learner.it.sees("green 网络")


async def test_the_terminal_follows_the_windows_size(tmp_path: Path) -> None:
    async with learning(tmp_path) as learner:
        shell = await learner.go_to_terminal("T1")
        await learner.until(lambda: shell.at_prompt, "a prompt")
        for size in ((100, 40), (180, 50), (80, 24)):
            await learner.it.pilot.resize_terminal(*size)
            view = learner.it.view
            await learner.until(lambda view=view: shell_size(view) == tuple(view.size), "the new size")
            await learner.type("stty size\r")
            await learner.it.sees(f"{view.size.height} {view.size.width}")


def shell_size(view: object) -> tuple[int, int]:
    emulator = view.emulator  # type: ignore[attr-defined]
    return emulator.columns, emulator.rows
