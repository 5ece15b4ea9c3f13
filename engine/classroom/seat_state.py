"""What the classroom is to one learner just now: the instructor's words, an exercise's clock, who looks, who helps.

Pure: orders and the learner's keys go in; facts for the hub, and what a screen shows, come out.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal, NamedTuple

from engine.classroom.protocol import (
    Fact,
    Freeze,
    HandRaised,
    HandUp,
    HelpAnswered,
    LowerHand,
    Mirror,
    OfferHelp,
    Order,
    RoomClosed,
    Say,
    Timer,
    Watched,
)

Help = Literal["none", "offered", "given"]
MESSAGES_AT_MOST = 20


class Word(NamedTuple):
    """Something to be read until it is put away."""

    text: str
    instructor: bool
    """The instructor's words; else the program's own."""


class SeatState:
    """``tell`` gets the facts; ``changed`` is called after each change."""

    def __init__(
        self,
        tell: Callable[[Fact], None],
        changed: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._tell = tell
        self._clock = clock
        self.changed = changed
        self.hand = False
        """The learner has asked for help."""
        self._hand_known = False
        self.help: Help = "none"
        """The instructor's typing: not asked for, offered, consented to."""
        self.watchers = 0
        self.messages: list[Word] = []
        """What was not put away yet, the latest last, which is shown."""
        self.frozen = False
        self.freeze_text = ""
        self.mirror: Mirror | None = None
        """The instructor's demo is on."""
        self.closed = False
        self.connected = True
        self.timer_text = ""
        self._timer_until: float | None = None

    @property
    def timer(self) -> float | None:
        """Seconds that are left of the exercise, never below 0; ``None``: there is none."""
        return None if self._timer_until is None else max(0.0, self._timer_until - self._clock())

    # -- what the hub says -----------------------------------------------------------------------------------------

    def heed(self, order: Order) -> None:
        """Orders that concern the lab or the session are not looked at."""
        match order:
            case Say(text=text):
                if text.strip():
                    self._add(Word(text, instructor=True))
            case Freeze(on=on, text=text):
                self.frozen, self.freeze_text = on, text if on else ""
            case Timer(seconds=seconds, text=text):
                self._timer_until = None if seconds is None else self._clock() + seconds
                self.timer_text = "" if seconds is None else text
            case Watched(watchers=watchers):
                self.watchers = max(0, watchers)
            case OfferHelp(on=True):
                if self.help == "none":
                    self.help = "offered"
            case OfferHelp():
                self.help = "none"
            case LowerHand():
                self.hand, self._hand_known = False, True
            case HandUp():
                self.hand = self.hand or not self._hand_known
            case Mirror(on=on):
                self.mirror = order if on else None
            case RoomClosed():
                self.closed = True
            case _:
                return
        self.changed()

    def connection(self, there: bool) -> None:
        """The connection to the hub is there, or is lost: nobody looks or helps then, and no screen is held."""
        if self.connected == there:
            return
        self.connected = there
        if not there:
            self.help, self.watchers, self.mirror, self.frozen = "none", 0, None, False
        elif self.hand:
            self._tell(HandRaised(up=True))
        self.changed()

    def remind(self, text: str) -> None:
        """The program's own words, to be read like the instructor's."""
        self._add(Word(text, instructor=False))
        self.changed()

    def _add(self, word: Word) -> None:
        self.messages.append(word)
        del self.messages[:-MESSAGES_AT_MOST]

    # -- what the learner does ---------------------------------------------------------------------------------------

    def raise_or_lower_hand(self) -> None:
        """Ask for help, or no longer."""
        self.hand, self._hand_known = not self.hand, True
        self._tell(HandRaised(up=self.hand))
        self.changed()

    def consent_or_withdraw(self) -> bool:
        """Let the instructor type too; or, when they do, no more. ``False`` if there is neither to be done."""
        if self.help == "none":
            return False
        self.help = "given" if self.help == "offered" else "none"
        self._tell(HelpAnswered(consent=self.help == "given"))
        self.changed()
        return True

    def put_away(self) -> bool:
        """Decline what is offered, or else put the latest message away. ``False`` if there is neither."""
        if self.help == "offered":
            self.help = "none"
            self._tell(HelpAnswered(consent=False))
        elif self.messages:
            del self.messages[-1]
        else:
            return False
        self.changed()
        return True
