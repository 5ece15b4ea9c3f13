"""The part of a terminal that is marked with the mouse. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from tui.terminal.emulator import Point


@dataclass(frozen=True)
class Selection:
    """From where the button went down to where it is now, both cells included."""

    start: Point
    end: Point

    @property
    def ordered(self) -> tuple[Point, Point]:
        """First and last cell in reading order."""
        (x1, y1), (x2, y2) = self.start, self.end
        return ((x1, y1), (x2, y2)) if (y1, x1) <= (y2, x2) else ((x2, y2), (x1, y1))

    def columns(self, row: int, width: int) -> tuple[int, int] | None:
        """The marked columns of a row, the second not included; ``None`` if the row has none."""
        (x1, y1), (x2, y2) = self.ordered
        if not y1 <= row <= y2:
            return None
        return (x1 if row == y1 else 0), (x2 + 1 if row == y2 else width)
