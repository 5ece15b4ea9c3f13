"""Writing to a terminal that may go away at any moment."""

from __future__ import annotations

import contextlib
from typing import IO, Any

from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver


class Unfailing:
    """A terminal's file; what is written once the terminal is gone is lost, and nobody is told."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError):
            self._file.write(text)
        return len(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            self._file.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def outlive_terminal(driver: Driver) -> None:
    """Have the program notice by itself that its terminal is gone.

    Textual writes in a thread of its own. That one would end with an error; its queue would fill, and the program wait
    for room in it for ever, before it could look whether the terminal is still there.
    """
    if isinstance(driver, LinuxDriver) and driver._file is not None:
        driver._file = Unfailing(driver._file)  # type: ignore[assignment]
