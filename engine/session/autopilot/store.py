"""Progress of a demo: it begins with none and leaves none, so that a learner's own is not touched."""

from __future__ import annotations

from engine.course.model import Course
from engine.session.progress import Progress, ProgressStore


class ForgetfulStore(ProgressStore):
    """Keeps nothing."""

    def load(self, course: Course) -> Progress:
        """A new progress."""
        return Progress()

    def save(self, course: Course, progress: Progress, *, durable: bool = True) -> None:
        """Does nothing."""
