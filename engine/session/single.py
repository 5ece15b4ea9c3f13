"""One program at a time keeps the progress of a course: a lock that the kernel takes back however the holder ends."""

from __future__ import annotations

import fcntl
import os
from types import TracebackType

from engine.course.model import Course
from engine.session.progress import Progress, ProgressStore


class ProgressLock:
    """``with ProgressLock(store, course) as lock``: ``lock.held`` tells whether this program is the one that keeps it.

    A directory that cannot be written is no reason to refuse: nothing can be kept there anyway, so it counts as held.
    """

    def __init__(self, store: ProgressStore, course: Course) -> None:
        self._path = store.path(course).with_suffix(".lock")
        self._descriptor: int | None = None
        self.held = False

    def __enter__(self) -> ProgressLock:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            self.held = True
            return self
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.held = True
        except OSError:
            self.held = False
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


class ReadOnlyStore(ProgressStore):
    """Progress as it was stored; what is done now is not kept, because another program keeps its own."""

    def save(self, course: Course, progress: Progress, *, durable: bool = True) -> None:
        """Does nothing."""
