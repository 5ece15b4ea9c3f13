"""Writes small updates to the terminal at once, where Textual's own writer hands everything to a thread.

A row that changed is a few hundred bytes, which a terminal takes without delay; that spares it the way through the
thread. What is larger, or comes while the thread is at work, goes through it as before. (Textual is pinned exactly.)
"""

from __future__ import annotations

import os
import select
import threading
from typing import IO, Any

from textual._ansi_sequences import SYNC_END, SYNC_START
from textual.drivers import linux_driver
from textual.drivers._writer_thread import WriterThread

SMALL_BYTES = 1024


class QuickWriter(WriterThread):
    """See the module. Order is kept: nothing is written directly while the thread has something to write."""

    def __init__(self, file: IO[str]) -> None:
        super().__init__(file)
        self._update = ""
        """What has come of an update that has not ended."""
        self._lock = threading.Lock()
        self._handed_over = 0
        """Texts that the thread has not written yet."""

    def write(self, text: str) -> None:
        """Write text, or have it written; an update of the screen, with the marks around it, as one."""
        if text == SYNC_START or self._update:
            self._update += text
            if text != SYNC_END:
                return
            text, self._update = self._update, ""
        with self._lock:
            if self._handed_over == 0 and len(text) <= SMALL_BYTES and self._write_now(text):
                return
            self._handed_over += 1
        self._queue.put(text)

    def _write_now(self, text: str) -> bool:
        """Whether the terminal took it."""
        file: Any = self._file
        data, number = text.encode(file.encoding or "utf-8", file.errors or "strict"), file.fileno()
        if len(data) > SMALL_BYTES or not select.select([], [number], [], 0)[1]:
            return False
        try:
            written = os.write(number, data)
        except BlockingIOError:
            return False
        except OSError:  # the terminal is gone: whoever looks after that will notice
            return True
        while written < len(data):  # it was interrupted
            select.select([], [number], [])
            written += os.write(number, data[written:])
        return True

    def run(self) -> None:
        """The thread: as Textual's, and it tells when it has nothing left."""
        while (text := self._queue.get()) is not None:
            self._file.write(text)
            if self._queue.qsize() == 0:
                self._file.flush()
            with self._lock:
                self._handed_over -= 1
        self._file.flush()


def install() -> None:
    """Make it so for every terminal. Does nothing the second time."""
    module: Any = linux_driver
    module.WriterThread = QuickWriter
