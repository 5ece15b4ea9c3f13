"""The program's side of the nursery: start it once, send it requests, wait for its answers.

Each request carries its own answer socket, so no event loop is bound to the nursery: a program (or a test run) may have
one loop after the other.
"""

from __future__ import annotations

import array
import asyncio
import atexit
import contextlib
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from engine.lab import nursery
from engine.lab.errors import LabError
from engine.lab.sandbox import SYSTEM_PATH

AGENT = "engine.lab.agent.main:serve"
_CODE = (
    "import sys; sys.path[:] = sys.argv[4:]; from engine.lab.nursery import main; "
    "main(*map(int, sys.argv[1:3]), sys.argv[3])"
)


class Answer:
    """The socket on which a request is answered; messages come as words with descriptors."""

    def __init__(self, channel: socket.socket) -> None:
        self._socket = channel
        channel.setblocking(False)

    async def receive(
        self, *, timeout_seconds: float | None = None, until_end_of: int | None = None
    ) -> tuple[list[str], list[int]]:
        """The next message; no words: nobody is there any more, or the process ``until_end_of`` (a pidfd) has ended.

        Raises ``TimeoutError``.
        """
        others = () if until_end_of is None else (until_end_of,)
        async with asyncio.timeout(timeout_seconds):
            ended = False
            while True:
                try:
                    return nursery.receive(self._socket)
                except BlockingIOError:
                    if ended:
                        return [], []
                    ended = await readable(self._socket.fileno(), *others) in others
                except ConnectionResetError:
                    return [], []

    def close_writing(self) -> None:
        """Let go, and still hear how it ends."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """Let go: what the nursery started for this request ends."""
        self._socket.close()


class Process(Protocol):
    """What the program knows of the nursery's process; :class:`subprocess.Popen` is one."""

    pid: int

    def poll(self) -> int | None: ...

    def wait(self, timeout: float | None = None) -> int: ...

    def kill(self) -> None: ...


class Nursery:
    """A running nursery and its twin. Get it with :func:`warm_up`.

    ``start`` makes its process from the two ends that it serves and the name of the agent.
    """

    def __init__(self, agent: str, start: Callable[[tuple[int, int], str], Process] | None = None) -> None:
        self.agent = agent
        self._labs, labs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._agents, agents = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with labs, agents:
            self._process = (start or _execute)((labs.fileno(), agents.fileno()), agent)
        self._owner = os.getpid()
        atexit.register(self.close)

    @property
    def alive(self) -> bool:
        """Whether it and its twin still serve this process."""
        return (
            self._owner == os.getpid()
            and self._process.poll() is None
            and not nursery.has_ended(self._labs)
            and not nursery.has_ended(self._agents)
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, words: Sequence[str], descriptors: Sequence[int] = ()) -> Answer:
        """Ask for a lab, a shell, a run or a file."""
        return self._ask(self._labs, words, descriptors)

    def ask_for_agent(self, words: Sequence[str], descriptors: Sequence[int]) -> Answer:
        return self._ask(self._agents, words, descriptors)

    def _ask(self, channel: socket.socket, words: Sequence[str], descriptors: Sequence[int]) -> Answer:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            rights = array.array("i", [theirs.fileno(), *descriptors])
            message = "\0".join(words).encode("utf-8", "surrogateescape")
            try:
                channel.sendmsg([message], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
            except OSError as error:
                ours.close()
                raise LabError("nursery-gone", reason=error.strerror or str(error)) from error
        return Answer(ours)

    def close(self) -> None:
        """End it, and with it every lab."""
        atexit.unregister(self.close)
        self._labs.close()
        self._agents.close()
        if self._owner == os.getpid():
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


def environment() -> dict[str, str]:
    """Of the nursery: nothing of the program's own, because what is entered can be read in the lab for a moment."""
    kept = {"LD_LIBRARY_PATH": os.environ["LD_LIBRARY_PATH"]} if "LD_LIBRARY_PATH" in os.environ else {}
    return {"PATH": SYSTEM_PATH, "LC_ALL": "C.UTF-8"} | kept


def _execute(descriptors: tuple[int, int], agent: str) -> Process:
    root = str(Path(__file__).resolve().parents[2])
    path = [root, *(entry for entry in sys.path if entry and entry != root)]
    debug = None if os.environ.get("NSTEPS_DEBUG") else subprocess.DEVNULL
    return subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", _CODE, *map(str, descriptors), agent, *path],
        stdin=subprocess.DEVNULL,
        stdout=debug,
        stderr=debug,
        pass_fds=descriptors,
        start_new_session=True,
        env=environment(),
        cwd="/",
    )


_current: Nursery | None = None
_lock = threading.Lock()


def warm_up(agent: str = AGENT) -> Nursery:
    """Start the nursery if it does not run yet. Takes a few milliseconds; call it early, before a first lab is needed.

    To be called in the main thread: the nursery, and every lab with it, dies with the thread that started it.
    """
    global _current
    with _lock:
        if _current is None or not _current.alive or _current.agent != agent:
            if _current is not None:
                _current.close()
            _current = Nursery(agent)
        return _current


def adopt(nursery: Nursery) -> None:
    """Let :func:`warm_up` find this one, which has been started otherwise (see :mod:`engine.lab.forked`)."""
    global _current
    with _lock:
        _current = nursery


async def readable(*descriptors: int) -> int:
    """Wait until one of the descriptors can be read (a pidfd: until its process has ended); which one it is."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[int] = loop.create_future()

    def ready(descriptor: int) -> None:
        if not future.done():
            future.set_result(descriptor)

    for descriptor in descriptors:
        loop.add_reader(descriptor, ready, descriptor)
    try:
        return await future
    finally:
        for descriptor in descriptors:
            loop.remove_reader(descriptor)


@contextlib.contextmanager
def memory_file(content: bytes) -> Any:
    """A descriptor from which ``content`` can be read, of a file that has no name and leaves nothing behind."""
    descriptor = os.memfd_create("nsteps", os.MFD_CLOEXEC)
    try:
        with open(descriptor, "wb", closefd=False) as file:
            file.write(content)
        os.lseek(descriptor, 0, os.SEEK_SET)
        yield descriptor
    finally:
        os.close(descriptor)
