"""A picture of a moment of a recording, as SVG, or of a stretch of it, one that moves: for the README.

python -m tui.demo.still talk.cast 1:05 talk.svg
python -m tui.demo.still talk.cast 0:20-1:05 talk.svg
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

from rich.cells import cell_len

from tui.terminal.emulator import CellStyle, Colour, Row
from tui.terminal.loading import make_emulator

CELL = (8.4, 18.0)
"""Width and height of a cell, for a font of 14 pixels."""
MARGIN = 10.0
WORDS = re.compile(r"\S+(?: \S+)*")
"""Words with single blanks between them."""
FONT = "'DejaVu Sans Mono', 'Noto Sans Mono CJK SC', Menlo, Consolas, monospace"


class Picture(NamedTuple):
    """What a terminal of that size showed; ``theme`` is that of the recording's header."""

    size: tuple[int, int]
    rows: Mapping[int, Row]
    theme: Mapping[str, str]


def picture(lines: Iterable[str], seconds: float) -> Picture:
    """The screen ``seconds`` after the beginning of an asciicast. Raises ``ValueError`` if it is none."""
    shown: Picture | None = None
    for begins, one in pictures(lines):
        if shown is not None and begins > seconds:
            break
        shown = one
    assert shown is not None  # there is always a first
    return shown


def pictures(lines: Iterable[str], least_seconds: float = 0.0) -> Iterator[tuple[float, Picture]]:
    """Every screen of an asciicast with the moment from which on it was seen; the first, at 0, is empty.

    Changes that follow the last picture within ``least_seconds`` belong to it. Raises ``ValueError`` if this is no
    asciicast.
    """
    source = iter(lines)
    header = json.loads(next(source, ""))
    if not isinstance(header, dict) or header.get("version") != 2:
        raise ValueError("this is no asciicast of version 2")
    size = (int(header["width"]), int(header["height"]))
    theme = header.get("theme", {})
    emulator = make_emulator(*size)
    rows: dict[int, Row] = {}
    begins = 0.0
    try:
        for line in source:
            moment, code, data = json.loads(line)
            if code not in ("o", "r"):
                continue
            if moment > begins + least_seconds:
                rows |= emulator.changed_rows()
                yield begins, Picture(size, dict(rows), theme)
                begins = moment
            if code == "o":
                emulator.feed(data.encode())
            else:
                columns, _, lines_ = data.partition("x")
                size = (int(columns), int(lines_))
                emulator.resize(*size)
                rows.clear()
        rows |= emulator.changed_rows()
        yield begins, Picture(size, rows, theme)
    finally:
        emulator.close()


def svg(shown: Picture) -> str:
    """The picture. Each run of cells has its own place and width, so that no font can shift what stands behind it."""
    body: list[str] = []
    for y, row in sorted(shown.rows.items()):
        x = 0
        for run in row:
            body += pieces(shown, run.text, run.width, run.style, x, y)
            x += run.width
    return svg_of(shown, body)


def svg_of(shown: Picture, body: Iterable[str], style: str = "") -> str:
    """``body`` on the background of a screen of that size."""
    columns, rows = shown.size
    width, height = columns * CELL[0] + 2 * MARGIN, rows * CELL[1] + 2 * MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'font-family="{FONT}" font-size="14">',
        *([f"<style>{style}</style>"] if style else []),
        f'<rect width="{width:g}" height="{height:g}" rx="8" fill="{_default(shown, False)}"/>',
    ]
    return "\n".join([*parts, *body, "</svg>", ""])


def pieces(shown: Picture, text: str, cells: int, style: CellStyle, x: int, y: int) -> list[str]:
    """A run of cells: its background, and its text cut wherever a font or a reader of SVG could shift it. Fonts differ
    in how much wider the wide characters are; blanks at an end, or several, are kept by some readers only."""
    foreground, background = _colour(shown, style.foreground, True), _colour(shown, style.background, False)
    if style.reverse:
        foreground, background = background, foreground
    parts = []
    if background != _default(shown, False):
        left, wide = MARGIN + x * CELL[0], cells * CELL[0]
        parts.append(
            f'<rect x="{left:g}" y="{MARGIN + y * CELL[1]:g}" width="{wide:g}" height="{CELL[1]:g}" '
            f'fill="{background}" shape-rendering="crispEdges"/>'
        )
    if style.invisible:
        return parts
    look = _look(style)
    if cell_len(text) != cells:
        return [*parts, _text(text, cells, x, y, foreground, look)] if text.strip() else parts
    for words in WORDS.finditer(text):
        start = x + cell_len(text[: words.start()])
        for _, group in groupby(words.group(), key=lambda character: cell_len(character) > 1):
            part = "".join(group)
            bare = part.strip()
            if bare:
                before = len(part) - len(part.lstrip())
                parts.append(_text(bare, cell_len(bare), start + before, y, foreground, look))
            start += cell_len(part)
    return parts


def _look(style: CellStyle) -> str:
    look = ' font-weight="bold"' if style.bold else ""
    look += ' font-style="italic"' if style.italic else ""
    lines = [name for name, on in (("underline", style.underline), ("line-through", style.strike)) if on]
    return look + (f' text-decoration="{" ".join(lines)}"' if lines else "")


def _text(text: str, cells: int, x: int, y: int, colour: str, look: str) -> str:
    left, base = MARGIN + x * CELL[0], MARGIN + y * CELL[1] + 13.5
    return (
        f'<text x="{left:g}" y="{base:g}" textLength="{cells * CELL[0]:g}" lengthAdjust="spacingAndGlyphs" '
        f'fill="{colour}"{look}>{escape(text)}</text>'
    )


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


def drawn(lines: Iterable[str], when: str) -> str:
    """The SVG of a moment (``1:05``) or of a stretch (``0:20-1:05``). Raises ``ValueError``."""
    start, to, end = when.partition("-")
    if not to:
        return svg(picture(lines, moment(when)))
    from tui.demo.film import film

    return film(lines, moment(start), moment(end))


def main() -> None:
    """See the module."""
    if len(sys.argv) != 4:
        sys.exit((__doc__ or "").strip())
    source, when, target = sys.argv[1:]
    try:
        with Path(source).open(encoding="utf-8") as lines:
            drawing = drawn(lines, when)
        Path(target).write_text(drawing, encoding="utf-8")
    except (OSError, ValueError, KeyError) as error:
        sys.exit(f"{source}: {error}")


if __name__ == "__main__":
    main()
