"""``nsteps shell``: a lab's shell in the caller's own terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.lab

ROOT = Path(__file__).resolve().parents[2]
DEADLINE_SECONDS = 60.0


class Terminal:
    """A terminal with the program in it."""

    def __init__(self, *words: str) -> None:
        self.master, slave = pty.openpty()
        self.size(90, 20)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tui.cli", "shell", *words],
            cwd=ROOT,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            env={**os.environ, "TERM": "xterm-256color", "PYTHONDONTWRITEBYTECODE": "1"},
        )
        os.close(slave)
        self.read = b""

    def size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def keys(self, keys: str) -> None:
        os.write(self.master, keys.encode())

    def until(self, text: str) -> None:
        """Read until ``text`` has come, and forget what came before its end."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        while text.encode() not in self.read:
            ready, _, _ = select.select([self.master], [], [], deadline - time.monotonic())
            assert ready, f"no {text!r} in {self.read!r}"
            try:
                self.read += os.read(self.master, 65536)
            except OSError:
                pytest.fail(f"it ended without {text!r}: {self.read!r}")
        self.read = self.read.split(text.encode(), 1)[1]


@pytest.fixture
def terminal(request: pytest.FixtureRequest) -> Iterator[Terminal]:
    opened = Terminal(*getattr(request, "param", ()))
    yield opened
    opened.process.kill()
    opened.process.wait()
    os.close(opened.master)


def test_an_interactive_shell(terminal: Terminal) -> None:
    terminal.until("you@lab")
    terminal.keys("tty; stty size\r")
    terminal.until("/dev/pts/0")
    terminal.until("20 90")
    terminal.until("you@lab")
    terminal.size(70, 15)
    os.kill(terminal.process.pid, 28)  # SIGWINCH: this terminal is nobody's controlling one
    terminal.keys("bash -c 'echo now; exec sleep 1000'; echo never\r")
    terminal.until("now\r\n")
    terminal.keys("\x03")
    terminal.until("you@lab")
    terminal.keys("stty size; exit 7\r")
    terminal.until("15 70")
    assert terminal.process.wait(DEADLINE_SECONDS) == 7


@pytest.mark.parametrize("terminal", [["veth/create-pair"]], indirect=True)
def test_brought_to_a_step(terminal: Terminal) -> None:
    terminal.until("you@lab")
    terminal.keys("ip netns; ip -br link show type veth | grep -c dustin; exit\r")
    terminal.until("133;C")
    terminal.until("netns_dustin")
    terminal.until("0")
    assert terminal.process.wait(DEADLINE_SECONDS) == 1


def test_a_script_on_standard_input() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tui.cli", "shell"],
        cwd=ROOT,
        input="ip -br link | cut -d' ' -f1; exit 5",
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
    )
    assert done.returncode == 5
    assert done.stdout.split()[0] == "lo" and done.stdout.split()[1].startswith("enp4s0")


def test_an_unknown_step_is_a_usage_error() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tui.cli", "shell", "nonsense"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 2 and "nonsense" in done.stderr
