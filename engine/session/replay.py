"""Bring a fresh lab to a certain point: the one mechanism behind resume, jump, reset and skip.

A journal (or the reference commands of the steps before a step, written as one) is run in two parts: everything that
changes the network in one hidden shell, in order; then the servers that still run at that point, each typed into its
own terminal, where the learner finds them (those in the background first: they give the prompt back).
"""

from __future__ import annotations

import asyncio
import re
import shlex
from collections.abc import Iterable, Sequence

from engine.course.model import Command, Course, Step
from engine.lab import Lab
from engine.messages import Message
from engine.session.performer import Terminals
from engine.session.progress import Entry

_QUICK_SUDO = 'sudo() { case "$1" in -*|*=*) command sudo "$@" ;; *) "$@" ;; esac; }'
"""Everybody is the lab's root: plain ``sudo COMMAND`` need not start a program of its own forty times."""

_LEAVES = re.compile(r"\b(exit|logout|return)\b|^\s*exec\b", re.MULTILINE)
"""A command line that ends its shell gets one of its own."""

_FAILED = 93
"""Exit code by which the replay script says that one of its commands failed."""


class ReplayError(Exception):
    """A command of the journal did not work in the fresh lab."""

    def __init__(self, entry: Entry | None, output: str) -> None:
        text = entry.text if entry else ""
        super().__init__(f"{text}: {output.strip()}")
        self.message = Message("course.replay-failed", {"command": text, "output": output.strip()[-500:]})


def entries_before(course: Course, step: Step | None) -> list[Entry]:
    """The reference journal up to just before ``step`` (``None``: of the whole course)."""
    entries: list[Entry] = []
    for earlier in course.steps:
        if step is not None and earlier.id == step.id:
            break
        extend(entries, earlier.id, earlier.commands)
    return entries


def extend(entries: list[Entry], step_id: str, commands: Iterable[Command]) -> None:
    """Add the commands of a step to a journal: what only looks is left out, ``^C`` takes the terminal's server out."""
    for command in commands:
        if command.text == "^C":
            entries[:] = [entry for entry in entries if not (entry.runs and entry.terminal == command.terminal)]
        elif not command.look:
            entries.append(
                Entry(
                    step=step_id,
                    terminal=command.terminal,
                    text=command.text,
                    runs=command.runs,
                    failed=command.exit != 0,
                )
            )


def script(entries: Sequence[Entry]) -> str:
    """The bash script that runs every entry but the servers, and tells which one failed first."""
    lines = []
    for number, entry in enumerate(entries):
        if entry.runs or entry.background:
            continue
        opening, closing = ("(", ")") if _LEAVES.search(entry.text) else ("{", "}")
        otherwise = ":" if entry.failed else f"{{ echo 'nsteps-replay:{number}'; exit {_FAILED}; }}"
        lines.append(f"{opening} {_in_place(entry)}\n{closing} || {otherwise}")
    return "\n".join([_QUICK_SUDO, *lines]) if lines else ""


def _in_place(entry: Entry) -> str:
    text = entry.text
    if entry.cwd:
        text = f"mkdir -p {shlex.quote(entry.cwd)} && cd {shlex.quote(entry.cwd)}\n{text}"
    if entry.namespace != "host":
        text = f"ip netns exec {shlex.quote(entry.namespace)} bash -c {shlex.quote(text)}"
    return text


async def replay(lab: Lab, terminals: Terminals, entries: Sequence[Entry], *, timeout_seconds: float = 60) -> None:
    """Run ``entries`` in ``lab`` and start its servers. Raises :class:`ReplayError` at the first that does not work."""
    text = script(entries)
    if text:
        done = await lab.run(text, timeout_seconds=timeout_seconds)
        if done.exit != 0:
            failed = next((line for line in done.output.splitlines() if line.startswith("nsteps-replay:")), None)
            entry = entries[int(failed.split(":")[1])] if failed else None
            raise ReplayError(entry, done.output)
    files = {path: text for entry in entries for path, text in entry.files.items()}
    for path, content in files.items():
        await lab.write_file(path, content)
    await asyncio.gather(
        *(terminals.open(name) for name in {one.terminal for one in entries if one.runs or one.background})
    )
    for entry in entries:
        if entry.background:
            await terminals.start_background(await terminals.open(entry.terminal), entry.text)
    servers = [(await terminals.open(entry.terminal), entry.text) for entry in entries if entry.runs]
    if servers:
        await terminals.start_servers(servers)
