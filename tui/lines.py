"""Widgets that show lines of styled text: their content is a pure function of a width, painted line by line.

A *look* is a name (``strong``, ``code``, ``good`` …) that the style sheet gives a colour; several are joined by spaces.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from weakref import WeakKeyDictionary

from rich.segment import Segment
from rich.style import Style
from textual.css.styles import StylesBase
from textual.dom import DOMNode
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip
from textual.widget import Widget

from tui.wrap import Span

PREFIX = "look--"


class Line(NamedTuple):
    """One line. ``action`` is a Textual action that a click on it runs; ``anchor`` names it for scrolling."""

    spans: tuple[Span, ...] = ()
    action: str | None = None
    anchor: str | None = None

    @property
    def text(self) -> str:
        return "".join(span.text for span in self.spans)


_resolved: WeakKeyDictionary[DOMNode, tuple[object, dict[tuple[object, ...], StylesBase]]] = WeakKeyDictionary()
"""By application: the rules of its style sheet, and what they make of the looks asked for so far."""


class _Looks(Widget):
    """Turns looks into styles. Component classes would do the same, but Textual works out each of them anew for every
    widget whenever a class of the screen changes, and there are many."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._styles: dict[str, Style] = {}

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._styles = {}

    def look(self, name: str) -> Style:
        """The style of a look, on the widget's own colours."""
        style = self._styles.get(name)
        if style is None:
            style = self.rich_style
            for part in name.split():
                style += self._own_style(part)
            self._styles[name] = style
        return style

    def _own_style(self, part: str) -> Style:
        """What a look adds: its colour mixed with the background behind it as far as it is transparent."""
        styles = self._styles_of(part)
        colour = None
        if styles.has_rule("color"):
            colour = (self.background_colors[1] + styles.color).rich_color
        return Style(color=colour) + styles.text_style

    def _styles_of(self, part: str) -> StylesBase:
        """What the style sheet says of a look in such a widget."""
        rules = self.app.stylesheet.rules
        held = _resolved.get(self.app)
        if held is None or held[0] is not rules:
            held = _resolved[self.app] = (rules, {})
        key = (type(self), self.id, self.has_focus, part)
        if key not in held[1]:
            node = DOMNode(classes=PREFIX + part)
            node._attach(self)
            self.app.stylesheet.apply(node, animate=False)
            held[1][key] = node.styles
        return held[1][key]

    def strip(self, line: Line, width: int) -> Strip:
        """The line, exactly ``width`` cells."""
        segments = [Segment(span.text, self._clickable(span.look, span.action or line.action)) for span in line.spans]
        return Strip(segments).adjust_cell_length(width, self._clickable("", line.action))

    def _clickable(self, look: str, action: str | None) -> Style:
        return self.look(look) + Style(meta={"@click": action}) if action else self.look(look)


class LinesBlock(_Looks):
    """As high as its lines."""

    DEFAULT_CSS = "LinesBlock { height: auto; }"

    def lines(self, width: int) -> Sequence[Line]:
        """What to show at ``width`` cells."""
        raise NotImplementedError

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._cached: tuple[int, Sequence[Line]] | None = None

    def changed(self) -> None:
        """The content is another one now."""
        self._cached = None
        self.refresh(layout=True)

    def _lines(self, width: int) -> Sequence[Line]:
        if self._cached is None or self._cached[0] != width:
            self._cached = (width, self.lines(width))
        return self._cached[1]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(width))

    def render_line(self, y: int) -> Strip:
        width = self.content_size.width
        lines = self._lines(width)
        return self.strip(lines[y] if y < len(lines) else Line(), width)


class LinesView(_Looks, ScrollView, can_focus=True):
    """A scrolling view of lines, which can be marked with the mouse and copied."""

    DEFAULT_CSS = """
    LinesView { scrollbar-size-vertical: 1; scrollbar-gutter: stable; overflow-x: hidden; overflow-y: auto; }
    """

    def lines(self, width: int) -> Sequence[Line]:
        """What to show at ``width`` cells."""
        raise NotImplementedError

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._lines: Sequence[Line] = ()
        self._lines_width = -1

    def changed(self) -> None:
        """The content is another one now; lines that stayed the same are not painted anew."""
        width = self.scrollable_content_region.width
        before, self._lines = self._lines, self.lines(width)
        if self._lines_width != width or len(before) != len(self._lines):
            self._lines_width = width
            self.virtual_size = Size(width, len(self._lines))
            self.refresh()
            return
        top, height = self.scroll_offset.y, self.scrollable_content_region.height
        for index in range(top, min(top + height, len(before))):
            if before[index] != self._lines[index]:
                self.refresh_lines(index, 1)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self.refresh()

    def on_resize(self) -> None:
        if self.scrollable_content_region.width and self._lines_width != self.scrollable_content_region.width:
            self.changed()

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        index = y + self.scroll_offset.y
        if index >= len(self._lines):
            return Strip.blank(width, self.look(""))
        strip = self.strip(self._lines[index], width)
        selection = self.text_selection
        if selection is not None and (span := selection.get_span(index)) is not None:
            from tui.terminal.paint import overlay

            start, end = span
            marked = self.screen.get_component_rich_style("screen--selection", partial=True)
            strip = overlay(strip, start, width if end == -1 else end, marked)
        return strip.apply_offsets(0, index)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        return selection.extract("\n".join(line.text for line in self._lines)), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        self.refresh()

    def anchor_line(self, anchor: str) -> int | None:
        """Index of the line of that name."""
        return next((index for index, line in enumerate(self._lines) if line.anchor == anchor), None)


def plain(text: str, look: str = "") -> Line:
    """A line of one look."""
    return Line((Span(text, look),))


def join(parts: Iterable[Span]) -> Line:
    """A line of several spans."""
    return Line(tuple(parts))
