"""A terminal at the far end of a slow line: what is typed and shown comes late, in pieces, a little at a time."""

from __future__ import annotations

import contextlib
import fcntl
import os
import random
import select
import struct
import subprocess
import sys
import termios
import time
import tty
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.tui.terminal.screen import Screen

ROOT = Path(__file__).resolve().parents[2]
SIZE = (100, 30)
LATE_SECONDS = 0.15
"""Each way."""
PIECE_SECONDS = 0.25
"""At most, between the pieces of what was typed at once."""
RATE = 20_000
"""Bytes of output a second."""
AT_ONCE = 512
PATIENCE_SECONDS = 60.0


class SlowLine:
    """See the module. Time passes while one waits for something: :meth:`until`, :meth:`sees`."""

    def __init__(self, words: list[str], environment: Mapping[str, str], *, seed: int = 1) -> None:
        self.screen = Screen(*SIZE)
        self.output = 0
        """Bytes that have been taken from the program."""
        self._random = random.Random(seed)
        self._outside, self._inside = os.openpty()
        fcntl.ioctl(self._inside, termios.TIOCSWINSZ, struct.pack("HHHH", SIZE[1], SIZE[0], 0, 0))
        self.program = subprocess.Popen(
            words,
            cwd=ROOT,
            env=dict(environment),
            stdin=self._inside,
            stdout=self._inside,
            stderr=self._inside,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        self._typed: deque[tuple[float, bytes]] = deque()
        self._shown: deque[tuple[float, bytes]] = deque()
        self._open_at = 0.0
        """When the line takes output again."""
        self.last = b""
        """The end of what has been shown."""

    def type(self, data: bytes, *, pieces: int = 3) -> None:
        """Somebody, or the terminal, sends that; the line parts it."""
        cuts = sorted(self._random.sample(range(1, len(data)), min(pieces, len(data)) - 1))
        moment = time.monotonic() + LATE_SECONDS
        for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True):
            if self._typed:
                moment = max(moment, self._typed[-1][0])
            self._typed.append((moment, data[start:end]))
            moment += self._random.uniform(0, PIECE_SECONDS)

    def _pass(self) -> None:
        """A moment passes."""
        now = time.monotonic()
        if self._typed and self._typed[0][0] <= now:
            os.write(self._outside, self._typed.popleft()[1])
        while self._shown and self._shown[0][0] <= now:
            data = self._shown.popleft()[1]
            self.last = (self.last + data)[-4096:]
            self.screen.feed(data)
            if self.screen.replies:
                replies, self.screen.replies = self.screen.replies, b""
                self.type(replies)
        may = [self._outside] if now >= self._open_at else []
        if select.select(may, [], [], 0.005)[0]:
            data = b""
            with contextlib.suppress(OSError):
                data = os.read(self._outside, AT_ONCE)
            self._open_at = now + len(data) / RATE
            self.output += len(data)
            self._shown.append((now + LATE_SECONDS, data))

    def until(self, condition: Callable[[], object], what: str) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            assert time.monotonic() < deadline, f"{what} did not come\n{self.screen.text()}"
            self._pass()

    def sees(self, text: str) -> None:
        self.until(lambda: text in self.screen.text(), repr(text))

    def delivered(self) -> None:
        """Everything typed has arrived."""
        self.until(lambda: self.idle, "what was typed")

    @property
    def idle(self) -> bool:
        """Nothing that was typed is on its way."""
        return not self._typed

    def left(self) -> bytes:
        """What the program, which has ended, has left to be read by the next one."""
        tty.setraw(self._inside, termios.TCSANOW)
        data = b""
        while select.select([self._inside], [], [], 0)[0]:
            data += os.read(self._inside, 4096)
        return data

    def cut(self) -> None:
        """The line breaks."""
        for number in (self._inside, self._outside):
            with contextlib.suppress(OSError):
                os.close(number)


@contextmanager
def tutorial(home: Path) -> Iterator[SlowLine]:
    """The tutorial at its first step, with a prompt, for somebody who is here for the first time."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "LC_"))},
        **{"HOME": str(home), "TERM": "xterm-256color", "LANG": "C.UTF-8", "LANGUAGE": "", "NO_COLOR": "1"},
    }
    line = SlowLine([sys.executable, "-m", "tui.cli", "--lang", "en", "--no-tour"], environment)
    try:
        line.sees("you@lab:~$")
        yield line
    finally:
        line.cut()
        line.program.wait(PATIENCE_SECONDS)
