"""Rows as strips, and the marking of text."""

from __future__ import annotations

import pytest
from rich.style import Style

from tui.terminal import paint
from tui.terminal.emulator import PLAIN, Run
from tui.terminal.selection import Selection

BASE = Style(color="white", bgcolor="black")


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("abc", 3),
        ("网络", 4),
        ("e\u0301x", 2),
        ("👨\u200d👩\u200d👧", 2),
        ("👨\u200d👩\u200d👧", 6),
        ("한", 2),
        ("\u0301", 1),
    ],
)
def test_a_strip_has_the_cells_that_the_emulator_counted(text: str, cells: int) -> None:
    strip = paint.strip((Run(text, cells, PLAIN), Run("|", 1, PLAIN)), BASE, 12)
    assert strip.cell_length == 12
    before = strip.text[: strip.text.index("|")]
    from rich.cells import cell_len

    assert cell_len(before) == cells


def test_styles() -> None:
    style = PLAIN._replace(foreground=1, background=(1, 2, 3), bold=True, reverse=True, strike=True)
    (segment, *_) = paint.strip((Run("x", 1, style),), BASE, 1)
    assert segment.style is not None
    assert segment.style.color is not None and segment.style.color.number == 1
    assert segment.style.bgcolor is not None and segment.style.bgcolor.triplet == (1, 2, 3)
    assert segment.style.bold and segment.style.reverse and segment.style.strike


def test_invisible_text_is_not_there() -> None:
    assert paint.strip((Run("secret", 6, PLAIN._replace(invisible=True)),), BASE, 8).text == " " * 8


def test_overlay_changes_only_its_columns() -> None:
    line = paint.strip((Run("网络abc", 7, PLAIN),), BASE, 10)
    marked = paint.overlay(line, 2, 5, Style(reverse=True))
    assert marked.text == line.text and marked.cell_length == 10
    assert [segment.text for segment in marked if segment.style and segment.style.reverse] == ["络a"]
    assert paint.overlay(line, 8, 99, Style(reverse=True)).cell_length == 10
    assert paint.overlay(line, 12, 14, Style(reverse=True)) is line


def test_wide_characters_are_found() -> None:
    line = paint.strip((Run("a网b", 4, PLAIN),), BASE, 6)
    assert [paint.is_wide_at(line, column) for column in range(6)] == [False, True, False, False, False, False]


def test_selection_columns() -> None:
    forward, backward = Selection((3, 1), (5, 3)), Selection((5, 3), (3, 1))
    for one in (forward, backward):
        assert [one.columns(row, 10) for row in range(5)] == [None, (3, 10), (0, 10), (0, 6), None]
    assert Selection((4, 2), (1, 2)).columns(2, 10) == (1, 5)
