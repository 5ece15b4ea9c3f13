"""The terminal in the running application: keys, mouse, paste, output."""

from __future__ import annotations

import time

import pytest
from textual import events

from tests.tui.running import Running, running
from tui.keys import KEYS

TO_THE_SHELL = {
    "a": b"a", "A": b"A", "enter": b"\r", "tab": b"\t", "shift+tab": b"\x1b[Z", "escape": b"\x1b",
    "ctrl+c": b"\x03", "ctrl+d": b"\x04", "ctrl+z": b"\x1a", "ctrl+q": b"\x11", "ctrl+s": b"\x13", "ctrl+p": b"\x10",
    "ctrl+backslash": b"\x1c", "ctrl+at": b"\x00", "ctrl+v": b"\x16", "ctrl+x": b"\x18", "ctrl+r": b"\x12",
    "ctrl+o": b"\x0f", "ctrl+w": b"\x17", "ctrl+underscore": b"\x1f", "alt+full_stop": b"\x1b.", "alt+b": b"\x1bb",
    "up": b"\x1b[A", "ctrl+left": b"\x1b[1;5D", "ctrl+right": b"\x1b[1;5C", "shift+up": b"\x1b[1;2A", "home": b"\x1b[H",
    "delete": b"\x1b[3~", "pageup": b"\x1b[5~", "f11": b"\x1b[23~", "question_mark": b"?", "space": b" ",
    "ctrl+circumflex_accent": b"\x1e",
}  # fmt: skip


@pytest.mark.parametrize("key", TO_THE_SHELL)
async def test_keys_belong_to_the_shell(key: str) -> None:
    async with running() as it:
        await it.press(key)
        assert it.shell.written == TO_THE_SHELL[key]
        assert it.view.has_focus


async def test_the_programs_own_keys_do_not_reach_it() -> None:
    async with running() as it:
        for key in KEYS:
            if key.name not in ("quit", "switch"):
                await it.press(key.key, "escape")
        assert b"\x1bO" not in it.shell.written and b"~" not in it.shell.written


async def test_the_chord_goes_to_the_lesson_and_back_and_twice_through_to_the_shell() -> None:
    async with running() as it:
        await it.press("ctrl+right_square_bracket")
        assert it.main.focused is it.main.lesson
        await it.sees("^] Terminal")
        await it.press("ctrl+right_square_bracket")
        assert it.view.has_focus
        assert it.shell.written == b"\x1d"


async def test_typing_in_chinese() -> None:
    async with running() as it:
        for character in "网络":
            it.view.post_message(events.Key(character, character))
        await it.until(lambda: it.shell.written == "网络".encode())


async def test_what_a_shell_prints_before_the_screen_is_ready_is_not_lost() -> None:
    async with running() as it:
        shell = await it.session.terminal("T4")
        shell.say(b"first words")  # before the screen has heard of the terminal
        await it.until(lambda: "T4" in it.main.deck.names)
        it.main.action_open_terminal("T4")
        await it.sees("first words")


async def test_a_paste_is_bracketed_when_the_program_asks() -> None:
    async with running() as it:
        it.view.post_message(events.Paste("ip a\nls"))
        await it.until(lambda: it.shell.written == b"ip a\rls")
        it.shell.say(b"\x1b[?2004h")
        it.view.post_message(events.Paste("网 x\n"))
        await it.until(lambda: it.shell.written.endswith("\x1b[200~网 x\r\x1b[201~".encode()))


async def test_a_large_paste() -> None:
    async with running() as it:
        text = "0123456789" * 10_000
        it.view.post_message(events.Paste(text))
        await it.until(lambda: it.shell.written == text.encode())


async def test_cursor_keys_in_an_application() -> None:
    async with running() as it:
        it.shell.say(b"\x1b[?1h")
        await it.press("up")
        assert it.shell.written == b"\x1bOA"


async def test_the_terminal_answers_programs() -> None:
    async with running() as it:
        it.shell.say(b"ab\x1b[6n")
        await it.until(lambda: it.shell.written == b"\x1b[1;3R")


async def test_focus_reports() -> None:
    async with running() as it:
        it.shell.say(b"\x1b[?1004h")
        await it.press("ctrl+right_square_bracket")
        await it.until(lambda: it.shell.written == b"\x1b[O")


def position(it: Running, x: int, y: int) -> tuple[int, int]:
    region = it.view.content_region
    return region.x + x, region.y + y


async def test_the_mouse_goes_to_a_program_that_wants_it() -> None:
    async with running() as it:
        it.shell.say(b"\x1b[?1000h\x1b[?1006h")
        await it.pilot.click(offset=position(it, 4, 2))
        await it.until(lambda: it.shell.written == b"\x1b[<0;5;3M\x1b[<0;5;3m")


async def test_a_click_gives_the_focus() -> None:
    async with running() as it:
        await it.press("ctrl+right_square_bracket")
        await it.pilot.click(offset=position(it, 4, 2))
        assert it.view.has_focus and it.shell.written == b""


