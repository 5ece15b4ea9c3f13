"""What a seat's program and the instructor's board are started with."""

from __future__ import annotations

import msgspec

from engine.session.progress import Progress


class SeatSeating(msgspec.Struct, frozen=True, kw_only=True):
    """For a seat's process, sent over its socket as JSON before anything else, with the length in four bytes."""

    seat: int
    name: str | None
    """As the learner gave it; to be shown as text whatever it contains."""
    columns: int
    rows: int
    language: str | None = None
    step: str | None = None
    """Where somebody who has no progress yet begins."""
    progress: Progress | None = None
    progress_number: int = 0
    """The number of that progress; the next one kept has a higher one."""
    cgroup: str | None = None
    """Directory of the cgroup that the process and its lab belong into."""


class DeskAddress(msgspec.Struct, frozen=True, kw_only=True):
    """For the board: where the hub is, and the token that shows that one may lead the room."""

    unix: str
    """Path of the Unix socket that the hub listens on."""
    token: str
    lessons: str | None = None
    language: str | None = None
