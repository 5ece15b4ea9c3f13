"""What has been run, and the way back to any point of it.

Every point is a length of the journal: a fresh lab brought there is the lab as it was. What was taken back stays ahead,
to be gone forward to again, until something else is run.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from engine.course.model import Step
from engine.lab import CommandRun
from engine.session.progress import Entry

if TYPE_CHECKING:
    from engine.session.session import Session


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """One change of the lab. ``number`` is how many changes there are up to it, it included."""

    number: int
    step: str
    terminal: str
    text: str
    namespace: str
    ends: bool
    """The server with that text was stopped."""
    failed: bool
    undone: bool
    """It was taken back: it lies ahead."""


class History:
    """``session.history``."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._ahead: list[Entry] = []
        self._top: tuple[Step, tuple[CommandRun, ...]] | None = None
        """The step, and what had been run in it, where going back began."""

    @property
    def points(self) -> tuple[Point, ...]:
        """Everything that changed the lab, in order; what was taken back comes last."""
        done = self._session.progress.entries
        return tuple(
            Point(
                number=number,
                step=entry.step,
                terminal=entry.terminal,
                text=entry.typed or entry.text,
                namespace=entry.namespace,
                ends=entry.ends,
                failed=entry.failed,
                undone=number > len(done),
            )
            for number, entry in enumerate([*done, *self._ahead], 1)
        )

    @property
    def position(self) -> int:
        """The number of the last change that stands; 0 in an untouched lab."""
        return len(self._session.progress.entries)

    def forget_ahead(self) -> None:
        """The lab goes another way now."""
        self._ahead = []
        self._top = None

    async def undo(self) -> Point | None:
        """Take back the last change; which one it was, ``None`` if there is none or the session is busy.

        The lab is then as it was before it, at the step in which it was made. Raises ``LabError``.
        """
        return await self._by(-1)

    async def redo(self) -> Point | None:
        """Make the change that was taken back last once more; ``None`` if there is none or the session is busy."""
        return await self._by(1)

    async def _by(self, one: int) -> Point | None:
        await self._session.catch_up()
        position, points = self.position, self.points
        index = position - 1 if one < 0 else position
        if not 0 <= index < len(points) or not await self.go_to(position + one):
            return None
        return replace(points[index], undone=False)

    async def go_to(self, number: int) -> bool:
        """Bring the lab to just after change ``number``; ``False`` if it is there already or the session is busy.

        Raises ``LabError``.
        """
        session = self._session
        every = [*session.progress.entries, *self._ahead]
        number = min(max(number, 0), len(every))
        if session.busy or number == self.position:
            return False
        top = self._top or (session.step, session.commands)
        entries, ahead = every[:number], every[number:]
        step = top[0] if not ahead or session.free_play.on else self._step(ahead[0], top[0])
        commands = _before(ahead[0], top[1]) if ahead else top[1]
        await session.move(entries, step, commands if step is top[0] else (), session.open_terminals)
        if session.progress.entries == entries:  # else it could not be rebuilt, and nothing lies ahead of that
            self._ahead, self._top = ahead, top
        return True

    def _step(self, next_change: Entry, top: Step) -> Step:
        """Where the learner was just before ``next_change``."""
        steps = self._session.course.steps
        order = {step.id: index for index, step in enumerate(steps)}
        at = order.get(next_change.step)
        return top if at is None or at >= order[top.id] else steps[at]


def _before(change: Entry, commands: Sequence[CommandRun]) -> tuple[CommandRun, ...]:
    """The commands that had ended before ``change``; all of them if it is not among them."""
    text = change.typed or change.text
    at = next(
        (
            index
            for index in range(len(commands) - 1, -1, -1)
            if commands[index].terminal == change.terminal and commands[index].text == text
        ),
        len(commands),
    )
    return tuple(commands[:at])
