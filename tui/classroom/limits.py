"""What one seat may take from the others: processes, memory, files, and the processor when there is not enough of it.

Inside its lab the kernel already holds a learner to :mod:`engine.lab.limits`. This is about the machine that the whole
room shares. Keys go round whatever the seats do, because the hub comes first, then the programs that paint the seats'
screens, then what runs in the labs; and because a lab may have only so many processes. Where the system has delegated
a cgroup (v2) to the hub, as ``systemd-run --user --scope -p Delegate=yes`` does, each seat has one of its own
(:mod:`tui.classroom.cgroups`): then the shares are hard.
"""

from __future__ import annotations

import contextlib
import os
import resource
from pathlib import Path

from engine.lab import limits

PROCESSES = 64
"""Of a lab in a classroom. The lessons need less than half of it."""
SEAT_NICE, LAB_NICE = 1, 9
"""Added to the niceness of a seat's own program and, on top of that, of everything in its lab. The kernel lets nobody
in there take it back (``CAP_SYS_NICE`` of the real host is needed)."""
SEAT_BYTES, LAB_BYTES = 4 * 1024 * 1024 * 1024, 1024 * 1024 * 1024
"""Address space of each process (RLIMIT_AS)."""
OUT_OF_MEMORY_SEAT, OUT_OF_MEMORY_LAB = 300, 800
"""When the machine has no memory left, the kernel ends a process of a lab first, and never the hub."""


def apply_to_parent() -> None:
    """In the seats' parent, before anything of a lab is imported."""
    limits.PROCESSES = PROCESSES


def apply_to_seat() -> None:
    """In a seat's process, before anything else runs in it."""
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_AS, SEAT_BYTES)
    _nice(SEAT_NICE)
    _score(OUT_OF_MEMORY_SEAT)


def apply_to_lab() -> None:
    """In the process that starts its labs."""
    _lower(resource.RLIMIT_AS, LAB_BYTES)
    _nice(LAB_NICE)
    _score(OUT_OF_MEMORY_LAB)


def _lower(which: int, most: int) -> None:
    _, hard = resource.getrlimit(which)
    if hard == resource.RLIM_INFINITY or hard > most:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(which, (most, most))


def _nice(more: int) -> None:
    with contextlib.suppress(OSError):
        os.nice(more)


def _score(score: int) -> None:
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(score))
