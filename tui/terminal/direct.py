"""Rows of one widget straight onto the screen.

Textual's compositor renders every widget that is in sight before it writes the part of one that has changed. Where a
widget is seen whole and nothing lies over it, its own rows are all that is needed. (Textual is pinned exactly.)
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, RenderResult
from rich.control import Control
from textual._compositor import CompositorUpdate
from textual.geometry import Region
from textual.map_geometry import MapGeometry
from textual.strip import Strip
from textual.widget import Widget


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
        return "".join(f"{Control.move_to(x, y).segment.text}{strip.render(console)}" for x, y, strip in self._rows)


class Direct:
    """Paints one widget that way, where it can."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._layers: object = None
        self._place: Region | None = None

    def paint(self, rows: Iterable[int]) -> bool:
        """Write those rows of the widget to the terminal now; ``False``, and nothing done, if something is above it."""
        widget = self._widget
        layers = widget.screen._compositor.layers
        if layers is not self._layers:  # the screen was laid out anew
            self._layers, self._place = layers, self._find_place(layers)
        place = self._place
        if place is None:
            return False
        strips = [
            (place.x, place.y + y, widget.render_lines(Region(0, y, place.width, 1))[0])
            for y in rows
            if y < place.height
        ]
        if strips:
            widget.app._display(widget.screen, Rows(strips))
        return True

    def _find_place(self, layers: list[tuple[Widget, MapGeometry]]) -> Region | None:
        """Where on the screen the widget is, if all of it is seen and nothing lies over it."""
        for widget, geometry in layers:  # from the top down
            seen = geometry.clip.intersection(geometry.region)
            if widget is self._widget:
                return seen if seen == geometry.region else None
            if seen.overlaps(self._widget.region):
                return None
        return None
