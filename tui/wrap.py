"""Breaks styled text into lines of a given width in cells, Chinese and English alike. Pure.

English breaks at spaces. Chinese breaks between any two characters, except that no line begins with a closing mark or
ends with an opening one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from rich.cells import cell_len

_NO_START = set("，。、；：？！）》〉」』】〕”’…—·％,.;:?!)]}%")
_NO_END = set("（《〈「『【〔“‘([{")


class Span(NamedTuple):
    """Text of one look: names of looks separated by spaces (see :mod:`tui.lines`)."""

    text: str
    look: str = ""
    action: str | None = None
    """A Textual action that a click on it runs."""


class _Piece(NamedTuple):
    """Text that is never broken; ``spaced`` if a space stands before it."""

    spans: tuple[Span, ...]
    width: int
    spaced: bool


def _breaks_between(before: str, after: str) -> bool:
    """Whether a line may end between two characters that no space separates."""
    if before in _NO_END or after in _NO_START:
        return False
    return cell_len(before) == 2 or cell_len(after) == 2


def _pieces(spans: Iterable[Span]) -> list[list[_Piece]]:
    """The unbreakable pieces, as lines where the text itself has line ends."""
    lines: list[list[_Piece]] = [[]]
    current: list[Span] = []
    spaced = False
    previous = ""

    def end() -> None:
        nonlocal current
        if current:
            lines[-1].append(_Piece(tuple(current), sum(cell_len(span.text) for span in current), spaced))
            current = []

    for span in spans:
        word = ""
        for character in span.text:
            if character in " \n":
                if word:
                    current.append(span._replace(text=word))
                    word = ""
                end()
                spaced = character == " "
                if character == "\n":
                    lines.append([])
                previous = ""
                continue
            if previous and _breaks_between(previous, character):
                if word:
                    current.append(span._replace(text=word))
                    word = ""
                end()
                spaced = False
            word += character
            previous = character
        if word:
            current.append(span._replace(text=word))
    end()
    return lines


def _hard_split(piece: _Piece, width: int) -> list[_Piece]:
    """A piece that fits on no line, cut where the width ends."""
    parts: list[_Piece] = []
    spans: list[Span] = []
    used = 0
    for span in piece.spans:
        text = ""
        for character in span.text:
            cells = cell_len(character)
            if used + cells > width:
                if text:
                    spans.append(span._replace(text=text))
                parts.append(_Piece(tuple(spans), used, piece.spaced and not parts))
                spans, text, used = [], "", 0
            text += character
            used += cells
        if text:
            spans.append(span._replace(text=text))
    parts.append(_Piece(tuple(spans), used, piece.spaced and not parts))
    return parts


def wrap(spans: Iterable[Span], width: int) -> list[tuple[Span, ...]]:
    """Lines of at most ``width`` cells (at least 4)."""
    width = max(4, width)
    lines: list[tuple[Span, ...]] = []
    for source in _pieces(spans):
        line: list[Span] = []
        used = 0
        for whole in source:
            for piece in [whole] if whole.width <= width else _hard_split(whole, width):
                space = 1 if piece.spaced and line else 0
                if line and used + space + piece.width > width:
                    lines.append(tuple(line))
                    line, used, space = [], 0, 0
                if space:
                    before, after = line[-1], piece.spans[0]
                    line.append(before._replace(text=" ") if before[1:] == after[1:] else Span(" "))
                line.extend(piece.spans)
                used += space + piece.width
        lines.append(tuple(line))
    return [_joined(line) for line in lines]


def _joined(line: tuple[Span, ...]) -> tuple[Span, ...]:
    """Neighbours of one look and action as one span."""
    joined: list[Span] = []
    for span in line:
        if joined and joined[-1][1:] == span[1:]:
            joined[-1] = span._replace(text=joined[-1].text + span.text)
        else:
            joined.append(span)
    return tuple(joined)


def width_of(spans: Iterable[Span]) -> int:
    """Cells that the spans take."""
    return sum(cell_len(span.text) for span in spans)


def cut(text: str, width: int) -> str:
    """``text`` in at most ``width`` cells, with an ellipsis where something was left out."""
    if cell_len(text) <= width:
        return text
    kept = ""
    for character in text:
        if cell_len(kept + character) > width - 1:
            break
        kept += character
    return kept + "…" if width > 0 else ""


def cropped(spans: Iterable[Span], width: int) -> tuple[Span, ...]:
    """The spans, what is beyond ``width`` cells left out."""
    kept: list[Span] = []
    for span in spans:
        room = width - width_of(kept)
        if cell_len(span.text) > room:
            return (*kept, span._replace(text=cut(span.text, room)))
        kept.append(span)
    return tuple(kept)


def padded(text: str, width: int) -> str:
    """``text`` cut or filled with spaces to exactly ``width`` cells."""
    text = cut(text, width)
    return text + " " * (width - cell_len(text))
