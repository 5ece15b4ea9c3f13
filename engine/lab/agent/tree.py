"""The lab's files, seen from outside and never past the lab's own root, whatever links the learner lays."""

from __future__ import annotations

import contextlib
import os
import select
import stat
from collections.abc import Iterator

from engine.lab.agent import syscalls

_LARGEST_BYTES = 64 * 1024


class LabGone(Exception):
    """The lab's first process has ended."""


class Tree:
    """The file tree that the lab's first process sees. Owns a pidfd and the lab's own ``/proc``."""

    def __init__(self, lab_pid: int) -> None:
        self._path = f"/proc/{lab_pid}/root"
        try:
            self.pidfd = os.pidfd_open(lab_pid)
        except ProcessLookupError as error:
            raise LabGone from error
        self._alive = select.poll()
        self._alive.register(self.pidfd, select.POLLIN)
        self._proc: int | None = None

    def close(self) -> None:
        os.close(self.pidfd)
        if self._proc is not None:
            os.close(self._proc)
            self._proc = None

    @contextlib.contextmanager
    def root(self) -> Iterator[int]:
        """A descriptor of the lab's root directory. Raises :class:`LabGone`."""
        try:
            descriptor = os.open(self._path, os.O_PATH | os.O_DIRECTORY)
        except OSError as error:
            raise LabGone from error
        try:
            # Only a number that is still its own is surely the lab's: a reused one would be the real host's root.
            if self._alive.poll(0):
                raise LabGone
            yield descriptor
        finally:
            os.close(descriptor)

    @property
    def proc(self) -> int:
        """The lab's own ``/proc``, opened once: the lab's processes are seen even if the learner unmounts it."""
        if self._proc is None:
            self._proc = self.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
        return self._proc

    def open(self, path: str, flags: int = os.O_RDONLY) -> int:
        """Open a path of the lab. Raises ``OSError``; :class:`LabGone` when there is no lab any more."""
        with self.root() as root:
            return syscalls.open_in_root(root, path, flags)

    def list(self, path: str) -> tuple[str, ...]:
        """The names in a directory, sorted; none where there is no such directory."""
        try:
            descriptor = self.open(path, os.O_RDONLY | os.O_DIRECTORY)
        except OSError:
            return ()
        try:
            return tuple(sorted(os.listdir(descriptor)))  # noqa: PTH208 - by descriptor, so that no link leads out
        finally:
            os.close(descriptor)

    def read(self, path: str) -> str | None:
        """The text of an ordinary file (its first 64 KiB), or ``None`` if there is none to be read."""
        try:
            descriptor = self.open(path, os.O_RDONLY | os.O_NONBLOCK)
        except OSError:
            return None
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return None
            return os.read(descriptor, _LARGEST_BYTES).decode(errors="replace")
        except OSError:
            return None
        finally:
            os.close(descriptor)
