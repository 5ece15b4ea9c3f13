"""Copy mode on the screen: it holds the program's output back, paints what is marked and found, and copies."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.terminal import paint
from tui.terminal.copying import COPY, CopyMode
from tui.wrap import cut, padded

if TYPE_CHECKING:
    from tui.terminal.emulator import Emulator

HELD_BYTES = 16 * 1024 * 1024
"""So much output is held back while somebody reads; then the terminal goes on."""
MATCH, CURRENT = Style(bold=True, underline=True), Style(bold=True, underline=True, reverse=True)


class Reading(Widget):
    """The part of :class:`~tui.terminal.widget.TerminalView` that is about reading what was shown."""

    if TYPE_CHECKING:
        emulator: Emulator | None
        has_focus: bool

        def _plan_paint(self) -> None: ...
        def _drain(self) -> None: ...
        def _put_on_clipboard(self, text: str) -> None: ...

    class CopyModeChanged(Message):
        """Copy mode began or ended, or a search is being typed."""

    class Noted(Message):
        """Something the learner should know: ``key`` is its message (``tui.copy.KEY``)."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    copying: CopyMode | None = None
    words: Callable[[str], str] = staticmethod(lambda key: key)
    """The learner's language, for what is written into the terminal itself."""

    def begin_copying(self) -> None:
        """Enter copy mode; again: leave it."""
        if self.copying is not None:
            self.end_copying()
        elif self.emulator is not None:
            self.copying = CopyMode(self.emulator)
            self._reading_changed()

    def end_copying(self) -> None:
        """Back to the present; the output that was held back comes now."""
        if self.copying is None:
            return
        self.copying = None
        if self.emulator is not None:
            self.emulator.scroll_to_end()
        self._reading_changed()
        self._drain()

    def _reading_changed(self) -> None:
        self._plan_paint()
        self.refresh()
        self.post_message(self.CopyModeChanged())

    def read_key(self, event: events.Key, mode: CopyMode) -> None:
        """A key in copy mode."""
        typed_before = mode.typing
        outcome = mode.press(event.key, event.character)
        if outcome == COPY:
            self._put_on_clipboard(mode.text)
        if outcome is not None:
            self.end_copying()
            return
        self._plan_paint()
        self.refresh()
        if (typed_before is None) != (mode.typing is None):
            self.post_message(self.CopyModeChanged())
        if mode.problem is not None:
            self.post_message(self.Noted(mode.problem))

    # -- painting ------------------------------------------------------------------------------------------------

    def read_line(self, line: Strip, y: int, emulator: Emulator, mode: CopyMode, base: Style) -> Strip:
        """A row with what was found, what is marked, the cursor, and in the corner how far back it is."""
        first, total = emulator.position()
        row = first + y
        for start, end, current in mode.found_in(row):
            line = paint.overlay(line, start, end, CURRENT if current else MATCH)
        selection = mode.selection
        if selection is not None and (columns := selection.columns(row, emulator.columns)):
            line = paint.overlay(line, *columns, Style(reverse=True))
        if row == mode.row and mode.typing is None:
            wide = 2 if paint.is_wide_at(line, mode.x) else 1
            look = Style(reverse=selection is None, underline=True, bold=True)
            line = paint.overlay(line, mode.x, mode.x + wide, look)
        if y == 0:
            line = self._corner(line, emulator, mode, total - emulator.rows - first, base)
        if mode.typing is not None and y == emulator.rows - 1:
            prompt = f"{'?' if mode.backwards else '/'}{mode.typing}▏"
            text = padded(cut(prompt[::-1], emulator.columns)[::-1], emulator.columns)
            line = paint.text(text, base + Style(reverse=True))
        return line

    def _corner(self, line: Strip, emulator: Emulator, mode: CopyMode, behind: int, base: Style) -> Strip:
        parts = [self.words("copy.mode")]
        if mode.wanted and (mode.matches or mode.typing):
            at = mode.current + 1 if mode.current is not None else 0
            parts.append(f"{at}/{len(mode.matches)}")
        if behind > 0:
            parts.append(f"↑ {behind}")
        badge = paint.text(f" {' · '.join(parts)} ", base + Style(reverse=True, bold=True))
        return Strip.join([line.crop(0, emulator.columns - badge.cell_length), badge])

    def refresh_row(self, row: int) -> None:
        """Paint a row of the scrollback anew, if it is in sight."""
        if self.emulator is not None:
            y = row - self.emulator.position()[0]
            if 0 <= y < self.emulator.rows:
                self.refresh(Region(0, y, self.size.width, 1))
