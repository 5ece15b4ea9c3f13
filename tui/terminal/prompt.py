"""What stands at the prompt of a terminal, read off its screen."""

from __future__ import annotations

import re

from tui.terminal.emulator import Emulator

PROMPT = re.compile(r"^[\w.-]+@[\w.-]+:[^$#]*[$#]( |$)")
"""The lab's own prompt; one that the learner has changed is not known."""
MOST_ROWS = 6
"""A command that takes more rows than this is not read."""


def typed_at_prompt(emulator: Emulator | None) -> str:
    """The command line that is being typed; empty if nothing is, or the prompt is not the lab's."""
    cursor = emulator.cursor() if emulator is not None else None
    if emulator is None or cursor is None:
        return ""
    first, _ = emulator.position()
    last = first + cursor.y
    for row in range(last, max(-1, last - MOST_ROWS), -1):
        start = emulator.text_between((0, row), (emulator.columns - 1, row))
        if found := PROMPT.match(start):
            rows = [emulator.text_between((0, one), (emulator.columns - 1, one)) for one in range(row, last + 1)]
            full = [one.ljust(emulator.columns) for one in rows[:-1]]  # a row that goes on in the next is full
            return "".join([*full, rows[-1]])[found.end() :].strip()
    return ""
