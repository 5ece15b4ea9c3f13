"""The instructor's demo: ``nsteps demo`` on a terminal that nobody has, painted on every seat's screen."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import signal
import struct
import sys
import termios
from asyncio.subprocess import Process
from collections.abc import Callable
from pathlib import Path

from engine.lab.warm import readable
from tui.classroom.nursery import seat_environment

STOP_SECONDS = 10.0
READ_BYTES = 65536
REPAINT_SECONDS = 0.5
"""Whoever comes within this time shares a picture."""
_CODE = (
    "import sys; root = sys.argv.pop(1); root in sys.path or sys.path.append(root); "
    "from tui.cli import main; main(prog_name='nsteps')"
)
_ROOT = str(Path(__file__).resolve().parents[2])


class Demo:
    """``steps``: the first and the last. ``painted`` and ``ended`` are called with the demo itself."""

    def __init__(
        self,
        lessons: str | None,
        language: str | None,
        steps: tuple[str | None, str | None],
        painted: Callable[[Demo, bytes], None],
        ended: Callable[[Demo], None],
    ) -> None:
        first, last = steps
        self._words = ["demo", "--manual", *(["--lessons", lessons] if lessons else [])]
        self._words += ["--lang", language] if language else []
        self._words += ["--from", first] if first else []
        self._words += ["--to", last] if last else []
        self._painted = painted
        self._ended = ended
        self._master = -1
        self._size = (80, 24)
        self._process: Process | None = None
        self._stopped = False
        self._repaint: asyncio.TimerHandle | None = None

    async def run(self, columns: int, rows: int) -> None:
        """Until it ends, or is stopped. Calls ``ended`` in any case."""
        self._size = (columns, rows)
        self._master, slave = os.openpty()
        os.set_blocking(self._master, False)
        self._resize(columns, rows)
        try:
            if not self._stopped:
                self._process = await asyncio.create_subprocess_exec(
                    *("setsid", "--ctty", sys.executable, "-P", "-c", _CODE, _ROOT, *self._words),
                    stdin=slave,
                    stdout=slave,
                    stderr=slave,
                    env=seat_environment(),
                    cwd="/",
                )
                if self._stopped:
                    self._process.terminate()
        except OSError:
            self._process = None
        finally:
            os.close(slave)
        try:
            if self._process is not None:
                await self._read()
                await self._process.wait()
        finally:
            if self._repaint is not None:
                self._repaint.cancel()
            os.close(self._master)
            self._master = -1
            self._ended(self)

    def type(self, keys: bytes) -> None:
        """What the instructor types."""
        if self._master >= 0:
            with contextlib.suppress(BlockingIOError, OSError):
                os.write(self._master, keys)

    def repaint(self) -> None:
        """Somebody new looks: paint everything, soon. The program does that when its terminal changes its size."""
        if self._repaint is None and self._master >= 0:
            self._repaint = asyncio.get_running_loop().call_later(REPAINT_SECONDS, self._shrink)

    def _shrink(self) -> None:
        columns, rows = self._size
        self._resize(columns, rows - 1)
        self._repaint = asyncio.get_running_loop().call_later(REPAINT_SECONDS, self._grow)

    def _grow(self) -> None:
        self._repaint = None
        self._resize(*self._size)

    def _resize(self, columns: int, rows: int) -> None:
        if self._master >= 0:
            with contextlib.suppress(OSError):
                fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    async def stop(self) -> None:
        """End it, if it has not ended."""
        self._stopped = True
        if self._process is None or self._process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(self._process.wait(), STOP_SECONDS)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()

    async def _read(self) -> None:
        while True:
            await readable(self._master)
            try:
                picture = os.read(self._master, READ_BYTES)
            except BlockingIOError:
                continue
            except OSError:  # the terminal's last user has ended
                return
            if not picture:
                return
            self._painted(self, picture)
