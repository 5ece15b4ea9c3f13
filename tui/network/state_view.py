"""What the state panes are painted on: a head of two lines, and lines of which only the changed are painted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import zip_longest
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.strip import Strip

from tui.keys import letters
from tui.lines import Line, LinesBlock, LinesView

STRIPS_KEPT = 500
"""Some screens full. Each is many small objects, which Python's garbage collection walks through."""
STEP_LINES = 8
"""What does not fit has room for some lines more than it has, for so many in a large view: that it can be scrolled
further is a new layout of the whole screen, which is not made for each line that comes or goes."""


def step_in(height: int) -> int:
    """How many lines that is in a view of that height."""
    return max(1, min(STEP_LINES, height // 6))


class Head(LinesBlock):
    """The two lines above."""

    DEFAULT_CSS = "Head { height: 2; }"

    def __init__(self, make: Callable[[int], Sequence[Line]]) -> None:
        super().__init__()
        self._make = make

    def lines(self, width: int) -> Sequence[Line]:
        return self._make(width)

    def again(self) -> None:
        """Only what is another line now is painted; the height never changes."""
        before, width = self._cached, self.content_size.width
        if before is None or before[1] != self._make(width):
            self._cached = None
            self.refresh()


class StateView(LinesView):
    """What was chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key, f"screen.state_next({step})", "", show=False) for key, step in (("left", -1), ("right", 1))),
        *(Binding(key, f"screen.state_step({step})", "", show=False) for key, step in (("shift+tab", -1), ("tab", 1))),
        Binding("enter", "screen.state_command", "", show=False),
        *letters(),
    ]

    def __init__(self, make: Callable[[int], Sequence[Line]]) -> None:
        super().__init__(id="tables-lines")
        self._make = make
        self._strips: dict[tuple[int, int, Line], Strip] = {}

    def lines(self, width: int) -> Sequence[Line]:
        return self._make(width)

    def changed(self) -> None:
        """Paint the lines in sight that are others now. While all of them have room their number moves nothing."""
        width, height = self.scrollable_content_region.size
        before, self._lines = self._lines, self.lines(width)
        lines = len(self._lines)
        room = self.virtual_size.height
        if lines <= height:
            room = height
        else:
            step = step_in(height)
            if not lines <= room < lines + 2 * step:  # one line more and one less do not move it each time
                room = -(-lines // step) * step
        size = Size(width, room)
        if self._lines_width != width:
            self._lines_width = width
            self.refresh()
        if self.virtual_size != size:
            self.virtual_size = size
        top = self.scroll_offset.y
        old, new = before[top : top + height], self._lines[top : top + height]
        for index, (one, other) in enumerate(zip_longest(old, new), top):
            if one != other:
                self.refresh_lines(index, 1)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._strips.clear()

    def render_line(self, y: int) -> Strip:
        """A line that is only elsewhere now, as after scrolling, is not made anew."""
        index = y + self.scroll_offset.y
        if index >= len(self._lines) or self.text_selection is not None:
            return super().render_line(y)
        key = (index, self.scrollable_content_region.width, self._lines[index])
        strip = self._strips.get(key)
        if strip is None:
            if len(self._strips) > STRIPS_KEPT:
                self._strips.clear()
            strip = self._strips[key] = super().render_line(y)
        return strip

    def follow(self, *, tail: bool) -> None:
        """Scroll to the first row that has just changed if it is out of sight; with ``tail`` so that the end is seen,
        and room for some lines more: these are then painted alone, and not the whole view for each."""
        top, height = self.scroll_offset.y, self.scrollable_content_region.height
        if tail:
            if not top < len(self._lines) <= top + height:
                y = max(0, self.virtual_size.height - height)
                self.scroll_to(y=y, animate=False, immediate=True, force=True)
            return
        marked = [index for index, line in enumerate(self._lines) if line.anchor == "changed"]
        if marked and not any(top <= index < top + height for index in marked):
            self.scroll_to(y=max(0, marked[0] - 2), animate=False, immediate=True, force=True)

    @property
    def at_end(self) -> bool:
        return self.scroll_offset.y + self.scrollable_content_region.height >= len(self._lines)
