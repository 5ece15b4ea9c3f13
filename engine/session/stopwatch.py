"""The time a learner spends: it goes on while something is done, and stops when nobody seems to be there any more."""

from __future__ import annotations

import time
from collections.abc import Callable

IDLE_SECONDS = 900.0
"""So long after the last command or key of the program the clock still runs: reading and thinking is learning."""


class Stopwatch:
    """Counts from one :meth:`lap` to the next. ``clock`` gives seconds that never go back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._counted = self._touched = clock()

    def touch(self) -> None:
        """Somebody is there. Time since they were last there counts up to :data:`IDLE_SECONDS`, no further."""
        now = self._clock()
        if now > self._touched + IDLE_SECONDS:
            self._counted = now - max(0.0, self._until(now) - self._counted)
        self._touched = now

    @property
    def seconds(self) -> float:
        """Seconds since the last lap."""
        return max(0.0, self._until(self._clock()) - self._counted)

    def lap(self) -> float:
        """The seconds since the last lap; counting begins anew."""
        seconds = self.seconds
        self._counted = self._until(self._clock())
        return seconds

    def _until(self, now: float) -> float:
        return min(now, self._touched + IDLE_SECONDS)
