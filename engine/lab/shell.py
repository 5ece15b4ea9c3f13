"""One interactive bash in a lab, on a terminal of the lab's own devpts.

The terminal's master end comes from the nursery by descriptor (see :mod:`engine.lab.entering`). A library that spawns
its own PTY (pexpect) would put a terminal of the real host under the learner's shell: ``tty`` would name a device that
the lab does not have, and programs that open it (tmux, script, a pager that asks) would fail.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import fcntl
import os
import struct
import termios
from collections.abc import Callable, Iterator
from typing import TypeVar

from engine.lab.command import CommandRun
from engine.lab.errors import LabError
from engine.lab.tracker import CommandTracker
from engine.lab.warm import Answer

CallbackT = TypeVar("CallbackT")
_READ_BYTES = 64 * 1024
_READS_AT_ONCE = 16
_READS_AT_THE_END = 1024
_WRITE_BYTES = 4096
_ENDS_LINE = (b"\r", b"\n", b"\x03")
"""Keys after which bash gives a new prompt, sooner or later: Enter, Ctrl-J, Ctrl-C."""


class Shell:
    """See the module. Get one from ``Lab.shell``. Callbacks are called in the event loop, as things happen."""

    def __init__(self, name: str, master: int, answer: Answer, examine: Callable[[], None]) -> None:
        self.name = name
        self.ended = False
        self.exit: int | None = None
        """How bash ended, once it has."""
        self._tracker = CommandTracker(name)
        self.on_output: list[Callable[[bytes], None]] = []
        self.on_started = self._tracker.on_started
        self.on_finished = self._tracker.on_finished
        self.on_prompt = self._tracker.on_prompt
        """A prompt is there: of the first bash, or of one inside it (``sudo -i``, ``ip netns exec NAME bash``)."""
        self.on_ended: list[Callable[[], None]] = []
        self.on_finished.append(lambda _: examine())
        self._master = master
        self._answer = answer
        self._queue = bytearray()
        self._loop = asyncio.get_running_loop()
        os.set_blocking(master, False)
        self._loop.add_reader(master, self._read)
        self._waiter = self._loop.create_task(self._wait())

    @property
    def at_prompt(self) -> bool:
        """Whether it waits for a command: of its first bash, or of one inside it."""
        return self._tracker.at_prompt

    @property
    def running(self) -> CommandRun | None:
        """The command that runs in it now, with its output so far; ``None`` at a prompt."""
        return self._tracker.running

    # -- keys ------------------------------------------------------------------------------------------------------

    def write(self, data: bytes) -> None:
        """Send keys. Never blocks: what the terminal does not take now is queued."""
        if self.ended or not data:
            return
        if any(key in data for key in _ENDS_LINE) and not data.startswith(b"\x1b[200~"):
            self._tracker.entered()
        idle = not self._queue
        self._queue += data
        if idle:
            self._flush()

    def _flush(self) -> None:
        try:
            while self._queue:
                del self._queue[: os.write(self._master, self._queue[:_WRITE_BYTES])]
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
        self._tracker.typed = text
        if text.isprintable():
            self.write(text.encode())
        else:
            self.write(b"\x1b[200~" + text.replace("\x1b", "").encode() + b"\x1b[201~")

    async def run(self, text: str, *, timeout_seconds: float = 30) -> CommandRun:
        """Type ``text``, press Enter and wait for its end; the time is for the prompt, and again for the command.

        A command that turns out to be another interactive bash is returned as still running, at that one's prompt; a
        line that bash does not understand, with the exit code that bash gives it. Raises ``TimeoutError``, and
        :class:`LabError` if the shell ends and does not say how.
        """
        async with asyncio.timeout(timeout_seconds):
            await self.type(text)
        return await self.enter(text, timeout_seconds=timeout_seconds)

    async def enter(self, text: str, *, timeout_seconds: float = 30) -> CommandRun:
        """Press Enter where ``text`` stands at the prompt and wait for its end, as :meth:`run` does."""
        future: asyncio.Future[CommandRun] = self._loop.create_future()
        begun: list[CommandRun] = []

        def finished(run: CommandRun) -> None:
            if begun and run.id == begun[0].id:
                _answer(future, run)

        def prompt() -> None:
            if not begun:
                _answer(future, self._tracker.not_understood(text))
            elif inside := self._tracker.unfinished(begun[0].id):
                _answer(future, inside)

        def ended() -> None:
            if not future.done():
                future.set_exception(LabError("shell-ended", terminal=self.name))

        with contextlib.ExitStack() as hooks:
            hooks.enter_context(_hook(self.on_started, begun.append))
            hooks.enter_context(_hook(self.on_finished, finished))
            hooks.enter_context(_hook(self.on_prompt, prompt))
            hooks.enter_context(_hook(self.on_ended, ended))
            self.write(b"\r")
            async with asyncio.timeout(timeout_seconds):
                return await future

    async def wait_prompt(self) -> None:
        """Wait until a prompt is there. Raises :class:`LabError` if the shell ends instead."""
        if not self.at_prompt and not self.ended:
            happened = asyncio.Event()
            with _hook(self.on_prompt, happened.set), _hook(self.on_ended, happened.set):
                await happened.wait()
        if self.ended:
            raise LabError("shell-ended", terminal=self.name)

    async def close(self) -> None:
        """Hang up: bash and its jobs end."""
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
            self._tracker.feed(data)

    async def _wait(self) -> None:
        words, _ = await self._answer.receive()
        if words and words[0] == "ended":
            self.exit = int(words[1])
        self._read(_READS_AT_THE_END)
        self._loop.remove_reader(self._master)
        self._loop.remove_writer(self._master)
        os.close(self._master)
        self._answer.close()
        self.ended = True
        self._tracker.ended(self.exit)
        for callback in tuple(self.on_ended):
            callback()


def _answer(future: asyncio.Future[CommandRun], run: CommandRun) -> None:
    if not future.done():
        future.set_result(run)


@contextlib.contextmanager
def _hook(callbacks: list[CallbackT], callback: CallbackT) -> Iterator[None]:
    """Have ``callback`` called for as long as the context lasts."""
    callbacks.append(callback)
    try:
        yield
    finally:
        callbacks.remove(callback)
