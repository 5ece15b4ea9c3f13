"""What covers a seat's screen for a while: everyone looks up, or everyone sees the instructor's demo."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import ScrollableContainer, Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from engine.classroom.plain import plain_text
from tui.classroom.link import Seat
from tui.classroom.words import sayer
from tui.screens.notice import Words
from tui.terminal.widget import TerminalView


class Said(Words):
    """Words that may become others."""

    def say(self, text: str) -> None:
        if text != self._text:
            self._text = text
            self.changed()


class Overlay(ModalScreen[None]):
    """Put on and taken off by the hub alone, whatever else is on the screen meanwhile."""

    BINDINGS: ClassVar[list[BindingType]] = [("f10", "leave", "")]

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        self.seat = seat
        self.say = sayer(lambda: seat.session.language)
        self._over = False
        self._gone = False

    def take_off(self) -> None:
        """Now, or as soon as what lies over it is gone."""
        self._over = True
        self._go()

    def on_screen_resume(self) -> None:
        if self._over:
            self.call_later(self._go)

    def _go(self) -> None:
        if self.app.screen is self and not self._gone:  # not is_current: that is also what is seen behind others
            self._gone = True
            self.dismiss()

    def action_leave(self) -> None:
        """The end of the program, as anywhere."""
        self.app.run_worker(self.app.action_quit())


class FreezeScreen(Overlay):
    """Everyone looks up."""

    def compose(self) -> ComposeResult:
        with Vertical(classes="box freeze"):
            yield Static(self.say("freeze.title"), classes="box-title", markup=False)
            yield Said("", classes="box-text freeze-text")
            yield Words(self.say("freeze.goes-on"), classes="box-foot")

    def on_mount(self) -> None:
        self.show()

    def show(self) -> None:
        """The instructor's words as they are now."""
        if words := self.query(".freeze-text"):
            text = plain_text(self.seat.state.freeze_text)
            shown = words.first(Said)
            shown.display = bool(text)
            shown.say(text)


class MirrorScreen(Overlay):
    """The instructor's demo, read-only, as large as it is there; what does not fit is reached by the arrow keys."""

    def __init__(self, seat: Seat) -> None:
        super().__init__(seat)
        self._view = TerminalView(id="mirror-view")
        self._view.can_focus = False

    def compose(self) -> ComposeResult:
        yield Static(self.say("mirror.title"), id="mirror-title", markup=False)
        with ScrollableContainer(id="mirror-stage"):
            yield self._view

    def feed(self, data: bytes) -> None:
        """What the demo paints."""
        self._view.feed(data)

    def resize_to(self, columns: int, rows: int) -> None:
        """The demo's screen has that size."""
        self._view.styles.width, self._view.styles.height = columns, rows
        self._view.set_size(columns, rows)
