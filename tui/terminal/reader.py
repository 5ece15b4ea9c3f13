"""Reads the terminal in the loop itself, without the thread that Textual has for it.

That spares each key the way from one thread to another, and a lone Esc is told from the beginning of a sequence after
the delay that is set for it, where the thread looks only every tenth of a second. What comes in pieces is put together
by :mod:`tui.terminal.sequences`. (Textual is pinned exactly.)
"""

from __future__ import annotations

import asyncio
import codecs
import contextlib
import os
import time
from typing import Any

from textual import events
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

from tui.terminal import quick
from tui.terminal.sequences import Sequences
from tui.terminal.writer import QuickWriter

READ_BYTES = 4096
LATER_SECONDS = 0.001
"""So much after its time a wait for the rest of a sequence is ended."""

_read_in_thread = LinuxDriver.run_input_thread


class LoopReader:
    """Feeds what is typed to the driver's parser. All of it runs in the loop."""

    def __init__(self, driver: Any) -> None:
        self._driver = driver
        self._loop: asyncio.AbstractEventLoop = driver._loop
        writer = getattr(driver, "_writer_thread", None)
        parser = XTermParser(driver._debug)
        if isinstance(writer, QuickWriter):
            self._sequences = Sequences(parser, alive=writer.answered, expecting=lambda: writer.flow.expecting)
        else:
            self._sequences = Sequences(parser)
        self._decode = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode
        self._timer: asyncio.TimerHandle | None = None
        self._characters: dict[bytes, tuple[str, str | None]] = {}
        """What the parser made of single characters: the name of the key and its character."""
        self._at_rest = False
        """The parser has just taken a character for a key: it is in no sequence and no paste."""

    def begin(self) -> None:
        self._loop.add_reader(self._driver.fileno, self._read)

    def end(self) -> None:
        self._loop.remove_reader(self._driver.fileno)
        if self._timer is not None:
            self._timer.cancel()

    def _read(self) -> None:
        try:
            data = os.read(self._driver.fileno, READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:  # the terminal is gone
            self.end()
            return
        if self._at_rest and (known := self._characters.get(data)) is not None:
            quick.deliver(self._driver._app, events.Key(*known))
            return
        self._at_rest = False
        text = self._decode(data)
        if not text:  # a character has only begun; to Textual's parser nothing means the end of everything
            return
        alone = self._sequences.at_rest and len(text) == len(data) == 1
        found = list(self._sequences.feed(text))
        self._wait_for_the_rest()
        if alone and len(found) == 1 and isinstance(key := found[0], events.Key) and self._sequences.at_rest:
            self._characters[data] = key.key, key.character
            self._at_rest = True
        for event in found:
            self._driver.process_message(event)

    def _wait_for_the_rest(self) -> None:
        """Of what may be a sequence: when its time is over it is the keys it began with."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        until = self._sequences.until
        if until is not None:
            self._timer = self._loop.call_later(max(0.0, until - time.monotonic()) + LATER_SECONDS, self._too_late)

    def _too_late(self) -> None:
        self._timer = None
        for event in self._sequences.expire():
            self._driver.process_message(event)
        self._wait_for_the_rest()


def _run_input_thread(self: LinuxDriver) -> None:
    """The thread only waits for the end of the input."""
    if not os.isatty(self.fileno):
        _read_in_thread(self)
        return
    reader = LoopReader(self)
    with contextlib.suppress(RuntimeError):  # the loop has been closed
        self._loop.call_soon_threadsafe(reader.begin)
        self.exit_event.wait()
        self._loop.call_soon_threadsafe(reader.end)


def install() -> None:
    """Make it so for every terminal. Does nothing the second time."""
    driver: Any = LinuxDriver
    driver.run_input_thread = _run_input_thread
