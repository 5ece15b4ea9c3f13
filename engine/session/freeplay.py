"""Free play: the lesson waits, its checks are silent, and whatever is done to the lab is undone on the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.lab import CommandRun
from engine.session import events
from engine.session.progress import Entry

if TYPE_CHECKING:
    from engine.session.session import Session


Forgotten = tuple[list[Entry], tuple[CommandRun, ...]]
"""The journal of free play, and what had been run in the step."""


class FreePlay:
    """``session.free_play``. It is kept in the progress: who quits in the midst of it comes back to it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._commands: tuple[CommandRun, ...] = ()

    @property
    def on(self) -> bool:
        return self._session.progress.free is not None

    async def begin(self) -> bool:
        """Leave the lesson, in the lab as it is; ``False`` if that is so already, or the session is busy."""
        session = self._session
        if self.on or session.busy:
            return False
        await session.catch_up()
        self._commands = tuple(run for run in session.commands if run.exit is not None)
        session.progress.free = list(session.progress.journal)
        session.history.forget_ahead()
        session.save()
        session.emit(events.FreePlayBegan())
        return True

    async def end(self) -> bool:
        """Back to the lesson: a lab as it was left, and what had been run in the step. ``False`` if not in free play
        or the session is busy. Raises ``LabError``."""
        session = self._session
        free = session.progress.free
        if free is None or session.busy:
            return False
        session.history.forget_ahead()
        session.progress.free = None
        session.emit(events.FreePlayEnded())
        try:
            await session.move(session.progress.journal, session.step, self._commands, session.open_terminals)
        except BaseException:
            self.resume((free, self._commands))
            raise
        self.forget()
        return True

    def forget(self) -> Forgotten | None:
        """The learner goes elsewhere in the course. What was forgotten, for :meth:`resume`."""
        commands, self._commands = self._commands, ()
        free, self._session.progress.free = self._session.progress.free, None
        if free is None:
            return None
        self._session.emit(events.FreePlayEnded())
        return free, commands

    def resume(self, forgotten: Forgotten | None) -> None:
        """The way out of it was given up, or failed: the lab is still that of free play."""
        if forgotten is not None:
            self._session.progress.free, self._commands = forgotten
            self._session.emit(events.FreePlayBegan())
