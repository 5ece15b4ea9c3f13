"""A namespace chosen from a list, by typing a part of its name: for labs with more of them than one steps through."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from engine.network.snapshot import HOST
from tui.words import Say


class NamespaceScreen(ModalScreen[str | None]):
    """Gives the namespace that was chosen, or ``None``."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f10", "close", "", priority=True),
        Binding("down", "move(1)", "", priority=True),
        Binding("up", "move(-1)", "", priority=True),
    ]

    def __init__(self, names: Sequence[str], here: str, say: Say) -> None:
        super().__init__()
        self._names = tuple(names)
        self._here = here
        self._say = say

    def compose(self) -> ComposeResult:
        with Vertical(classes="box tall"):
            yield Static(self._say("network.find"), classes="box-title", markup=False)
            yield Input(placeholder=self._say("network.find_search"), id="search")
            yield OptionList(id="steps")
            yield Static(self._say("network.find_foot"), classes="box-foot", markup=False)

    def on_mount(self) -> None:
        self._fill("")
        self.query_one(Input).focus()

    def _title(self, name: str) -> str:
        return self._say("network.host") if name == HOST else name

    def _fill(self, query: str) -> None:
        options = self.query_one(OptionList)
        options.clear_options()
        words = query.lower().split()
        for name in self._names:
            if all(word in f"{name} {self._title(name)}".lower() for word in words):
                mark = "▸" if name == self._here else " "
                options.add_option(Option(f"{mark} {self._title(name)}", id=name))
        ids = [options.get_option_at_index(index).id for index in range(options.option_count)]
        options.highlighted = (ids.index(self._here) if self._here in ids else 0) if ids else None

    def on_input_changed(self, event: Input.Changed) -> None:
        self._fill(event.value)

    def on_input_submitted(self) -> None:
        options = self.query_one(OptionList)
        if options.highlighted is not None:
            self.dismiss(options.get_option_at_index(options.highlighted).id)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option.id)

    def action_move(self, lines: int) -> None:
        options = self.query_one(OptionList)
        (options.action_cursor_down if lines > 0 else options.action_cursor_up)()

    def action_close(self) -> None:
        self.dismiss(None)
