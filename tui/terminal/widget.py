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
from textual.widget import Widget

from tui.terminal import keys, mouse, paint
from tui.terminal.emulator import Cursor, Emulator, Modes
from tui.terminal.loading import make_emulator
from tui.terminal.selection import Selection

FRAME_SECONDS = 1 / 60
SLICE_BYTES = 256 * 1024
"""Output fed before other work gets its turn: about 2 ms of the emulator's time."""
WHEEL_LINES = 3


class TerminalView(Widget, can_focus=True):
    """One terminal. ``send`` gets what is typed, ``resized`` the columns and rows; :meth:`feed` takes output."""

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

    class Copied(Message):
        """Marked text went to the clipboard."""

    def __init__(
        self,
        *,
        send: Callable[[bytes], None] = lambda data: None,
        resized: Callable[[int, int], None] = lambda columns, rows: None,
        name: str | None = None,
        id: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id)
        self.send = send
        self.resized = resized
        self.emulator: Emulator | None = None
        self.ended = False
        """The program has ended: keys go nowhere, Enter asks for a fresh one."""
        self._backlog: deque[bytes] = deque()
        self._draining = False
        self._strips: dict[int, Strip] = {}
        self._cursor: Cursor | None = None
        self._painted_at = 0.0
        self._paint_planned = False
        self._selection: Selection | None = None
        self._button = 0

    # -- output ------------------------------------------------------------------------------------------------

    def feed(self, data: bytes) -> None:
        """Take output; large amounts are worked off in slices between which the program stays alive."""
        for start in range(0, len(data), SLICE_BYTES):
            self._backlog.append(data[start : start + SLICE_BYTES])
        if not self._draining and self.emulator is not None:
            self._drain()

    def _drain(self) -> None:
        self._draining = False
        if not self._backlog or self.emulator is None:
            return
        self.emulator.feed(self._backlog.popleft())
        self._plan_paint()
        if self._backlog:
            self._draining = True
            asyncio.get_running_loop().call_soon(self._drain)

    def fresh(self) -> None:
        """Forget everything: an empty terminal for a new shell."""
        if self.emulator is not None:
            self.emulator.close()
            self.emulator = None
        self._backlog.clear()
        self.ended = False
        self._selection = None
        self._open()

    @property
    def modes(self) -> Modes:
        return self.emulator.modes() if self.emulator else Modes()

    # -- life --------------------------------------------------------------------------------------------------

    def _open(self) -> None:
        columns, rows = self.content_size
        if columns < 2 or rows < 1:
            return
        if self.emulator is None:
            self.emulator = make_emulator(columns, rows)
            self.emulator.on_reply(lambda data: self.send(data))
            self._drain()
        elif (self.emulator.columns, self.emulator.rows) != (columns, rows):
            self.emulator.resize(columns, rows)
        else:
            return
        self.resized(columns, rows)
        self._strips.clear()
        self._plan_paint()

    def on_resize(self, event: events.Resize) -> None:
        self._selection = None
        self._open()

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
        self._repaint_all()

    # -- painting ----------------------------------------------------------------------------------------------

    def _plan_paint(self) -> None:
        """Paint soon, but at most once per frame."""
        if self._paint_planned or not self.is_attached:
            return
        self._paint_planned = True
        wait = self._painted_at + FRAME_SECONDS - time.monotonic()
        if wait <= 0:
            self.call_next(self._paint)
        else:
            self.set_timer(wait, self._paint)

    def _paint(self) -> None:
        self._paint_planned = False
        emulator = self.emulator
        if emulator is None or not self.is_on_screen:
            return
        self._painted_at = time.monotonic()
        width, base = emulator.columns, self.rich_style
        changed = emulator.changed_rows()
        for y, row in changed.items():
            self._strips[y] = paint.strip(row, base, width)
        dirty = set(changed)
        cursor = emulator.cursor()
        if cursor != self._cursor:
            dirty.update(one.y for one in (cursor, self._cursor) if one)
            self._cursor = cursor
        if dirty:
            self.refresh(*(Region(0, y, width, 1) for y in dirty))
        if cursor and self.has_focus:  # where an input method shows its candidates
            self.app.cursor_position = self.content_region.offset + Offset(cursor.x, cursor.y)

    def on_show(self) -> None:
        self._plan_paint()

    def _repaint_all(self) -> None:
        """Colours have changed: every row anew."""
        if self.emulator is not None:
            columns, rows = self.emulator.columns, self.emulator.rows
            self.emulator.resize(columns, rows + 1)
            self.emulator.resize(columns, rows)
            self._plan_paint()

    def _refresh_cursor(self) -> None:
        if self._cursor:
            self.refresh(Region(0, self._cursor.y, self.size.width, 1))

    def render_line(self, y: int) -> Strip:
        base = self.rich_style
        line = self._strips.get(y)
        width = self.content_size.width
        if line is None:
            return Strip.blank(width, base)
        if self.emulator is not None and (self._selection is not None or y == 0):
            line = self._marked(line, y, self.emulator)
        cursor = self._cursor
        if cursor is not None and cursor.y == y and not self.ended:
            block = self.has_focus and cursor.shape == "block"
            look = Style(reverse=True) if block else Style(underline=True, bold=True)
            wide = 2 if paint.is_wide_at(line, cursor.x) else 1
            line = paint.overlay(line, cursor.x, cursor.x + wide, look)
        return line.adjust_cell_length(width, base)

    def _marked(self, line: Strip, y: int, emulator: Emulator) -> Strip:
        """With the selection, and how far back in time the view is."""
        first, total = emulator.position()
        if self._selection is not None and (columns := self._selection.columns(first + y, emulator.columns)):
            line = paint.overlay(line, *columns, Style(reverse=True))
        behind = total - emulator.rows - first
        if y == 0 and behind > 0:
            badge = f" ↑ {behind} "
            kept = line.crop(0, emulator.columns - len(badge))
            line = Strip.join([kept, paint.text(badge, self.rich_style + Style(reverse=True))])
        return line

    # -- keys --------------------------------------------------------------------------------------------------

    async def _on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        if self.ended:
            if event.key == "enter":
                self.post_message(self.RestartWanted(self))
            return
        if event.key in ("shift+pageup", "shift+pagedown") and self.emulator and not self.modes.alternate_screen:
            self._scroll((self.emulator.rows - 1) * (-1 if event.key == "shift+pageup" else 1))
            return
        data = keys.encode(event.key, event.character, application_cursor=self.modes.application_cursor)
        if data is not None:
            self.type(data)

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        if not self.ended:
            self.type(keys.paste(event.text, bracketed=self.modes.bracketed_paste))

    def type(self, data: bytes) -> None:
        """Send what the learner typed, and show where it goes."""
        if self._selection is not None:
            self._selection = None
            self.refresh()
        if self.emulator is not None:
            first, total = self.emulator.position()
            if first + self.emulator.rows < total:
                self.emulator.scroll_to_end()
                self._plan_paint()
                self.refresh()
        self.send(data)

    # -- mouse -------------------------------------------------------------------------------------------------

    def _report(self, action: str, button: int, event: events.MouseEvent) -> bool:
        """Tell the program inside, if it asked for the mouse (Shift keeps it for marking text)."""
        modes = self.modes
        if event.shift or modes.mouse == "none" or self.ended:
            return False
        data = mouse.encode(action, button, int(event.x), int(event.y), modes, alt=event.meta, ctrl=event.ctrl)
        if data is not None:
            self.send(data)
        return True

    def _point(self, event: events.MouseEvent) -> tuple[int, int]:
        first = self.emulator.position()[0] if self.emulator else 0
        x = min(max(0, int(event.x)), self.size.width - 1)
        return x, first + min(max(0, int(event.y)), self.size.height - 1)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        event.stop()
        self._button = event.button
        self.capture_mouse()
        if not self._report("press", event.button, event) and event.button == 1:
            point = self._point(event)
            self._selection = Selection(point, point)
            self.refresh()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._button and self._selection is not None and not self._is_reporting(event):
            self._selection = Selection(self._selection.start, self._point(event))
            self.refresh()
        else:
            self._report("move", self._button, event)

    def _is_reporting(self, event: events.MouseEvent) -> bool:
        return self.modes.mouse != "none" and not event.shift

    def on_mouse_up(self, event: events.MouseUp) -> None:
        event.stop()
        self.release_mouse()
        button, self._button = self._button, 0
        if self._selection is not None and self._selection.start != self._selection.end:
            self._copy()
        elif self._selection is not None:
            self._selection = None
            self.refresh()
        else:
            self._report("release", button, event)

    def on_click(self, event: events.Click) -> None:
        event.stop()
        if event.chain >= 2 and self.emulator and not self._is_reporting(event):
            x, row = self._point(event)
            first, last = (0, self.emulator.columns - 1) if event.chain > 2 else self.emulator.word_at(x, row)
            self._selection = Selection((first, row), (last, row))
            self.refresh()
            self._copy()

    def _copy(self) -> None:
        if self._selection is None or self.emulator is None:
            return
        text = self.emulator.text_between(*self._selection.ordered)
        if text:
            self.app.copy_to_clipboard(text)
            self.post_message(self.Copied())

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._wheel(event, mouse.WHEEL_UP)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._wheel(event, mouse.WHEEL_DOWN)

    def _wheel(self, event: events.MouseEvent, button: int) -> None:
        event.stop()
        if self._report("press", button, event):
            return
        modes, up = self.modes, button == mouse.WHEEL_UP
        if modes.alternate_screen:
            if modes.alternate_scroll:
                key = keys.encode("up" if up else "down", None, application_cursor=modes.application_cursor) or b""
                self.send(key * WHEEL_LINES)
        else:
            self._scroll(-WHEEL_LINES if up else WHEEL_LINES)

    def _scroll(self, lines: int) -> None:
        if self.emulator is not None:
            self.emulator.scroll(lines)
            self._plan_paint()
            self.refresh(Region(0, 0, self.size.width, 1))
