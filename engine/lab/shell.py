"""One interactive bash in a lab, on a terminal of the lab's own devpts.

The terminal's master end comes from the nursery by descriptor (see :mod:`engine.lab.entering`). A library that spawns
its own PTY (pexpect) would put a terminal of the real host under the learner's shell: ``tty`` would name a device that
the lab does not have, and programs that open it (tmux, sudo-like tools) would fail.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import fcntl
import itertools
import os
import struct
import termios
from collections.abc import Callable

import msgspec
from msgspec.structs import replace

from engine.lab.command import CommandRun
from engine.lab.errors import LabError
from engine.lab.marks import Mark, MarkParser
from engine.lab.plain import plain
from engine.lab.warm import Answer

OUTPUT_CHARACTERS = 64 * 1024
_KEPT_BYTES = 4 * OUTPUT_CHARACTERS
_READ_BYTES = 64 * 1024
_READS_AT_ONCE = 16
_READS_AT_THE_END = 1024
_ids = itertools.count(1)


class _Open(msgspec.Struct):
    """A command that runs: in which bash, and what it has printed."""

    shell: str
    run: CommandRun
    printed: bytearray

    def current(self) -> CommandRun:
        return replace(self.run, output=plain(bytes(self.printed))[-OUTPUT_CHARACTERS:])


class Shell:
    """See the module. Get one from ``Lab.shell``. Callbacks are called in the event loop, in the order of what happens."""

    def __init__(self, name: str, master: int, answer: Answer, examine: Callable[[], None]) -> None:
        self.name = name
        self.at_prompt = False
        self.ended = False
        self.exit: int | None = None
        """How bash ended, once it has."""
        self.on_output: list[Callable[[bytes], None]] = []
        self.on_started: list[Callable[[CommandRun], None]] = []
        self.on_finished: list[Callable[[CommandRun], None]] = []
        self.on_prompt: list[Callable[[], None]] = []
        """A prompt is there: of the first bash, or of one inside it (``sudo -i``, ``ip netns exec NAME bash``)."""
        self.on_ended: list[Callable[[], None]] = []
        self._examine = examine
        self._master = master
        self._answer = answer
        self._parser = MarkParser()
        self._open: list[_Open] = []
        self._collecting = False
        self._code = 0
        self._prompt = ("", "")
        self._fresh = False
        self._queue = bytearray()
        self._loop = asyncio.get_running_loop()
        os.set_blocking(master, False)
        self._loop.add_reader(master, self._read)
        self._waiter = self._loop.create_task(self._wait())

    @property
    def running(self) -> CommandRun | None:
        """The command that runs in it now, with its output so far; ``None`` at a prompt."""
        return self._open[-1].current() if self._open and not self.at_prompt else None

    # -- keys ------------------------------------------------------------------------------------------------------

    def write(self, data: bytes) -> None:
        """Send keys. Never blocks: what the terminal does not take now is queued."""
        if self.ended or not data:
            return
        if self.at_prompt and (b"\r" in data or b"\n" in data) and not data.startswith(b"\x1b[200~"):
            self.at_prompt = False
        idle = not self._queue
        self._queue += data
        if idle:
            self._flush()

    def _flush(self) -> None:
        try:
            while self._queue:
                del self._queue[: os.write(self._master, self._queue[:4096])]
        except BlockingIOError:
            self._loop.add_writer(self._master, self._flush)
            return
        except OSError:  # it is ending
            self._queue.clear()
        self._loop.remove_writer(self._master)

    def resize(self, columns: int, rows: int) -> None:
        """Tell the terminal its size; the program in the foreground hears of it (SIGWINCH)."""
        if not self.ended:
            with contextlib.suppress(OSError):
                fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    async def type(self, text: str) -> None:
        """Put ``text`` at the prompt, unexecuted; waits for a prompt first. Raises :class:`LabError` if bash ends."""
        await self.wait_prompt()
        if all(char.isprintable() for char in text):
            self.write(text.encode())
        else:
            self.write(b"\x1b[200~" + text.replace("\x1b", "").encode() + b"\x1b[201~")

    async def run(self, text: str, *, timeout_seconds: float = 30) -> CommandRun:
        """Type ``text``, press Enter and wait for its end.

        A command that turns out to be another interactive bash is returned as still running, at that one's prompt; a
        line that bash does not understand, with the exit code that bash gives it. Raises ``TimeoutError``, and
        :class:`LabError` if the shell ends and does not say how.
        """
        await self.type(text)
        future: asyncio.Future[CommandRun] = self._loop.create_future()
        begun: list[CommandRun] = []

        def started(run: CommandRun) -> None:
            begun.append(run)

        def finished(run: CommandRun) -> None:
            if begun and run.id == begun[0].id and not future.done():
                future.set_result(run)

        def prompt() -> None:
            if future.done():
                return
            if not begun:
                future.set_result(CommandRun(id=next(_ids), terminal=self.name, text=text, exit=self._code))
            elif inner := next((one for one in self._open if one.run.id == begun[0].id), None):
                future.set_result(inner.current())

        def ended() -> None:
            if not future.done():
                future.set_exception(LabError("shell-ended", terminal=self.name))

        hooks = ((self.on_started, started), (self.on_finished, finished), (self.on_prompt, prompt), (self.on_ended, ended))
        for callbacks, hook in hooks:
            callbacks.append(hook)  # type: ignore[attr-defined]
        try:
            self.write(b"\r")
            async with asyncio.timeout(timeout_seconds):
                return await future
        finally:
            for callbacks, hook in hooks:
                callbacks.remove(hook)  # type: ignore[attr-defined]

    async def wait_prompt(self) -> None:
        """Wait until a prompt is there. Raises :class:`LabError` if the shell ends instead."""
        if self.at_prompt:
            return
        future: asyncio.Future[None] = self._loop.create_future()

        def happened() -> None:
            if not future.done():
                future.set_result(None)

        self.on_prompt.append(happened)
        self.on_ended.append(happened)
        try:
            if not self.ended:
                await future
        finally:
            self.on_prompt.remove(happened)
            self.on_ended.remove(happened)
        if self.ended:
            raise LabError("shell-ended", terminal=self.name)

    async def close(self) -> None:
        """Hang up: bash and what it runs in the foreground end."""
        if not self.ended:
            self._answer.close_writing()
        await self._waiter

    # -- what it prints ------------------------------------------------------------------------------------------

    def _read(self, reads: int = _READS_AT_ONCE) -> None:
        """Take in what is there, a bounded amount at a time: the loop stays alive, and the rest waits in the kernel."""
        for _ in range(reads):
            try:
                data = os.read(self._master, _READ_BYTES)
            except BlockingIOError:
                return
            except OSError as error:
                if error.errno != errno.EIO:
                    raise
                data = b""
            if not data:  # hung up; how bash ended is told by the answer socket
                self._loop.remove_reader(self._master)
                return
            for callback in tuple(self.on_output):
                callback(data)
            for part in self._parser.feed(data):
                if isinstance(part, Mark):
                    self._marked(part)
                elif self._collecting and self._open:
                    printed = self._open[-1].printed
                    printed += part
                    if len(printed) > 2 * _KEPT_BYTES:
                        del printed[:-_KEPT_BYTES]

    def _marked(self, mark: Mark) -> None:
        if mark.kind == "A":
            self._collecting = False
            self._fresh = (mark.shell, mark.prompt) != self._prompt or not mark.prompt
            self._prompt = (mark.shell, mark.prompt)
        elif mark.kind == "B":
            if self._fresh:
                self.at_prompt, self._fresh = True, False
                for callback in tuple(self.on_prompt):
                    callback()
        elif mark.kind == "C":
            self._started(mark)
        else:
            self._code = mark.exit or 0
            self._finished(mark.shell, self._code)

    def _started(self, mark: Mark) -> None:
        self.at_prompt, self._collecting = False, True
        if self._open and self._open[-1].shell == mark.shell:  # the next of several lines that were pasted at once
            return
        run = CommandRun(
            id=next(_ids), terminal=self.name, text=mark.text, namespace=mark.namespace, cwd=mark.cwd
        )
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
                break
        self._examine()

    # -- its end -------------------------------------------------------------------------------------------------

    async def _wait(self) -> None:
        words, _ = await self._answer.receive()
        if words and words[0] == "ended":
            self.exit = int(words[1])
        self._read(_READS_AT_THE_END)
        self._loop.remove_reader(self._master)
        self._loop.remove_writer(self._master)
        os.close(self._master)
        self._answer.close()
        self.at_prompt, self.ended = False, True
        if self.exit is not None and self._open:
            self._finished(self._open[0].shell, self.exit)
        for callback in tuple(self.on_ended):
            callback()
