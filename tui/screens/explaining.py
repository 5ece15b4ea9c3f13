"""What the keys do that explain: the glossary, the manual of a command, the first look around.

Their screens are loaded when they are first asked for: the first paint does not wait for them.
"""

from __future__ import annotations

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from engine.messages import Message, render
from engine.session.performer import INTERRUPT
from tui.terminal.prompt import typed_at_prompt

if TYPE_CHECKING:
    from textual.screen import Screen

    from engine.session.session import Session
    from tui.lesson.view import LessonView
    from tui.screens.glossary import Wish
    from tui.terminal.deck import TerminalDeck

    _Base = Screen[None]
else:
    _Base = object


class Explaining(_Base):
    """Mixed into the main screen's actions."""

    if TYPE_CHECKING:
        session: Session
        lesson: LessonView
        deck: TerminalDeck
        view: str

        def ask(self, work: Coroutine[Any, Any, Any]) -> None: ...
        def note(self, text: str) -> None: ...
        def set_view(self, view: str) -> None: ...
        def put(self, terminal: str, text: str) -> None: ...

    def explain(self, key: str, **params: Any) -> str:
        """The message ``explain.KEY`` in the language now in use."""
        return render(Message(f"explain.{key}", params), self.session.language)

    def action_explanation(self) -> None:
        """What happened in the step that is done."""
        if self.view in ("terminal", "network"):
            self.set_view("all")
        self.set_focus(self.lesson)
        anchor = f"{self.session.step.id}#explanation"
        self.call_after_refresh(self.lesson.to_anchor, anchor, f"{anchor}/end")

    # -- the first look around ---------------------------------------------------------------------------------

    def action_tour(self) -> None:
        """Show the parts of the screen, one after another."""
        from tui.screens.tour import TourScreen

        if self.app.screen is self:
            self.app.push_screen(TourScreen(self, self.session.language))

    # -- the manual --------------------------------------------------------------------------------------------

    def action_manual(self) -> None:
        """The manual of the command that is typed, runs, is pointed at in the lesson, or comes next in it."""
        from tui.screens.manual import ManualScreen

        command = self._command_at_hand()
        if command:
            self.app.push_screen(ManualScreen(self.session, command))
        else:
            self.note(self.explain("manual.no-command"))

    def _command_at_hand(self) -> str:
        view = self.deck.view
        shell = self.session.terminals.get(self.deck.front or "")
        if view is not None and view.has_focus and shell is not None and not shell.ended:
            if shell.running is not None:
                return str(shell.running.text)
            if typed := typed_at_prompt(view.emulator):
                return typed
        elif self.lesson.chosen is not None:
            return self.lesson.chosen.text
        done = {run.text.strip() for run in self.session.commands}
        texts = [one.text for one in self.session.step.commands if one.text != INTERRUPT]
        return next((text for text in texts if text.strip() not in done), next(iter(texts), ""))

    # -- the glossary ------------------------------------------------------------------------------------------

    def action_glossary(self, term: str | None = None) -> None:
        """The words of the course, those in sight first; or one word that was clicked."""
        from tui.screens.glossary import GlossaryScreen

        if not self.session.course.glossary:
            self.note(self.explain("glossary.no-glossary"))
        elif not (term and self.get_selected_text()):  # marked, not clicked
            first = self.lesson.terms_in_sight()
            first = [term, *(one for one in first if one != term)] if term else first
            self.app.push_screen(GlossaryScreen(self.session, first), self._after_glossary)

    def _after_glossary(self, wish: Wish | None) -> None:
        if wish is None:
            return
        if wish.kind == "try":
            self.put(self.deck.front or "T1", wish.what)
            return
        step = self.session.course.step(wish.what)
        if not self.lesson.read(self.session.course, step):
            title = step.title.in_language(self.session.language)
            self.note(self.explain("glossary.ahead", number=step.number, title=title))
            return
        if self.view in ("terminal", "network"):
            self.set_view("all")
        self.set_focus(self.lesson)
        if self.session.course.lesson_of(step) is not self.session.course.lesson_of(self.session.step):
            self.note(self.explain("glossary.reading", number=step.number))
