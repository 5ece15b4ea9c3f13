"""Hard shares of the processor and of memory: one cgroup (v2) for each seat, where the system has delegated one to us.

https://systemd.io/CGROUP_DELEGATION: what runs in a unit with ``Delegate=yes`` may make cgroups below its own; systemd
marks such a cgroup with the extended attribute ``user.delegate``. A container whose own cgroup is the root that it sees
may do so as well, if it can write there.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

NEEDED = ("cpu", "memory", "pids")
HUB_WEIGHT, SEAT_WEIGHT = 1000, 100
"""Shares of the processor when there is not enough of it (cpu.weight)."""
MEMORY_BYTES = 600 * 1024 * 1024
"""Of a seat with everything in it; a busy one takes a tenth."""
PROCESSES = 200
"""Of a seat, with its lab's."""


class Cgroups:
    """``base`` is the delegated cgroup's directory. Get it with :meth:`open`."""

    def __init__(self, base: Path) -> None:
        self._base = base

    @classmethod
    def open(
        cls, own: Path = Path("/proc/self/cgroup"), mount: Path = Path("/sys/fs/cgroup"), *, trust: bool = False
    ) -> Cgroups | None:
        """Take the delegated cgroup over; ``None`` where there is none. ``trust``: it need not be marked."""
        try:
            path = next(line[3:] for line in own.read_text().splitlines() if line.startswith("0::"))
            base = mount / path.lstrip("/")
            controllers = (base / "cgroup.controllers").read_text().split()
        except (OSError, StopIteration):
            return None
        if not all(name in controllers for name in NEEDED) or not (trust or path == "/" or _delegated(base)):
            return None
        self = cls(base)
        try:
            self._take_over()
        except OSError:
            return None
        return self

    def _take_over(self) -> None:
        """Only a cgroup without processes of its own may share its controllers out: they move to one below."""
        hub = self._base / "hub"
        hub.mkdir(exist_ok=True)
        for pid in (self._base / "cgroup.procs").read_text().split():
            with contextlib.suppress(ProcessLookupError):
                (hub / "cgroup.procs").write_text(pid)
        (self._base / "cgroup.subtree_control").write_text(" ".join(f"+{name}" for name in NEEDED))
        (hub / "cpu.weight").write_text(str(HUB_WEIGHT))

    def seat(self, number: int) -> str | None:
        """The cgroup of that seat, made if it is not there; ``None`` if it cannot be."""
        path = self._path(number)
        try:
            path.mkdir(exist_ok=True)
            (path / "cpu.weight").write_text(str(SEAT_WEIGHT))
            (path / "memory.max").write_text(str(MEMORY_BYTES))
            (path / "pids.max").write_text(str(PROCESSES))
        except OSError:
            return None
        return str(path)

    def remove(self, number: int) -> None:
        """The seat has ended."""
        with contextlib.suppress(OSError):  # a process is just ending: the next start takes it over
            self._path(number).rmdir()

    def _path(self, number: int) -> Path:
        return self._base / f"seat-{number}"


def enter(path: str) -> None:
    """Move this process, and whatever it will start, into that cgroup."""
    with contextlib.suppress(OSError):
        Path(path, "cgroup.procs").write_text("0")


def _delegated(base: Path) -> bool:
    for name in ("user.delegate", "trusted.delegate"):
        with contextlib.suppress(OSError):
            if os.getxattr(base, name) == b"1":
                return True
    return False
