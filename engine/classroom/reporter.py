"""Turns what a session does into the facts that the hub is told: each thing once, where the learner is at most a few
times a second."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from engine.classroom.protocol import (
    CommandRan,
    Fact,
    Failing,
    HintShown,
    NetworkSeen,
    StandingTold,
    StepEnded,
    StepReached,
)
from engine.lab import CommandRun
from engine.session import events
from engine.verify import Verdict

if TYPE_CHECKING:
    from engine.session.session import Session

STANDING_SECONDS = 0.3
"""The shortest time between two tellings of where the learner is."""
RUNNING_SECONDS = 2.0
"""A command that has not ended by then is told as one that runs."""


class Reporter:
    """From :meth:`start` to :meth:`close`, in the loop of the session. ``tell`` is called for each fact."""

    def __init__(self, session: Session, tell: Callable[[Fact], None], *, own_terminal: bool = False) -> None:
        self._session = session
        self._tell = tell
        self._own_terminal = own_terminal
        self._size = (0, 0)
        self._standing: StandingTold | None = None
        self._planned: asyncio.TimerHandle | None = None
        self._running: dict[int, asyncio.TimerHandle] = {}
        self._step: str | None = None
        self._ended = dict(session.progress.states)
        self._helped = (dict(session.progress.hints), dict(session.progress.solutions))
        self._unsubscribe: Callable[[], None] | None = None

    def start(self) -> None:
        """Tell where the learner is, and from now on what happens."""
        self._unsubscribe = self._session.subscribe(self._hear)
        self.again()

    def close(self) -> None:
        """Tell what has not been told, and no more."""
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None
        for timer in (self._planned, *self._running.values()):
            if timer is not None:
                timer.cancel()
        self._planned, self._running = None, {}
        self._look()
        self._stand()

    def again(self) -> None:
        """The hub may know nothing of this seat: tell where the learner is even if it is where they were."""
        self._standing = None
        self._look()
        self._stand()

    def looked_at(self, columns: int, rows: int) -> None:
        """The screen has that size."""
        if self._size != (columns, rows):
            self._size = (columns, rows)
            self._plan()

    def saved(self) -> None:
        """The session has just kept its progress: whatever of it is no event is seen now."""
        self._look()
        self._plan()

    def network(self) -> None:
        """Tell the lab's network."""
        self._tell(NetworkSeen(snapshot=self._session.snapshot))

    # -- what the session says -----------------------------------------------------------------------------------

    def _hear(self, event: events.Event) -> None:
        match event:
            case events.SnapshotTaken() | events.TerminalOpened() | events.TerminalEnded():
                return
            case events.CommandStarted(run):
                loop = asyncio.get_running_loop()
                self._running[run.id] = loop.call_later(RUNNING_SECONDS, self._still_runs, run)
            case events.CommandFinished(run):
                self._finished(run)
            case events.LabStarted():
                self._forget_running()
            case _:
                pass
        self._look()
        self._plan()

    def _still_runs(self, run: CommandRun) -> None:
        self._running.pop(run.id, None)
        self._ran(replace(run, exit=None))

    def _finished(self, run: CommandRun) -> None:
        timer = self._running.pop(run.id, None)
        if timer is not None:
            timer.cancel()
        self._ran(run)

    def _forget_running(self) -> None:
        for timer in self._running.values():
            timer.cancel()
        self._running = {}

    def _ran(self, run: CommandRun) -> None:
        self._tell(
            CommandRan(
                step=self._session.step.id,
                terminal=run.terminal,
                namespace=run.namespace,
                text=run.text,
                exit=run.exit,
            )
        )

    # -- what differs from the last look -------------------------------------------------------------------------

    def _look(self) -> None:
        """Another step, one done or skipped for the first time, another hint."""
        session, progress = self._session, self._session.progress
        step = session.step
        if self._step != step.id:
            self._step = step.id
            self._tell(StepReached(step=step.id))
        for name, state in progress.states.items():
            if state != "todo" and self._ended.get(name, "todo") == "todo":
                self._ended[name] = state
                self._tell(
                    StepEnded(
                        step=name,
                        state=state,
                        seconds=session.step_seconds if name == step.id else progress.step_seconds.get(name, 0.0),
                        hints=progress.hints.get(name, 0),
                        tries=len(session.commands) if name == step.id else 0,
                    )
                )
        hints, solutions = self._helped
        for name in {*progress.hints, *progress.solutions}:
            shown = progress.hints.get(name, 0)
            shown_solution = progress.solutions.get(name, 0)
            if (shown, shown_solution) != (hints.get(name, 0), solutions.get(name, 0)):
                hints[name], solutions[name] = shown, shown_solution
                self._tell(HintShown(step=name, hints=shown, solution=bool(shown_solution)))

    def _plan(self) -> None:
        """Tell where the learner is, soon."""
        if self._planned is None and self._unsubscribe is not None:
            self._planned = asyncio.get_running_loop().call_later(STANDING_SECONDS, self._stand)

    def _stand(self) -> None:
        self._planned = None
        standing = self._now()
        before = self._standing
        if before is None or replace(before, step_seconds=standing.step_seconds) != standing:
            self._standing = standing
            self._tell(standing)

    def _now(self) -> StandingTold:
        session = self._session
        failing = [_failing(one, undone=False) for one in session.verdicts if not one.passed]
        failing += [_failing(one, undone=True) for one in session.undone]
        columns, rows = self._size
        return StandingTold(
            step=session.step.id,
            state=session.step_state(session.step),
            percent=session.percent,
            step_seconds=session.step_seconds,
            tried=len(session.commands),
            hints=session.hints_shown,
            failing=tuple(failing),
            free_play=session.free_play.on,
            busy=session.busy,
            lab_lost=session.lost is not None,
            language=session.language,
            columns=columns,
            rows=rows,
            own_terminal=self._own_terminal,
        )


def _failing(verdict: Verdict, *, undone: bool) -> Failing:
    return Failing(
        check=verdict.check,
        diagnosis=verdict.diagnosis,
        hint=verdict.hint,
        observed=verdict.observed,
        undone=undone,
    )
