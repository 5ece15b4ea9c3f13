"""Writes small updates to the terminal at once, where Textual's own writer hands everything to a thread.

A row that changed is a few hundred bytes, which a terminal takes without delay; that spares it the way through the
thread. What is larger, or comes while the thread is at work, goes through it as before. (Textual is pinned exactly.)
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable
from typing import IO, Any

from textual._ansi_sequences import SYNC_END, SYNC_START
from textual.drivers import linux_driver
from textual.drivers._writer_thread import WriterThread

from tui.terminal.flow import Flow

SMALL_BYTES = 1024


class QuickWriter(WriterThread):
    """See the module. Order is kept: nothing is written directly while the thread has something to write."""

    def __init__(self, file: IO[str]) -> None:
        super().__init__(file)
        self._update = ""
        """What has come of an update that has not ended."""
        self._lock = threading.Lock()
        self._direct = _without_waiting(file)
        """The terminal, which may take less than it is given, and never makes one wait."""
        self._handed_over = 0
        """Texts that the thread has not written yet."""
        self.flow = Flow()
        self._free: Callable[[], None] | None = None

    def write(self, text: str) -> None:
        """Write text, or have it written; an update of the screen, with the marks around it, as one."""
        if text == SYNC_START or self._update:
            self._update += text
            if text != SYNC_END:
                return
            text, self._update = self._update, ""
        text += self.flow.written(len(text))
        with self._lock:
            if self._handed_over == 0 and len(text) <= SMALL_BYTES and self._write_now(text):
                return
            self._handed_over += 1
        self._queue.put(text)

    @property
    def congested(self) -> bool:
        """Whether the terminal has still to take, or to show, so much that more would only wait."""
        return self._handed_over > 0 or self.flow.full

    @property
    def waited_for(self) -> bool:
        """Whether somebody is to be told when that is over."""
        return self._free is not None

    def when_free(self, tell: Callable[[], None]) -> None:
        """Call ``tell``, in some thread, when it may not be congested any more. There is one who waits, the last."""
        self._free = tell
        if not self.congested:  # meanwhile
            self.free()

    def free(self) -> None:
        """Tell whoever waits."""
        tell, self._free = self._free, None
        if tell is not None:
            tell()

    def answered(self) -> None:
        """The terminal has answered :data:`~tui.terminal.flow.QUESTION`."""
        self.flow.answered()
        if not self.congested:
            self.free()

    def _write_now(self, text: str) -> bool:
        """Whether the terminal took it, or at least its beginning; the thread then writes the rest."""
        if self._direct is None:
            return False
        file: Any = self._file
        data = text.encode(file.encoding or "utf-8", file.errors or "strict")
        if len(data) > SMALL_BYTES:
            return False
        try:
            written = os.write(self._direct, data)
        except BlockingIOError:
            return False
        except OSError:  # the terminal is gone: whoever looks after that will notice
            return True
        if written < len(data):
            self._handed_over += 1
            self._queue.put(data[written:])  # type: ignore[arg-type]
        return True

    def run(self) -> None:
        """The thread: as Textual's, and it tells when it has nothing left."""
        while (text := self._queue.get()) is not None:
            if isinstance(text, bytes):
                self._file.flush()
                self._write_bytes(text)
            else:
                self._file.write(text)
            if self._queue.qsize() == 0:
                self._file.flush()
            with self._lock:
                self._handed_over -= 1
            if self._handed_over == 0:
                self.free()
        self._file.flush()
        if self._direct is not None:
            os.close(self._direct)
            self._direct = None

    def _write_bytes(self, data: bytes) -> None:
        with contextlib.suppress(OSError):  # the terminal is gone
            while data:
                data = data[os.write(self._file.fileno(), data) :]


def _without_waiting(file: IO[str]) -> int | None:
    """The same terminal, opened anew so that nobody else's writing changes; ``None`` if it has no name."""
    with contextlib.suppress(OSError, ValueError):
        return os.open(os.ttyname(file.fileno()), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
    return None


def install() -> None:
    """Make it so for every terminal. Does nothing the second time."""
    module: Any = linux_driver
    module.WriterThread = QuickWriter
