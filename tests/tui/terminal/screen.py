"""Looks at an emulator as a person does."""

from __future__ import annotations

from tui.terminal.emulator import CellStyle, Emulator
from tui.terminal.ghostty import GhosttyEmulator


class Screen:
    """An emulator and what its rows show, kept as the widget keeps them: only changed rows are read."""

    def __init__(self, columns: int = 80, rows: int = 24) -> None:
        self.emulator: Emulator = GhosttyEmulator(columns, rows)
        self.replies = b""
        self.emulator.on_reply(self._replied)
        self._rows = self.emulator.changed_rows()

    def _replied(self, data: bytes) -> None:
        self.replies += data

    def feed(self, data: bytes | str) -> Screen:
        self.emulator.feed(data.encode() if isinstance(data, str) else data)
        return self

    def rows(self) -> list[str]:
        """The text of every row, without blanks at its end."""
        self._rows.update(self.emulator.changed_rows())
        return ["".join(run.text for run in self._rows[y]).rstrip() for y in range(self.emulator.rows)]

    def text(self) -> str:
        return "\n".join(self.rows()).rstrip()

    def style(self, x: int, y: int) -> CellStyle:
        self.rows()
        column = 0
        for run in self._rows[y]:
            if column <= x < column + run.width:
                return run.style
            column += run.width
        raise IndexError(f"row {y} has no column {x}")

    def widths(self) -> set[int]:
        """Cells of each row, as its runs say."""
        self.rows()
        return {sum(run.width for run in self._rows[y]) for y in range(self.emulator.rows)}
