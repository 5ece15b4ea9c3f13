"""How much may be on its way to the terminal: on a slow line old pictures must not queue before the newest.

A write says nothing of how far the line is: sshd alone takes two megabytes before it makes a program wait, at 20 kB/s
the output of a minute and a half. So the terminal is asked now and then whether it is there (``CSI 5 n``, DSR in
ECMA-48); its answer says that it has seen all that was written before the question. What the line delivers in the time
that an answer takes, and a little more, may be on its way. That is how TCP's BBR finds its window. A terminal that does
not answer is written to as fast as it reads.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

QUESTION, ANSWER = "\x1b[5n", "\x1b[0n"
FIRST_QUESTION = 512
"""Asked for the first time with the first picture: then the terminal's keys are read already."""
BETWEEN_QUESTIONS = 4096
LEAST, MOST = 8192, 1 << 20
SPARE_SECONDS = 0.1
"""Of output that may wait somewhere on the line."""
RATES = 8
"""The best of so many is what the line delivers; a line that is not used tells less."""
SILENT_SECONDS = 10.0
"""A terminal that has not answered for so long does not answer any more."""


class _Asked(NamedTuple):
    sent: int
    """All that had been sent, with the question."""
    shown: int
    """What of it the terminal had seen, as far as was known."""
    moment: float


class Flow:
    """Counts what goes out and what has arrived, in characters."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._sent = self._shown = 0
        self._questions: deque[_Asked] = deque()
        self._asked_at = 0
        self._round_trip = 0.0
        self._rates: deque[float] = deque(maxlen=RATES)
        self._window = LEAST
        self.answers = False
        """The terminal has answered once."""

    def written(self, count: int) -> str:
        """So much is written; what is to be written after it."""
        self._sent += count
        first = not self.answers and not self._questions and self._sent >= FIRST_QUESTION
        if first or (self.answers and self._sent >= self._asked_at + BETWEEN_QUESTIONS and not self._silent()):
            return self.ask()
        return ""

    def ask(self) -> str:
        """A question, which is going to be written."""
        self._sent += len(QUESTION)
        self._asked_at = self._sent
        self._questions.append(_Asked(self._sent, self._shown, self._clock()))
        return QUESTION

    def answered(self) -> None:
        """There is the answer to the oldest question."""
        if not self._questions:
            return
        asked = self._questions.popleft()
        seconds = max(self._clock() - asked.moment, 1e-4)
        self._rates.append((asked.sent - asked.shown) / seconds)
        self._round_trip = min(self._round_trip, seconds) if self.answers else seconds
        self._shown = asked.sent
        self._window = min(max(int(max(self._rates) * (self._round_trip + SPARE_SECONDS)), LEAST), MOST)
        self.answers = True

    @property
    def open_questions(self) -> int:
        """So many answers are to come, if the terminal answers."""
        return len(self._questions)

    @property
    def expecting(self) -> bool:
        """Whether an answer may be on its way."""
        return bool(self._questions) and not self._silent()

    @property
    def may_answer(self) -> bool:
        """Whether the terminal answers, as far as is known."""
        return self.expecting or (self.answers and not self._questions)

    @property
    def full(self) -> bool:
        """Whether so much is on its way that more would only wait."""
        if not self.answers or not self._questions or self._silent():
            return False
        return self._sent - self._shown > self._window

    def _silent(self) -> bool:
        return bool(self._questions) and self._clock() > self._questions[0].moment + SILENT_SECONDS
