"""Follow what happens in a terminal by its marks: prompts, commands, their output and exit code. Pure: bytes go in."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import msgspec
from msgspec.structs import replace

from engine.lab.command import CommandRun
from engine.lab.marks import Mark, MarkParser
from engine.lab.plain import plain

OUTPUT_CHARACTERS = 64 * 1024
_KEPT_BYTES = 4 * OUTPUT_CHARACTERS
_ids = itertools.count(1)


class _Open(msgspec.Struct):
    """A command that runs: in which bash, and what it has printed."""

    shell: str
    run: CommandRun
    printed: bytearray

    def current(self) -> CommandRun:
        return replace(self.run, output=plain(bytes(self.printed))[-OUTPUT_CHARACTERS:])


class CommandTracker:
    """Keeps the commands of one terminal: a stack, for a bash may run in a bash."""

    def __init__(self, terminal: str) -> None:
        self.terminal = terminal
        self.at_prompt = False
        self.code = 0
        """How the last command line ended, one that bash did not understand included."""
        self.on_started: list[Callable[[CommandRun], None]] = []
        self.on_finished: list[Callable[[CommandRun], None]] = []
        self.on_prompt: list[Callable[[], None]] = []
        self.typed = ""
        """What the program itself put at the prompt last."""
        self._parser = MarkParser()
        self._open: list[_Open] = []
        self._collecting = False
        self._prompt = ("", "")
        self._fresh = False

    @property
    def running(self) -> CommandRun | None:
        """The command that runs now, with its output so far; ``None`` at a prompt."""
        return self._open[-1].current() if self._open and not self.at_prompt else None

    def unfinished(self, number: int) -> CommandRun | None:
        """The command of that id as it is now, if it has not ended; it may have a shell of its own at a prompt."""
        return next((one.current() for one in self._open if one.run.id == number), None)

    def not_understood(self, text: str) -> CommandRun:
        """A line that never became a command: bash has said what is wrong with it."""
        return CommandRun(id=next(_ids), terminal=self.terminal, text=text, exit=self.code)

    def entered(self) -> None:
        """Enter or Ctrl-C was pressed: this prompt is done with."""
        self.at_prompt = False

    def feed(self, data: bytes) -> None:
        """Take in what the terminal printed next."""
        for part in self._parser.feed(data):
            if isinstance(part, Mark):
                self._marked(part)
            elif self._collecting and self._open:
                printed = self._open[-1].printed
                printed += part
                if len(printed) > 2 * _KEPT_BYTES:
                    del printed[:-_KEPT_BYTES]

    def ended(self, code: int | None) -> None:
        """The first bash has ended, and everything in it."""
        self.at_prompt = False
        if code is not None and self._open:
            self._finished(self._open[0].shell, code)

    def _marked(self, mark: Mark) -> None:
        if mark.kind == "A":
            self._collecting = False
            self._fresh = (mark.shell, mark.prompt) != self._prompt or not mark.prompt
            self._prompt = (mark.shell, mark.prompt)
        elif mark.kind == "B":
            if self._fresh:  # else the line was only redrawn
                self.at_prompt, self._fresh = True, False
                for callback in tuple(self.on_prompt):
                    callback()
        elif mark.kind == "C":
            self._started(mark)
        else:
            self.code = mark.exit or 0
            self._finished(mark.shell, self.code)

    def _started(self, mark: Mark) -> None:
        self.at_prompt, self._collecting = False, True
        if self._open and self._open[-1].shell == mark.shell:  # the next of several commands that were pasted at once
            run = self._open[-1].run
            self._open[-1].run = replace(run, text=f"{run.text}\n{mark.text}")
            return
        text = mark.text
        if self.typed.replace("\\\n", "") == text:  # bash's history joins continued lines
            text = self.typed
        run = CommandRun(id=next(_ids), terminal=self.terminal, text=text, namespace=mark.namespace, cwd=mark.cwd)
        self._open.append(_Open(mark.shell, run, bytearray()))
        for callback in tuple(self.on_started):
            callback(run)

    def _finished(self, shell: str, code: int) -> None:
        """The command of that bash has ended, and with it whatever ran in a bash inside it."""
        if not any(one.shell == shell for one in self._open):
            return
        while True:
            one = self._open.pop()
            run = replace(one.current(), exit=code)
            for callback in tuple(self.on_finished):
                callback(run)
            if one.shell == shell:
                return
