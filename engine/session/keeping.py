"""What is kept of a session: the progress, written at each change, and the time that was spent."""

from __future__ import annotations

import asyncio
import contextlib
import datetime

from engine.session import events
from engine.session.freeplay import FreePlay
from engine.session.progress import ProgressStore, StepState
from engine.session.standing import Standing

AUTOSAVE_SECONDS = 5.0


class Keeping(Standing):
    """The part of :class:`~engine.session.session.Session` that writes."""

    store: ProgressStore
    free_play: FreePlay
    language: str

    def save(self, *, durable: bool = False) -> None:
        """Write the progress to disk; a disk that cannot be written costs the learner nothing but the resume.

        Only at the end does it wait for the disk: in between, typing would have to wait as well.
        """
        self._count_time()
        self.progress.step = self.step.id
        self.progress.language = self.language
        with contextlib.suppress(OSError):
            self.store.save(self.course, self.progress, durable=durable)

    def _count_time(self) -> None:
        seconds = self._stopwatch.lap()
        self.progress.seconds += seconds
        if not self.free_play.on:
            by_step = self.progress.step_seconds
            by_step[self.step.id] = by_step.get(self.step.id, 0.0) + seconds

    def set_language(self, language: str) -> None:
        self.language = language
        self.emit(events.LanguageChanged(language))
        self.save()

    def _mark(self, state: StepState) -> None:
        self.progress.states[self.step.id] = state
        self.progress.passed_on.setdefault(self.step.id, datetime.date.today().isoformat())
        self.save()

    async def _autosave(self) -> None:
        while True:
            await asyncio.sleep(AUTOSAVE_SECONDS)
            self.save()
