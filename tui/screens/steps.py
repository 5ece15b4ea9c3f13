"""F8: every step of the course, with a search; Enter goes there."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text as RichText
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from engine.course.model import Step
from engine.session.session import Session
from tui.words import Say

MARKS = {"done": "✓", "skipped": "↷", "todo": "·"}


def matching(session: Session, query: str) -> list[Step]:
    """Steps in whose number, title (in any language), id or lesson every word of the query occurs."""
    words = query.lower().split()
    found = []
    for step in session.course.steps:
        lesson = session.course.lesson_of(step)
        titles = (step.title.en, step.title.zh, lesson.title.en, lesson.title.zh, step.id, step.number)
        text = " ".join(title for title in titles if title).lower()
        if all(word in text for word in words):
            found.append(step)
    return found


class StepsScreen(ModalScreen[Step | None]):
    """Gives the step that was chosen, or ``None``."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f8,f10", "close", "", priority=True),
        Binding("down", "move(1)", "", priority=True),
        Binding("up", "move(-1)", "", priority=True),
        Binding("pagedown", "move(10)", "", priority=True),
        Binding("pageup", "move(-10)", "", priority=True),
    ]

    def __init__(self, session: Session, say: Say) -> None:
        super().__init__()
        self._session = session
        self._say = say

    def compose(self) -> ComposeResult:
        with Vertical(classes="box tall"):
            yield Static(self._say("steps.title"), classes="box-title", markup=False)
            yield Input(placeholder=self._say("steps.search"), id="search")
            yield OptionList(id="steps")
            yield Static(self._say("steps.foot"), classes="box-foot", markup=False)

    def on_mount(self) -> None:
        self._fill("")
        self.query_one(Input).focus()

    def _fill(self, query: str) -> None:
        options = self.query_one(OptionList)
        options.clear_options()
        language = self._session.language
        lesson_before = None
        here = None
        for step in matching(self._session, query):
            lesson = self._session.course.lesson_of(step)
            if lesson.id != lesson_before:
                title = RichText(f"{lesson.number}  {lesson.title.in_language(language)}", style="bold")
                options.add_option(Option(title, disabled=True))
                lesson_before = lesson.id
            mark = MARKS[self._session.step_state(step)]
            if step.id == self._session.step.id:
                mark, here = "▸", options.option_count
            title = RichText(f"  {mark} {step.number}  {step.title.in_language(language)}")
            options.add_option(Option(title, id=step.id))
        options.highlighted = here if here is not None else (1 if options.option_count > 1 else None)

    def on_input_changed(self, event: Input.Changed) -> None:
        self._fill(event.value)

    def on_input_submitted(self) -> None:
        options = self.query_one(OptionList)
        if options.highlighted is not None:
            self._choose(options.get_option_at_index(options.highlighted).id)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self._choose(event.option.id)

    def _choose(self, step_id: str | None) -> None:
        if step_id is not None:
            self.dismiss(self._session.course.step(step_id))

    def action_move(self, lines: int) -> None:
        options = self.query_one(OptionList)
        for _ in range(abs(lines)):
            if lines > 0:
                options.action_cursor_down()
            else:
                options.action_cursor_up()

    def action_close(self) -> None:
        self.dismiss(None)
