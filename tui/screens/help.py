"""F1: what every key does, made from the table of keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.keys import KEYS, LETTER_LABELS, LETTERS, MORE_KEYS
from tui.lines import Line, LinesView
from tui.words import Say
from tui.wrap import Span, padded, wrap

KEY_CELLS = 12


def help_lines(width: int, say: Say) -> list[Line]:
    """A line for each key, then how the terminal and the mouse work."""
    lines: list[Line] = []
    rows = []
    for key in (*KEYS, *MORE_KEYS):
        letter = LETTER_LABELS.get(key.letter or "", key.letter or "")
        rows.append((key.label, letter, say(f"help.{key.name}")))
    rows += [("", letter, say(f"help.{action}")) for letter, action in LETTERS]
    rows += [("", "1 … 9", say("help.answer")), ("", "[ ]", say("help.leaf"))]
    for label, letter, text in rows:
        first, *rest = wrap([Span(text)], width - KEY_CELLS)
        lines.append(Line((Span(padded(label, 5), "key"), Span(padded(letter, KEY_CELLS - 5), "dim"), *first)))
        lines.extend(Line((Span(" " * KEY_CELLS), *more)) for more in rest)
    for paragraph in ("letters", "shell", "mouse", "scroll", "drawing"):
        lines.append(Line())
        lines.extend(Line(spans) for spans in wrap([Span(say(f"help.{paragraph}"), "dim")], width))
    return lines


class HelpLines(LinesView):
    def __init__(self, say: Say) -> None:
        super().__init__(id="help-lines")
        self._say = say

    def lines(self, width: int) -> Sequence[Line]:
        return help_lines(width, self._say)


class HelpScreen(ModalScreen[None]):
    """Any of its keys closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [("f1,escape,enter,q,f10,question_mark", "close", "")]

    def __init__(self, say: Say) -> None:
        super().__init__()
        self._say = say

    def compose(self) -> ComposeResult:
        with Vertical(classes="box tall"):
            yield Static(self._say("help.title"), classes="box-title", markup=False)
            yield HelpLines(self._say)
            yield Static(self._say("help.close"), classes="box-foot", markup=False)

    def action_close(self) -> None:
        self.dismiss(None)
