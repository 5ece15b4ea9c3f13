"""Sees to it that a seat that burns the processor does not slow the others, where no cgroup does.

The kernel shares the processor fairly among processes or (with autogroup, see sched(7)) among sessions; a learner can
start many of either. When many processes of the machine wait for it, those of a lab that has several that do are put
last: niceness 19, for the process and for its session's autogroup. Everything else, and a shell of another seat with
it, then comes before them. They are not put back: who wants that, resets the lab.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterable
from pathlib import Path

CROWD_PER_CPU = 4
"""Nothing is done while the machine has no more running processes than this for each processor."""
ALLOWED = 4
"""So many running processes of one lab are nobody's business."""
LAST = 19
SESSIONS_SECONDS, BETWEEN_SECONDS = 1.0, 0.05


class Processes:
    """What /proc shows at one moment: parents, and who runs or wants to."""

    def __init__(self, proc: Path = Path("/proc")) -> None:
        self._children: dict[int, list[int]] = {}
        self._running: set[int] = set()
        for entry in os.scandir(proc):
            if entry.name.isdigit():
                with contextlib.suppress(OSError, ValueError, IndexError):
                    fields = Path(entry.path, "stat").read_text().rpartition(")")[2].split()
                    self._children.setdefault(int(fields[1]), []).append(int(entry.name))
                    if fields[0] == "R":
                        self._running.add(int(entry.name))

    def running_below(self, pid: int) -> set[int]:
        """Of the processes that came of that one, those that run or want to."""
        found: set[int] = set()
        waiting = [pid]
        while waiting:
            for child in self._children.get(waiting.pop(), ()):
                waiting.append(child)
                if child in self._running:
                    found.add(child)
        return found


def crowded(stat: Path = Path("/proc/stat")) -> bool:
    """Whether many processes of this machine want the processor."""
    try:
        words = next(line.split() for line in stat.read_text().splitlines() if line.startswith("procs_running"))
        return int(words[1]) > CROWD_PER_CPU * (os.cpu_count() or 1)
    except (OSError, StopIteration, ValueError):
        return False


def put_last(seats: Iterable[int]) -> set[int]:
    """Put the burning processes of these seats (their processes' numbers) last; which ones. Takes a second at most."""
    processes = Processes()
    burning: set[int] = set()
    for seat in seats:
        running = processes.running_below(seat)
        if len(running) > ALLOWED:
            burning |= running
    demoted = {pid for pid in burning if _demote(pid)}
    _demote_sessions(burning)
    return demoted


def _demote(pid: int) -> bool:
    try:
        if os.getpriority(os.PRIO_PROCESS, pid) >= LAST:
            return False
        os.setpriority(os.PRIO_PROCESS, pid, LAST)
    except OSError:
        return False
    return True


def _demote_sessions(pids: Iterable[int]) -> None:
    """The kernel takes a change of an autogroup from an ordinary user ten times a second."""
    until = time.monotonic() + SESSIONS_SECONDS
    for pid in pids:
        autogroup = Path(f"/proc/{pid}/autogroup")
        while time.monotonic() < until:
            try:
                if not autogroup.read_text().endswith(f"nice {LAST}\n"):
                    autogroup.write_text(str(LAST))
            except BlockingIOError:
                time.sleep(BETWEEN_SECONDS)
                continue
            except OSError:  # it has ended, or this kernel has no autogroups
                pass
            break
