"""What the commands share that needs neither click nor a course: exit codes, and the options before a command."""

from __future__ import annotations

import msgspec

EXIT_NOT_PASSED = 1
EXIT_USAGE = 2
EXIT_NO_LAB = 3


class Shared(msgspec.Struct):
    """Options given before the command's name; those given after it win."""

    lessons: str | None = None
    language: str | None = None
    theme: str | None = None
    tour: bool | None = None
