"""What real programs wrote to a terminal (see ``record.py``), seen on the emulator's screen."""

from __future__ import annotations

import random

import pytest

from tests.tui.terminal.record import DIRECTORY, SCENES
from tests.tui.terminal.screen import Screen
from tui.terminal.emulator import Cursor


def play(name: str, **size: int) -> Screen:
    return Screen(**size).feed((DIRECTORY / f"{name}.bin").read_bytes())


def test_vim() -> None:
    screen = play("vim")
    assert screen.rows()[:4] == ["  1 line one", "  2 line two 网络命名空间", "  3 inserted 你好", "  4 line three"]
    assert screen.rows()[23].split() == ["/line", "1,1", "All"]
    assert screen.emulator.cursor() == Cursor(4, 0)
    assert screen.style(5, 0).background is not None  # hlsearch
    assert screen.style(0, 0).foreground is not None  # the line number's colour
    modes = screen.emulator.modes()
    assert modes.alternate_screen and modes.application_cursor and modes.bracketed_paste and modes.focus_reports


def test_vim_leaves_the_screen_as_it_was() -> None:
    screen = play("vim-quit")
    assert screen.text() == "$ echo before\nbefore\n$ vim -u NONE -N notes.txt\n$ echo after\nafter\n$"
    assert not screen.emulator.modes().alternate_screen


def test_less_searches_and_scrolls() -> None:
    screen = play("less")
    assert screen.rows()[0] == "number 151 of the list"
    assert screen.rows()[23] == ":"


def test_nano() -> None:
    screen = play("nano")
    assert screen.rows()[1:3] == ["first line one", "line two 网络命名空间 end"]
    assert screen.rows()[0].split() == ["GNU", "nano", "7.2", "notes.txt", "*"]
    assert screen.style(0, 22).reverse and screen.rows()[23].startswith("^X Exit")
    assert screen.emulator.cursor() == Cursor(25, 2)


def test_top() -> None:
    screen = play("top")
    assert screen.rows()[0].startswith("top - ") and "PID USER" in screen.rows()[7]
    assert any(row.endswith(" top") for row in screen.rows())


def test_htop() -> None:
    screen = play("htop")
    assert screen.rows()[23].startswith("F1Help  F2Setup")
    assert screen.style(7, 23).background is not None
    assert screen.emulator.cursor() is None
    assert "Mem[||||" in screen.text()


def test_watch() -> None:
    assert play("watch").rows()[2:5] == ["line one", "line two 网络命名空间", "line three"]


def test_tmux_with_two_panes() -> None:
    screen = play("tmux")
    assert screen.rows()[0].startswith("$ echo left ") and screen.rows()[0].endswith("echo right")
    assert screen.rows()[10].strip() == "│"
    assert screen.style(0, 23).background is not None
    assert screen.replies  # it asks the terminal what it is


def test_line_editing_in_bash() -> None:
    screen = play("bash")
    assert screen.rows()[:3] == ["$ echo one two", "one two", "$ echothree"]
    assert screen.style(0, 5).foreground is not None  # ls in colour


def test_watch_of_the_addresses() -> None:
    screen = play("watch-ip")
    assert screen.rows()[0].startswith("Every 60.0s: ip a") and "nsteps: " in screen.rows()[0]
    assert "    inet 10.0.0.10/24 scope global veth_dustin" in screen.rows()


def test_tcpdump_writes_a_line_for_each_packet() -> None:
    lines = [row for row in play("tcpdump").rows() if " IP 127.0.0.1." in row]
    assert len(lines) == 4 and sum("Flags [S]" in line for line in lines) == 2


def test_chinese_text_is_wrapped_where_its_characters_end() -> None:
    rows = play("chinese").rows()
    assert rows[1] == "网络命名空间（network namespace）把一台机器分成几个互不相干的网络。"
    assert rows[3].endswith("“进去”的都") and rows[4] == "会“出来”。"
    screen = play("chinese-less")
    assert screen.rows()[23] == "(END)"
    found = [x for x in range(80) if screen.style(x, 0).reverse]
    assert len(found) == 4  # 网线, which was searched for


@pytest.mark.parametrize("name", SCENES)
def test_the_screen_is_the_one_of_the_reference(name: str) -> None:
    """tmux showed the same, cell by cell, with its cursor in the same place."""
    *rows, place = (DIRECTORY / f"{name}.screen").read_text().removesuffix("\n").split("\n")
    screen = play(name)
    assert screen.rows() == rows
    cursor = screen.emulator.cursor()
    if cursor is not None:
        x, y = map(int, place.split(","))
        assert (cursor.x, cursor.y) == (min(x, 79), y)


@pytest.mark.parametrize("name", SCENES)
def test_rows_are_as_wide_as_the_terminal(name: str) -> None:
    assert play(name).widths() == {80}


@pytest.mark.parametrize("name", SCENES)
def test_it_makes_no_difference_how_the_output_is_cut_up(name: str) -> None:
    data = (DIRECTORY / f"{name}.bin").read_bytes()
    whole, pieces = Screen(), Screen()
    whole.feed(data)
    dice = random.Random(name)
    while data:
        size = dice.choice((1, 2, 3, 7, 100))
        pieces.feed(data[:size])
        data = data[size:]
        if dice.random() < 0.2:
            pieces.rows()
    assert pieces.rows() == whole.rows()
    assert pieces.emulator.cursor() == whole.emulator.cursor()


@pytest.mark.parametrize("name", SCENES)
def test_any_part_of_it_leaves_the_terminal_alive(name: str) -> None:
    """A program that is killed in the midst of a sequence: a reset brings the terminal back."""
    data = (DIRECTORY / f"{name}.bin").read_bytes()
    dice = random.Random(name)
    for _ in range(20):
        screen = Screen(40, 10)
        start, end = sorted((dice.randrange(len(data)), dice.randrange(len(data))))
        screen.feed(data[start:end])
        screen.rows()
        assert screen.feed(b"\x1b\\\x1bcready").rows()[0] == "ready"
