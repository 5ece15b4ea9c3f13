"""A modal with a question and several ways on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from tui.screens.notice import Words


class Choice(ModalScreen[str | None]):
    """Answers with the name of the way that was chosen; ``None`` for Esc. ``ways`` are (name, label), the first one
    being what Enter chooses."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape,f10", "leave", ""),
        ("left,up", "app.focus_previous", ""),
        ("right,down", "app.focus_next", ""),
    ]

    def __init__(self, title: str, text: str, ways: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._title, self._text, self._ways = title, text, tuple(ways)

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Static(self._title, classes="box-title", markup=False)
            yield Words(self._text, classes="box-text")
            with Horizontal(classes="box-buttons"):
                for index, (name, label) in enumerate(self._ways):
                    yield Button(label, id=f"way-{name}", variant="default" if index else "primary")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        self.dismiss((event.button.id or "").removeprefix("way-"))

    def action_leave(self) -> None:
        self.dismiss(None)
