"""Do what a learner would do: type reference commands into real shells and know when each has done its work.

No fixed waiting: a plain command is over when its prompt is back, a server is up when it listens, an endless ``ping``
has shown what the lesson shows when its lines are there. Only silence needs time: that nothing answers is known after
:data:`SILENCE_SECONDS`.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence

import msgspec

from engine.course.model import Command
from engine.lab import CommandRun, Lab, Shell

SILENCE_SECONDS = 1.0
"""How long an endless command that is expected to fail is left alone before Ctrl-C."""
SERVER_SECONDS = 8.0
BACKGROUND_SECONDS = 3.0
ENDLESS_SECONDS = 10.0
"""How long a command that was not announced as endless may take before it is ended by Ctrl-C."""
COMMAND_SECONDS = 30.0
INTERRUPT = "^C"


Put = Callable[[Shell, str], Awaitable[None]]
"""Puts a command at a prompt: at once, as ``Shell.type`` does, or key by key."""


class Performed(msgspec.Struct, frozen=True, kw_only=True):
    """How one command went. ``problem`` says in a word why it is not as the lesson documents: it is for authors."""

    command: Command
    run: CommandRun | None = None
    problem: str | None = None


class Terminals:
    """The open shells of one lab by name; opens those that are asked for and hears of those that end."""

    def __init__(
        self, lab: Lab, opened: Callable[[Shell], None] | None = None, columns: int = 80, rows: int = 24
    ) -> None:
        self.lab = lab
        self.shells: dict[str, Shell] = {}
        self.columns, self.rows = columns, rows
        self.opened = opened
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def open(self, name: str) -> Shell:
        """The shell of that name, at a prompt if it has just been opened; a fresh one if the last has ended."""
        async with self._locks[name]:
            shell = self.shells.get(name)
            if shell is None or shell.ended:
                shell = await self.lab.shell(name, columns=self.columns, rows=self.rows)
                self.shells[name] = shell
                if self.opened:
                    self.opened(shell)
                await shell.wait_prompt()
            return shell

    async def start(self, shell: Shell, text: str) -> CommandRun | None:
        """Type a command that may end or not: its run; ``None`` if it listens, gives a prompt of its own, or still runs
        after :data:`ENDLESS_SECONDS` and has been ended by Ctrl-C in vain."""
        before = _listening(self.lab)
        ended = await self.start_servers([(shell, text)], timeout_seconds=ENDLESS_SECONDS)
        if ended or shell.ended or shell.at_prompt or _listening(self.lab) - before:
            return ended[0] if ended else None
        try:
            return await self._interrupted(shell)
        except TimeoutError:
            return None

    async def _interrupted(self, shell: Shell) -> CommandRun:
        """Press Ctrl-C and wait for the command's end. Raises ``TimeoutError`` if it takes no notice."""
        waiting: asyncio.Future[CommandRun] = asyncio.get_running_loop().create_future()

        def finished(run: CommandRun) -> None:
            if not waiting.done():
                waiting.set_result(run)

        shell.on_finished.append(finished)
        try:
            shell.write(b"\x03")
            return await asyncio.wait_for(waiting, SERVER_SECONDS)
        finally:
            shell.on_finished.remove(finished)

    async def start_server(
        self, shell: Shell, text: str, put: Put = Shell.type, *, timeout_seconds: float = SERVER_SECONDS
    ) -> CommandRun | None:
        """Type a command that goes on running and wait until somebody new listens; the run, if it ended instead."""
        ended = await self.start_servers([(shell, text)], put, timeout_seconds=timeout_seconds)
        return ended[0] if ended else None

    async def start_servers(
        self, servers: Sequence[tuple[Shell, str]], put: Put = Shell.type, *, timeout_seconds: float = SERVER_SECONDS
    ) -> list[CommandRun]:
        """Type one command in each shell and wait until as many more listen; the runs of those that ended instead."""
        if not self.lab.snapshot.namespaces:
            await self.lab.refresh()
        for shell, text in servers:
            await put(shell, text)
        before = _listening(self.lab)
        ended: list[CommandRun] = []
        over = asyncio.Event()

        def look(_: object) -> None:
            if len(ended) + len(_listening(self.lab) - before) >= len(servers):
                over.set()

        def finished(run: CommandRun) -> None:
            ended.append(run)
            look(run)

        unsubscribe = self.lab.on_snapshot(look)
        for shell, _ in servers:
            shell.on_finished.append(finished)
            shell.on_ended.append(over.set)
            shell.on_prompt.append(over.set)  # of a bash inside this one: it waits for commands, it will not listen
        try:
            for shell, _ in servers:
                shell.write(b"\r")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(over.wait(), timeout_seconds)
            return ended
        finally:
            unsubscribe()
            for shell, _ in servers:
                shell.on_finished.remove(finished)
                shell.on_ended.remove(over.set)
                shell.on_prompt.remove(over.set)

    async def start_background(self, shell: Shell, text: str) -> CommandRun:
        """Run a command line that ends in ``&`` and wait until somebody new listens, at most
        :data:`BACKGROUND_SECONDS`: it may be no server at all."""
        before = _listening(self.lab)
        listening = asyncio.Event()
        unsubscribe = self.lab.on_snapshot(lambda _: listening.set() if _listening(self.lab) - before else None)
        try:
            run = await shell.run(text, timeout_seconds=SERVER_SECONDS)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(listening.wait(), BACKGROUND_SECONDS)
            return run
        finally:
            unsubscribe()

    async def interrupt(self, shell: Shell) -> None:
        """Press Ctrl-C and wait for the prompt."""
        shell.write(b"\x03")
        await shell.wait_prompt()

    async def perform(self, command: Command, put: Put = Shell.type) -> Performed:
        """Type ``command`` in its terminal and wait for its end (or, for a server, until it is up)."""
        shell = await self.open(command.terminal)
        if command.text == INTERRUPT:
            await self.interrupt(shell)
            return Performed(command=command)
        if not shell.at_prompt:
            busy = shell.running.text if shell.running else "something"
            return Performed(command=command, problem=f"{command.terminal} is busy: {busy} still runs there")
        if command.runs:
            run = await self.start_server(shell, command.text, put)
            return Performed(command=command, run=run, problem="it did not go on running" if run else None)
        if command.interrupt:
            return _judge(command, await self._run_interrupted(shell, command, put))
        try:
            await put(shell, command.text)
            run = await shell.enter(command.text, timeout_seconds=COMMAND_SECONDS)
        except TimeoutError:
            await self.interrupt(shell)
            return Performed(command=command, problem=f"it did not end within {COMMAND_SECONDS:.0f} s")
        return _judge(command, run)

    async def _run_interrupted(self, shell: Shell, command: Command, put: Put) -> CommandRun:
        wanted = len(_lines_before_interrupt(command)) or 1
        seen = asyncio.Event()
        text = bytearray()

        def output(data: bytes) -> None:
            text.extend(data)
            if text.count(b"\n") >= wanted + 1:  # the echoed command is a line as well
                seen.set()

        await put(shell, command.text)
        shell.on_output.append(output)
        task = asyncio.ensure_future(shell.enter(command.text, timeout_seconds=COMMAND_SECONDS))
        waiter = asyncio.ensure_future(seen.wait())
        try:
            await asyncio.wait({task, waiter}, timeout=COMMAND_SECONDS / 2, return_when=asyncio.FIRST_COMPLETED)
            if not task.done() and command.exit != 0:
                await asyncio.wait({task}, timeout=SILENCE_SECONDS)
            if not task.done():
                shell.write(b"\x03")
            return await task
        finally:
            waiter.cancel()
            task.cancel()
            shell.on_output.remove(output)


