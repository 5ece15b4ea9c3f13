"""A modal that says something and offers one or two ways on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from tui.lines import Line, LinesBlock
from tui.wrap import Span, wrap

ResultT = TypeVar("ResultT")


class Words(LinesBlock):
    """A paragraph, wrapped as Chinese and English are."""

    def __init__(self, text: str, *, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self._text = text

    def lines(self, width: int) -> Sequence[Line]:
        return [Line(spans) for spans in wrap([Span(self._text)], width)]


LOW_ROWS = 30
"""On a screen with fewer rows a box does without its margins."""


class Low(ModalScreen[ResultT]):
    """A modal that has a lot to show; ``-low`` on a screen with few rows."""

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.height < LOW_ROWS, "-low")


class Notice(ModalScreen[bool]):
    """``True`` for the first way, ``False`` for the second."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("f10", "choose(False)", ""),
        ("left,up", "app.focus_previous", ""),
        ("right,down", "app.focus_next", ""),
    ]

    def __init__(self, title: str, text: str, yes: str, no: str | None = None) -> None:
        super().__init__()
        self._words = (title, text, yes, no)

    def compose(self) -> ComposeResult:
        title, text, yes, no = self._words
        with Vertical(classes="box"):
            yield Static(title, classes="box-title", markup=False)
            yield Words(text, classes="box-text")
            with Horizontal(classes="box-buttons"):
                yield Button(yes, id="yes", variant="primary")
                if no:
                    yield Button(no, id="no")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "yes")

    def action_choose(self, yes: bool) -> None:
        self.dismiss(yes)
