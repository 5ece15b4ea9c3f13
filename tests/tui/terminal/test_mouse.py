"""Mouse reports as xterm writes them."""

from __future__ import annotations

import pytest

from tui.terminal.emulator import Modes
from tui.terminal.mouse import WHEEL_DOWN, WHEEL_UP, encode


def modes(mouse: str, sgr: bool = True) -> Modes:
    return Modes(mouse=mouse, mouse_sgr=sgr)


@pytest.mark.parametrize(
    ("action", "button", "expected"),
    [
        ("press", 1, b"\x1b[<0;3;6M"),
        ("release", 1, b"\x1b[<0;3;6m"),
        ("press", 3, b"\x1b[<2;3;6M"),
        ("move", 1, b"\x1b[<32;3;6M"),
        ("press", WHEEL_UP, b"\x1b[<64;3;6M"),
        ("press", WHEEL_DOWN, b"\x1b[<65;3;6M"),
    ],
)
def test_sgr(action: str, button: int, expected: bytes) -> None:
    assert encode(action, button, 2, 5, modes("drag")) == expected


@pytest.mark.parametrize(
    ("action", "button", "expected"),
    [
        ("press", 1, b"\x1b[M \x23\x26"),
        ("release", 1, b"\x1b[M#\x23\x26"),
        ("press", WHEEL_UP, b"\x1b[M`\x23\x26"),
    ],
)
def test_three_bytes(action: str, button: int, expected: bytes) -> None:
    assert encode(action, button, 2, 5, modes("click", sgr=False)) == expected


def test_the_old_encoding_has_no_bytes_for_far_cells() -> None:
    assert encode("press", 1, 223, 0, modes("click", sgr=False)) is None
    assert encode("press", 1, 223, 0, modes("click")) == b"\x1b[<0;224;1M"


def test_modifiers() -> None:
    assert encode("press", 1, 0, 0, modes("click"), shift=True, alt=True, ctrl=True) == b"\x1b[<28;1;1M"
    assert encode("press", 1, 0, 0, modes("press", sgr=False), ctrl=True) == b"\x1b[M !!"  # X10 knows none


@pytest.mark.parametrize(
    ("mode", "wanted"),
    [
        ("none", set()),
        ("press", {"press"}),
        ("click", {"press", "release"}),
        ("drag", {"press", "release", "drag"}),
        ("motion", {"press", "release", "drag", "move"}),
    ],
)
def test_a_program_gets_what_it_asked_for(mode: str, wanted: set[str]) -> None:
    events = {"press": ("press", 1), "release": ("release", 1), "drag": ("move", 1), "move": ("move", 0)}
    assert {name for name, one in events.items() if encode(*one, 1, 1, modes(mode))} == wanted
