"""What every key does, made from the table of keys, and what the signs mean."""

from __future__ import annotations

from tui.classroom.board.keys import GROUPS, KEYS, LABELS, SHOULDER
from tui.classroom.board.table import SIGNS
from tui.lines import Line
from tui.words import Say
from tui.wrap import Span, padded, wrap

KEY_CELLS = 9


def help_lines(width: int, say: Say) -> list[Line]:
    """Keys by group, then the signs, then what counts as stuck."""
    lines: list[Line] = []
    for group in GROUPS:
        lines += [Line(), Line((Span(say(f"help-group.{group}"), "heading"),))]
        for key in (*KEYS, *SHOULDER):
            if key.group == group:
                keys = " ".join(LABELS.get(one, one) for one in key.keys)
                lines += _hanging(Span(padded(keys, KEY_CELLS), "key"), say(f"help.{group}.{key.name}"), width)
    lines += [Line(), Line((Span(say("help-group.signs"), "heading"),))]
    for need, (sign, look) in SIGNS.items():
        lines += _hanging(Span(padded(sign, KEY_CELLS), look), say(f"help.need.{need}"), width)
    lines.append(Line())
    lines += [Line(spans) for spans in wrap([Span(say("help.planned"), "dim")], width)]
    return lines[1:]


def _hanging(first: Span, text: str, width: int) -> list[Line]:
    head, *rest = wrap([Span(text)], width - KEY_CELLS)
    return [Line((first, *head)), *(Line((Span(" " * KEY_CELLS), *more)) for more in rest)]
