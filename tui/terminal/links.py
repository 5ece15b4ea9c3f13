"""Links in what a terminal shows: plain addresses (``http://…``) and those that programs make with OSC 8. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from rich.cells import cell_len

from tui.terminal.emulator import Emulator, Point

_PLAIN = re.compile(r"(?<![A-Za-z0-9_])(?:https?|ftp)://[^\s<>\"'`|\\^\u3000-\u303f\uff00-\uffef]+", re.IGNORECASE)
_CLOSING = {")": "(", "]": "[", "}": "{"}
SCHEME_END = "://"
"""What every plain address has in it."""


class Link(NamedTuple):
    """Where it leads, and its first and last cell."""

    target: str
    start: Point
    end: Point

    def covers(self, x: int, row: int) -> bool:
        (x1, y1), (x2, y2) = self.start, self.end
        return (y1, x1) <= (row, x) <= (y2, x2)

    def columns(self, row: int, width: int) -> tuple[int, int] | None:
        """The columns of a row that belong to it, the second not included."""
        (x1, y1), (x2, y2) = self.start, self.end
        if not y1 <= row <= y2:
            return None
        return (x1 if row == y1 else 0), (x2 + 1 if row == y2 else width)


def addresses(text: str) -> Iterator[tuple[int, int]]:
    """Beginning and end of each plain address; marks that end a sentence, or close what it stands in, are not its."""
    for match in _PLAIN.finditer(text):
        start, end = match.span()
        while end > start:
            last = text[end - 1]
            opening = _CLOSING.get(last)
            unbalanced = opening is not None and text.count(last, start, end) > text.count(opening, start, end)
            if last not in ".,;:!?*_" and not unbalanced:
                break
            end -= 1
        if text[start:end].partition(SCHEME_END)[2]:
            yield start, end


def links_of_line(emulator: Emulator, row: int) -> list[Link]:
    """The links of the line that ``row`` belongs to, however many rows it was wrapped onto."""
    first, last = emulator.line_rows(row)
    made = [link for one in range(first, last + 1) if emulator.has_hyperlinks(one) for link in _made(emulator, one)]
    text, cells = _cells(emulator, first, last)
    plain = [Link(text[start:end], cells[start], cells[end - 1]) for start, end in addresses(text)]
    free = [link for link in plain if not any(one.covers(*link.start) for one in made)]
    return sorted([*made, *free], key=lambda link: (link.start[1], link.start[0]))


def link_at(emulator: Emulator, x: int, row: int) -> Link | None:
    """The link under a cell."""
    return next((link for link in links_of_line(emulator, row) if link.covers(x, row)), None)


def next_link(emulator: Emulator, x: int, row: int, way: int) -> Link | None:
    """The link after that cell (``way`` 1) or before it (-1); beyond the last one comes the first."""
    total = emulator.position()[1]
    rows = {emulator.line_rows(start[1])[0] for start, _ in emulator.find(SCHEME_END)}
    rows |= {one for one in range(total) if emulator.has_hyperlinks(one)}
    links = {link for one in rows for link in links_of_line(emulator, one)}
    ordered = sorted(links, key=lambda link: (link.start[1], link.start[0]))
    if way < 0:
        ordered.reverse()
    beyond = [link for link in ordered if ((link.start[1], link.start[0]) > (row, x)) == (way > 0)]
    beyond = [link for link in beyond if link.start != (x, row)]
    return next(iter([*beyond, *ordered]), None)


def _cells(emulator: Emulator, first: int, last: int) -> tuple[str, list[Point]]:
    """The text of a wrapped line, and the cell of each of its characters."""
    text, cells = "", []
    for row in range(first, last + 1):
        x = 0
        for character in emulator.text_between((0, row), (emulator.columns - 1, row)):
            text += character
            width = cell_len(character)
            cells.append((x if width else max(0, x - 1), row))
            x += width
        for blank in range(x, emulator.columns - 1 if row < last else 0):  # a wide character leaves one cell at the end
            text += " "
            cells.append((blank, row))
    return text, cells


def _made(emulator: Emulator, row: int) -> Iterator[Link]:
    """Links by OSC 8 in one row."""
    target: str | None = None
    start = 0
    for x in range(emulator.columns + 1):
        here = emulator.hyperlink(x, row) if x < emulator.columns else None
        if here != target:
            if target is not None:
                yield Link(target, (start, row), (x - 1, row))
            target, start = here, x
