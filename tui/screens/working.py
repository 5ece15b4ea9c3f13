"""While something takes a moment: the top line says what and for how long, nothing is typed, and Esc stops it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from engine.messages import Message, render

if TYPE_CHECKING:
    from textual.screen import Screen

    from engine.session.session import Session
    from tui.terminal.deck import TerminalDeck
    from tui.words import Say

    _Base = Screen[None]
else:
    _Base = object

STARTING = "course.busy-starting"
STOPPED = {"course.busy-rebuilding": "told.stopped_rebuilding", "course.busy-skipping": "told.stopped_skipping"}
"""What can be stopped, and what is said of the lab then."""
LONG_SECONDS = 2.0
"""From here on the seconds are shown."""


class Working(_Base):
    """Mixed into the main screen."""

    if TYPE_CHECKING:
        session: Session
        say: Say
        busy: str | None
        deck: TerminalDeck

        def note(self, text: str) -> None: ...
        def show_standing(self) -> None: ...

    stoppable = True
    """Esc stops what is being done; not where somebody else than the learner leads."""
    _busy_with: Message | None = None
    _busy_since = 0.0

    def set_busy(self, message: Message | None) -> None:
        """Something takes a moment, or is over: nothing is typed meanwhile, at the start it is kept for the shell."""
        if message is not None and self._busy_with is None:
            self._busy_since = time.monotonic()
        self._busy_with = message
        self.busy = render(message, self.session.language) if message else None
        self.deck.set_locked(message is not None, holding=message is not None and message.key == STARTING)
        self.show_standing()

    @property
    def busy_words(self) -> str | None:
        """What is being done, for how long if it is long, and the key that stops it."""
        if self.busy is None or self._busy_with is None:
            return self.busy
        words = self.busy
        seconds = time.monotonic() - self._busy_since
        if seconds >= LONG_SECONDS:
            words += f" {seconds:.0f} s"
        if self.can_stop:
            words += f" · {self.say('busy.esc')}"
        return words

    @property
    def can_stop(self) -> bool:
        """Whether Esc would stop something."""
        return self.stoppable and self._busy_with is not None and self._busy_with.key in STOPPED

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Esc is the shell's own unless there is something to stop."""
        return self.can_stop if action == "stop_work" else super().check_action(action, parameters)

    def action_stop_work(self) -> None:
        """Give up what is being done; the lab in use stays."""
        if self._busy_with is not None:
            self.workers.cancel_group(self, "session")
            self.note(self.say(STOPPED[self._busy_with.key]))
