"""What a learner who is stuck can ask for: a hint, the command, the step done for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.course.model import Command, Step, Text
from engine.lab import Shell
from engine.session.performer import INTERRUPT
from engine.session.replay import entries_before

if TYPE_CHECKING:
    from engine.session.moving import Moving
    from engine.session.session import Session


def hint(session: Session) -> Text | None:
    """One more hint of the current step; the last one again when there are no more, ``None`` if it has none."""
    hints = session.step.hints
    if not hints:
        return None
    shown = min(session.hints_shown + 1, len(hints))
    session.progress.hints[session.step.id] = shown
    session.save()
    return hints[shown - 1]


def solution(session: Session) -> Command | None:
    """The step's next command, which counts as shown from now on (see ``Session.solution``)."""
    commands = session.step.commands
    if not commands:
        return None
    index = next((i for i, one in enumerate(commands) if not is_done(session, one.terminal, one.text)), 0)
    session.progress.solutions[session.step.id] = index + 1
    return commands[index]


def is_done(session: Session, terminal: str, text: str) -> bool:
    """Whether a command of the step needs no typing any more (see ``Session.is_done``)."""
    if text != INTERRUPT:
        return any(run.text.strip() == text.strip() for run in session.commands)
    shell = session.terminals.get(terminal)
    return shell is None or shell.ended or shell.at_prompt


async def bring_to_beginning(session: Moving) -> None:
    """The lab as the step's reference commands expect it; as it is if nothing was done in the step yet."""
    step = session.step
    if session.journal.touched or any(not shell.at_prompt for shell in _needed_shells(session, step)):
        await session.move(entries_before(session.course, step), step)


def _needed_shells(session: Moving, step: Step) -> list[Shell]:
    """Open shells in which the step types something else than Ctrl-C first."""
    first: dict[str, Command] = {}
    for command in step.commands:
        first.setdefault(command.terminal, command)
    return [
        shell for name, command in first.items() if command.text != INTERRUPT and (shell := session.terminals.get(name))
    ]
