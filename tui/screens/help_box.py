"""What every key does, in a box above a screen that has keys of its own: the demo's, the board's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.lines import Line, LinesView
from tui.words import Say

HelpLines = Callable[[int, Say], Sequence[Line]]
"""What to say at so many cells."""


class _Lines(LinesView):
    def __init__(self, say: Say, lines: HelpLines) -> None:
        super().__init__(id="help-lines")
        self._say = say
        self._help_lines = lines

    def lines(self, width: int) -> Sequence[Line]:
        return self._help_lines(width, self._say)


class HelpBox(ModalScreen[None]):
    """Any of its keys closes it; the arrow keys scroll."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f1,f10,enter,q,question_mark", "close", "", priority=True)]

    def __init__(self, say: Say, lines: HelpLines) -> None:
        super().__init__()
        self._say = say
        self._help_lines = lines

    def compose(self) -> ComposeResult:
        with Vertical(classes="box tall"):
            yield Static(self._say("help.title"), classes="box-title", markup=False)
            yield _Lines(self._say, self._help_lines)
            yield Static(self._say("help.close"), classes="box-foot", markup=False)

    def on_mount(self) -> None:
        self.query_one(_Lines).focus()

    def action_close(self) -> None:
        self.dismiss(None)
