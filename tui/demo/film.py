"""A stretch of a recording as an SVG that moves, for pages that play no recordings.

Each piece of text stands there once, however often it is shown; CSS switches it on and off. Who wants no motion, or
looks with a program that knows none, sees the last picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from tui.demo.still import Picture, pictures, pieces, svg_of
from tui.terminal.emulator import CellStyle

FRAME_SECONDS = 0.08
"""What changes within so short a time is one picture."""
REST_SECONDS = 3.0
"""The last picture stays that long before it begins anew."""


class Piece(NamedTuple):
    """Some cells, and what stands in them."""

    x: int
    y: int
    cells: int
    text: str
    style: CellStyle


def frames(lines: Iterable[str], start: float, end: float) -> list[tuple[float, Picture]]:
    """Seconds after ``start``, and the screen from then on. Raises ``ValueError`` if this is no recording."""
    found: list[tuple[float, Picture]] = []
    before: Picture | None = None
    for seconds, shown in pictures(lines, FRAME_SECONDS):
        if seconds > end:
            break
        if seconds > start:
            if not found and before is not None:
                found.append((0.0, before))
            found.append((seconds - start, shown))
        before = shown
    if not found:
        raise ValueError("nothing happens there")
    return found


def film(lines: Iterable[str], start: float, end: float) -> str:
    """The SVG. Raises ``ValueError`` as :func:`frames` does."""
    shown = frames(lines, start, end)
    total = end - start + REST_SECONDS
    first, last = shown[0][1], shown[-1][1]
    lives: dict[Piece, list[tuple[float, float]]] = {}
    for (begins, picture), (ends, _) in pairwise([*shown, (total, last)]):
        for piece in _pieces(picture):
            spans = lives.setdefault(piece, [])
            if spans and spans[-1][1] == begins:
                spans[-1] = (spans[-1][0], ends)
            else:
                spans.append((begins, ends))
    names: dict[tuple[tuple[float, float], ...], str] = {}
    body: list[str] = []
    for piece, spans in lives.items():
        drawn = "".join(pieces(first, piece.text, piece.cells, piece.style, piece.x, piece.y))
        if not drawn:
            continue
        if spans == [(0.0, total)]:
            body.append(drawn)
            continue
        name = names.setdefault(tuple(spans), f"s{len(names)}")
        body.append(f'<g class="{name}">{drawn}</g>')
    return svg_of(first, body, _style(names, total))


def _pieces(shown: Picture) -> Iterator[Piece]:
    for y, row in shown.rows.items():
        x = 0
        for run in row:
            yield Piece(x, y, run.width, run.text, run.style)
            x += run.width


def _style(names: dict[tuple[tuple[float, float], ...], str], total: float) -> str:
    rules = []
    for spans, name in names.items():
        marks = {0.0: "hidden"}
        for begins, ends in spans:
            marks[begins] = "visible"
            if ends < total:
                marks[ends] = "hidden"
        steps = "".join(f"{seconds / total * 100:.3f}%{{visibility:{seen}}}" for seconds, seen in sorted(marks.items()))
        resting = "visible" if spans[-1][1] >= total else "hidden"
        rules.append(f"@keyframes {name}{{{steps}}}.{name}{{visibility:{resting};animation-name:{name}}}")
    shared = f"g{{animation:{total:g}s step-end infinite}}"
    still = "@media(prefers-reduced-motion:reduce){g{animation:none!important}}"
    return shared + "".join(rules) + still
