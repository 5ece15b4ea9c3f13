"""Copy mode: move, mark, search, with an emulator and no screen."""

from __future__ import annotations

import random

import pytest

from tests.tui.terminal.screen import Screen
from tui.terminal.copying import COPY, COPY_KEYS, LEAVE, NAMES, SEARCH_KEYS, CopyMode

TEXT = "one two  three\r\n网络 命名 x\r\n\r\nlast line\r\n$ "
KEYS = {"Space": "space", "Enter": "enter", "Tab": "tab", "Esc": "escape"}


def copy_mode(text: str = TEXT, columns: int = 20, rows: int = 5) -> CopyMode:
    screen = Screen(columns, rows).feed(text)
    screen.rows()
    return CopyMode(screen.emulator)


def press(mode: CopyMode, *keys: str) -> str | None:
    """Press keys as they are named by Textual; a single character is typed."""
    outcome = None
    for key in keys:
        character = " " if key == "space" else key if len(key) == 1 else None
        outcome = mode.press(key, character)
    return outcome


def test_it_begins_at_the_cursor() -> None:
    assert copy_mode().cursor == (2, 4)


@pytest.mark.parametrize(
    ("keys", "cursor"),
    [
        ("g", (0, 0)),
        ("g w", (4, 0)),
        ("g w w", (9, 0)),
        ("g w w w", (0, 1)),
        ("g w w w w", (5, 1)),
        ("g w w b", (4, 0)),
        ("g e", (2, 0)),
        ("g e e e e", (2, 1)),
        ("g $", (13, 0)),
        ("g end l", (0, 1)),
        ("g j", (0, 1)),
        ("g j l", (2, 1)),
        ("g j right right", (4, 1)),
        ("g j $", (10, 1)),
        ("g j l h", (0, 1)),
        ("g j h", (13, 0)),
        ("g l j", (0, 1)),
        ("g down down down", (0, 3)),
        ("k ^", (0, 3)),
        ("k $ 0", (0, 3)),
        ("g k k", (0, 0)),
        ("G j j", (0, 4)),
        ("H", (0, 0)),
        ("M", (0, 2)),
        ("L", (0, 4)),
        ("g G", (0, 4)),
        ("g ctrl+d", (0, 2)),
        ("g ctrl+n ctrl+p", (0, 0)),
    ],
)
def test_moving(keys: str, cursor: tuple[int, int]) -> None:
    mode = copy_mode()
    press(mode, *keys.split())
    assert mode.cursor == cursor


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("g w space e", "two"),
        ("g w v w w e", "two  three\n网络"),
        ("g j space", "网"),
        ("g j l space", "络"),
        ("g j space l", "网络"),
        ("g e space 0", "one"),
        ("g w V", "one two  three"),
        ("g w V j", "one two  three\n网络 命名 x"),
        ("G V k k", "\nlast line\n$"),
    ],
)
def test_marking(keys: str, text: str) -> None:
    mode = copy_mode()
    press(mode, *keys.split())
    assert mode.text == text
    assert press(mode, "enter") == COPY


def test_nothing_marked_is_said() -> None:
    mode = copy_mode()
    assert press(mode, "g", "y") is None and mode.problem == "nothing_marked"
    assert press(mode, "l") is None and mode.problem is None


def test_leaving() -> None:
    assert press(copy_mode(), "q") == press(copy_mode(), "escape") == press(copy_mode(), "ctrl+c") == LEAVE
    mode = copy_mode()
    assert press(mode, "space", "escape") is None and mode.selection is None
    assert press(mode, "escape") == LEAVE


def test_the_view_follows_the_cursor() -> None:
    screen = Screen(20, 5).feed("".join(f"line {number}\r\n" for number in range(100)))
    mode = CopyMode(screen.emulator)
    press(mode, "g")
    assert screen.emulator.position()[0] == 0 and screen.rows()[0] == "line 0"
    press(mode, *["down"] * 6)
    assert screen.rows()[4] == "line 6"
    press(mode, "pagedown", "ctrl+f", "pageup")
    assert mode.row == 10
    press(mode, "G")
    assert screen.rows()[3] == "line 99"


