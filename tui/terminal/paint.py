"""From an emulator's rows to Textual's strips. Pure."""

from __future__ import annotations

from functools import lru_cache

from rich.cells import cell_len
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.terminal.emulator import CellStyle, Colour, Row, Run

NONE = Style()


@lru_cache(maxsize=4096)
def rich_style(style: CellStyle) -> Style:
    """The same look in Rich's terms."""
    return Style(
        color=_colour(style.foreground),
        bgcolor=_colour(style.background),
        bold=style.bold or None,
        dim=style.dim or None,
        italic=style.italic or None,
        underline=style.underline or None,
        blink=style.blink or None,
        reverse=style.reverse or None,
        conceal=style.invisible or None,
        strike=style.strike or None,
    )


def _colour(colour: Colour) -> Color | None:
    if colour is None:
        return None
    if isinstance(colour, int):
        return Color.from_ansi(colour)
    return Color.from_rgb(*colour)


def strip(row: Row, base: Style, width: int) -> Strip:
    """One row as a strip of exactly ``width`` cells on the widget's ``base`` style."""
    segments = [Segment(_fitted(run), base + rich_style(run.style)) for run in row]
    return Strip(segments, sum(run.width for run in row)).adjust_cell_length(width, base)


def _fitted(run: Run) -> str:
    """The run's text at the width the emulator gave it, where Rich would count a character's cells otherwise."""
    text = run.text
    if run.style.invisible:
        return " " * run.width
    if text.isascii() or cell_len(text) == run.width:
        return text
    missing = run.width - cell_len(text)
    if missing > 0:
        return text + " " * missing
    kept = ""
    for character in text:
        if cell_len(kept + character) > run.width:
            break
        kept += character
    return kept + " " * (run.width - cell_len(kept))


def overlay(line: Strip, start: int, end: int, style: Style) -> Strip:
    """``line`` with ``style`` added from column ``start`` to before ``end``."""
    start, end = max(0, start), min(line.cell_length, end)
    if start >= end:
        return line
    segments: list[Segment] = []
    rest = iter(line)
    at = 0
    for segment in rest:
        until = at + segment.cell_length
        if until > start:
            if at < start:
                before, segment = segment.split_cells(start - at)
                segments.append(before)
            after = None
            if until > end:
                segment, after = segment.split_cells(end - max(at, start))
            segments.append(Segment(segment.text, (segment.style or NONE) + style))
            if after is not None:
                segments.append(after)
        else:
            segments.append(segment)
        at = until
        if at >= end:
            break
    return Strip([*segments, *rest], line.cell_length)


def text(words: str, style: Style) -> Strip:
    """A strip of one style."""
    return Strip([Segment(words, style)])


def is_wide_at(line: Strip, column: int) -> bool:
    """Whether a character of two cells stands at ``column``."""
    position = 0
    for segment in line:
        length = segment.cell_length
        if position <= column < position + length:
            if segment.text.isascii():
                return False
            for character in segment.text:
                if position == column:
                    return cell_len(character) == 2
                position += cell_len(character)
            return False
        position += length
    return False
