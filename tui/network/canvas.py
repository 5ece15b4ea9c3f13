"""A sheet of cells on which text is written and lines are drawn that join where they meet. Pure.

A line gives *arms* to the cells it passes: up, right, down, left, each with a weight. The cell's character is the box
drawing character with these arms (Unicode block U+2500), a light corner a round one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple, overload

from rich.cells import cell_len

from tui.lines import Line
from tui.wrap import Span

LIGHT, HEAVY, DOUBLE = 1, 2, 3
"""Weights of a line; ``DOUBLE`` is for horizontal ones."""

Point = tuple[int, int]
Key = tuple[str, ...]

_NAMED = """
0001╴ 0002╸ 0010╷ 0011╮ 0012┑ 0020╻ 0021┒ 0022┓ 0100╶ 0101─ 0102╾ 0110╭ 0111┬ 0112┭ 0120┎ 0121┰ 0122┱ 0200╺ 0201╼ 0202━
0210┍ 0211┮ 0212┯ 0220┏ 0221┲ 0222┳ 1000╵ 1001╯ 1002┙ 1010│ 1011┤ 1012┥ 1020╽ 1021┧ 1022┪ 1100╰ 1101┴ 1102┵ 1110├ 1111┼
1112┽ 1120┟ 1121╁ 1122╅ 1200┕ 1201┶ 1202┷ 1210┝ 1211┾ 1212┿ 1220┢ 1221╆ 1222╈ 2000╹ 2001┚ 2002┛ 2010╿ 2011┦ 2012┩ 2020┃
2021┨ 2022┫ 2100┖ 2101┸ 2102┹ 2110┞ 2111╀ 2112╃ 2120┠ 2121╂ 2122╉ 2200┗ 2201┺ 2202┻ 2210┡ 2211╄ 2212╇ 2220┣ 2221╊ 2222╋
0303═ 0300═ 0003═ 0310╒ 0013╕ 0313╤ 1303╧ 1313╪ 1310╞ 1013╡ 1300╘ 1003╛
"""
UP, RIGHT, DOWN, LEFT = 0, 2, 4, 6
"""By how many bits the weight of an arm is shifted in a cell."""
_BITS = 0b11
_DIRECTIONS = {(0, -1): UP, (1, 0): RIGHT, (0, 1): DOWN, (-1, 0): LEFT}


def _arms(up: int, right: int, down: int, left: int) -> int:
    return up << UP | right << RIGHT | down << DOWN | left << LEFT


def _weights(arms: int) -> tuple[int, int, int, int]:
    return arms >> UP & _BITS, arms >> RIGHT & _BITS, arms >> DOWN & _BITS, arms >> LEFT & _BITS


_JOINS = {_arms(*(int(digit) for digit in entry[:4])): entry[4] for entry in _NAMED.split()}
_HEAVIEST = [max(_weights(arms)) for arms in range(256)]
_CHARACTERS = [
    " " if not arms else _JOINS.get(arms) or _JOINS.get(_arms(*(min(one, HEAVY) for one in _weights(arms))), "?")
    for arms in range(256)
]
"""Character by arms; a double line is a heavy one where there is no character for it."""
_DASHED = {_arms(1, 0, 1, 0): "┆", _arms(0, 1, 0, 1): "┄", _arms(0, 3, 0, 3): "┅"}


class Region(NamedTuple):
    """Cells that belong to something that can be chosen: ``start`` to before ``end``, ``top`` to before ``bottom``."""

    key: Key
    start: int
    end: int
    top: int
    bottom: int

    def holds(self, x: int, y: int) -> bool:
        return self.start <= x < self.end and self.top <= y < self.bottom

    @property
    def area(self) -> int:
        return (self.end - self.start) * (self.bottom - self.top)


class _Row:
    """One row of cells: the arms of the lines in each, whether they are dashed, and the text over them."""

    __slots__ = ("arms", "characters", "dashed", "looks", "text_looks")

    def __init__(self, width: int) -> None:
        self.arms = bytearray(width)
        self.dashed = bytearray(width)
        self.looks = [""] * width
        self.characters = [""] * width
        self.text_looks: dict[int, str] = {}
        """Where there is text, and how it looks."""


class Canvas:
    """As wide as it is made, as high as what is drawn on it. What would be outside is left out."""

    def __init__(self, width: int) -> None:
        self.width = max(0, width)
        self.regions: list[Region] = []
        self._rows: list[_Row] = []

    def _row(self, y: int) -> _Row:
        while len(self._rows) <= y:
            self._rows.append(_Row(self.width))
        return self._rows[y]

    def text(self, x: int, y: int, text: str, look: str = "") -> int:
        """Write ``text``, over everything that is there. The result: the cell after it."""
        if not text:
            return x
        row, narrow = self._row(y), cell_len(text) == len(text)
        for character in text:
            cells = 1 if narrow else cell_len(character)
            if x >= 0 and x + cells <= self.width:
                row.characters[x] = character
                row.text_looks[x] = look
                if cells == 2:
                    row.characters[x + 1] = ""
                    row.text_looks[x + 1] = look
            x += cells
        return x

    def line(
        self,
        points: Sequence[Point],
        look: str = "",
        *,
        weight: int = LIGHT,
        dashed: bool = False,
        behind: bool = False,
    ) -> None:
        """A line through ``points``, each straight above, below or beside the one before; ``behind``: where it
        crosses a line that is there it passes under it instead of joining it."""
        for start, end in pairwise(points):
            step = _step(start, end)
            if step == (0, 0):
                continue
            ahead, back = _DIRECTIONS[step], _DIRECTIONS[-step[0], -step[1]]
            whole, aside = weight << ahead | weight << back, (UP, DOWN) if step[0] else (LEFT, RIGHT)
            x, y = start
            self._arm(x, y, weight << ahead, look, dashed)
            x, y = x + step[0], y + step[1]
            if step[0] and self._clear_run(x, end[0], y, whole, look, dashed):
                x = end[0]
            while (x, y) != end:
                if 0 <= x < self.width:
                    arms = self._row(y).arms[x]
                    if not (behind and arms >> aside[0] & _BITS and arms >> aside[1] & _BITS):
                        self._arm(x, y, whole, look, dashed)
                x, y = x + step[0], y + step[1]
            self._arm(x, y, weight << back, look, dashed)

    def _clear_run(self, x: int, end: int, y: int, arms: int, look: str, dashed: bool) -> bool:
        """Draw the inner cells of a horizontal line at once, if there is nothing in them yet."""
        row = self._row(y)
        first, last = (x, end) if x <= end else (end + 1, x + 1)
        first, last = max(0, first), min(self.width, last)
        if any(row.arms[first:last]):
            return False
        cells = max(0, last - first)
        row.arms[first:last] = bytes([arms]) * cells
        row.dashed[first:last] = bytes([dashed]) * cells
        row.looks[first:last] = [look] * cells
        return True

    def _arm(self, x: int, y: int, new: int, look: str, dashed: bool) -> None:
        """Give a cell these arms; of two weights of one arm the greater stays."""
        if not 0 <= x < self.width:
            return
        row = self._row(y)
        arms = row.arms[x]
        if not arms:
            row.arms[x], row.looks[x], row.dashed[x] = new, look, dashed
            return
        if _HEAVIEST[new] >= _HEAVIEST[arms]:
            row.looks[x] = look
        row.dashed[x] = row.dashed[x] and dashed
        for shift in (UP, RIGHT, DOWN, LEFT):
            if new >> shift & _BITS > arms >> shift & _BITS:
                arms = arms & ~(_BITS << shift) | new & _BITS << shift
        row.arms[x] = arms

    def box(self, left: int, top: int, right: int, bottom: int, look: str = "") -> None:
        """A frame whose corners are these cells."""
        self.line([(left, top), (right, top), (right, bottom), (left, bottom), (left, top)], look)

    def region(self, key: Key, start: int, end: int, top: int, bottom: int) -> None:
        """Remember where ``key`` is."""
        self.regions.append(Region(key, max(0, start), min(end, self.width), top, bottom))

    def lines(self, *more: Line) -> Sequence[Line]:
        """What was drawn, without spaces at the ends, and ``more`` lines below it. Each is put together when it is
        looked at: of a drawing of fifty namespaces most are out of sight."""
        return _Lines(self._rows, self.width, more)


class _Lines(Sequence[Line]):
    def __init__(self, rows: Sequence[_Row], width: int, more: Sequence[Line]) -> None:
        self._rows = rows
        self._width = width
        self._made: list[Line | None] = [*(None for _ in rows), *more]

    def __len__(self) -> int:
        return len(self._made)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    @overload
    def __getitem__(self, index: int) -> Line: ...
    @overload
    def __getitem__(self, index: slice) -> list[Line]: ...
    def __getitem__(self, index: int | slice) -> Line | list[Line]:
        if isinstance(index, slice):
            return [self[one] for one in range(*index.indices(len(self)))]
        line = self._made[index]
        if line is None:
            line = self._made[index] = Line(_spans(self._rows[index], self._width))
        return line


def _spans(row: _Row, width: int) -> tuple[Span, ...]:
    """The row as text, neighbours of one look together."""
    characters, looks = [_CHARACTERS[arms] for arms in row.arms], row.looks
    if any(row.dashed):
        for x, dashed in enumerate(row.dashed):
            if dashed:
                characters[x] = _DASHED.get(row.arms[x], characters[x])
    if row.text_looks:
        looks = looks.copy()
        for x, look in row.text_looks.items():
            characters[x], looks[x] = row.characters[x], look
    end = width
    while end and characters[end - 1] == " ":
        end -= 1
    spans: list[Span] = []
    start = 0
    for x in range(1, end + 1):
        if x == end or looks[x] != looks[start]:
            spans.append(Span("".join(characters[start:x]), looks[start]))
            start = x
    return tuple(spans) if end else ()


def _step(start: Point, end: Point) -> Point:
    return (end[0] > start[0]) - (end[0] < start[0]), (end[1] > start[1]) - (end[1] < start[1])


def trail(points: Sequence[Point]) -> Iterator[tuple[Point, Point]]:
    """The cells from the first point to the one before the last, each with the step to the next."""
    for start, end in pairwise(points):
        step = _step(start, end)
        while start != end:
            yield start, step
            start = (start[0] + step[0], start[1] + step[1])
