"""Rows of one widget straight onto the screen.

Textual's compositor renders every widget that is in sight before it writes the part of one that has changed, and leads
each row through the widget's styles. Where a widget is seen whole, has no border and no effect, and nothing lies over
it, its own rows are all that is needed. (Textual is pinned exactly.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from rich.console import Console, ConsoleOptions, RenderResult
from rich.control import Control
from textual._compositor import CompositorUpdate
from textual.color import Color
from textual.geometry import Region
from textual.map_geometry import MapGeometry
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from tui.terminal.pacing import may_paint


class Rows(CompositorUpdate):
    """Strips and where on the screen each begins."""

    def __init__(self, rows: list[tuple[int, int, Strip]]) -> None:
        self._rows = rows

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for x, y, strip in self._rows:
            yield Control.move_to(x, y).segment
            yield from strip

    def render_segments(self, console: Console) -> str:
        """The rows as they are written to the terminal."""
        return "".join(f"\x1b[{y + 1};{x + 1}H{strip.render(console)}" for x, y, strip in self._rows)


class Direct:
    """Paints one widget that way, where it can. The widget says when its styles have changed: :meth:`restyled`."""

    def __init__(self, widget: Widget, render: Callable[[int, int], Strip]) -> None:
        """``render(y, width)`` makes a row of the widget, as its ``render_line`` does."""
        self._widget = widget
        self._render = render
        self._screen: Screen[object] | None = None
        self._layers: object = None
        self._place: Region | None = None
        self._background = Color(0, 0, 0)

    def restyled(self) -> None:
        """Look anew at the widget's styles, and at the screen."""
        self._layers = None

    def place(self) -> Region | None:
        """Where on the screen in front the widget is, if all of it is seen as it renders its rows: without a border or
        an effect, nothing above it, and nothing waiting to be laid out or painted."""
        if self._screen is None:
            self._screen = self._widget.screen
        screen, app = self._screen, self._widget.app
        if app.screen is not screen or screen._layout_required or screen._repaint_required or app._batch_count:
            return None
        if not may_paint(app):
            return None
        layers = screen._compositor.layers
        if layers is not self._layers:  # the screen was laid out anew
            self._layers, self._place = layers, self._find_place(layers)
            self._background = self._widget.background_colors[1]
        return self._place

    def paint(self, place: Region, rows: Iterable[int]) -> None:
        """Write those rows of the widget to the terminal now; ``place`` as :meth:`place` has just told it."""
        widget, app, background = self._widget, self._widget.app, self._background
        filters = app.get_line_filters()
        strips = []
        for y in rows:
            if y < place.height:
                strip = self._render(y, place.width)
                for one in filters:
                    strip = strip.apply_filter(one, background)
                strips.append((place.x, place.y + y, strip))
        widget._styles_cache._dirty_lines.update(rows)  # what Textual has kept of them is old
        if strips:
            app._display(app.screen, Rows(strips))

    def _find_place(self, layers: list[tuple[Widget, MapGeometry]]) -> Region | None:
        if not self._is_plain():
            return None
        for widget, geometry in layers:  # from the top down
            seen = geometry.clip.intersection(geometry.region)
            if widget is self._widget:
                return seen if seen == geometry.region else None
            if seen.overlaps(self._widget.region):
                return None
        return None

    def _is_plain(self) -> bool:
        """Whether the rows are shown as the widget renders them."""
        widget = self._widget
        styles = widget.styles
        return (
            widget.region == widget.content_region
            and not any(edge for edge, _ in styles.outline)
            and widget.opacity == 1.0
            and styles.text_opacity == 1.0
            and not styles.tint.a
            and not (styles.has_rule("hatch") and styles.hatch != "none")
        )
