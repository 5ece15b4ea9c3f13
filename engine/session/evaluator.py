"""Evaluates the current step's checks when something has changed, in the background, never in the shell's way.

What can be read from the snapshot is judged at once; probes, which may have to wait for an answer that never comes,
follow in a task of their own and start anew when the lab has changed meanwhile.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from engine.course.model import Check, Step
from engine.lab import CommandRun, Lab, LabError
from engine.network.snapshot import Snapshot
from engine.session import events
from engine.session.lasting import noticed_checks
from engine.verify import PROBE_KINDS, Verdict, evaluate, evaluate_state

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
        self._probing: asyncio.Task[None] | None = None
        self._lock = asyncio.Lock()
        self._judged: object = None

    # -- told by the session -----------------------------------------------------------------------------------

    def begin_step(self, commands: Sequence[CommandRun] = ()) -> None:
        """Forget the last step's commands and verdicts; ``commands`` have been run in this one before."""
        self.commands = list(commands)
        self._ended = []
        self.verdicts = ()
        self._judged = None

    def pause(self) -> None:
        """Evaluate nothing until :meth:`resume`: the lab is being replaced."""
        for task in (self._task, self._probing):
            if task:
                task.cancel()
        self._task = self._probing = None

    def resume(self) -> None:
        """Evaluate now, and from now on at each change."""
        self._dirty.set()
        if self._task is None:
            self._task = asyncio.ensure_future(self._run())

    def command_started(self, run: CommandRun) -> None:
        self.commands.append(run)
        self._dirty.set()

    def command_finished(self, run: CommandRun, *, with_its_shell: bool) -> None:
        """``with_its_shell``: nobody ended it, its shell did; a server that went so comes back with the lab."""
        self.commands = [one for one in self.commands if (one.id, one.terminal) != (run.id, run.terminal)]
        self.commands.append(run)
        if not with_its_shell:
            self._ended.append(run)
        self._dirty.set()

    def snapshot_taken(self, snapshot: Snapshot) -> None:
        self._session.journal.snapshot_taken(snapshot)
        self._dirty.set()

    # -- the work ----------------------------------------------------------------------------------------------

    async def settle(self) -> tuple[Verdict, ...]:
        """Read the lab anew, evaluate everything, probes included, and return the verdicts."""
        self._judged = None
        await self._look()
        while (probing := self._probing) is not None:
            await asyncio.wait({probing})
            if probing is self._probing:
                break
        return self.verdicts

    async def catch_up(self) -> None:
        """Take note, in the journal, of every command that has ended by now."""
        if self._ended or self._lock.locked():
            await self._look()

    async def _run(self) -> None:
        while True:
            await self._dirty.wait()
            self._dirty.clear()
            await self._look()

    async def _look(self) -> None:
        """Judge what the snapshot shows, and let the probes follow."""
        async with self._lock:
            session, lab = self._session, self._session.lab
            if lab is None or lab.lost:
                return
            ended, self._ended = self._ended, []
            if ended or self._judged is None:
                with contextlib.suppress(LabError):
                    await lab.refresh()
            if ended:
                session.journal.commands_finished(ended, lab.snapshot)
            if session.free_play.on:  # nobody is judged there
                return
            step, snapshot, commands = session.step, lab.snapshot, self._with_output(lab)
            what = (step.id, _judged_part(step.checks, snapshot), commands)
            if what == self._judged:
                return
            self._judged = what
            if self._probing:
                self._probing.cancel()
            self._show_state(step, snapshot, commands)
            self._probing = asyncio.ensure_future(self._probe(lab, step, snapshot, commands))

    def _with_output(self, lab: Lab) -> tuple[CommandRun, ...]:
        """The step's commands; those that still run with what they have printed by now."""
        running = {shell.name: shell.running for shell in self._session.terminals.values()}
        return tuple(
            now if one.exit is None and (now := running.get(one.terminal)) is not None and now.id == one.id else one
            for one in self.commands
        )

    def _show_state(self, step: Step, snapshot: Snapshot, commands: Sequence[CommandRun]) -> None:
        """The verdicts that need no probe, at once; what probes found before stands until they have found it anew."""
        session = self._session
        noticed = noticed_checks(session.course, step, session.was_passed)
        broken = [one for one in evaluate_state(noticed, snapshot, ()) if not one.passed]
        self.undone = tuple({one.hint or one.observed: one for one in broken}.values())
        earlier = {verdict.check: verdict for verdict in self.verdicts}
        state = [check for check in step.checks if check.kind not in PROBE_KINDS]
        found = {verdict.check: verdict for verdict in evaluate_state(state, snapshot, commands)}
        known = [found.get(check.id) or earlier.get(check.id) for check in step.checks]
        verdicts = tuple(one for one in known if one is not None)
        if len(verdicts) == len(step.checks):
            self._publish(verdicts)

    async def _probe(self, lab: Lab, step: Step, snapshot: Snapshot, commands: Sequence[CommandRun]) -> None:
        with contextlib.suppress(LabError):
            verdicts = await evaluate(step.checks, snapshot, commands, lab.probe)
            session = self._session
            if session.step is step and session.lab is lab:
                self._publish(verdicts)
                if verdicts and all(verdict.passed for verdict in verdicts):
                    session.checks_passed()

    def _publish(self, verdicts: tuple[Verdict, ...]) -> None:
        self.verdicts = verdicts
        self._session.emit(events.ChecksEvaluated(self.verdicts, self.undone))


def _judged_part(checks: Sequence[Check], snapshot: Snapshot) -> Snapshot:
    """The part of a snapshot that verdicts can depend on: without it nothing is judged anew."""
    bare = snapshot.without_counters()
    kinds = {check.kind for check in checks}
    if "process" in kinds:
        bare = replace(bare, processes=snapshot.processes)
    if "neighbour" in kinds:  # a probe refreshes their state, which must not call for the next probe
        spaces = {
            space.name: tuple(replace(one, state="") for one in space.neighbours) for space in snapshot.namespaces
        }
        bare = replace(
            bare, namespaces=tuple(replace(space, neighbours=spaces[space.name]) for space in bare.namespaces)
        )
    return bare
