"""The emulator: what escape sequences do, and what they must not do."""

from __future__ import annotations

import random
import time

import pytest

from tests.tui.terminal.screen import Screen
from tui.terminal.emulator import PLAIN, Cursor


def test_text_and_cursor() -> None:
    screen = Screen().feed("hello\r\nworld")
    assert screen.text() == "hello\nworld"
    assert screen.emulator.cursor() == Cursor(5, 1)


def test_chinese_takes_two_cells() -> None:
    screen = Screen(10, 3).feed("网络命名空间")
    assert screen.rows()[:2] == ["网络命名空", "间"]
    assert screen.emulator.cursor() == Cursor(2, 1)
    assert screen.widths() == {10}


def test_a_wide_character_that_does_not_fit_goes_to_the_next_line() -> None:
    assert Screen(5, 3).feed("abcd网").rows()[:2] == ["abcd", "网"]


@pytest.mark.parametrize("text", ["e\u0301", "👍🏽", "👨\u200d👩\u200d👧", "क्षि", "한"])
def test_combining_characters_stay_together(text: str) -> None:
    screen = Screen(20, 2).feed(f"[{text}]")
    row = screen.rows()[0]
    assert row.replace(" ", "") == f"[{text}]"
    assert screen.widths() == {20}


@pytest.mark.parametrize(
    ("sequence", "attribute", "value"),
    [
        ("1", "bold", True), ("2", "dim", True), ("3", "italic", True), ("4", "underline", True),
        ("5", "blink", True), ("7", "reverse", True), ("8", "invisible", True), ("9", "strike", True),
        ("31", "foreground", 1), ("97", "foreground", 15), ("42", "background", 2), ("4:3", "underline", True),
        ("38;5;196", "foreground", 196), ("48;5;17", "background", 17), ("38;2;1;2;3", "foreground", (1, 2, 3)),
        ("48;2;250;0;99", "background", (250, 0, 99)), ("38:2::9:8:7", "foreground", (9, 8, 7)),
    ],
)  # fmt: skip
def test_looks(sequence: str, attribute: str, value: object) -> None:
    screen = Screen().feed(f"a\x1b[{sequence}mb\x1b[0mc")
    assert screen.style(0, 0) == screen.style(2, 0) == PLAIN
    assert getattr(screen.style(1, 0), attribute) == value


def test_a_coloured_background_reaches_to_the_end_of_an_erased_line() -> None:
    screen = Screen(20, 3).feed("\x1b[44mab\x1b[K")
    assert screen.style(19, 0).background == 4


def test_the_alternate_screen_comes_and_goes() -> None:
    screen = Screen().feed("shell\x1b[?1049h\x1b[Heditor")
    assert screen.text() == "editor" and screen.emulator.modes().alternate_screen
    screen.feed("\x1b[?1049l")
    assert screen.text() == "shell" and not screen.emulator.modes().alternate_screen


def test_a_wrapped_line_is_wrapped_anew() -> None:
    screen = Screen(10, 4).feed("abcdefghijklmno\r\n$ ")
    assert screen.rows()[:3] == ["abcdefghij", "klmno", "$"]
    screen.emulator.resize(20, 4)
    assert screen.rows()[:2] == ["abcdefghijklmno", "$"]
    screen.emulator.resize(5, 6)
    assert "".join(screen.rows()).startswith("abcdefghijklmno")


def test_a_storm_of_resizes() -> None:
    screen, dice = Screen(), random.Random(1)
    for index in range(300):
        screen.feed(f"行 {index} \x1b[3{index % 8}mof output\x1b[0m\r\n")
        screen.emulator.resize(dice.randint(2, 200), dice.randint(1, 60))
        screen._rows = screen.emulator.changed_rows() or screen._rows
    screen.emulator.resize(80, 24)
    assert screen.text().endswith("行 299 of output")


@pytest.mark.parametrize(
    ("sequence", "field", "value"),
    [
        ("\x1b[?1h", "application_cursor", True), ("\x1b[?2004h", "bracketed_paste", True),
        ("\x1b[?1004h", "focus_reports", True), ("\x1b[?9h", "mouse", "press"), ("\x1b[?1000h", "mouse", "click"),
        ("\x1b[?1002h", "mouse", "drag"), ("\x1b[?1003h", "mouse", "motion"), ("\x1b[?1006h", "mouse_sgr", True),
        ("\x1b[?1049h", "alternate_screen", True),
    ],
)  # fmt: skip
def test_modes(sequence: str, field: str, value: object) -> None:
    screen = Screen()
    off = getattr(screen.emulator.modes(), field)
    screen.feed(sequence)
    assert getattr(screen.emulator.modes(), field) == value
    screen.feed(sequence.replace("h", "l"))
    assert getattr(screen.emulator.modes(), field) == off