def _lines_before_interrupt(command: Command) -> tuple[str, ...]:
    lines = [line.strip() for line in command.shows]
    return command.shows[: lines.index(INTERRUPT)] if INTERRUPT in lines else command.shows


def _listening(lab: Lab) -> set[tuple[str, str, str, int]]:
    return {
        (space.name, one.protocol, one.address, one.port)
        for space in lab.snapshot.namespaces
        for one in space.listeners
    }


def _judge(command: Command, run: CommandRun) -> Performed:
    problem = None
    if command.exit == "failure":
        if run.exit == 0:
            problem = "it succeeded, and the lesson says that it fails"
    elif run.exit != command.exit:
        problem = f"it ended with {run.exit}, and the lesson says {command.exit}"
    if problem is None and command.shows:
        problem = _not_shown(command, run)
    return Performed(command=command, run=run, problem=problem)


def _not_shown(command: Command, run: CommandRun) -> str | None:
    """The first line that the lesson shows and the command did not print; ``…`` stands for anything."""
    printed = [_shape(line) for line in run.output.splitlines()]
    for line in _lines_before_interrupt(command):
        wanted = [re.escape(part.strip()) for part in _shape(line).split("…")]
        if not any(re.search(".*".join(wanted), other) for other in printed or [""]):
            return f"the lesson shows a line that was not printed: {line.strip()}"
    return None


def _shape(line: str) -> str:
    """A line without what differs from run to run: hardware addresses, numbers of devices, times, runs of blanks."""
    line = re.sub(r"\b[0-9a-f]{2}(:[0-9a-f]{2}){5}\b", "MAC", line.strip())
    line = re.sub(r"\bfe80::[0-9a-f:]+", "LINK-LOCAL", line)
    line = re.sub(r"@if\d+", "@if", line)
    line = re.sub(r"^\d+: ", "", line)
    line = re.sub(r"\b(time|ttl|icmp_seq|qlen|link-netnsid|pid)[= ]\d+(\.\d+)?", r"\1", line)
    line = re.sub(r"\b\d+(\.\d+)? ?ms\b|\[\d[^\]]*\d\]", "#", line)
    return re.sub(r"\s+", " ", line)
