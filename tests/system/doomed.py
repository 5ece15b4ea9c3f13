"""Starts the program in a terminal, under the reaper, with a home of its own, to be killed at any moment."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pexpect

ROOT = Path(__file__).resolve().parents[2]
REAPER = ROOT / "tests" / "system" / "reaper.py"
PATIENCE_SECONDS = 60


def environment(home: Path) -> dict[str, str]:
    """Of a user who has nothing but a home."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "TMPDIR": str(home),
        "TERM": "xterm-256color",
        "LC_ALL": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


class Doomed:
    """``child`` is its terminal, ``home`` its user's home."""

    def __init__(self, directory: Path, *arguments: str) -> None:
        self.home = directory / "home"
        self.home.mkdir()
        self._pid_file = directory / "pid"
        self.child = pexpect.spawn(
            sys.executable,
            [str(REAPER), str(self._pid_file), sys.executable, "-m", "tui.cli", *arguments],
            dimensions=(36, 120),
            env=environment(self.home),
            cwd=ROOT,
            timeout=PATIENCE_SECONDS,
        )

    def run_for(self, seconds: float) -> None:
        """Let it run and read what it paints: the moment of the kill is what varies, nothing is waited for."""
        self.child.expect(pexpect.TIMEOUT, timeout=seconds)

    def kill(self) -> None:
        """``kill -9``, and wait until every process that came of it has ended."""
        os.kill(int(self._pid_file.read_text()), signal.SIGKILL)
        self.child.expect(pexpect.EOF)
        self.child.close()
        assert self.child.exitstatus == 0, "something outlived the program"