def test_cursor_shape_and_hiding() -> None:
    screen = Screen().feed("\x1b[6 q")
    assert screen.emulator.changed_rows() is not None
    cursor = screen.emulator.cursor()
    assert cursor is not None and cursor.shape == "bar"
    screen.feed("\x1b[?25l").rows()
    assert screen.emulator.cursor() is None


def test_it_answers_questions() -> None:
    screen = Screen().feed("ab\x1b[6n")
    assert screen.replies == b"\x1b[1;3R"
    screen.feed("\x1b[c")
    assert screen.replies.startswith(b"\x1b[1;3R\x1b[?")


def test_titles() -> None:
    assert Screen().feed("\x1b]0;netns 网络\x07").emulator.title() == "netns 网络"
    assert Screen().feed("\x1b]2;x\x1b\\").emulator.title() == "x"


def test_shell_integration_marks_are_not_seen() -> None:
    marked = "\x1b]133;A\x07$ \x1b]133;B\x07ip a\r\n\x1b]133;C\x07out\r\n\x1b]133;D;0\x07\x1b]133;A\x07$ "
    assert Screen().feed(marked).text() == "$ ip a\nout\n$"


def test_marked_text_is_given_whole() -> None:
    screen = Screen(10, 4).feed("one two three\r\n网络 x")
    assert screen.emulator.text_between((0, 0), (9, 0)) == "one two th"
    assert screen.emulator.text_between((4, 0), (2, 1)) == "two three"
    assert screen.emulator.text_between((0, 2), (9, 2)) == "网络 x"
    assert screen.emulator.word_at(5, 0) == (4, 6)
    assert screen.emulator.word_at(1, 2) == (0, 2)


def test_marking_what_is_gone_gives_nothing() -> None:
    assert Screen().emulator.text_between((0, 5000), (3, 5001)) == ""


def test_scrollback() -> None:
    screen = Screen(20, 5).feed("".join(f"line {number}\r\n" for number in range(100)))
    first, total = screen.emulator.position()
    assert (first, total) == (96, 101)
    screen.emulator.scroll(-10)
    assert screen.rows()[0] == "line 86" and screen.emulator.cursor() is None
    screen.feed("more\r\n")
    assert screen.rows()[0] == "line 86"  # reading is not disturbed by output
    screen.emulator.scroll_to_end()
    assert screen.rows()[3] == "more"


def test_the_scrollback_has_an_end() -> None:
    screen = Screen(20, 5)
    for _ in range(60):
        screen.feed("x\r\n" * 1000)
    assert screen.emulator.position()[1] <= 12_000


def test_only_changed_rows_are_read() -> None:
    screen = Screen()
    assert screen.rows()
    assert screen.emulator.changed_rows() == {}
    screen.feed("x")
    assert set(screen.emulator.changed_rows()) == {0}
    screen.feed("\x1b[10;1Hy")
    assert set(screen.emulator.changed_rows()) <= {0, 9}


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x1b[", b"\x1b[999999999999;99999999999H", b"\x1b]0;never ended", b"\x1bP", b"\x1b[?", b"\xff\xfe\x80",
        b"\x1b[38;2;999;999;999m", b"\x1b[38;5m", b"\x1b[1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18;19;20m",
        b"\x1b_Gf=100;AAAA", b"\x1b[1000000L", b"\x1b[1000000@", b"\x1b[5;2r\x1b[1000000S", b"\x00" * 1000, b"\xe7\xbd",
        b"\x1b]133;D;\x07", b"\x1b]8;;http://x\x07link", b"\x1b[>c\x1b[=c\x1b[5n", b"\x1b[8;1;1t",
    ],
)  # fmt: skip
def test_malformed_sequences_do_no_harm(garbage: bytes) -> None:
    screen = Screen().feed(garbage)
    screen.rows()
    assert screen.feed(b"\x1b\\\x18\x1bcalive").rows()[0] == "alive"
    assert (screen.emulator.columns, screen.emulator.rows) == (80, 24)


def test_noise() -> None:
    dice = random.Random(7)
    screen = Screen()
    for _ in range(200):
        screen.feed(bytes(dice.choice((27, 91, 59, 63, 109, 72, dice.randrange(256))) for _ in range(200)))
        screen.rows()
    assert screen.feed(b"\x1b\\\x18\x1bcalive").rows()[0] == "alive"


def test_twenty_megabytes() -> None:
    """A flood is worked off faster than any program writes it: well under a second on any machine."""
    line = b"\x1b[32m%07d\x1b[0m the quick brown fox \xe7\xbd\x91\xe7\xbb\x9c jumps over the lazy dog\r\n"
    data = b"".join(line % number for number in range(300_000))
    assert len(data) > 20_000_000
    screen = Screen()
    started = time.process_time()
    for start in range(0, len(data), 65_536):
        screen.feed(data[start : start + 65_536])
    assert time.process_time() - started < 5
    assert screen.rows()[22].startswith("0299999")


def test_closing_twice_is_allowed() -> None:
    screen = Screen()
    screen.emulator.close()
    screen.emulator.close()
