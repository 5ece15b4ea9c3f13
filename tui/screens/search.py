"""A list in which one searches by typing: steps, namespaces. Enter gives what is pointed at, Escape nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

ResultT = TypeVar("ResultT")


class SearchScreen(ModalScreen[ResultT | None], Generic[ResultT]):
    """Says what was chosen, or ``None``. A list has :meth:`options` for what was typed, and :meth:`result` of an id."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f8,f10", "close", "", priority=True),
        Binding("down", "move(1)", "", priority=True),
        Binding("up", "move(-1)", "", priority=True),
        Binding("pagedown", "move(10)", "", priority=True),
        Binding("pageup", "move(-10)", "", priority=True),
    ]

    def __init__(self, title: str, placeholder: str, foot: str, *, here: str | None = None) -> None:
        super().__init__()
        self._words = (title, placeholder, foot)
        self._here = here
        """The id that is pointed at to begin with, if it is there."""

    def options(self, query: str) -> Sequence[Option]:
        """What there is for ``query``; headings are disabled."""
        raise NotImplementedError

    def result(self, chosen: str) -> ResultT:
        """What is given for the option of that id."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        title, placeholder, foot = self._words
        with Vertical(classes="box tall"):
            yield Static(title, classes="box-title", markup=False)
            yield Input(placeholder=placeholder, id="search")
            yield OptionList(id="steps")
            yield Static(foot, classes="box-foot", markup=False)

    def on_mount(self) -> None:
        self._fill("")
        self.query_one(Input).focus()

    def _fill(self, query: str) -> None:
        shown = self.query_one(OptionList)
        options = self.options(query)
        shown.clear_options()
        shown.add_options(options)
        able = [index for index, option in enumerate(options) if not option.disabled]
        shown.highlighted = next(
            (index for index in able if options[index].id == self._here), able[0] if able else None
        )

    def on_input_changed(self, event: Input.Changed) -> None:
        self._fill(event.value)

    def on_input_submitted(self) -> None:
        shown = self.query_one(OptionList)
        if shown.highlighted is not None:
            self._choose(shown.get_option_at_index(shown.highlighted).id)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self._choose(event.option.id)

    def _choose(self, chosen: str | None) -> None:
        if chosen is not None:
            self.dismiss(self.result(chosen))

    def action_move(self, lines: int) -> None:
        shown = self.query_one(OptionList)
        for _ in range(abs(lines)):
            (shown.action_cursor_down if lines > 0 else shown.action_cursor_up)()

    def action_close(self) -> None:
        self.dismiss(None)


def has_all(words: Sequence[str], *texts: str | None) -> bool:
    """Whether each of ``words`` occurs in one of ``texts``, whatever the case."""
    whole = " ".join(text for text in texts if text).lower()
    return all(word.lower() in whole for word in words)
