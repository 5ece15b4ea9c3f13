"""The live drawing of the lab: lines of styled text at a width, and where in them everything is. Pure.

From 65 cells on the namespaces stand side by side (:mod:`tui.network.board`); in less, or if there are too many, one
below the other (:mod:`tui.network.stack`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tui.lines import Line
from tui.network.board import Board, columns_at
from tui.network.canvas import Region
from tui.network.places import NOWHERE, Placement, place
from tui.network.scene import Scene
from tui.network.stack import Stack
from tui.wrap import Span, cut, width_of, wrap

STAY = "\u00a0"
"""A blank at which no line ends."""


class Drawing(NamedTuple):
    """The result."""

    lines: Sequence[Line]
    regions: tuple[Region, ...]
    placement: Placement
    """Where things stand, for the next drawing."""


def draw(scene: Scene, width: int) -> Drawing:
    """The drawing of ``scene``, never wider than ``width`` cells."""
    placement = place(scene.graph, scene.placement)
    columns = columns_at(width, placement.columns)
    if columns is None:
        placement = place(scene.graph, NOWHERE)
        columns = columns_at(width, placement.columns) or columns_at(width, placement.space_columns)
    pen = Stack(scene, width) if columns is None else Board(scene, width, columns, placement)
    lines = pen.canvas.lines(*_below(scene, width))
    return Drawing(lines, tuple(pen.canvas.regions), placement)


def _below(scene: Scene, width: int) -> tuple[Line, ...]:
    """How far packets were seen, or what the signs mean."""
    if scene.path is None:
        return _legend(scene.say("network.legend").split(" · "), width)
    path = scene.path
    verdict = {None: Span("▸ ", "traffic"), True: Span("✓ ", "good"), False: Span("✗ ", "bad")}[path.worked]
    spans = [verdict, Span(cut(path.command, width - 2), "strong"), Span(" ")]
    if not path.hops:
        spans.append(Span(scene.say("network.no_packets"), "dim"))
    before = 0
    for hop in path.hops:
        joint = "" if not before else (", " if hop.number == before else " → ")
        counts = "".join(f"{STAY}{sign}{count}" for sign, count in (("↑", hop.sent), ("↓", hop.received)) if count)
        spans += [Span(joint, "dim"), Span(f"{hop.number}{STAY}", "traffic"), Span(hop.place[1]), Span(counts, "dim")]
        before = hop.number
    return tuple(Line(line) for line in wrap(spans, width))


def _legend(entries: Sequence[str], width: int) -> tuple[Line, ...]:
    """The entries, as many in a line as fit."""
    lines: list[str] = []
    for entry in entries:
        longer = f"{lines[-1]}  {entry}" if lines else entry
        if lines and width_of([Span(longer)]) <= width:
            lines[-1] = longer
        else:
            lines.append(entry)
    return tuple(Line((Span(cut(line, width), "dim"),)) for line in lines)
