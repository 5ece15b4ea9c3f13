"""Rows of a sheet as lines: the command as title, marks, and the words that say how a thing is in colour. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from rich.cells import cell_len

from tui.lines import Line
from tui.network.ledger import GONE, Shown
from tui.wrap import Span

GUTTER = 2
INDENT = 4
"""How much further in a line goes on that is too long."""
LOOKS = {
    **dict.fromkeys(("UP", "REACHABLE", "PERMANENT", "ACCEPT", "LISTEN"), "good"),
    **dict.fromkeys(("DOWN", "FAILED", "INCOMPLETE", "DROP", "REJECT", "linkdown", "dead", "dadfailed"), "bad"),
    **dict.fromkeys(("LOWERLAYERDOWN", "tentative", "STALE", "DELAY", "PROBE"), "pending"),
    **dict.fromkeys(("default", "inet", "inet6", "MASQUERADE", "Deleted"), "strong"),
}
"""Of words that stand alone."""
KEEPS_ITS_LOOK = ("good", "bad", "pending")
QUIET = re.compile(r"\s+(link/|valid_lft|alt|alias)|Netid ")
"""Lines that are there for completeness."""
_PIECE = re.compile(r"\s+|\S+")


def title_line(command: str, width: int, action: str | None = None) -> list[Line]:
    """The command that prints what follows."""
    rows = folded(command, max(8, width - GUTTER))
    return [
        Line((Span("  " if index else "$ ", "prompt"), Span(row, "code")), action) for index, row in enumerate(rows)
    ]


def row_lines(shown: Iterable[Shown], width: int) -> list[Line]:
    """The rows, each behind its mark; a line that is too long goes on in the next."""
    return [line for row, sign in shown for line in marked(row.text, sign, width)]


@lru_cache(maxsize=8192)
def marked(text: str, sign: str, width: int) -> tuple[Line, ...]:
    """One row of text behind its mark."""
    look = {"": "", GONE: "gone"}.get(sign, "changed")
    lines: list[Line] = []
    for part in text.split("\n"):
        for row in folded(part.expandtabs(8), max(8, width - GUTTER)):
            start = Span(f"{sign} " if sign and not lines else "  ", f"{look} strong".strip())
            lines.append(Line((start, *_spans(row, look)), anchor="changed" if sign else None))
    return tuple(lines)


def _spans(text: str, look: str) -> tuple[Span, ...]:
    """The words in their looks; a changed one that says how a thing is keeps its own."""
    if look == "gone":
        return (Span(text, "gone"),)
    quiet = look or ("dim" if QUIET.match(text) else "")
    spans: list[Span] = []
    for piece in _PIECE.findall(text):
        own = LOOKS.get(piece, "")
        if "NO-CARRIER" in piece:
            own = "pending"
        word = own if own in KEEPS_ITS_LOOK else (quiet or own)
        if spans and spans[-1].look == word:
            spans[-1] = Span(spans[-1].text + piece, word)
        else:
            spans.append(Span(piece, word))
    return tuple(spans)


def folded(text: str, width: int) -> list[str]:
    """``text`` in lines of at most ``width`` cells, broken at blanks if there are any; its own blanks stay."""
    indent = " " * min(len(text) - len(text.lstrip()) + INDENT, max(0, width // 2))
    lines: list[str] = []
    start = ""
    while cell_len(start + text) > width:
        end = next(at for at in range(len(text), 0, -1) if at == 1 or cell_len(start + text[:at]) <= width)
        blank = text.rfind(" ", 1, end + 1)
        if blank > 0 and text[:blank].strip():
            end = blank
        lines.append((start + text[:end]).rstrip())
        text, start = text[end:].lstrip(), indent
    return [*lines, start + text]
