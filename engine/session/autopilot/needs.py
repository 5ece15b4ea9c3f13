"""Whether a demo can go on in the lab as somebody has left it."""

from __future__ import annotations

from collections.abc import Iterable

from engine.course.model import Check, Command, Course, Step
from engine.messages import Message
from engine.network.snapshot import Snapshot
from engine.session.performer import INTERRUPT
from engine.session.session import Session
from engine.verify import STATE_KINDS, evaluate_state


def needed_checks(course: Course, step: Step, *, begun: bool, over: bool, held: Iterable[str] = ()) -> list[Check]:
    """State checks that must hold where the talk stands.

    Those of the steps before that nothing has ended yet; once commands of ``step`` were typed (``begun``) what this
    step ends may be gone, and of its own checks those must hold that held before (``held``, their ids), or all when the
    step is ``over``.
    """
    order = {one.id: index for index, one in enumerate(course.steps)}
    here = order[step.id]
    first_end = here + 1 if begun or over else here
    kept = set(held)
    found = []
    for one in course.steps[: here + 1]:
        for check in one.checks:
            if check.kind not in STATE_KINDS or (check.until is not None and order[check.until] < first_end):
                continue
            if one is not step or over or check.id in kept:
                found.append(check)
    return found


def broken_check(checks: Iterable[Check], snapshot: Snapshot) -> Message | None:
    """What no longer holds, if anything."""
    for verdict in evaluate_state(list(checks), snapshot, ()):
        if not verdict.passed:
            return Message("demo.broken.check", {"expected": verdict.expected, "observed": verdict.observed})
    return None


def busy_terminal(session: Session, commands: Iterable[Command]) -> Message | None:
    """The terminal in which one of ``commands`` cannot be typed as things are: the first of each that types there."""
    first: dict[str, Command] = {}
    for command in commands:
        first.setdefault(command.terminal, command)
    for name, command in first.items():
        shell = session.terminals.get(name)
        if shell is None or shell.ended or command.text == INTERRUPT:
            continue
        if not shell.at_prompt:
            running = shell.running
            return Message("demo.broken.busy", {"terminal": name, "command": running.text if running else "…"})
        inside = next((run for run in session.commands if run.terminal == name and run.exit is None), None)
        if inside is not None:
            return Message("demo.broken.inside", {"terminal": name, "command": inside.text})
    return None
