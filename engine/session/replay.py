"""Bring a fresh lab to a certain point: the one mechanism behind resume, jump, reset and skip.

A journal (or the reference commands of the steps before a step, written as one) is run in two parts: everything that
changes the network in one hidden shell, in order; and the servers that still run at that point, each typed into its own
terminal, where the learner finds it, as soon as the hidden shell has come to its place.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from msgspec.structs import replace

from engine.course.model import Command, Course, Step
from engine.lab import Lab
from engine.messages import Message
from engine.session.performer import INTERRUPT, Terminals
from engine.session.progress import Entry, live
from engine.session.servers import Servers

_QUICK_SUDO = 'sudo() { case "$1" in -*|*=*) command sudo "$@" ;; *) "$@" ;; esac; }'
"""Everybody is the lab's root: plain ``sudo COMMAND`` need not start a program of its own forty times."""

_LEAVES = re.compile(r"\b(exit|logout|return)\b|^\s*exec\b", re.MULTILINE)
"""A command line that ends its shell gets one of its own."""

_FAILED = 93
"""Exit code by which the replay script says that one of its commands failed."""

_FAILED_AT = "nsteps-replay:"
_COME_TO = "nsteps-replay-at:"
_COME_TO_LINE = re.compile(rb"^nsteps-replay-at:(\d+)\n", re.MULTILINE)


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
    """Add the commands of a step to a journal: what only looks is left out, ``^C`` ends the terminal's server."""
    for command in commands:
        if command.text == INTERRUPT:
            server = next((one for one in live(entries) if one.runs and one.terminal == command.terminal), None)
            if server is not None:
                entries.append(replace(server, step=step_id, runs=False, ends=True))
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
    """The bash script that runs every entry but the servers, says when it comes to one of these, and which entry
    failed first. Empty if there are only servers."""
    if all(entry.runs or entry.background for entry in entries):
        return ""
    lines = [_QUICK_SUDO]
    for number, entry in enumerate(entries):
        if entry.runs or entry.background:
            lines.append(f"echo {_COME_TO}{number}")
            continue
        opening, closing = ("(", ")") if _LEAVES.search(entry.text) else ("{", "}")
        otherwise = ":" if entry.failed else f"{{ echo '{_FAILED_AT}{number}'; exit {_FAILED}; }}"
        lines.append(f"{opening} {_in_place(entry)}\n{closing} || {otherwise}")
    return "\n".join(lines)


def _in_place(entry: Entry) -> str:
    text = entry.text
    directories = sorted(
        {str(PurePosixPath(path).parent) for path, content in entry.files.items() if content is not None}
    )
    if directories and "mkdir" not in text:  # an empty directory is not watched: no entry has made it
        text = f"mkdir -p {shlex.join(directories)}\n{text}"
    if entry.cwd:
        text = f"mkdir -p {shlex.quote(entry.cwd)} && cd {shlex.quote(entry.cwd)}\n{text}"
    if entry.namespace != "host":
        text = f"ip netns exec {shlex.quote(entry.namespace)} bash -c {shlex.quote(text)}"
    return text


async def replay(lab: Lab, terminals: Terminals, entries: Sequence[Entry], *, timeout_seconds: float = 60) -> None:
    """Run ``entries`` in ``lab`` and start its servers. Raises :class:`ReplayError` at the first that does not work."""
    entries = live(entries)
    async with Servers(terminals) as servers:
        if text := script(entries):

            def printed(output: bytes) -> None:
                for found in _COME_TO_LINE.finditer(output):
                    servers.start(entries[int(found[1])])

            done = await lab.run(text, timeout_seconds=timeout_seconds, printed=printed)
            if done.exit != 0:
                raise _error(entries, done.output)
            for path, content in {path: text for one in entries for path, text in one.files.items()}.items():
                await lab.write_file(path, content)
        for entry in entries:
            if entry.runs or entry.background:
                servers.start(entry)
        await servers.up()


def _error(entries: Sequence[Entry], output: str) -> ReplayError:
    lines = [line for line in output.splitlines() if not line.startswith(_COME_TO)]
    failed = next((line for line in lines if line.startswith(_FAILED_AT)), None)
    entry = entries[int(failed.removeprefix(_FAILED_AT))] if failed else None
    return ReplayError(entry, "\n".join(line for line in lines if line != failed))
