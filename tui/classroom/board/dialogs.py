"""What the board asks: words, a step, a time, whether it is meant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from rich.text import Text as RichText
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static
from textual.widgets.option_list import Option

from engine.classroom.desk import StepOutline
from engine.classroom.plain import LONGEST_TEXT
from tui.screens.notice import Notice, Words
from tui.screens.search import SearchScreen, has_all
from tui.words import Say

_TIME = re.compile(r"\s*(?:(\d{1,3})(?::([0-5]\d))?)\s*(.*)")
OPEN = ""
"""Given by :class:`StepDialog` for "no step": the gate is open."""


class TextDialog(ModalScreen[str | None]):
    """One line of words; Enter gives them, Escape ``None``. ``foot`` says what will be done with them."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f10", "close", "", priority=True)]

    def __init__(self, title: str, text: str, foot: str, *, value: str = "") -> None:
        super().__init__()
        self._words = (title, text, foot)
        self._value = value

    def compose(self) -> ComposeResult:
        title, text, foot = self._words
        with Vertical(classes="box"):
            yield Static(title, classes="box-title", markup=False)
            yield Words(text, classes="box-text")
            yield Input(value=self._value, id="search", max_length=LONGEST_TEXT)
            yield Static(foot, classes="box-foot", markup=False)

    def on_mount(self) -> None:
        self.query_one(Input).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.dismiss(event.value.strip())

    def action_close(self) -> None:
        self.dismiss(None)


class StepDialog(SearchScreen[str]):
    """A step of the room, with a search; its id, :data:`OPEN` for the first line where there is one, or ``None``."""

    def __init__(
        self,
        title: str,
        steps: Sequence[StepOutline],
        language: str,
        say: Say,
        *,
        here: str | None = None,
        first: str | None = None,
    ) -> None:
        super().__init__(title, say("dialog.step-search"), say("dialog.step-foot"), here=here)
        self._steps = steps
        self._language = language
        self._first = first

    def options(self, query: str) -> list[Option]:
        options = [Option(RichText(self._first), id=OPEN)] if self._first is not None and not query else []
        lesson = None
        for step in matching(self._steps, query):
            if step.lesson != lesson:
                lesson = step.lesson
                title = f"{step.lesson}  {step.lesson_title.in_language(self._language)}"
                options.append(Option(RichText(title, style="bold"), disabled=True))
            mark = "▸" if step.id == self._here else " "
            title = f"  {mark} {step.number}  {step.title.in_language(self._language)}"
            options.append(Option(RichText(title), id=step.id))
        return options

    def result(self, chosen: str) -> str:
        return chosen


def matching(steps: Sequence[StepOutline], query: str) -> list[StepOutline]:
    """Steps in whose number, title (in any language), id or lesson every word of the query occurs."""
    words = query.split()
    return [
        step
        for step in steps
        if has_all(
            words, step.title.en, step.title.zh, step.lesson_title.en, step.lesson_title.zh, step.id, step.number
        )
    ]


class Confirm(Notice):
    """Whether it is meant. Enter alone leaves everything as it is."""

    AUTO_FOCUS = "#no"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "choose(False)", "")]


class Time(NamedTuple):
    """A time for an exercise, and what it is for."""

    seconds: float
    text: str


def read_time(words: str) -> Time | None:
    """``5``, ``5:30``, ``5 find the route``: minutes, seconds if there are any, then words. ``None``: it is no time."""
    found = _TIME.fullmatch(words)
    if found is None:
        return None
    seconds = 60.0 * int(found[1]) + int(found[2] or 0)
    return Time(seconds, found[3].strip()) if seconds > 0 else None
