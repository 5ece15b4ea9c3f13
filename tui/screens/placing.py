"""From a command to the prompt of a terminal: the lesson's by a click or Enter there, twice to run it at once; the
solution's, a pane's, a page's, the glossary's.

A terminal in which a program runs is not typed into: the learner is asked what to do.
"""

from __future__ import annotations

import time
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from engine.lab import LabError
from engine.session.performer import INTERRUPT
from engine.session.placing import INTERRUPT as STOP
from engine.session.placing import place, stop
from tui.screens.choice import Choice
from tui.wrap import cut

if TYPE_CHECKING:
    from textual.screen import Screen

    from engine.session.session import Session
    from tui.terminal.deck import TerminalDeck
    from tui.words import Say

    _Base = Screen[None]
else:
    _Base = object

AGAIN_SECONDS = 1.0
"""The same command twice within this time is run."""
SHOWN_CELLS = 48
"""So much of a command is told."""


class Placing(_Base):
    """Mixed into the main screen's actions."""

    if TYPE_CHECKING:
        session: Session
        say: Say
        busy: str | None
        coaching: bool
        deck: TerminalDeck

        def ask(self, work: Coroutine[Any, Any, Any]) -> None: ...
        def note(self, text: str) -> None: ...
        def action_open_terminal(self, name: str) -> None: ...

    _pressed: tuple[str, str] | None = None
    """Terminal and text of the command that was pressed last."""
    _pressed_at = 0.0
    _placing = False
    """A command is on its way to its prompt."""
    _run_it = False
    """It was pressed again on its way."""

    def action_command(self, terminal: str, text: str) -> None:
        """A command of the lesson was clicked, not marked."""
        if not self.get_selected_text():
            self.action_put_command(terminal, text)

    def action_put_command(self, terminal: str, text: str) -> None:
        """Put a command of the lesson at its terminal's prompt; the same one twice at once is run."""
        now = time.monotonic()
        again = self._pressed == (terminal, text) and now - self._pressed_at < AGAIN_SECONDS
        self._pressed, self._pressed_at = (terminal, text), now
        if self._placing:
            self._run_it = self._run_it or again
        elif again and self.may_type() and self._is_there(terminal, text):
            self._pressed = None
            self._run(terminal, text)
        else:
            self.put(terminal, text)

    def _is_there(self, terminal: str, text: str) -> bool:
        """What was put at that prompt still stands there; of Ctrl-C, whether it has something to stop."""
        if text == INTERRUPT:
            return not self.session.is_done(terminal, text)
        return self.deck.untouched(terminal)

    def may_type(self) -> bool:
        """Whether the program may type for the learner now; tells them why not."""
        ready = not self.busy and self.session.lab is not None
        if not ready and self.coaching:
            self.note(self.say("told.not_ready"))
        seen = not self.has_class("-too-small")
        return ready and seen and not self.deck.locked

    def put(self, terminal: str, text: str, *, stopping: bool = False) -> None:
        """Put ``text`` at the prompt of a terminal, for whoever wants it there: nothing else types for the learner.

        If something runs there they are asked what to do; with ``stopping`` they have been, and Ctrl-C comes first.
        """
        if self._placing or not self.may_type():
            return
        if text == INTERRUPT:
            self._show_where_to_stop(terminal)
            return
        self._placing, self._run_it = True, False
        self.ask(self._place(terminal, text, stopping))

    async def _place(self, terminal: str, text: str, stopping: bool) -> None:
        try:
            shell = await self.session.terminal(terminal)
            ready = not stopping or shell.at_prompt or await stop(shell)
            placed = ready and await place(shell, text)
        except LabError:
            if self.session.lab is not None:  # only this shell has ended
                self.action_open_terminal(terminal)
            return
        finally:
            self._placing = False
        if placed:
            self._show_placed(terminal)
            if self._run_it:
                self._pressed = None
                self._run(terminal, text)
        elif stopping:
            self.action_open_terminal(terminal)
            self.note(self.say("busy.goes-on", terminal=terminal))
        elif not self.busy:
            self._ask_what_to_do(terminal, text)

    def _run(self, terminal: str, text: str) -> None:
        """Press Enter where ``text`` stands at the prompt, or the key that it is."""
        if (shell := self.session.terminals.get(terminal)) is not None:
            shell.write(STOP if text == INTERRUPT else b"\r")

    def _show_where_to_stop(self, terminal: str) -> None:
        """Ctrl-C is a key, which the learner presses where something runs."""
        if self.session.is_done(terminal, INTERRUPT):
            self.note(self.say("told.idle", terminal=terminal))
        else:
            self.action_open_terminal(terminal)
            self.show_prompt()
            self.note(self.say("told.interrupt", terminal=terminal))

    def _show_placed(self, terminal: str) -> None:
        """The learner is at the prompt; from here on their own keys count."""
        self.action_open_terminal(terminal)
        self.show_prompt()
        self.deck.touch(terminal, False)

    def show_prompt(self) -> None:
        """The terminal in front shows the present, whatever was read or searched for in it."""
        if self.deck.view is not None:
            self.deck.view.end_copying()

    def _ask_what_to_do(self, terminal: str, text: str) -> None:
        """Something runs in that terminal."""
        words = self.deck.running(terminal).split("\n")[0]
        told = self.say("busy.what" if words else "busy.something", terminal=terminal, command=cut(words, SHOWN_CELLS))
        other = self._free_terminal(terminal)
        ways = [("other", self.say("busy.other", terminal=other))] if other else []
        ways += [("stop", self.say("busy.stop")), ("leave", self.say("busy.leave"))]
        self._pressed = None

        def chosen(way: str | None) -> None:
            if way == "other" and other:
                self.put(other, text)
            elif way == "stop":
                self.put(terminal, text, stopping=True)

        self.app.push_screen(Choice(self.say("busy.title", terminal=terminal), told, ways), chosen)

    def _free_terminal(self, busy: str) -> str | None:
        """One that waits at its prompt, else one more."""
        shells = self.session.terminals
        free = [name for name in sorted(shells) if name != busy and shells[name].at_prompt and not shells[name].ended]
        return free[0] if free else self.deck.unused()