def test_searching_while_typing_and_on() -> None:
    screen = Screen(20, 5).feed("".join(f"line {number} 网\r\n" for number in range(100)))
    mode = CopyMode(screen.emulator)
    press(mode, "?", "n", "e", " ", "4")
    assert mode.typing == "ne 4" and mode.cursor == (2, 49) and len(mode.matches) == 11
    assert mode.current == 10 and "line 49 网" in screen.rows()
    press(mode, "enter", "n")
    assert mode.typing is None and mode.cursor == (2, 48)
    press(mode, "N", "N")
    assert mode.cursor == (2, 4)  # round the end
    assert mode.found_in(4) == [(2, 6, True)] and mode.found_in(5) == []
    press(mode, "g", "/", "网", "enter")
    assert mode.cursor == (7, 0) and len(mode.matches) == 100
    assert mode.found_in(0) == [(7, 9, True)]
    press(mode, "n", "n")
    assert mode.cursor == (7, 2)
    press(mode, "escape")
    assert not mode.matches and press(mode, "n") is None and mode.cursor == (7, 3)


def test_a_search_that_is_given_up_changes_nothing() -> None:
    screen = Screen(20, 5).feed("".join(f"line {number}\r\n" for number in range(100)))
    mode = CopyMode(screen.emulator)
    before = mode.cursor, screen.emulator.position()
    press(mode, "?", *"line 1", "escape")
    assert (mode.cursor, screen.emulator.position()) == before and not mode.matches
    press(mode, "/", "x", "backspace", "backspace")
    assert mode.typing is None


def test_what_is_nowhere_is_said() -> None:
    mode = copy_mode()
    press(mode, "/", *"nowhere", "enter")
    assert mode.problem == "not_found" and mode.cursor == (2, 4)


def test_a_match_that_was_wrapped_is_found() -> None:
    mode = copy_mode("abcdefghijklmnopqrstuvwxyz\r\n", columns=10)
    press(mode, "g", "/", *"ijkl", "enter")
    assert mode.found_in(0) == [(8, 10, True)] and mode.found_in(1) == [(0, 2, True)]


def test_a_pasted_search() -> None:
    mode = copy_mode()
    press(mode, "/")
    mode.paste("命名\n")
    assert mode.typing == "命名" and mode.cursor == (5, 1)
    press(mode, "ctrl+u")
    assert mode.typing == ""


def test_links_are_gone_to_and_copied() -> None:
    mode = copy_mode("see http://a/ and\r\nhttp://b/\r\n")
    press(mode, "tab")
    assert mode.cursor == (4, 0) and mode.text == "http://a/"
    press(mode, "tab")
    assert mode.text == "http://b/"
    press(mode, "shift+tab")
    assert press(mode, "enter") == COPY
    none = copy_mode()
    press(none, "tab")
    assert none.problem == "no_links"


def test_another_size_keeps_the_place() -> None:
    screen = Screen(20, 5).feed("".join(f"line {number}\r\n" for number in range(100)))
    mode = CopyMode(screen.emulator)
    press(mode, "?", *"line 50", "enter")
    behind = screen.emulator.position()[1] - mode.row
    screen.emulator.resize(40, 10)
    mode.resized(behind)
    assert screen.emulator.text_between((0, mode.row), (39, mode.row)) == "line 50" and len(mode.matches) == 1


def test_every_key_that_is_named_does_something() -> None:
    named = {KEYS.get(label, label) for label, _ in (*COPY_KEYS, *SEARCH_KEYS) for label in label.split()}
    assert named <= {*NAMES, "enter", "escape"}


def test_any_keys_in_any_order() -> None:
    dice = random.Random(3)
    names = [*NAMES, "up", "down", "left", "right", "home", "end", "pageup", "pagedown", "backspace", "网", "a"]
    for text in ("", TEXT, "x" * 500, "".join(f"http://h/{n} 网\r\n" for n in range(60))):
        mode = copy_mode(text)
        for _ in range(400):
            mode.press(*(lambda key: (key, key if len(key) == 1 else None))(dice.choice(names)))
            total = mode._emulator.position()[1]
            assert 0 <= mode.row < total and 0 <= mode.x < 20
