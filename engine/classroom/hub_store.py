"""Progress that the hub keeps: nothing is written on the seat's side, everything is told."""

from __future__ import annotations

import time
from collections.abc import Callable

import msgspec
from msgspec.structs import replace

from engine.classroom.protocol import ProgressKept
from engine.course.model import Course
from engine.session.progress import Progress, ProgressStore

TIME_SECONDS = 30.0
"""So often the mere passing of time is worth telling."""


class HubStore(ProgressStore):
    """``progress`` and its ``number`` are what the seat goes on from; each change is told by :attr:`tell` with the
    next number."""

    def __init__(self, progress: Progress | None, number: int = 0, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self.tell: Callable[[ProgressKept], None] = lambda kept: None
        """Must have done with the progress when it returns: it changes afterwards."""
        self._progress = progress or Progress()
        self._clock = clock
        self._told = b""
        self._told_at = clock()
        self.number = number
        """Of what was told last."""
        self.acknowledged_number = number
        """Everything up to it has been written down for good."""

    @property
    def safe(self) -> bool:
        """Whether everything that was told has been written down for good."""
        return self.acknowledged_number >= self.number

    def load(self, course: Course) -> Progress:
        """What the hub had kept, as a copy."""
        return msgspec.json.decode(msgspec.json.encode(self._progress), type=Progress)

    def save(self, course: Course, progress: Progress, *, durable: bool = True) -> None:
        """Tell it, unless nothing but the clock has changed since the last time and that was just now. ``durable``:
        it is the last time, and is told in any case."""
        now = self._clock()
        what = msgspec.json.encode(replace(progress, seconds=0.0, step_seconds={}))
        if durable or what != self._told or now - self._told_at >= TIME_SECONDS:
            self._told, self._told_at = what, now
            self.number += 1
            self.tell(ProgressKept(number=self.number, progress=progress))

    def acknowledged(self, number: int) -> None:
        """The hub has written everything down up to that number."""
        self.acknowledged_number = max(self.acknowledged_number, min(number, self.number))

    def count_from(self, number: int) -> None:
        """The hub has written that number already, for an earlier program of this seat: go on behind it."""
        self.number = max(self.number, number)
