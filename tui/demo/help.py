"""F1 in demo mode: what every key does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.demo.keys import CHORD_KEY, KEYS, LETTER_LABELS
from tui.lines import Line, LinesView
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


class DemoHelpLines(LinesView):
    def __init__(self, say: Say) -> None:
        super().__init__(id="help-lines")
        self._say = say

    def lines(self, width: int) -> Sequence[Line]:
        return help_lines(width, self._say)


class DemoHelp(ModalScreen[None]):
    """The demo's keys, in a box above it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f1,f10,enter,q", "close", "", priority=True)]

    def __init__(self, say: Say) -> None:
        super().__init__()
        self._say = say

    def compose(self) -> ComposeResult:
        with Vertical(classes="box tall"):
            yield Static(self._say("help.title"), classes="box-title", markup=False)
            yield DemoHelpLines(self._say)
            yield Static(self._say("help.close"), classes="box-foot", markup=False)

    def action_close(self) -> None:
        self.dismiss(None)
