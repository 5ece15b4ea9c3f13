"""A terminal that is closed and nobody is told, as under ``su -c`` and ``setsid``: the program ends all the same."""

from __future__ import annotations

import fcntl
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from tests.system.doomed import PATIENCE_SECONDS, REAPER, ROOT, environment

pytestmark = pytest.mark.lab

MUCH_PAINTED = ("demo", "--speed", "2", "--from", "9.10")
"""More than Textual's queue holds until somebody looks whether the terminal is still there."""


@pytest.mark.parametrize("arguments", [MUCH_PAINTED, ()], ids=["demo", "tutorial"])
def test_nothing_is_left(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    home, pid = tmp_path / "home", tmp_path / "pid"
    home.mkdir()
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("4H", 36, 120, 0, 0))
    program = subprocess.Popen(
        [sys.executable, str(REAPER), str(pid), sys.executable, "-m", "tui.cli", *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=ROOT,
        env=environment(home),
        start_new_session=True,  # it is nobody's controlling terminal: no SIGHUP
    )
    os.close(theirs)
    seen = b""
    while b"typing in" not in seen and b"you@lab" not in seen:
        seen = seen[-1000:] + os.read(ours, 65536)
    if not arguments:
        os.write(ours, b"while sleep 0.01; do echo much; done\r")
        while b"much\r" not in seen and seen.count(b"much") < 4:
            seen = seen[-1000:] + os.read(ours, 65536)
    os.close(ours)
    try:
        assert program.wait(PATIENCE_SECONDS) == 0, "something outlived the program"
    finally:
        if program.poll() is None:
            os.kill(int(pid.read_text()), signal.SIGKILL)
            program.wait()
