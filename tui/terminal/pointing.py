"""What the mouse does in a terminal: reports for programs that ask for them, else marking, copying and scrolling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.widget import Widget

from tui.terminal import keys, mouse
from tui.terminal.links import Link, link_at
from tui.terminal.selection import Selection

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.terminal.copying import CopyMode
    from tui.terminal.emulator import Emulator, Modes

WHEEL_LINES = 3


class Pointing(Widget):
    """The part of :class:`~tui.terminal.widget.TerminalView` that is about the mouse."""

    if TYPE_CHECKING:
        send: Callable[[bytes], None]
        emulator: Emulator | None
        ended: bool

        @property
        def modes(self) -> Modes: ...

        def _plan_paint(self) -> None: ...
        def _look_back(self) -> bool: ...

        copying: CopyMode | None

        def refresh_row(self, row: int) -> None: ...

    class Copied(Message):
        """Text went to the clipboard."""

    class Hovered(Message):
        """The mouse is on a link, or on none any more (``target`` is ``None``)."""

        def __init__(self, target: str | None) -> None:
            super().__init__()
            self.target = target

    _selection: Selection | None = None
    _hovered: Link | None = None
    _button = 0

    def _report(self, action: str, button: int, event: events.MouseEvent) -> bool:
        """Tell the program inside, if it asked for the mouse (Shift keeps it for marking text)."""
        modes = self.modes
        if event.shift or modes.mouse == "none" or self.ended or self.copying is not None:
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
            self._hover(self._link(event))
            self._report("move", self._button, event)

    def on_leave(self) -> None:
        self._hover(None)

    def _link(self, event: events.MouseEvent) -> Link | None:
        """The link under the mouse, where it is not the program's."""
        if self.emulator is None or self._is_reporting(event):
            return None
        return link_at(self.emulator, *self._point(event))

    def _hover(self, link: Link | None) -> None:
        before, self._hovered = self._hovered, link
        if before != link:
            for one in (before, link):
                for row in range(one.start[1], one.end[1] + 1) if one else ():
                    self.refresh_row(row)
            self.post_message(self.Hovered(link.target if link else None))

    def _is_reporting(self, event: events.MouseEvent) -> bool:
        return self.modes.mouse != "none" and not event.shift and self.copying is None

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
        link = self._link(event)
        if link is not None and ((event.ctrl and event.chain == 1) or event.chain == 2):
            self._selection = Selection(link.start, link.end)
            self.refresh()
            self._put_on_clipboard(link.target)
        elif event.chain >= 2 and self.emulator and not self._is_reporting(event):
            x, row = self._point(event)
            first, last = (0, self.emulator.columns - 1) if event.chain > 2 else self.emulator.word_at(x, row)
            self._selection = Selection((first, row), (last, row))
            self.refresh()
            self._copy()

    def _copy(self) -> None:
        if self._selection is None or self.emulator is None:
            return
        self._put_on_clipboard(self.emulator.text_between(*self._selection.ordered))

    def _put_on_clipboard(self, text: str) -> None:
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
        if modes.alternate_screen and self.copying is None:
            if modes.alternate_scroll:
                key = keys.encode("up" if up else "down", None, application_cursor=modes.application_cursor) or b""
                self.send(key * WHEEL_LINES)
        else:
            self._scroll(-WHEEL_LINES if up else WHEEL_LINES)

    def _scroll(self, lines: int) -> None:
        if self.emulator is not None:
            self.emulator.scroll(lines)
            self._look_back()
            self._plan_paint()
            self.refresh(Region(0, 0, self.size.width, 1))
