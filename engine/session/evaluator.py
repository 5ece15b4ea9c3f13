"""Evaluates the current step's checks when something has changed, in the background, never in the shell's way."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from engine.lab import CommandRun
from engine.network.snapshot import Snapshot
from engine.session import events
from engine.session.lasting import lasting_checks
from engine.verify import Verdict, evaluate, evaluate_state

if TYPE_CHECKING:
    from engine.session.session import Session


class Evaluator:
    """Listens to snapshots and commands; calls ``session.checks_passed`` when all checks of the step hold."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.verdicts: tuple[Verdict, ...] = ()
        self.undone: tuple[Verdict, ...] = ()
        self.commands: list[CommandRun] = []
        self._ended: list[CommandRun] = []
        self._dirty = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._lock = asyncio.Lock()
        self._probed: object = None

    # -- told by the session -----------------------------------------------------------------------------------

    def begin_step(self) -> None:
        """Forget the last step's commands and verdicts."""
        self.commands = []
        self._ended = []
        self.verdicts = ()
        self._probed = None

    def pause(self) -> None:
        """Evaluate nothing until :meth:`resume`: the lab is being replaced."""
        if self._task:
            self._task.cancel()
            self._task = None

    def resume(self) -> None:
        """Evaluate now, and from now on at each change."""
        self._dirty.set()
        if self._task is None:
            self._task = asyncio.ensure_future(self._run())

    def command_started(self, run: CommandRun) -> None:
        self.commands.append(run)
        self._dirty.set()

    def command_finished(self, run: CommandRun) -> None:
        self.commands = [one for one in self.commands if one.id != run.id or one.terminal != run.terminal]
        self.commands.append(run)
        self._ended.append(run)
        self._dirty.set()

    def snapshot_taken(self, snapshot: Snapshot) -> None:
        self._session.journal.snapshot_taken(snapshot)
        self._dirty.set()

    # -- the work ----------------------------------------------------------------------------------------------

    async def settle(self) -> tuple[Verdict, ...]:
        """Read the lab anew and evaluate everything, probes included."""
        self._probed = None
        await self._evaluate()
        return self.verdicts

    async def _run(self) -> None:
        while True:
            await self._dirty.wait()
            self._dirty.clear()
            await self._evaluate()

    async def _evaluate(self) -> None:
        async with self._lock:
            session = self._session
            lab = session.lab
            if lab is None or lab.lost:
                return
            ended, self._ended = self._ended, []
            if ended or self._probed is None:
                with contextlib.suppress(ConnectionError):
                    await lab.refresh()
            for run in ended:
                session.journal.command_finished(run, lab.snapshot)
            step, snapshot, commands = session.step, lab.snapshot, tuple(self.commands)
            what = (step.id, snapshot.without_counters(), commands)
            if what == self._probed:
                return
            verdicts = await evaluate(step.checks, snapshot, commands, lab.probe)
            if session.step is not step or session.lab is not lab:
                return
            self._probed = what
            self.verdicts = verdicts
            self.undone = tuple(
                verdict
                for verdict in evaluate_state(lasting_checks(session.course, step, session.was_passed), snapshot, ())
                if not verdict.passed
            )
            session.emit(events.ChecksEvaluated(self.verdicts, self.undone))
            if verdicts and all(verdict.passed for verdict in verdicts):
                session.checks_passed()
