"""The program at the end of a slow line that parts what is typed: the real one, on a terminal of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.slow_line import tutorial
from tui.terminal.flow import LEAST

pytestmark = pytest.mark.lab

KERNEL_BYTES = 8192
"""A terminal device holds about as much."""
FRAME_BYTES = 4096
MOUSE_OFF = b"\x1b[?1003l"


def test_a_flood_keys_in_pieces_and_a_good_end(tmp_path: Path) -> None:
    with tutorial(tmp_path) as line:
        for keys in (b"echo first\r", b"\x1b[A", b"\x1b[D", b"X\r"):
            line.type(keys)
            line.delivered()
        line.sees("\n firsXt\n")

        line.type(b"yes 'a flood'\r", pieces=1)
        line.sees(" a flood\n a flood\n a flood\n a flood")
        enough = line.output + LEAST + KERNEL_BYTES
        line.until(lambda: line.output > enough, "more of it")
        line.type(b"\x03")
        before = line.output
        line.sees("^C\n you@lab:~$")
        assert line.output - before < KERNEL_BYTES + LEAST + 4 * FRAME_BYTES

        line.type(b"\x1bOQ", pieces=2)
        line.sees("Hint 1/")
        line.type(b"\x1b[21~")
        while MOUSE_OFF not in line.last:  # the mouse is moved until the terminal has heard that nobody wants to know
            line.type(b"\x1b[<35;20;10M")
            line.delivered()
        line.until(lambda: line.program.poll() is not None and line.idle, "the end")
        assert line.left() == b""
        line.sees("brings you back")
