"""What was run: in a terminal (:class:`CommandRun`) or as a script without one (:class:`Completed`)."""

from __future__ import annotations

import msgspec


class CommandRun(msgspec.Struct, frozen=True, kw_only=True):
    """One command that was typed into a shell of the lab, as the shell itself reported it."""

    id: int
    """Unique within the program."""
    terminal: str
    text: str
    """As typed, several lines possible."""
    namespace: str = "host"
    """The network namespace of the shell it was typed in: its name, ``host``, or ``?`` for one without a name."""
    cwd: str | None = None
    exit: int | None = None
    """``None`` while it runs."""
    output: str = ""
    """What it printed, without escape sequences and echo: the last 64 KiB; so far, if it still runs."""


class Completed(msgspec.Struct, frozen=True):
    """A script that has ended: its exit code and the last MiB of what it printed (both streams)."""

    exit: int
    output: str
