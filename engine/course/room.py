"""How much of a screen a text takes."""

from __future__ import annotations

import unicodedata

from engine.course.markdown import Fence, Heading, read_blocks
from engine.course.problems import Problems

COLUMNS = 60
SCREEN_LINES = 45
"""Lines of :data:`COLUMNS` columns that a step may take: what an ordinary screen shows at once."""


def lines_needed(text: str) -> int:
    """The lines that Markdown takes, :data:`COLUMNS` wide, with a blank line between its blocks."""
    from pathlib import Path

    lines = text.split("\n")
    needed = []
    for block in read_blocks(text, Problems(Path())):
        if isinstance(block, Fence):
            needed.append(sum(_rows(line) for line in block.text.split("\n")))
            continue
        source = [line for line in lines[block.line - 1 : block.end - 1] if line.strip()]
        paragraph = isinstance(block, Heading) or not source or source[0].lstrip()[:1] not in "-*+|>0123456789"
        needed.append(_rows(" ".join(source)) if paragraph else sum(_rows(line) for line in source))
    return sum(needed) + max(0, len(needed) - 1)


def _rows(line: str) -> int:
    return max(1, -(-_width(line) // COLUMNS))


def _width(text: str) -> int:
    """Columns in a terminal: Chinese characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(one) in "WF" for one in text)
    return len(text) + wide - sum(unicodedata.combining(one) != 0 for one in text)
