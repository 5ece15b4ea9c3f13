"""One learner going through one course: a lab, its terminals, the checks of the current step, and what is kept.

The screen and the headless commands drive this same object and hear of everything by events. All of it runs in one
asyncio loop; every callback is called in that loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from engine.course.model import Command, Course, Step, Text
from engine.lab import CommandRun, Lab, Shell
from engine.messages import Message
from engine.network.announcement import Announcement
from engine.network.snapshot import Snapshot
from engine.session import assistance, events
from engine.session.aside import Aside
from engine.session.evaluator import Evaluator
from engine.session.freeplay import FreePlay
from engine.session.history import History
from engine.session.journal import Journal
from engine.session.moving import Moving
from engine.session.performer import Performed
from engine.session.predictions import Predictions
from engine.session.progress import ProgressStore
from engine.session.replay import entries_before
from engine.session.workbench import Workbench


class Session(Moving):
    """See the module. Make one with :meth:`open`, then ``await session.start()``; ``await session.close()`` ends it."""

    def __init__(
        self, course: Course, store: ProgressStore, language: str | None = None, iptables: str | None = None
    ) -> None:
        super().__init__()
        self.course = course
        self.store = store
        self.progress = store.load(course)
        self.language = language or self.progress.language or "en"
        self._bench = Workbench(self, iptables)
        self._evaluator = Evaluator(self)
        self.journal = Journal(self)
        self.history = History(self)
        self.free_play = FreePlay(self)
        self.aside = Aside(self)
        self.predictions = Predictions(self)
        self._tasks: set[asyncio.Task[object]] = set()
        self._skipped = False
        try:
            self.step = course.step(self.progress.step) if self.progress.step else course.steps[0]
        except LookupError:  # the course has changed since
            self.step = course.steps[0]
            self._forget_lab()

    @classmethod
    def open(
        cls,
        course: Course,
        *,
        store: ProgressStore | None = None,
        language: str | None = None,
        iptables: str | None = None,
    ) -> Session:
        """A session at the step where the learner last was; nothing runs before :meth:`start`."""
        return cls(course, store or ProgressStore(), language, iptables)

    def begin_at(self, step: Step) -> None:
        """Before :meth:`start`: begin at that step, in a lab brought there by the reference commands."""
        self.step = step
        self._forget_lab()

    def _forget_lab(self) -> None:
        self.progress.journal, self.progress.free = [], None

    # -- life --------------------------------------------------------------------------------------------------

    def expect(self, lab: asyncio.Future[Lab]) -> None:
        """Before :meth:`start`: a lab for it is being made already."""
        self._bench.coming = lab

    async def start(self) -> None:
        """Make the lab and bring it to where the learner left it. Raises ``LabError`` if no lab can be made."""
        self._spawn(self._autosave())
        entries = self.progress.entries or entries_before(self.course, self.step)
        async with self.working("course.busy-starting"):
            await self._bring(entries, self.step)

    async def close(self) -> None:
        """End the lab and keep the progress."""
        for task in tuple(self._tasks):
            task.cancel()
        self._evaluator.pause()
        self.save(durable=True)
        await self._bench.close()

    def set_size(self, columns: int, rows: int) -> None:
        """The size of terminals that are opened from now on."""
        self._bench.set_size(columns, rows)

    async def terminal(self, name: str) -> Shell:
        """The shell of that terminal; opens a fresh one where there is none or it has ended."""
        return await self.shells_of_lab.open(name)

    def hint(self) -> Text | None:
        """One more hint of the current step; the last one again when there are no more, ``None`` if it has none."""
        return assistance.hint(self)

    def solution(self) -> Command | None:
        """Show the next reference command: the first of the step that has not been run as it stands; after the last it
        begins anew. ``None`` if the step has nothing to type."""
        return assistance.solution(self)

    def is_done(self, terminal: str, text: str) -> bool:
        """Whether a command has been run in the current step as it stands; Ctrl-C, whether nothing runs there now."""
        return assistance.is_done(self, terminal, text)

    async def perform(self, command: Command, put: Callable[[Shell, str], Awaitable[None]] = Shell.type) -> Performed:
        """Type a command where it belongs, by ``put``, and see it through, as a learner would have done it."""
        return await self.shells_of_lab.perform(command, put)

    # -- told by the workbench, the journal and the evaluator ----------------------------------------------------

    def terminal_ended(self, lab: Lab, shell: Shell) -> None:
        if lab is self.lab and self.terminals.get(shell.name) is shell:
            self.emit(events.TerminalEnded(shell.name))

    def command_started(self, lab: Lab, run: CommandRun) -> None:
        if lab is self.lab:
            self._evaluator.command_started(run)
            self.emit(events.CommandStarted(run))

    def command_finished(self, lab: Lab, shell: Shell, run: CommandRun) -> None:
        if lab is self.lab:
            self._evaluator.command_finished(run, with_its_shell=shell.ended)
            self.emit(events.CommandFinished(run))
            self.predictions.look()

    def snapshot_taken(self, lab: Lab, snapshot: Snapshot) -> None:
        if lab is self.lab:
            self.emit(events.SnapshotTaken(snapshot))
            if not self._bench.replacing:
                self._evaluator.snapshot_taken(snapshot)

    def kernel_announced(self, lab: Lab, announcements: tuple[Announcement, ...]) -> None:
        if lab is self.lab:
            self.emit(events.KernelAnnounced(announcements))

    def lab_lost(self, reason: Message) -> None:
        """The lab in use is no more."""
        self._evaluator.pause()
        self.save()
        self.emit(events.LabLost(reason))

    def journal_grew(self) -> None:
        """The lab was changed: what was taken back before cannot be gone forward to any more."""
        self.history.forget_ahead()
        self.save()
        self.emit(events.JournalGrew())

    def checks_passed(self) -> None:
        """Called by the evaluator when every check of the current step holds."""
        silent = self.busy or self._skipped or self.free_play.on
        if not silent and self.step_state(self.step) != "done":
            self._mark("done")
            self.predictions.look()
            self.emit(events.StepPassed(self.step))

    def _spawn(self, coroutine) -> None:  # type: ignore[no-untyped-def]
        task = asyncio.ensure_future(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
