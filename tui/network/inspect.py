"""A page about one thing in the drawing: the commands that show it, and what is known of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.lines import Line, LinesView
from tui.network.details import Details
from tui.words import Say
from tui.wrap import Span, padded, width_of, wrap

NUMBER, GAP = 3, 2
"""Cells of a number, and between two columns."""
FRAME_ROWS = 10
"""What the page needs besides its lines."""


def inspect_lines(details: Details | None, width: int, say: Say) -> list[Line]:
    """The commands, numbered, then the facts, each with its label."""
    if details is None:
        return [Line((Span(say("details.gone"), "gone"),))]
    lines: list[Line] = []
    longest = max((width_of([Span(one.command)]) for one in details.commands), default=0)
    beside = all(NUMBER + longest + GAP + width_of([Span(one.what)]) <= width for one in details.commands)
    for number, (command, what) in enumerate(details.commands, 1):
        action = f"screen.choose({number})"
        rows: list[tuple[Span, ...]] = [(Span(padded(command, longest + GAP), "code"), Span(what, "dim"))]
        if not beside:
            rows = [*wrap([Span(command, "code")], width - NUMBER), *wrap([Span(what, "dim")], width - NUMBER)]
        for index, row in enumerate(rows):
            lines.append(Line((Span(padded("" if index else str(number), NUMBER), "key"), *row), action))
    lines.append(Line())
    labels = GAP + max((width_of([Span(fact.label)]) for fact in details.facts), default=0)
    for fact in details.facts:
        told = [row for text in fact.texts for row in wrap([Span(text)], width - labels)]
        for index, row in enumerate(told):
            lines.append(Line((Span(padded("" if index else fact.label, labels), "dim"), *row)))
    return lines


class InspectLines(LinesView):
    def __init__(self, look: Callable[[], Details | None], say: Say) -> None:
        super().__init__(id="inspect-lines")
        self._look = look
        self._say = say

    def lines(self, width: int) -> Sequence[Line]:
        return inspect_lines(self._look(), width, self._say)


class InspectScreen(ModalScreen[str | None]):
    """Gives the command that was chosen, or ``None``. What it shows follows the lab."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q,f10", "close", "", priority=True),
        *(Binding(str(number), f"choose({number})", "", priority=True) for number in range(1, 10)),
    ]

    def __init__(self, look: Callable[[], Details | None], say: Say) -> None:
        super().__init__()
        self._look = look
        self._say = say

    def compose(self) -> ComposeResult:
        details = self._look()
        with Vertical(classes="box inspect"):
            yield Static(details.title if details else "", classes="box-title", markup=False)
            yield InspectLines(self._look, self._say)
            yield Static(self._say("details.foot"), classes="box-foot", markup=False)

    def on_mount(self) -> None:
        self.query_one(InspectLines).focus()

    def on_resize(self) -> None:
        self.query_one(InspectLines).styles.max_height = max(4, self.size.height - FRAME_ROWS)

    def look_again(self) -> None:
        """The lab has changed."""
        if self.is_mounted and (found := self.query(InspectLines)):
            found.first().changed()

    def action_close(self) -> None:
        self.dismiss(None)

    def action_choose(self, number: int) -> None:
        details = self._look()
        if details is not None and number <= len(details.commands):
            self.dismiss(details.commands[number - 1].command)
