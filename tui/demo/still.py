"""A picture of a moment of a recording, as SVG: for the README.

python -m tui.demo.still talk.cast 1:05 talk.svg
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

from rich.cells import cell_len

from tui.terminal.emulator import CellStyle, Colour, Row, Run
from tui.terminal.loading import make_emulator

CELL = (8.4, 18.0)
"""Width and height of a cell, for a font of 14 pixels."""
MARGIN = 10.0
FONT = "'DejaVu Sans Mono', 'Noto Sans Mono CJK SC', Menlo, Consolas, monospace"


class Picture(NamedTuple):
    """What a terminal of that size showed; ``theme`` is that of the recording's header."""

    size: tuple[int, int]
    rows: Mapping[int, Row]
    theme: Mapping[str, str]


def picture(lines: Iterable[str], seconds: float) -> Picture:
    """The screen ``seconds`` after the beginning of an asciicast. Raises ``ValueError`` if it is none."""
    source = iter(lines)
    header = json.loads(next(source, ""))
    if not isinstance(header, dict) or header.get("version") != 2:
        raise ValueError("this is no asciicast of version 2")
    size = (int(header["width"]), int(header["height"]))
    emulator = make_emulator(*size)
    try:
        for line in source:
            moment, code, data = json.loads(line)
            if moment > seconds:
                break
            if code == "o":
                emulator.feed(data.encode())
            elif code == "r":
                columns, _, rows = data.partition("x")
                size = (int(columns), int(rows))
                emulator.resize(*size)
        return Picture(size, emulator.changed_rows(), header.get("theme", {}))
    finally:
        emulator.close()


def svg(shown: Picture) -> str:
    """The picture. Each run of cells has its own place and width, so that no font can shift what stands behind it."""
    columns, rows = shown.size
    width, height = columns * CELL[0] + 2 * MARGIN, rows * CELL[1] + 2 * MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'font-family="{FONT}" font-size="14" xml:space="preserve">',
        f'<rect width="{width:g}" height="{height:g}" rx="8" fill="{_default(shown, False)}"/>',
    ]
    for y, row in sorted(shown.rows.items()):
        x = 0
        for run in row:
            for text, cells in _pieces(run):
                parts += _run(shown, text, cells, run.style, x, y)
                x += cells
    return "\n".join([*parts, "</svg>", ""])


def _pieces(run: Run) -> list[tuple[str, int]]:
    """The run cut between narrow and wide characters: fonts differ in how much wider the wide ones are."""
    if cell_len(run.text) != run.width:
        return [(run.text, run.width)]
    groups = groupby(run.text, key=lambda character: cell_len(character) > 1)
    return [(text, cell_len(text)) for text in ("".join(group) for _, group in groups)]


def _run(shown: Picture, text: str, cells: int, style: CellStyle, x: int, y: int) -> list[str]:
    foreground, background = _colour(shown, style.foreground, True), _colour(shown, style.background, False)
    if style.reverse:
        foreground, background = background, foreground
    left, top, wide = MARGIN + x * CELL[0], MARGIN + y * CELL[1], cells * CELL[0]
    parts = []
    if background != _default(shown, False):
        parts.append(
            f'<rect x="{left:g}" y="{top:g}" width="{wide:g}" height="{CELL[1]:g}" fill="{background}" '
            'shape-rendering="crispEdges"/>'
        )
    if text.strip() and not style.invisible:
        look = ' font-weight="bold"' if style.bold else ""
        look += ' font-style="italic"' if style.italic else ""
        lines = [name for name, on in (("underline", style.underline), ("line-through", style.strike)) if on]
        look += f' text-decoration="{" ".join(lines)}"' if lines else ""
        parts.append(
            f'<text x="{left:g}" y="{top + 13.5:g}" textLength="{wide:g}" lengthAdjust="spacingAndGlyphs" '
            f'fill="{foreground}"{look}>{escape(text)}</text>'
        )
    return parts


def _default(shown: Picture, foreground: bool) -> str:
    return shown.theme.get("fg", "#d9dde3") if foreground else shown.theme.get("bg", "#13161a")


def _colour(shown: Picture, colour: Colour, foreground: bool) -> str:
    if colour is None:
        return _default(shown, foreground)
    if isinstance(colour, tuple):
        return "#{:02x}{:02x}{:02x}".format(*colour)
    palette = shown.theme.get("palette", "").split(":")
    if colour < len(palette) and palette[colour]:
        return palette[colour]
    from rich.color import Color

    return Color.from_ansi(colour).get_truecolor().hex


def moment(text: str) -> float:
    """``65``, ``1:05``, ``1:00:05`` as seconds. Raises ``ValueError``."""
    seconds = 0.0
    for part in text.split(":"):
        seconds = seconds * 60 + float(part)
    return seconds


def main() -> None:
    """See the module."""
    if len(sys.argv) != 4:
        sys.exit((__doc__ or "").strip())
    source, when, target = sys.argv[1:]
    try:
        with Path(source).open(encoding="utf-8") as lines:
            shown = picture(lines, moment(when))
        Path(target).write_text(svg(shown), encoding="utf-8")
    except (OSError, ValueError, KeyError) as error:
        sys.exit(f"{source}: {error}")


if __name__ == "__main__":
    main()
