"""From a command in the lesson to the prompt of its terminal: by a click or Enter there, twice to run it at once.

A terminal in which a program runs is not typed into: the learner is asked what to do.
"""

from __future__ import annotations

import time
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from engine.lab import LabError
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
        if self.busy or self.deck.locked or self.session.lab is None:
            return
        now = time.monotonic()
        again = self._pressed == (terminal, text) and now - self._pressed_at < AGAIN_SECONDS
        self._pressed, self._pressed_at = (terminal, text), now
        if self._placing:
            self._run_it = self._run_it or again
        elif again and self.deck.untouched(terminal):
            self._pressed = None
            self.session.terminals[terminal].write(b"\r")
        else:
            self._placing, self._run_it = True, False
            self.ask(self._place(terminal, text))

    async def _place(self, terminal: str, text: str) -> None:
        try:
            shell = await self.session.terminal(terminal)
            placed = await place(shell, text)
            if placed:
                self._show_placed(terminal)
        except LabError:
            if self.session.lab is not None:  # only this shell has ended
                self.action_open_terminal(terminal)
            return
        finally:
            self._placing = False
        if not placed:
            self._ask_what_to_do(terminal, text)
        elif self._run_it:
            self._pressed = None
            shell.write(b"\r")

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
        run = self.session.terminals[terminal].running
        words = run.text.split("\n")[0] if run is not None else ""
        told = self.say("busy.what" if words else "busy.something", terminal=terminal, command=cut(words, SHOWN_CELLS))
        other = self._free_terminal(terminal)
        ways = [("other", self.say("busy.other", terminal=other))] if other else []
        ways += [("stop", self.say("busy.stop")), ("leave", self.say("busy.leave"))]
        self._pressed = None

        def chosen(way: str | None) -> None:
            if way == "other" and other:
                self._placing = True
                self.ask(self._place(other, text))
            elif way == "stop":
                self.ask(self._stop_and_place(terminal, text))

        self.app.push_screen(Choice(self.say("busy.title", terminal=terminal), told, ways), chosen)

    async def _stop_and_place(self, terminal: str, text: str) -> None:
        shell = await self.session.terminal(terminal)
        if (shell.at_prompt or await stop(shell)) and await place(shell, text):
            self._show_placed(terminal)
        else:
            self.action_open_terminal(terminal)
            self.note(self.say("busy.goes-on", terminal=terminal))

    def _free_terminal(self, busy: str) -> str | None:
        """One that waits at its prompt, else one more."""
        shells = self.session.terminals
        free = [name for name in sorted(shells) if name != busy and shells[name].at_prompt and not shells[name].ended]
        return free[0] if free else self.deck.unused()
