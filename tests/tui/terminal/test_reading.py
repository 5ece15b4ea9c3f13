"""Copy mode, search and links in the running application."""

from __future__ import annotations

import pytest
from textual import events

from tests.tui.running import Running, running
from tui.terminal import reading

CHORD = "ctrl+right_square_bracket"
LINES = b"".join(b"line %d of it\r\n" % number for number in range(200))


async def copying(it: Running, data: bytes = LINES, sees: str = "line 199 of it") -> None:
    it.shell.say(data)
    await it.sees(sees)
    await it.press("shift+f5")
    await it.sees("COPY")


def at(it: Running, x: int, y: int) -> tuple[int, int]:
    region = it.view.content_region
    return region.x + x, region.y + y


async def test_copying_with_keys_and_nothing_of_it_reaches_the_shell() -> None:
    async with running() as it:
        await copying(it)
        await it.sees("Space mark")  # the bottom line names the keys
        await it.sees("Enter copy")
        await it.press("k", "0", "w", "space", "e", "enter")
        await it.until(lambda: it.app.clipboard == "199")
        await it.sees("Copied")
        await it.sees_no("COPY")
        assert it.shell.written == b""
        await it.press("x")
        assert it.shell.written == b"x"


async def test_it_is_entered_from_the_lesson_too_and_left_by_its_key() -> None:
    async with running() as it:
        await it.press(CHORD, "c")
        await it.sees("COPY")
        assert it.view.has_focus
        await it.press("shift+f5")
        await it.sees_no("COPY")
        assert it.shell.written == b""


async def test_searching_shows_how_many_and_where() -> None:
    async with running() as it:
        await copying(it)
        await it.press("?")
        await it.sees("Esc give up")
        await it.press(*"line 1")
        await it.sees("?line 1▏")
        await it.sees("111/111")
        await it.press("enter", "n")
        await it.sees("110/111")
        await it.press("g", "/")
        it.view.post_message(events.Paste("line 42"))
        await it.sees("1/1")
        await it.sees("line 42 of it")
        await it.press("enter")
        await it.sees("↑")
        await it.press("/", *"zz", "enter")
        await it.sees("Not found")
        await it.press("q")
        await it.sees("line 199 of it")


async def test_what_is_found_is_marked_not_by_colour_alone() -> None:
    async with running() as it:
        await copying(it, b"one two one\r\n", "one two")
        await it.press("g", "/", *"one", "enter")
        await it.pilot.pause()
        line = it.view.render_line(0)
        styles = [next(iter(line.crop(x, x + 1))).style for x in (1, 5, 9)]
        assert [bool(style and style.underline) for style in styles] == [True, False, True]
        assert [bool(style and style.reverse) for style in styles] == [True, False, False]  # the one gone to


async def test_output_waits_while_somebody_reads() -> None:
    async with running() as it:
        await copying(it)
        it.shell.say(b"news\r\n")
        await it.press("k")
        assert "news" not in it.text()
        await it.press("escape")
        await it.sees("news")


async def test_it_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.terminal.widget.HELD_BYTES", 1000)
    assert reading.HELD_BYTES > 1_000_000
    async with running() as it:
        await copying(it)
        for _ in range(3):
            it.shell.say(b"more and more\r\n" * 50)
        await it.sees_no("COPY")
        await it.sees("copy mode had to end")
        await it.sees("more and more")


async def test_the_place_is_kept_when_the_terminal_is_made_large() -> None:
    async with running() as it:
        await copying(it)
        await it.press("?", *"line 77 ", "enter", "f6")
        await it.until(lambda: it.main.view == "terminal")
        await it.sees("line 77 of it")
        await it.sees("COPY")
        await it.press("y")
        await it.sees("Nothing is marked")


async def test_a_command_from_the_lesson_ends_it() -> None:
    async with running() as it:
        await copying(it)
        await it.press(CHORD, "enter")
        await it.until(lambda: it.shell.written)
        assert it.view.copying is None and it.view.has_focus


async def test_a_fresh_shell_ends_it() -> None:
    async with running() as it:
        await copying(it)
        old = it.shell
        old.end()
        it.session.emit_ended(old.name)
        await it.press("q")
        await it.sees("This shell has ended")
        await it.press("shift+f5", "G", "enter", "q", "enter")
        await it.until(lambda: it.shell is not old)
        assert it.view.copying is None


async def test_reading_in_a_full_screen_program() -> None:
    async with running() as it:
        await copying(it, b"\x1b[?1049h\x1b[?1000h\x1b[?1006h\x1b[Heditor text", "editor text")
        await it.press("g", "0", "space", "e", "y")
        await it.until(lambda: it.app.clipboard == "editor")
        assert it.shell.written == b""


@pytest.mark.parametrize(("language", "word"), [("en", "COPY"), ("zh", "复制")])
async def test_on_a_small_screen(language: str, word: str) -> None:
    async with running(language, size=(80, 24)) as it:
        it.shell.say(LINES)
        await it.press("shift+f5")
        await it.sees(f" {word}")
        assert all(len(row) <= 80 for row in it.rows())
        await it.press("tab")
        await it.sees("没有链接" if language == "zh" else "no link")


async def test_a_link_under_the_mouse_is_underlined_and_named_and_copied() -> None:
    async with running() as it:
        it.shell.say(b"\x1b]8;;http://10.0.0.11:8080/x\x1b\\here\x1b]8;;\x1b\\ and http://plain/ (http://c/)")
        await it.sees("http://plain/")
        await it.pilot.hover(offset=at(it, 1, 0))
        await it.sees("http://10.0.0.11:8080/x Double click copies it")
        here = next(segment for segment in it.view.render_line(0) if segment.text == "here")
        assert here.style is not None and here.style.underline
        await it.pilot.click(offset=at(it, 1, 0), times=2)
        await it.until(lambda: it.app.clipboard == "http://10.0.0.11:8080/x")
        await it.pilot.click(offset=at(it, 25, 0), control=True)
        await it.until(lambda: it.app.clipboard == "http://c/")
        await it.pilot.hover(offset=at(it, 1, 3))
        await it.sees_no("Double click copies it")
        await it.press("shift+f5", "0", "tab", "enter")
        await it.until(lambda: it.app.clipboard == "http://plain/")
