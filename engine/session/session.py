"""One learner going through one course: a lab, its terminals, the checks of the current step, and what is kept.

The screen and the headless commands drive this same object and hear of everything by events. All of it runs in one
asyncio loop; every callback is called in that loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Sequence

from engine.course.model import Command, Course, Step, Text
from engine.lab import CommandRun, Lab, Shell
from engine.messages import Message
from engine.network.snapshot import Snapshot
from engine.session import events
from engine.session.evaluator import Evaluator
from engine.session.journal import Journal
from engine.session.performer import INTERRUPT, Terminals
from engine.session.progress import Entry, Progress, ProgressStore, StepState
from engine.session.replay import ReplayError, entries_before, replay
from engine.verify import Verdict

AUTOSAVE_SECONDS = 5.0


class Session:
    """See the module. Make one with :meth:`open`, then ``await session.start()``; ``await session.close()`` ends it."""

    def __init__(
        self, course: Course, store: ProgressStore, language: str | None = None, iptables: str | None = None
    ) -> None:
        self.course = course
        self.store = store
        self.progress: Progress = store.load(course)
        self.language = language or self.progress.language or "en"
        self.lab: Lab | None = None
        self.lost: Message | None = None
        self.busy = False
        self._iptables = iptables
        self._subscribers: list[Callable[[events.Event], None]] = []
        self._terminals: Terminals | None = None
        self._size = (80, 24)
        self._clock = time.monotonic()
        self._lock = asyncio.Lock()
        self._evaluator = Evaluator(self)
        self.journal = Journal(self)
        self._tasks: set[asyncio.Task[object]] = set()
        self._skipped = False
        try:
            self.step: Step = course.step(self.progress.step) if self.progress.step else course.steps[0]
        except LookupError:  # the course has changed since
            self.step = course.steps[0]
            self.progress.journal = []

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
        self.progress.journal = []

    # -- what the screen shows ---------------------------------------------------------------------------------

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """The verdicts of the current step's checks, in the lesson's order; empty until they were first evaluated."""
        return self._evaluator.verdicts

    @property
    def undone(self) -> tuple[Verdict, ...]:
        """Failing verdicts of earlier steps' checks: something that was built has been broken since."""
        return self._evaluator.undone

    @property
    def terminals(self) -> dict[str, Shell]:
        """The shells of the lab by name."""
        return self._terminals.shells if self._terminals else {}

    @property
    def commands(self) -> tuple[CommandRun, ...]:
        """What was run since the current step began."""
        return tuple(self._evaluator.commands)

    @property
    def snapshot(self) -> Snapshot | None:
        return self.lab.snapshot if self.lab else None

    @property
    def elapsed_seconds(self) -> float:
        """Time in the course, this start included."""
        return self.progress.seconds + time.monotonic() - self._clock

    @property
    def percent(self) -> int:
        return self.progress.percent(self.course)

    @property
    def hints_shown(self) -> int:
        """How many of the current step's hints the learner has asked for."""
        return self.progress.hints.get(self.step.id, 0)

    def step_state(self, step: Step) -> StepState:
        return self.progress.state(step.id)

    def was_passed(self, step: Step) -> bool:
        """Whether that step is done or skipped."""
        return self.step_state(step) != "todo"

    @property
    def passed(self) -> bool:
        """Whether the current step is done or skipped: ``next`` is open."""
        return self.was_passed(self.step)

    def subscribe(self, callback: Callable[[events.Event], None]) -> Callable[[], None]:
        """Hear of every event from now on; call the result to stop."""
        self._subscribers.append(callback)
        return lambda: self._subscribers.remove(callback)

    def emit(self, event: events.Event) -> None:
        for callback in tuple(self._subscribers):
            callback(event)

    # -- life --------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Make the lab and bring it to where the learner left it. Raises ``LabError`` if no lab can be made."""
        self._spawn(self._autosave())
        entries = self.progress.journal or entries_before(self.course, self.step)
        async with self._working("course.busy-starting"):
            await self._fresh_lab(entries)

    async def close(self) -> None:
        """End the lab and keep the progress."""
        for task in tuple(self._tasks):
            task.cancel()
        self._evaluator.pause()
        self.save()
        lab, self.lab = self.lab, None  # what ends with it is not the learner's doing
        if lab:
            await lab.close()

    def save(self) -> None:
        """Write the progress to disk; a disk that cannot be written costs the learner nothing but the resume."""
        now = time.monotonic()
        self.progress.seconds += now - self._clock
        self._clock = now
        self.progress.step = self.step.id
        self.progress.language = self.language
        with contextlib.suppress(OSError):
            self.store.save(self.course, self.progress)

    def set_language(self, language: str) -> None:
        self.language = language
        self.emit(events.LanguageChanged(language))
        self.save()

    def set_size(self, columns: int, rows: int) -> None:
        """The size of terminals that are opened from now on."""
        self._size = (columns, rows)
        if self._terminals:
            self._terminals.columns, self._terminals.rows = columns, rows

    async def terminal(self, name: str) -> Shell:
        """The shell of that terminal; opens a fresh one where there is none or it has ended."""
        if self._terminals is None:
            raise RuntimeError("the session has no lab yet")
        return await self._terminals.open(name)

    # -- moving ------------------------------------------------------------------------------------------------

    async def next(self) -> bool:
        """Go on to the next step, in the lab as it is; ``False`` if this one is not passed or it is the last."""
        steps = self.course.steps
        index = _index(self.course, self.step)
        if not self.passed or index + 1 >= len(steps) or self.busy:
            return False
        await self._enter(steps[index + 1])
        return True

    async def previous(self) -> bool:
        """Go back one step: a fresh lab, just before it. ``False`` at the first step."""
        index = _index(self.course, self.step)
        if index == 0:
            return False
        await self.goto(self.course.steps[index - 1])
        return True

    async def goto(self, step: Step) -> None:
        """Go to any step: a fresh lab, brought there by the reference commands. What is done stays done."""
        await self._rebuild(entries_before(self.course, step), step)

    async def reset(self) -> None:
        """A fresh lab at the beginning of the current step, by the learner's own commands where they still work."""
        earlier = [entry for entry in self.progress.journal if self._is_before(entry, self.step)]
        await self._rebuild(earlier or entries_before(self.course, self.step), self.step)

    async def skip(self) -> None:
        """Run the step's reference commands for the learner and mark it skipped; ``next`` is open after it."""
        if self.busy:
            return
        step = self.step
        if self.journal.touched or any(not shell.at_prompt for shell in self._needed_shells(step)):
            await self._rebuild(entries_before(self.course, step), step)
        if self._terminals is None:
            return
        self._skipped = True
        async with self._working("course.busy-skipping"):
            for command in step.commands:
                await self._terminals.perform(command)
            await self.settle()
        if self.step_state(step) == "todo":
            self.progress.states[step.id] = "skipped"
            self.save()
            self.emit(events.ChecksEvaluated(self.verdicts, self.undone))

    def _needed_shells(self, step: Step) -> list[Shell]:
        """Open shells in which the step types something else than Ctrl-C first."""
        first: dict[str, Command] = {}
        for command in step.commands:
            first.setdefault(command.terminal, command)
        return [
            shell
            for name, command in first.items()
            if command.text != INTERRUPT and (shell := self.terminals.get(name))
        ]

    def hint(self) -> Text | None:
        """One more hint of the current step; the last one again when there are no more, ``None`` if it has none."""
        hints = self.step.hints
        if not hints:
            return None
        shown = min(self.hints_shown + 1, len(hints))
        self.progress.hints[self.step.id] = shown
        self.save()
        return hints[shown - 1]

    async def show_solution(self) -> str | None:
        """Put the next reference command at the prompt of its terminal, unexecuted; the terminal's name, if it could.

        The next command is the first of the step that has not been run as it stands; after the last it begins anew.
        A terminal that is busy is not typed into.
        """
        if not self.step.commands or self._terminals is None:
            return None
        typed = [run.text.strip() for run in self.commands]
        command = next((one for one in self.step.commands if one.text.strip() not in typed), self.step.commands[0])
        shell = await self._terminals.open(command.terminal)
        if command.text == INTERRUPT:
            return command.terminal
        if not shell.at_prompt:
            return None
        shell.write(b"\x15")  # readline's unix-line-discard: what stands at the prompt gives way
        await shell.type(command.text)
        return command.terminal

    async def settle(self) -> tuple[Verdict, ...]:
        """Read the lab anew, evaluate every check with its probes, and return the verdicts."""
        return await self._evaluator.settle()

    # -- the lab -----------------------------------------------------------------------------------------------

    async def _rebuild(self, entries: Sequence[Entry], step: Step) -> None:
        if self.busy:
            return
        async with self._working("course.busy-rebuilding"):
            await self._fresh_lab(entries, step)
        self.save()

    async def _fresh_lab(self, entries: Sequence[Entry], step: Step | None = None) -> None:
        old, self.lab = self.lab, None
        self._evaluator.pause()
        if old:
            await old.close()
        if step is not None:
            self.step = step
        try:
            await self._build(entries)
        except ReplayError as error:
            fallback = entries_before(self.course, self.step)
            if self.lab:
                await self.lab.close()
            await self._build(fallback)
            self.emit(events.LabRestored(error.message))
            entries = fallback
        self.progress.journal = list(entries)
        await self._enter(self.step)

    async def _build(self, entries: Sequence[Entry]) -> None:
        lab = await Lab.start(iptables=self._iptables)
        self.lab, self.lost = lab, None
        self._terminals = Terminals(lab, self._terminal_opened, *self._size)
        self.emit(events.LabStarted())
        lab.on_lost(lambda reason: self._lab_lost(lab, reason))
        await replay(lab, self._terminals, entries)
        await asyncio.gather(lab.refresh(), self._open_terminals(self.step))
        lab.on_snapshot(lambda snapshot: self._snapshot_taken(lab, snapshot))

    async def _enter(self, step: Step) -> None:
        """Make ``step`` the current one, in the lab as it is."""
        changed = step is not self.step
        self.step = step
        self._skipped = False
        self.journal.begin_step()
        self._evaluator.begin_step()
        await self._open_terminals(step)
        if changed:
            self.save()
        self.emit(events.StepChanged(step))
        self._evaluator.resume()

    async def _open_terminals(self, step: Step) -> None:
        """A shell in each terminal that the step uses."""
        if self._terminals:
            names = sorted({command.terminal for command in step.commands} | {"T1"})
            await asyncio.gather(*(self._terminals.open(name) for name in names))

    def _terminal_opened(self, shell: Shell) -> None:
        lab = self.lab
        shell.on_started.append(lambda run: self._command_started(lab, run))
        shell.on_finished.append(lambda run: self._command_finished(lab, shell, run))
        shell.on_ended.append(lambda: self._terminal_ended(lab, shell))
        self.emit(events.TerminalOpened(shell))

    def _terminal_ended(self, lab: Lab | None, shell: Shell) -> None:
        if lab is self.lab and self.terminals.get(shell.name) is shell:
            self.emit(events.TerminalEnded(shell.name))

    def _command_started(self, lab: Lab | None, run: CommandRun) -> None:
        if lab is self.lab:
            self._evaluator.command_started(run)
            self.emit(events.CommandStarted(run))

    def _command_finished(self, lab: Lab | None, shell: Shell, run: CommandRun) -> None:
        if lab is self.lab:
            self._evaluator.command_finished(run, with_its_shell=shell.ended)
            self.emit(events.CommandFinished(run))

    def _snapshot_taken(self, lab: Lab, snapshot: Snapshot) -> None:
        if lab is self.lab:
            self.emit(events.SnapshotTaken(snapshot))
            self._evaluator.snapshot_taken(snapshot)

    def _lab_lost(self, lab: Lab, reason: Message) -> None:
        if lab is self.lab and self.lost is None:
            self.lost = reason
            self._evaluator.pause()
            self.save()
            self.emit(events.LabLost(reason))

    def checks_passed(self) -> None:
        """Called by the evaluator when every check of the current step holds."""
        if not self.busy and not self._skipped and self.step_state(self.step) != "done":
            self.progress.states[self.step.id] = "done"
            self.save()
            self.emit(events.StepPassed(self.step))

    def _is_before(self, entry: Entry, step: Step) -> bool:
        order = {one.id: index for index, one in enumerate(self.course.steps)}
        return order.get(entry.step, len(order)) < order[step.id]

    @contextlib.asynccontextmanager
    async def _working(self, key: str):  # type: ignore[no-untyped-def]
        async with self._lock:
            self.busy = True
            self.emit(events.Busy(Message(key, {})))
            try:
                yield
            finally:
                self.busy = False
                self.emit(events.Idle())

    def _spawn(self, coroutine) -> None:  # type: ignore[no-untyped-def]
        task = asyncio.ensure_future(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _autosave(self) -> None:
        while True:
            await asyncio.sleep(AUTOSAVE_SECONDS)
            self.save()


def _index(course: Course, step: Step) -> int:
    return next(index for index, one in enumerate(course.steps) if one.id == step.id)
