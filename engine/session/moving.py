"""Going from step to step, and from one lab to the next."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from engine.course.model import Course, Step
from engine.lab import CommandRun
from engine.session import assistance, events
from engine.session.history import History
from engine.session.journal import Journal
from engine.session.keeping import Keeping
from engine.session.predictions import Predictions
from engine.session.progress import Entry, live
from engine.session.replay import entries_before
from engine.verify import Verdict


class Moving(Keeping):
    """The part of :class:`~engine.session.session.Session` that changes step and lab."""

    journal: Journal
    history: History
    predictions: Predictions
    _skipped: bool
    gate: Step | None = None
    """The last step that is open; ``None``: all are. Where somebody is already beyond it, they stay."""

    def is_open(self, step: Step) -> bool:
        """Whether the gate lets the learner go to ``step``."""
        return self.gate is None or _index(self.course, step) <= _index(self.course, self.gate)

    def _held(self, step: Step) -> bool:
        """Whether the gate holds the learner back from ``step``, which is then told."""
        if self.is_open(step):
            return False
        self.emit(events.GateHeld(step))
        return True

    async def next(self) -> bool:
        """Go on to the next step, in the lab as it is; ``False`` if this one is not passed, it is the last, or the gate
        is shut."""
        steps = self.course.steps
        index = _index(self.course, self.step)
        if not self.passed or index + 1 >= len(steps) or self.busy or self.free_play.on:
            return False
        if self._held(steps[index + 1]):
            return False
        self.history.forget_ahead()
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
        """Go to any open step: a fresh lab, brought there by the reference commands. What is done stays done."""
        if not self.busy and not self._held(step):
            free = self.free_play.forget()
            self.history.forget_ahead()
            try:
                await self.move(entries_before(self.course, step), step)
            except BaseException:
                self.free_play.resume(free)
                raise

    async def reset(self) -> None:
        """A fresh lab at the beginning of the current step, by the learner's own commands where they still work; in
        free play, as it was when that began."""
        if not self.busy:
            self.history.forget_ahead()
            earlier = [entry for entry in self.progress.journal if self._is_before(entry, self.step)]
            if self.free_play.on:
                earlier = self.progress.journal
            await self.move(earlier or entries_before(self.course, self.step), self.step)

    async def skip(self) -> None:
        """Run the step's reference commands for the learner and mark it skipped; ``next`` is open after it."""
        if self.busy or self.free_play.on or self.lab is None or self._held(self.step):
            return
        self.history.forget_ahead()
        await assistance.bring_to_beginning(self)
        self._skipped = True
        try:
            async with self.working("course.busy-skipping"):
                for command in self.step.commands:
                    await self.shells_of_lab.perform(command)
                await self.settle()
        except BaseException:  # given up in the midst of it, perhaps
            self._skipped = False
            raise
        if self.step_state(self.step) == "todo":
            self._mark("skipped")
            self.emit(events.ChecksEvaluated(self.verdicts, self.undone))

    # -- the lab -----------------------------------------------------------------------------------------------

    async def settle(self) -> tuple[Verdict, ...]:
        """Read the lab anew, evaluate every check with its probes, and return the verdicts."""
        return await self._evaluator.settle()

    async def catch_up(self) -> None:
        """Have everything in the journal that has ended by now."""
        await self._evaluator.catch_up()

    async def move(
        self,
        entries: Sequence[Entry],
        step: Step,
        commands: Sequence[CommandRun] = (),
        terminals: Collection[str] = (),
    ) -> None:
        """Put a fresh lab in place, brought to ``entries``, and be at ``step``, in which ``commands`` have been run.

        ``terminals`` are open in it, besides those that the step uses. Raises ``LabError`` if no lab can be made.
        """
        if self.busy:
            return
        async with self.working("course.busy-rebuilding"):
            await self._bring(entries, step, commands, terminals)
        self.save()

    async def _bring(
        self,
        entries: Sequence[Entry],
        step: Step,
        commands: Sequence[CommandRun] = (),
        terminals: Collection[str] = (),
    ) -> None:
        self._evaluator.pause()
        try:
            reached, problem = await self._bench.change(list(entries), step, terminals)
        except BaseException:
            if self.lab is not None and self.lost is None:
                self._evaluator.resume()
            raise
        self.progress.entries[:] = reached
        if problem is not None:
            self.emit(events.LabRestored(problem))
        await self._enter(step, commands)

    async def _enter(self, step: Step, commands: Sequence[CommandRun] = ()) -> None:
        """Make ``step`` the current one, in the lab as it is."""
        changed = step is not self.step
        if changed:
            self._count_time()
        self.step = step
        self._skipped = False
        self.journal.begin_step()
        self._evaluator.begin_step([*(run for run in commands if run.exit is not None), *self._servers_of(step)])
        self.predictions.begin_step()
        await self._bench.open_terminals(step)
        if changed:
            self.save()
        self.emit(events.StepChanged(step))
        self._evaluator.resume()

    def _servers_of(self, step: Step) -> list[CommandRun]:
        """The servers that were started in that step and still run."""
        names = {one.terminal for one in live(self.progress.entries) if one.runs and one.step == step.id}
        return [shell.running for name, shell in self.terminals.items() if name in names and shell.running]

    def _is_before(self, entry: Entry, step: Step) -> bool:
        order = {one.id: index for index, one in enumerate(self.course.steps)}
        return order.get(entry.step, len(order)) < order[step.id]


def _index(course: Course, step: Step) -> int:
    return next(index for index, one in enumerate(course.steps) if one.id == step.id)
