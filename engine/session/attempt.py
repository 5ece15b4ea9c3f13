"""One try at a step: a fresh lab just before it, commands typed as a learner would, every check's verdict."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from engine.course.model import Course, Step
from engine.lab import CommandRun, Lab, Shell
from engine.network.snapshot import Snapshot
from engine.session.journal import is_background
from engine.session.performer import INTERRUPT, Terminals
from engine.session.replay import entries_before, replay
from engine.verify import Verdict, evaluate


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """What was typed, what it did, and what the checks say."""

    step: str
    passed: bool
    verdicts: tuple[Verdict, ...]
    commands: tuple[CommandRun, ...]
    snapshot: Snapshot


async def attempt(course: Course, step: Step, commands: Sequence[str], *, iptables: str | None = None) -> Attempt:
    """Type ``commands`` at ``step`` and judge. A command that goes on running keeps its terminal; the next is typed in
    another one; ``^C`` ends the one that was started last.

    Raises ``LabError`` if no lab can be made, ``ReplayError`` if the steps before do not work.
    """
    async with await Lab.start(iptables=iptables) as lab:
        terminals = Terminals(lab)
        await replay(lab, terminals, entries_before(course, step))
        runs: list[CommandRun] = []
        running: list[Shell] = []
        names = list(dict.fromkeys([command.terminal for command in step.commands] + [f"T{n}" for n in range(1, 10)]))
        for text in commands:
            if text.strip() == INTERRUPT:
                if running:
                    shell = running.pop()
                    shell.on_finished.append(runs.append)
                    await terminals.interrupt(shell)
                continue
            shell = await _free(terminals, names)
            if is_background(text):
                run: CommandRun | None = await terminals.start_background(shell, text)
            else:
                run = await terminals.start(shell, text)
            if run is not None:
                runs.append(run)
            else:
                running.append(shell)
        snapshot = await lab.refresh()
        runs += [shell.running for shell in running if shell.running is not None]
        verdicts = await evaluate(step.checks, snapshot, runs, lab.probe)
        passed = all(verdict.passed for verdict in verdicts)
        return Attempt(step=step.id, passed=passed, verdicts=verdicts, commands=tuple(runs), snapshot=snapshot)


async def _free(terminals: Terminals, names: Sequence[str]) -> Shell:
    for name in names:
        shell = await terminals.open(name)
        if shell.at_prompt:
            return shell
    raise RuntimeError("every terminal is busy")
