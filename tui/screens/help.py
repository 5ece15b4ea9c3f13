"""F1: what every key does, made from the tables of keys, by group, with a search."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from tui.lines import Line, LinesView
from tui.listing import GROUPS, Listed, listed
from tui.words import Say
from tui.wrap import Span, padded, wrap

KEY_CELLS, LETTER_CELLS = 6, 6
HANGING = KEY_CELLS + LETTER_CELLS
PARAGRAPHS = {
    "course": ("letters",),
    "terminals": ("shell", "scroll", "mouse"),
    "network": ("drawing", "panes"),
    "reading": ("put",),
}
"""What is said below a group, by its name in ``tui.help``."""


def help_lines(width: int, say: Say, query: str = "", *, classroom: bool = False) -> list[Line]:
    """Every group: a line for each key, then how its place works. Of a search only what has all its words."""
    words = query.lower().split()
    lines: list[Line] = []
    for group in GROUPS:
        entries = [one for one in listed(classroom=classroom) if one.group == group and _has(_text(one, say), words)]
        paragraphs = [say(f"help.{name}") for name in PARAGRAPHS.get(group, ())]
        paragraphs = [text for text in paragraphs if _has(text, words)]
        if not entries and not paragraphs:
            continue
        lines += [Line(), Line((Span(say(f"help-groups.{group}"), "heading"),))]
        for entry in entries:
            lines += _entry(entry, width, say)
        for text in paragraphs:
            lines += [Line(spans) for spans in wrap([Span(text, "dim")], width)]
    return lines[1:] or [Line((Span(say("help.nothing"), "dim"),))]


def _text(entry: Listed, say: Say) -> str:
    return f"{entry.key} {entry.letter} {say(f'names.{entry.name}', answer='')} {say(f'help.{entry.name}')}"


def _has(text: str, words: list[str]) -> bool:
    return all(word in text.lower() for word in words)


def _entry(entry: Listed, width: int, say: Say) -> list[Line]:
    first, *rest = wrap([Span(say(f"help.{entry.name}"))], width - HANGING)
    keys = (Span(padded(entry.key, KEY_CELLS), "key"), Span(padded(entry.letter, LETTER_CELLS), "key"))
    return [Line((*keys, *first)), *(Line((Span(" " * HANGING), *more)) for more in rest)]


class HelpLines(LinesView):
    """What was found."""

    def __init__(self, say: Say, *, classroom: bool = False) -> None:
        super().__init__(id="help-lines")
        self._say = say
        self._classroom = classroom
        self.query_text = ""

    def lines(self, width: int) -> Sequence[Line]:
        return help_lines(width, self._say, self.query_text, classroom=self._classroom)


class HelpScreen(ModalScreen[None]):
    """Letters search; the arrow keys and the wheel scroll."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1,f10,enter", "close", "", priority=True),
        Binding("down", "scroll(1)", "", priority=True),
        Binding("up", "scroll(-1)", "", priority=True),
        Binding("pagedown", "scroll(10)", "", priority=True),
        Binding("pageup", "scroll(-10)", "", priority=True),
    ]

    def __init__(self, say: Say, *, classroom: bool = False) -> None:
        super().__init__()
        self._say = say
        self._classroom = classroom

    def compose(self) -> ComposeResult:
        with Vertical(classes="box tall"):
            yield Static(self._say("help.title"), classes="box-title", markup=False)
            yield Input(placeholder=self._say("help.search"), id="search")
            yield HelpLines(self._say, classroom=self._classroom)
            yield Static(self._say("help.close"), classes="box-foot", markup=False)

    def on_mount(self) -> None:
        self.query_one(Input).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        found = self.query_one(HelpLines)
        found.query_text = event.value
        found.changed()
        found.scroll_home(animate=False)

    def action_scroll(self, lines: int) -> None:
        self.query_one(HelpLines).scroll_relative(y=lines, animate=False)

    def action_close(self) -> None:
        self.dismiss(None)
