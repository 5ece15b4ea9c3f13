"""From a command in the lesson to the prompt of its terminal."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.tui.fakes import ADD, LOOK, FakeShell
from tests.tui.running import Running, running
from tui.screens import placing

CHORD = "ctrl+right_square_bracket"
DISCARD = b"\x05\x15"
SERVER = "python3 -m http.server 8080"


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A loaded machine takes its time between two presses."""
    monkeypatch.setattr(placing, "AGAIN_SECONDS", 60.0)
    monkeypatch.setattr("engine.session.placing.MOMENT_SECONDS", 0.01)
    monkeypatch.setattr("engine.session.placing.STOPPING_SECONDS", 0.05)


def where(it: Running, text: str) -> tuple[int, int]:
    y = next(y for y, row in enumerate(it.rows()) if text in row)
    return it.rows()[y].index(text), y


def occupied(it: Running, name: str = "T2") -> FakeShell:
    """A server runs in that terminal."""
    shell: FakeShell = it.session.terminals[name]
    shell.at_prompt, shell.running = False, SimpleNamespace(text=SERVER)
    return shell


async def test_a_click_puts_the_command_at_the_prompt_of_its_terminal() -> None:
    async with running() as it:
        await it.press("f4")
        assert it.main.deck.front == "T1"
        await it.pilot.click(offset=where(it, "$ ip link list"))
        await it.until(lambda: it.view.has_focus and it.main.deck.front == "T2")
        assert it.shell.written == DISCARD + LOOK.text.encode()
        assert it.session.terminals["T1"].written == b""


async def test_a_double_click_runs_it() -> None:
    async with running() as it:
        await it.pilot.click(offset=where(it, "$ ip link list"), times=2)
        await it.until(lambda: it.shell.written == DISCARD + LOOK.text.encode() + b"\r")


async def test_what_was_changed_at_the_prompt_is_not_run_by_a_second_click() -> None:
    async with running() as it:
        await it.pilot.click(offset=where(it, "$ ip link list"))
        await it.until(lambda: it.shell.written)
        await it.press("x")
        await it.pilot.click(offset=where(it, "$ ip link list"))
        await it.until(
            lambda: it.shell.written == 2 * (DISCARD + LOOK.text.encode() + b"x")[:-1] or b"x" in it.shell.written
        )
        assert b"\r" not in it.shell.written


async def test_marking_text_types_nothing() -> None:
    async with running() as it:
        x, y = where(it, "$ ip link list")
        await it.pilot.mouse_down(offset=(x, y))
        await it.pilot.hover(offset=(x + 6, y))
        await it.pilot.mouse_up(offset=(x + 6, y))
        await it.pilot.pause()
        assert it.main.get_selected_text() and it.shell.written == b""


async def test_enter_puts_the_next_command_there_and_enter_once_more_runs_it() -> None:
    async with running() as it:
        await it.press(CHORD)
        await it.sees("▸ sudo ip link add dev")
        await it.sees("Enter type it in T2")
        await it.press("enter")
        await it.until(lambda: it.view.has_focus)
        assert it.shell.written == DISCARD + ADD.text.encode()
        await it.press("enter")
        assert it.shell.written == DISCARD + ADD.text.encode() + b"\r"
        await it.sees_no("Enter type it")


async def test_enter_twice_at_once_in_the_lesson_runs_it() -> None:
    async with running() as it:
        shell = it.session.terminals["T2"]
        shell.at_prompt = False  # its prompt is just about to come
        await it.press(CHORD, "enter", "enter")
        shell.at_prompt = True
        await it.until(lambda: shell.written == DISCARD + ADD.text.encode() + b"\r")


async def test_tab_chooses_another_command_and_leaves_after_the_last() -> None:
    async with running() as it:
        await it.press(CHORD, "tab")
        await it.sees("▸ ip link list")
        await it.press("shift+tab")
        await it.sees("▸ sudo ip link add")
        await it.press("tab", "enter")
        await it.until(lambda: it.shell.written == DISCARD + LOOK.text.encode())
        await it.press(CHORD, "tab", "tab")
        await it.until(lambda: it.main.focused is not it.main.lesson)
        await it.sees_no("▸ ip link list")


async def test_what_was_run_is_not_suggested_again() -> None:
    async with running() as it:
        it.session.commands = (SimpleNamespace(text=ADD.text),)
        await it.press(CHORD)
        await it.sees("▸ ip link list")


async def test_a_terminal_is_made_when_it_is_needed() -> None:
    async with running() as it:
        del it.session.terminals["T2"]
        await it.pilot.click(offset=where(it, "$ ip link list"))
        await it.until(lambda: "T2" in it.session.terminals)
        await it.until(lambda: it.session.terminals["T2"].written == DISCARD + LOOK.text.encode())


async def test_a_running_server_is_not_typed_into() -> None:
    async with running() as it:
        server = occupied(it)
        await it.pilot.click(offset=where(it, "$ ip link list"))
        await it.sees("T2 is busy")
        await it.sees(SERVER)
        await it.press("escape")
        await it.sees_no("T2 is busy")
        assert server.written == b"" and it.session.terminals["T1"].written == b""


async def test_another_terminal_can_take_the_command() -> None:
    async with running() as it:
        server = occupied(it)
        await it.pilot.click(offset=where(it, "$ ip link list"))
        await it.sees("Use T1")
        await it.press("enter")
        await it.until(lambda: it.session.terminals["T1"].written == DISCARD + LOOK.text.encode())
        assert it.main.deck.front == "T1" and server.written == b""


async def test_a_new_terminal_is_offered_where_all_are_busy() -> None:
    async with running() as it:
        occupied(it)
        occupied(it, "T1")
        await it.pilot.click(offset=where(it, "$ ip link list"))
        await it.sees("Use T3")
        await it.press("enter")
        await it.until(lambda: it.main.deck.front == "T3" and it.view.has_focus)
        assert it.shell.written == DISCARD + LOOK.text.encode()


async def test_the_server_can_be_stopped_first() -> None:
    async with running() as it:
        server = occupied(it)
        server.stops_at_interrupt = True
        await it.pilot.click(offset=where(it, "$ ip link list"))
        await it.sees("T2 is busy")
        await it.press("right", "enter")
        await it.until(lambda: server.written == b"\x03" + DISCARD + LOOK.text.encode())


async def test_what_does_not_stop_at_ctrl_c_is_left_to_the_learner() -> None:
    async with running() as it:
        server = occupied(it)
        await it.pilot.click(offset=where(it, "$ ip link list"))
        await it.sees("T2 is busy")
        await it.press("right", "enter")
        await it.sees("did not stop. End it yourself")
        assert server.written == b"\x03" and it.main.deck.front == "T2"


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_the_question_fits_a_small_screen(language: str) -> None:
    async with running(language, size=(80, 24)) as it:
        occupied(it)
        await it.press(CHORD, "enter")
        await it.sees("T2 正忙" if language == "zh" else "T2 is busy")
        await it.sees("保持原样" if language == "zh" else "Leave it")


async def test_nothing_is_typed_while_the_lab_is_rebuilt() -> None:
    async with running() as it:
        it.main.deck.set_locked(True)
        await it.pilot.click(offset=where(it, "$ ip link list"))
        await it.pilot.pause()
        assert it.shell.written == b""
