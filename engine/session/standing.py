"""Where a learner stands: what a screen shows of a session. Nothing here changes anything."""

from __future__ import annotations

from engine.course.model import Course, Step
from engine.lab import CommandRun, Lab, Shell
from engine.messages import Message
from engine.network.snapshot import Snapshot
from engine.session.evaluator import Evaluator
from engine.session.performer import Terminals
from engine.session.progress import Progress, StepState
from engine.session.telling import Telling
from engine.session.workbench import Workbench
from engine.verify import Verdict


class Standing(Telling):
    """The part of :class:`~engine.session.session.Session` that only tells."""

    course: Course
    step: Step
    progress: Progress
    _bench: Workbench
    _evaluator: Evaluator

    @property
    def lab(self) -> Lab | None:
        return self._bench.lab

    @property
    def lost(self) -> Message | None:
        """Why the lab died, if it did."""
        return self._bench.lost

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
        return self._bench.terminals.shells if self._bench.terminals else {}

    @property
    def open_terminals(self) -> tuple[str, ...]:
        """The names of those whose shell has not ended."""
        return tuple(name for name, shell in self.terminals.items() if not shell.ended)

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
        return self.progress.seconds + self._stopwatch.seconds

    @property
    def step_seconds(self) -> float:
        """Time at the current step, free play left out."""
        running = 0.0 if self.progress.free is not None else self._stopwatch.seconds
        return self.progress.step_seconds.get(self.step.id, 0.0) + running

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

    @property
    def shells_of_lab(self) -> Terminals:
        """What opens shells and types into them. Raises ``RuntimeError`` before there is a lab."""
        if self._bench.terminals is None:
            raise RuntimeError("the session has no lab yet")
        return self._bench.terminals
