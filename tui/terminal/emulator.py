"""What the screen needs of a terminal emulator: the seam between the widget and what understands escape sequences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

Colour = int | tuple[int, int, int] | None
"""A palette number (0–255), red/green/blue, or ``None`` for the terminal's own colour."""


class CellStyle(NamedTuple):
    """How a cell looks."""

    foreground: Colour = None
    background: Colour = None
    bold: bool = False
    dim: bool = False
    italic: bool = False
    underline: bool = False
    blink: bool = False
    reverse: bool = False
    invisible: bool = False
    strike: bool = False


PLAIN = CellStyle()


class Run(NamedTuple):
    """Neighbouring cells of one style. ``width`` counts cells: a Chinese character has two."""

    text: str
    width: int
    style: CellStyle


Row = tuple[Run, ...]
Point = tuple[int, int]
"""A cell: column, and row counted from the start of the scrollback."""
Stretch = tuple[Point, Point]
"""First and last cell of a piece of text, in reading order."""


@dataclass(frozen=True)
class Cursor:
    """Where the cursor is in the visible rows, from 0; ``shape`` is ``block``, ``bar`` or ``underline``."""

    x: int
    y: int
    shape: str = "block"


@dataclass(frozen=True)
class Modes:
    """What the program in the terminal has asked for."""

    application_cursor: bool = False
    bracketed_paste: bool = False
    focus_reports: bool = False
    alternate_screen: bool = False
    alternate_scroll: bool = False
    mouse: str = "none"
    """Which mouse events it wants: ``none``, ``press`` (X10), ``click``, ``drag`` or ``motion``."""
    mouse_sgr: bool = False
    """Mouse events are written as ``CSI < …`` (1006), else in the old three bytes."""


class EmulatorError(Exception):
    """The emulator cannot be loaded on this machine; the text says why."""


class Emulator(Protocol):
    """A terminal without a screen. Rows and columns count from 0; ``y`` counts in the visible rows."""

    columns: int
    rows: int

    def on_reply(self, callback: Callable[[bytes], None]) -> None:
        """Call ``callback`` with what the terminal answers to the program (device attributes, cursor reports)."""

    def feed(self, data: bytes) -> None:
        """Take output of the program."""

    def resize(self, columns: int, rows: int) -> None:
        """Change the size; text that was wrapped is wrapped anew."""

    def changed_rows(self) -> dict[int, Row]:
        """The visible rows that changed since the last call, by ``y``."""

    def cursor(self) -> Cursor | None:
        """The cursor; ``None`` when it is hidden or scrolled out of sight."""

    def modes(self) -> Modes:
        """What the program has asked for."""

    def title(self) -> str:
        """The window title the program has set."""

    def scroll(self, lines: int) -> None:
        """Move the view; negative goes back in time."""

    def scroll_to_end(self) -> None:
        """Show the present."""

    def position(self) -> tuple[int, int]:
        """Index of the first visible row, and the number of rows in all, scrollback included."""

    def text_between(self, start: tuple[int, int], end: tuple[int, int]) -> str:
        """The text from cell to cell, both included: ``(x, row)``, rows counted from the start of the scrollback."""

    def word_at(self, x: int, row: int) -> tuple[int, int]:
        """First and last column of the word under that cell, rows counted from the start of the scrollback."""

    def find(self, text: str) -> tuple[Stretch, ...]:
        """Where ``text`` stands, scrollback included, from the top down; small and capital letters are the same."""

    def line_rows(self, row: int) -> tuple[int, int]:
        """First and last row of the wrapped line that ``row`` is part of, counted as in :meth:`word_at`."""

    def has_hyperlinks(self, row: int) -> bool:
        """Whether the program may have made text of that row a link (OSC 8)."""

    def hyperlink(self, x: int, row: int) -> str | None:
        """Where the link leads that the program has made of that cell (OSC 8)."""

    def close(self) -> None:
        """Free it."""
