"""The hub's side of the warm parent: starts it once, asks it for seats."""

from __future__ import annotations

import array
import asyncio
import contextlib
import os
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL, Process
from pathlib import Path

from engine.lab.warm import Answer, readable
from tui.classroom.seat_process import LEARNER
from tui.web.process import OF_THE_BROWSER

FORK_SECONDS = 30.0
"""The first answer waits for the imports."""
STOP_SECONDS = 5.0
KEPT = (
    "HOME",
    "LANG",
    "LANGUAGE",
    "LC_ALL",
    "LC_CTYPE",
    "LC_MESSAGES",
    "LD_LIBRARY_PATH",
    "NSTEPS_DEBUG",
    "NSTEPS_LANG",
    "NSTEPS_THEME",
    "PATH",
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONPATH",
    "TMPDIR",
    "XDG_CACHE_HOME",
    "XDG_RUNTIME_DIR",
)
"""Variables of the hub that a seat gets. No others: a database's password may be among them."""
_CODE = (
    "import sys; root = sys.argv.pop(1); root in sys.path or sys.path.append(root); "
    "from tui.classroom.seat_process import main; main()"
)
_ROOT = str(Path(__file__).resolve().parents[2])


class NurseryError(Exception):
    """No seat's process can be had; the text is the system's reason."""


class Born:
    """A seat's process: its number, and a descriptor of it that can be read once it has ended."""

    def __init__(self, pid: int, pidfd: int) -> None:
        self.pid = pid
        self._pidfd = pidfd
        self._ended = asyncio.get_running_loop().create_task(self._wait())

    async def _wait(self) -> None:
        try:
            await readable(self._pidfd)
        finally:
            os.close(self._pidfd)
            self._pidfd = -1

    async def ended(self) -> None:
        """Wait for its end."""
        await asyncio.wait({self._ended})

    def kill(self) -> None:
        """At once. Its lab ends with it."""
        if self._pidfd >= 0:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)


class SeatNursery:
    """One warm parent; a dead one is replaced at the next seat.

    ``learner`` is the module whose ``main`` a seat runs; ``lessons`` the directory of the course, if not the usual one.
    """

    def __init__(self, lessons: str | None, learner: str = LEARNER) -> None:
        self._words = (learner, lessons or "")
        self._process: Process | None = None
        self._channel: socket.socket | None = None
        self._starting = asyncio.Lock()

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    async def start(self) -> None:
        """Start the parent now, so that the first seat waits less. Raises :class:`NurseryError`."""
        async with self._starting:
            if self._process is not None and self._process.returncode is None:
                return
            self._close()
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            try:
                self._process = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-P", "-c", _CODE, _ROOT, str(theirs.fileno()), *self._words),
                    stdin=DEVNULL,
                    env=seat_environment(),
                    cwd="/",
                    pass_fds=(theirs.fileno(),),
                )
            except OSError as error:
                ours.close()
                raise NurseryError(error.strerror or str(error)) from error
            finally:
                theirs.close()
            self._channel = ours

    async def fork(self, connection: socket.socket) -> Born:
        """A new seat's process, at the other end of ``connection``. Raises :class:`NurseryError`."""
        await self.start()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        answer = Answer(ours)
        try:
            with theirs:
                rights = array.array("i", [theirs.fileno(), connection.fileno()])
                assert self._channel is not None
                self._channel.sendmsg([b"seat"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
            words, descriptors = await answer.receive(timeout_seconds=FORK_SECONDS)
        except (OSError, TimeoutError) as error:
            raise NurseryError(str(error) or "timeout") from error
        finally:
            answer.close()
        if not words or words[0] != "forked":
            raise NurseryError(words[-1] if words else "the parent of the seats has ended")
        return Born(int(words[1]), descriptors[0])

    async def close(self) -> None:
        """End the parent, and whatever seats there still are with it."""
        self._close()
        if self._process is not None:
            try:
                await asyncio.wait_for(self._process.wait(), STOP_SECONDS)
            except TimeoutError:
                with contextlib.suppress(ProcessLookupError):
                    self._process.kill()
                await self._process.wait()

    def _close(self) -> None:
        if self._channel is not None:
            self._channel.close()
            self._channel = None


def seat_environment() -> dict[str, str]:
    """What a seat may know of the hub's environment, and what a browser can do."""
    kept = {name: value for name, value in os.environ.items() if name in KEPT}
    return kept | OF_THE_BROWSER
