"""F1 in demo mode: what every key does."""

from __future__ import annotations

from tui.demo.keys import CHORD_KEY, KEYS, LETTER_LABELS
from tui.lines import Line
from tui.words import Say
from tui.wrap import Span, padded, wrap

FIRST_CELLS, SECOND_CELLS = 8, 12


def help_lines(width: int, say: Say) -> list[Line]:
    """A line for each key, then what the letters are for."""
    lines: list[Line] = []
    for key in KEYS:
        label = key.label if key.key else ""
        if key.name == "keyboard":
            label += f" {CHORD_KEY}"
        letters = " ".join(LETTER_LABELS.get(letter, letter) for letter in key.letters)
        first, *rest = wrap([Span(say(f"help.{key.name}"))], width - FIRST_CELLS - SECOND_CELLS)
        lines.append(
            Line((Span(padded(label, FIRST_CELLS), "key"), Span(padded(letters, SECOND_CELLS), "dim"), *first))
        )
        lines.extend(Line((Span(" " * (FIRST_CELLS + SECOND_CELLS)), *more)) for more in rest)
    for paragraph in ("letters", "notes"):
        lines.append(Line())
        lines.extend(Line(spans) for spans in wrap([Span(say(f"help.{paragraph}"), "dim")], width))
    return lines