async def test_marking_copies() -> None:
    async with running() as it:
        it.shell.say("one two 网络 four".encode())
        await it.sees("网络 four")
        await it.pilot.mouse_down(offset=position(it, 4, 0))
        await it.pilot.hover(offset=position(it, 11, 0))
        await it.pilot.mouse_up(offset=position(it, 11, 0))
        await it.until(lambda: it.app.clipboard == "two 网络")
        await it.sees("Copied")


async def test_a_double_click_marks_a_word_and_a_third_the_line() -> None:
    async with running() as it:
        it.shell.say(b"ping 10.0.0.11 -c 1")
        await it.sees("10.0.0.11")
        await it.pilot.click(offset=position(it, 8, 0), times=2)
        await it.until(lambda: it.app.clipboard == "10.0.0.11")
        await it.pilot.click(offset=position(it, 8, 0), times=3)
        await it.until(lambda: it.app.clipboard == "ping 10.0.0.11 -c 1")


async def test_scrolling_back_and_typing_returns() -> None:
    async with running() as it:
        it.shell.say(b"".join(b"line %d\r\n" % number for number in range(200)))
        await it.sees("line 199")
        await it.press("shift+pageup")
        await it.sees_no("line 199")
        await it.sees("↑")
        await it.press("shift+pagedown")
        await it.sees("line 199")
        view = it.view
        for _ in range(3):
            view.post_message(events.MouseScrollUp(view, 1, 1, 0, 0, 0, False, False, False))
        await it.sees_no("line 199")
        await it.press("x")
        await it.sees("line 199")
        assert it.shell.written == b"x"


async def test_the_wheel_in_less_sends_arrows() -> None:
    async with running() as it:
        it.shell.say(b"\x1b[?1049h")
        await it.pilot.pause()
        it.view.post_message(events.MouseScrollDown(it.view, 1, 1, 0, 0, 0, False, False, False))
        await it.until(lambda: it.shell.written == b"\x1b[B" * 3)


async def test_an_ended_shell_says_so_and_enter_gives_a_fresh_one() -> None:
    async with running() as it:
        old = it.shell
        old.say(b"first words\r\nlast words")
        old.end()
        it.session.emit_ended(old.name)
        await it.sees("This shell has ended")
        await it.sees("last words")
        await it.sees("✕")
        rows = it.rows()
        assert [
            next(y for y, row in enumerate(rows) if text in row)
            for text in ("first words", "last words", "shell has ended")
        ] == [2, 3, 4]
        await it.press("x")
        assert old.written == b""
        await it.press("enter")
        await it.until(lambda: it.shell is not old)
        it.shell.say(b"$ new")
        await it.sees("$ new")
        await it.press("y")
        assert it.shell.written == b"y" and "last words" not in it.text()


async def test_a_terminal_behind_shows_that_something_happened() -> None:
    async with running() as it:
        it.session.terminals["T1"].say(b"news")
        await it.sees("T1 •")
        await it.press("f4")
        await it.sees("news")
        await it.sees_no("T1 •")


async def test_a_flood_does_not_freeze_the_program() -> None:
    """10 MB arrive; a key typed meanwhile reaches the shell before all of it was painted, and the end is seen."""
    async with running() as it:
        line = b"\x1b[3%dm%08d the quick brown fox jumps over the lazy dog\x1b[0m\r\n"
        data = b"".join(line % (number % 8, number) for number in range(160_000))
        started = time.process_time()
        for start in range(0, len(data), 65_536):
            it.shell.say(data[start : start + 65_536])
        await it.press("ctrl+c")
        assert it.shell.written == b"\x03"
        await it.sees("00159999")
        assert time.process_time() - started < 10


async def test_output_is_painted_without_a_detour() -> None:
    """Only the rows that changed are painted anew, once for all output of a moment."""
    async with running() as it:
        it.shell.say(b"$ ")
        await it.sees("$ ")
        shown: list[int] = []
        paint = it.view._direct.paint
        it.view._direct.paint = lambda place, rows: (shown.append(len(list(rows))), paint(place, rows))  # type: ignore[method-assign, assignment, func-returns-value]
        it.shell.say(b"e")
        it.shell.say(b"c")
        it.shell.say(b"ho")
        await it.sees("$ echo")
        assert sum(shown) <= 4


async def test_an_idle_screen_paints_nothing() -> None:
    async with running() as it:
        await it.pilot.pause(0.1)
        it.view._paint = lambda: pytest.fail("painted")  # type: ignore[method-assign]
        await it.pilot.pause(0.3)


@pytest.mark.parametrize("garbage", [b"\x1b[", b"\xff\xfe", b"\x1b]0;x", b"\x1b[1000;1000H\x1b[1000L", b"\x00" * 100])
async def test_garbage_in_the_output(garbage: bytes) -> None:
    async with running() as it:
        it.shell.say(garbage)
        it.shell.say(b"\x1b\\\x18\x1bcalive")
        await it.sees("alive")
