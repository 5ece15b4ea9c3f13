"""A learner is taken elsewhere in the course, and their own work waits: the journal, the step, and what was run in it.

What waits is in the progress, so it survives a lost connection and a new start. Going back to it puts in its place
whatever was done meanwhile, so nothing is lost by going back and forth.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from engine.course.model import Step
from engine.lab import CommandRun
from engine.session import events
from engine.session.progress import SetAside
from engine.session.replay import entries_before

if TYPE_CHECKING:
    from engine.session.session import Session

AT_MOST = 4
"""So many works wait; the learner's first one always does."""
OUTPUT_CHARACTERS = 32 * 1024
"""So much of what the commands of a work have printed is kept, of the latest."""


class Aside:
    """``session.aside``."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def waiting(self) -> tuple[Step, ...]:
        """The steps at which own work waits; the next to go back to comes first."""
        session = self._session
        return tuple(_step(session, work) for work in reversed(session.progress.aside))

    async def take(self, step: Step) -> None:
        """Go to ``step`` in a fresh lab brought there, whatever the gate says; own work waits. Raises ``LabError``."""
        session, progress = self._session, self._session.progress
        await self._quiet()
        work = self._work(leaving_for=step)
        before = list(progress.aside)
        if work is not None:
            progress.aside.append(work)
            del progress.aside[1 : len(progress.aside) - AT_MOST + 1]
        try:
            await self._go([], None, step)
        except BaseException:
            progress.aside[:] = before
            raise
        session.save()
        session.emit(events.SetAside(step, kept=work is not None))

    async def take_up(self) -> bool:
        """Go back to what waits; what was done meanwhile waits in its place. ``False`` if nothing waits or the session
        is busy. Raises ``LabError``."""
        session, progress = self._session, self._session.progress
        if session.busy or not progress.aside:
            return False
        await session.catch_up()
        if session.busy:
            return False
        *others, work = progress.aside
        meanwhile = self._work()
        before = list(progress.aside)
        progress.aside[:] = [meanwhile, *others] if meanwhile else others
        try:
            await self._go(work.commands, work, _step(session, work))
        except BaseException:
            progress.aside[:] = before
            raise
        session.save()
        session.emit(events.TakenUp())
        return True

    async def _quiet(self) -> None:
        """Until nothing is under way and the journal is up to date."""
        session = self._session
        while session.busy:
            await session.idle()
        await session.catch_up()
        while session.busy:
            await session.idle()

    async def _go(self, commands: list[CommandRun], work: SetAside | None, step: Step) -> None:
        """A fresh lab for ``work``, or for the beginning of ``step``. The progress is as it was if there is none."""
        session, progress = self._session, self._session.progress
        journal, free = list(progress.journal), progress.free
        session.free_play.forget()
        session.history.forget_ahead()
        if work is not None:
            progress.journal[:] = work.journal
            progress.free = list(work.free) if work.free is not None else None
        entries = list(progress.entries) if work is not None else entries_before(session.course, step)
        try:
            await session.move(entries, step, commands, session.open_terminals if work is not None else ())
        except BaseException:
            progress.journal[:], progress.free = journal, free
            raise
        if session.free_play.on:
            session.emit(events.FreePlayBegan())

    def _work(self, leaving_for: Step | None = None) -> SetAside | None:
        """What is in hand; ``None`` if nothing would be lost with it: an untouched lab at a place one was taken to, or
        is about to be taken to."""
        session, progress = self._session, self._session.progress
        commands = [run for run in session.commands if run.exit is not None]
        fresh = progress.free is None and progress.journal == entries_before(session.course, session.step)
        if fresh and not commands and (leaving_for is session.step or progress.aside):
            return None
        free = list(progress.free) if progress.free is not None else None
        return SetAside(step=session.step.id, journal=list(progress.journal), free=free, commands=_shortened(commands))


def _shortened(commands: list[CommandRun]) -> list[CommandRun]:
    room, kept = OUTPUT_CHARACTERS, []
    for run in reversed(commands):
        output = run.output[-room:] if room else ""
        room -= len(output)
        kept.append(replace(run, output=output))
    return kept[::-1]


def _step(session: Session, work: SetAside) -> Step:
    try:
        return session.course.step(work.step)
    except LookupError:  # the course has changed since
        return session.step
