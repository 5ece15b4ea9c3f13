"""A terminal on the screen: feeds an emulator, paints what changed, and gives every key to the program inside."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable

from rich.style import Style
from textual import events
from textual.geometry import Offset, Region
from textual.message import Message
from textual.strip import Strip

from tui.terminal import keys, paint
from tui.terminal.direct import Direct
from tui.terminal.emulator import Cursor, Emulator, Modes, Row
from tui.terminal.loading import make_emulator
from tui.terminal.pointing import Pointing
from tui.terminal.reading import HELD_BYTES, Reading
from tui.terminal.sequences import is_late

FRAME_SECONDS = 1 / 60
PAINTING_SHARE = 2
"""After a paint that took long the next waits this many times as long: typing comes before a flood of output."""
SLICE_BYTES = 256 * 1024
"""Output fed before other work gets its turn: about 2 ms of the emulator's time."""
LONGEST_PAUSE_SECONDS = 0.05
BLOCK, UNDERLINED = Style(reverse=True), Style(underline=True, bold=True)
"""The cursor, with the focus and without."""


class TerminalView(Pointing, Reading, can_focus=True):
    """One terminal. ``send`` gets what is typed; :meth:`feed` takes output. Whoever holds it calls :meth:`set_size`."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "TerminalView { width: 1fr; height: 1fr; }"

    class RestartWanted(Message):
        """Enter was pressed in a terminal whose shell has ended."""

        def __init__(self, view: TerminalView) -> None:
            super().__init__()
            self.view = view

        @property
        def control(self) -> TerminalView:
            return self.view

    def __init__(
        self,
        *,
        send: Callable[[bytes], None] = lambda data: None,
        name: str | None = None,
        id: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id)
        self.send = send
        self.emulator: Emulator | None = None
        self.ended = False
        """The program has ended: keys go nowhere, Enter asks for a fresh one."""
        self._backlog: deque[bytes] = deque()
        self._draining = False
        self._rows: dict[int, Row] = {}
        self._strips: dict[int, Strip] = {}
        self._base = Style()
        self._cursor: Cursor | None = None
        self._behind = 0
        """So many rows of output are below what is seen."""
        self._direct = Direct(self, self._render_row)
        self._next_paint = 0.0
        self._paint_planned = False

    # -- output ------------------------------------------------------------------------------------------------

    def feed(self, data: bytes) -> None:
        """Take output; large amounts are worked off in slices between which the program stays alive."""
        for start in range(0, len(data), SLICE_BYTES):
            self._backlog.append(data[start : start + SLICE_BYTES])
        if self.copying is not None and sum(map(len, self._backlog)) > HELD_BYTES:
            self.end_copying()
            self.post_message(self.Noted("too_much"))
        if not self._draining and self.emulator is not None:
            self._drain()

    def _drain(self) -> None:
        self._draining = False
        if not self._backlog or self.emulator is None or self.copying is not None:
            return
        self.emulator.feed(self._backlog.popleft())
        self._plan_paint()
        if self._backlog:
            self._draining = True
            asyncio.get_running_loop().call_soon(self._drain)

    def end(self, words: str) -> None:
        """The program has ended: leave its full screen, and say so below what it showed last."""
        self.ended = True
        back = "\x1b[?1049l" if self.modes.alternate_screen else ""
        self.feed(f"{back}\x1b[0m\x1b[?25l\r\n\x1b[K\x1b[7m {words} \x1b[0m\x1b[K\r\n".encode())

    def fresh(self) -> None:
        """Forget everything: an empty terminal for a new shell."""
        old, self.emulator = self.emulator, None
        self._backlog.clear()
        self._rows.clear()
        self._strips.clear()
        self._cursor = None
        self._behind = 0
        self.ended = False
        self._selection = self._hovered = None
        self.end_copying()
        if old is not None:
            old.close()
            self.set_size(old.columns, old.rows)

    @property
    def modes(self) -> Modes:
        return self.emulator.modes() if self.emulator else Modes()

    # -- life --------------------------------------------------------------------------------------------------

    def set_size(self, columns: int, rows: int) -> None:
        """Make the terminal that big; the first call makes the emulator. Also for one that is not on the screen."""
        if columns < 2 or rows < 1:
            return
        if self.emulator is None:
            self.emulator = make_emulator(columns, rows)
            self.emulator.on_reply(lambda data: self.send(data))
            self._drain()
        elif (self.emulator.columns, self.emulator.rows) != (columns, rows):
            behind = self.emulator.position()[1] - self.copying.row if self.copying else 0
            self.emulator.resize(columns, rows)
            if self.copying:
                self.copying.resized(behind)
        else:
            return
        self._selection = self._hovered = None
        self._rows.clear()
        self._strips.clear()
        self._plan_paint()

    def on_mount(self) -> None:
        self._base = self.rich_style

    def on_unmount(self) -> None:
        if self.emulator is not None:
            self.emulator.close()
            self.emulator = None

    def on_focus(self) -> None:
        if self.modes.focus_reports:
            self.send(b"\x1b[I")
        self._refresh_cursor()

    def on_blur(self) -> None:
        if self.modes.focus_reports:
            self.send(b"\x1b[O")
        self._refresh_cursor()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._direct.restyled()
        if self.is_attached and self._base != self.rich_style:
            self._base = self.rich_style
            self._strips.clear()
            self.refresh()

    # -- painting ----------------------------------------------------------------------------------------------

    def _plan_paint(self) -> None:
        """Paint soon: at once if the last paint was a frame ago, so that a typed key is seen without delay."""
        if self._paint_planned or not self.is_running:
            return
        self._paint_planned = True
        wait = self._next_paint - time.monotonic()
        loop = asyncio.get_running_loop()
        if wait <= 0:
            loop.call_soon(self._paint)
        else:
            loop.call_later(wait, self._paint)

    def _paint(self) -> None:
        self._paint_planned = False
        emulator = self.emulator
        if emulator is None or not self.is_running:
            return
        place = self._direct.place()
        if place is None and not (self.is_attached and self.is_on_screen):
            return
        started = time.monotonic()
        dirty = emulator.changed_rows()
        for y, row in dirty.items():
            self._rows[y] = row
            self._strips.pop(y, None)
        cursor = emulator.cursor()
        rows = set(dirty)
        if self._look_back():
            rows.add(0)
        if cursor != self._cursor:
            rows.update(one.y for one in (cursor, self._cursor) if one)
            self._cursor = cursor
        if cursor and self.has_focus:  # where an input method shows its candidates
            left, top = place.offset if place else self.content_region.offset
            self.app.cursor_position = Offset(left + cursor.x, top + cursor.y)
        if place is not None:  # Textual's own way takes up to a frame more
            self._direct.paint(place, sorted(rows))
        elif rows:
            self.refresh(*(Region(0, y, self.size.width, 1) for y in rows))
        ended = time.monotonic()
        pause = min(PAINTING_SHARE * (ended - started), LONGEST_PAUSE_SECONDS)
        self._next_paint = max(started + FRAME_SECONDS, ended + pause)

    def _look_back(self) -> bool:
        """See how many rows the view is behind the present; whether that is another number than before."""
        before, emulator = self._behind, self.emulator
        if emulator is not None:
            first, total = emulator.position()
            self._behind = max(0, total - emulator.rows - first)
        return self._behind != before

    def on_show(self) -> None:
        self._plan_paint()

    def _strip(self, y: int) -> Strip | None:
        """The row as it is painted, without cursor and selection."""
        line = self._strips.get(y)
        if line is None and (row := self._rows.get(y)) is not None and self.emulator is not None:
            line = self._strips[y] = paint.strip(row, self._base, self.emulator.columns)
        return line

    def _refresh_cursor(self) -> None:
        if self._cursor:
            self.refresh(Region(0, self._cursor.y, self.size.width, 1))

    def render_line(self, y: int) -> Strip:
        return self._render_row(y, self.content_size.width)

    def _render_row(self, y: int, width: int) -> Strip:
        base = self._base
        line = self._strip(y)
        if line is None:
            return Strip.blank(width, base)
        if self.emulator is not None and self.copying is not None:
            line = self.read_line(line, y, self.emulator, self.copying, base)
            return line.adjust_cell_length(width, base)
        if self.emulator is not None and (self._selection or self._hovered or (y == 0 and self._behind)):
            line = self._marked(line, y, self.emulator)
        cursor = self._cursor
        if cursor is not None and cursor.y == y and not self.ended:
            block = self.has_focus and cursor.shape == "block"
            look = BLOCK if block else UNDERLINED
            wide = 2 if paint.is_wide_at(line, cursor.x) else 1
            line = paint.overlay(line, cursor.x, cursor.x + wide, look)
        return line.adjust_cell_length(width, base)

    def _marked(self, line: Strip, y: int, emulator: Emulator) -> Strip:
        """With the link under the mouse, the selection, and how far back in time the view is."""
        first = emulator.position()[0]
        if self._hovered is not None and (columns := self._hovered.columns(first + y, emulator.columns)):
            line = paint.overlay(line, *columns, Style(underline=True))
        if self._selection is not None and (columns := self._selection.columns(first + y, emulator.columns)):
            line = paint.overlay(line, *columns, Style(reverse=True))
        if y == 0 and self._behind > 0:
            badge = f" ↑ {self._behind} "
            kept = line.crop(0, emulator.columns - len(badge))
            line = Strip.join([kept, paint.text(badge, self._base + Style(reverse=True))])
        return line

    # -- keys --------------------------------------------------------------------------------------------------

    async def _on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        self.take_key(event)

    def take_key(self, event: events.Key) -> None:
        """Every key that is not the program's own."""
        if self.copying is not None:
            self.read_key(event, self.copying)
            return
        if self.ended:
            if event.key == "enter":
                self.post_message(self.RestartWanted(self))
            return
        if event.key in ("shift+pageup", "shift+pagedown") and self.emulator and not self.modes.alternate_screen:
            self._scroll((self.emulator.rows - 1) * (-1 if event.key == "shift+pageup" else 1))
            return
        application_cursor = event.key in keys.CURSOR_KEYS and self.modes.application_cursor
        data = keys.encode(event.key, event.character, application_cursor=application_cursor)
        if data is not None:
            if is_late(event) and not self.modes.alternate_screen:
                data = data.removeprefix(b"\x1b")  # bash has had the Esc and waits for the rest of it
            self.type(data)

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        if self.copying is not None:
            self.copying.paste(event.text)
            self._reading_changed()
        elif not self.ended:
            self.type(keys.paste(event.text, bracketed=self.modes.bracketed_paste))

    def type(self, data: bytes) -> None:
        """Send what the learner typed, and show where it goes."""
        if self._selection is not None:
            self._selection = None
            self.refresh()
        if self.emulator is not None and self._behind:
            self.emulator.scroll_to_end()
            self._plan_paint()
            self.refresh()
        self.send(data)
