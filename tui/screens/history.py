"""Shift-F8: everything that has changed the lab, in order; Enter goes back (or forward again) to just after it."""

from __future__ import annotations

from typing import Any, ClassVar

from rich.text import Text as RichText
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from engine.messages import Message, render
from engine.session.history import Point
from engine.session.session import Session

KEYS = "escape,f10,shift+f8"


class HistoryScreen(ModalScreen[int | None]):
    """Gives the number of the change after which the lab is to be, or ``None``."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(KEYS, "close", "", priority=True),
        Binding("pagedown", "move(10)", "", priority=True),
        Binding("pageup", "move(-10)", "", priority=True),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session

    def _say(self, key: str, **params: Any) -> str:
        return render(Message(f"teaching.history.{key}", params), self._session.language)

    def compose(self) -> ComposeResult:
        with Vertical(classes="box tall wide"):
            yield Static(self._say("title"), classes="box-title", markup=False)
            yield OptionList(id="steps")
            yield Static(self._say("foot"), classes="box-foot", markup=False)

    def on_mount(self) -> None:
        options = self.query_one(OptionList)
        position = self._session.history.position
        options.add_option(Option(self._line(position == 0, self._say("beginning"), "", False), id="0"))
        here = 0
        step_before = None
        for point in self._session.history.points:
            if point.step != step_before:
                options.add_option(Option(self._heading(point), disabled=True))
                step_before = point.step
            if point.number == position:
                here = options.option_count
            options.add_option(Option(self._point(point, point.number == position), id=str(point.number)))
        options.highlighted = here
        options.focus()
        self.call_after_refresh(self._show, here)

    def _show(self, here: int) -> None:
        """Bring where the lab stands into the middle: what was taken back lies below."""
        options = self.query_one(OptionList)
        options.scroll_to(y=max(0, here - options.size.height // 2), animate=False)

    def _heading(self, point: Point) -> RichText:
        try:
            step = self._session.course.step(point.step)
        except LookupError:  # the course has changed since
            return RichText(point.step, style="bold")
        return RichText(f"{step.number}  {step.title.in_language(self._session.language)}", style="bold")

    def _point(self, point: Point, here: bool) -> RichText:
        command = point.text.replace("\n", " ↵ ")
        words = self._say("ended", command=command) if point.ends else command
        if point.namespace != "host":
            words += f"   ({point.namespace})"
        return self._line(here, words, point.terminal, point.undone)

    def _line(self, here: bool, words: str, terminal: str, undone: bool) -> RichText:
        mark = "▸" if here else ("↷" if undone else " ")
        line = RichText(f" {mark} {terminal:<3} {words}" if terminal else f" {mark} {words}")
        if undone:
            line.stylize("dim strike" if not here else "dim", 3)
        return line

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        if event.option.id is not None:
            self.dismiss(int(event.option.id))

    def action_move(self, lines: int) -> None:
        options = self.query_one(OptionList)
        for _ in range(abs(lines)):
            if lines > 0:
                options.action_cursor_down()
            else:
                options.action_cursor_up()

    def action_close(self) -> None:
        self.dismiss(None)
