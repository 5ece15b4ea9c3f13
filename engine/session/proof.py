"""The proof that a course teaches what it says: every lesson run in real labs, every statement of it tried.

The reference commands are played once through the whole course, in one lab; each alternative and each mistake gets a
fresh lab of its own, brought to just before its step. What fails is told with the step, so that an author can mend it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence

import msgspec

from engine.course.model import Alternative, Course, Lesson, Step
from engine.lab import CommandRun, Lab
from engine.network.diff import diff
from engine.session.journal import stable
from engine.session.lasting import lasting_checks
from engine.session.performer import Terminals
from engine.session.replay import ReplayError, entries_before, replay
from engine.verify import Verdict, evaluate, evaluate_state

LABS_AT_ONCE = 3


class StepProof(msgspec.Struct, frozen=True, kw_only=True):
    """What was found out about one step; no problem: it is proved. Problems are sentences for authors, in English."""

    step: str
    commands: int
    accepted: int
    mistakes: int
    problems: tuple[str, ...]
    seconds: float


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """The result of :func:`prove`."""

    steps: tuple[StepProof, ...]
    ends_as_began: bool | None
    """``None`` when only some lessons were proved."""
    differences: tuple[str, ...]
    """What the course left behind, if anything."""
    seconds: float

    @property
    def passed(self) -> bool:
        return not self.differences and all(not step.problems for step in self.steps)


async def prove(
    course: Course,
    lessons: Sequence[Lesson] | None = None,
    *,
    iptables: str | None = None,
    progressed: Callable[[int, int, str], None] = lambda done, total, step: None,
) -> Proof:
    """Prove ``lessons`` (default: all). ``progressed(done, total, step_id)`` is called as the work goes on.

    Raises ``LabError`` if no lab can be made.
    """
    started = time.monotonic()
    chosen = tuple(lessons or course.lessons)
    steps = [step for lesson in chosen for step in lesson.steps]
    variants = [
        (step, one, wrong)
        for step in steps
        for wrong, some in ((False, step.accepted), (True, step.mistakes))
        for one in some
    ]
    total, done = len(steps) + len(variants), 0

    def advance(step_id: str) -> None:
        nonlocal done
        done += 1
        progressed(done, total, step_id)

    limit = asyncio.Semaphore(LABS_AT_ONCE)

    async def variant(step: Step, alternative: Alternative, wrong: bool) -> tuple[str, str | None]:
        async with limit:
            problem = await _try_variant(course, step, alternative, wrong, iptables)
            advance(step.id)
            return step.id, problem

    async with asyncio.TaskGroup() as group:
        main = group.create_task(_play(course, steps, iptables, advance, whole=len(chosen) == len(course.lessons)))
        tasks = [group.create_task(variant(*one)) for one in variants]
    problems, seconds, differences = main.result()
    for task in tasks:
        step_id, problem = task.result()
        if problem:
            problems[step_id].append(problem)
    whole = len(chosen) == len(course.lessons)
    return Proof(
        steps=tuple(
            StepProof(
                step=step.id,
                commands=len(step.commands),
                accepted=len(step.accepted),
                mistakes=len(step.mistakes),
                problems=tuple(problems[step.id]),
                seconds=seconds[step.id],
            )
            for step in steps
        ),
        ends_as_began=(not differences) if whole else None,
        differences=differences,
        seconds=time.monotonic() - started,
    )


async def _play(
    course: Course, steps: Sequence[Step], iptables: str | None, advance: Callable[[str], None], *, whole: bool
) -> tuple[dict[str, list[str]], dict[str, float], tuple[str, ...]]:
    problems: dict[str, list[str]] = {step.id: [] for step in steps}
    seconds: dict[str, float] = dict.fromkeys(problems, 0.0)
    differences: tuple[str, ...] = ()
    if not steps:
        return problems, seconds, differences
    async with await Lab.start(iptables=iptables) as lab:
        terminals = Terminals(lab)
        began = stable(await lab.refresh())
        try:
            await replay(lab, terminals, entries_before(course, steps[0]))
        except ReplayError as error:
            problems[steps[0].id].append(f"the steps before it cannot be replayed: {error}")
            return problems, seconds, differences
        order = [step.id for step in course.steps]
        for step in course.steps[order.index(steps[0].id) : order.index(steps[-1].id) + 1]:
            if step not in steps:  # of a lesson in between that is not to be proved
                for command in step.commands:
                    await terminals.perform(command)
                continue
            clock = time.monotonic()
            problems[step.id] += await _play_step(course, lab, terminals, step)
            seconds[step.id] = time.monotonic() - clock
            advance(step.id)
        if whole:
            ended = stable(await lab.refresh())
            differences = tuple(_say(change) for change in diff(began, ended))
    return problems, seconds, differences


async def _play_step(course: Course, lab: Lab, terminals: Terminals, step: Step) -> list[str]:
    problems: list[str] = []
    before = await evaluate(step.checks, await lab.refresh(), (), lab.probe)
    if before and all(verdict.passed for verdict in before):
        problems.append("all its checks pass before its commands: it proves nothing")
    runs: list[CommandRun] = []
    for command in step.commands:
        picture = stable(await lab.refresh()) if command.look else None
        performed = await terminals.perform(command)
        if performed.run:
            runs.append(performed.run)
        elif command.runs and (running := terminals.shells[command.terminal].running):
            runs.append(running)
        if performed.problem:
            problems.append(f"`{command.text}`: {performed.problem}")
        if picture is not None and (changes := diff(picture, stable(await lab.refresh()))):
            problems.append(f"`{command.text}` is marked `look`, but it changed: {_say(changes[0])}")
    snapshot = await lab.refresh()
    for verdict in await evaluate(step.checks, snapshot, runs, lab.probe):
        if not verdict.passed:
            problems.append(f"check `{verdict.check}` does not pass after its commands: {_told(verdict)}")
    for verdict in evaluate_state(lasting_checks(course, step, lambda _: True), snapshot, ()):
        if not verdict.passed:
            problems.append(
                f"it ends the earlier check `{verdict.check}` ({_told(verdict)}): give that check `until: {step.id}`"
            )
    return problems


async def _try_variant(
    course: Course, step: Step, alternative: Alternative, wrong: bool, iptables: str | None
) -> str | None:
    what = "; ".join(command.text for command in alternative.commands)
    label = f"{'mistake' if wrong else 'also accepted'}, line {alternative.line} (`{what}`)"
    async with await Lab.start(iptables=iptables) as lab:
        terminals = Terminals(lab)
        try:
            await replay(lab, terminals, entries_before(course, step))
        except ReplayError as error:
            return f"{label}: the steps before it cannot be replayed: {error}"
        runs: list[CommandRun] = []
        for command in alternative.commands:
            performed = await terminals.perform(command)
            if performed.run:
                runs.append(performed.run)
            elif command.runs and (running := terminals.shells[command.terminal].running):
                runs.append(running)
            elif performed.problem:
                return f"{label}: `{command.text}`: {performed.problem}"
        verdicts = await evaluate(step.checks, await lab.refresh(), runs, lab.probe)
    failed = [verdict for verdict in verdicts if not verdict.passed]
    if not wrong:
        return f"{label} is not accepted: check `{failed[0].check}`: {_told(failed[0])}" if failed else None
    judged = next((verdict for verdict in verdicts if verdict.check == alternative.check), None)
    if judged is None or judged.passed:
        return f"{label}: check `{alternative.check}` passes"
    if alternative.diagnosis and judged.diagnosis != alternative.diagnosis:
        return f"{label}: the diagnosis is `{judged.diagnosis}`, not `{alternative.diagnosis}`: {_told(judged)}"
    return None


def _told(verdict: Verdict) -> str:
    from engine.messages import render

    return render(verdict.hint or verdict.observed, "en")


def _say(change: object) -> str:
    return str(change)
