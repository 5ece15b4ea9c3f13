"""The instructor's terminal is closed and nobody is told, as under ``su -c``: the room goes on, and is found again."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.system.doomed import PATIENCE_SECONDS, REAPER, ROOT, environment

pytestmark = pytest.mark.lab


class Terminal:
    """A program in a terminal that is not its controlling terminal: no SIGHUP. ``pid``: the program's."""

    def __init__(self, home: Path, *arguments: str) -> None:
        self._pid = home / f"pid-{len(arguments)}"
        self.master, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("4H", 24, 80, 0, 0))
        self.program = subprocess.Popen(
            [sys.executable, str(REAPER), str(self._pid), sys.executable, "-m", "tui.cli", *arguments],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            cwd=ROOT,
            env=environment(home),
            start_new_session=True,
        )
        os.close(theirs)

    @property
    def pid(self) -> int:
        return int(self._pid.read_text())

    def sees(self, text: bytes) -> bytes:
        """Read what it paints until that comes."""
        seen = b""
        while text not in seen:
            seen += os.read(self.master, 65536)
        return seen


@contextmanager
def terminal(home: Path, *arguments: str) -> Iterator[Terminal]:
    it = Terminal(home, *arguments)
    try:
        yield it
    finally:
        if it.program.poll() is None:
            os.kill(it.pid, signal.SIGKILL)
            it.program.wait()


def test_the_room_goes_on_and_its_board_opens_again(tmp_path: Path) -> None:
    arguments = ("classroom", "--data", str(tmp_path / "room"))
    with terminal(tmp_path, *arguments, "--listen", "127.0.0.1:0") as first:
        said = first.sees(b"Nobody has joined")
        link = re.search(rb"http://127.0.0.1:\d+", said)
        assert link is not None
        os.close(first.master)
        with terminal(tmp_path, *arguments) as second:
            second.sees(b"Nobody has joined")
            assert urllib.request.urlopen(link[0].decode() + "/alive").status == 200
            os.write(second.master, b"q\x1b[D\r")
            second.sees(b"still open")
            assert second.program.wait(PATIENCE_SECONDS) == 0
        os.kill(first.pid, signal.SIGTERM)
        assert first.program.wait(PATIENCE_SECONDS) == 0, "something outlived the hub"
    assert {path.name for path in tmp_path.iterdir() if path.name.startswith("nsteps")} == set()
    assert {path.name for path in (tmp_path / "room").iterdir()} == {"instructor", "lock", "room.sqlite"}
