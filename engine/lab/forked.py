"""A nursery that is forked from a process which has imported everything already, instead of being started anew.

For a program that is itself forked from a warm parent, as a classroom's seats are: the nursery, the agents' parent and
the agents then share their memory, and no lab waits for an import.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable
from importlib import import_module
from typing import NoReturn

from engine.lab import agents, entering, nursery, warm

POLL_SECONDS = 0.01


def preload(agent: str = warm.AGENT) -> None:
    """In the warm parent: import what the nursery and the agents need."""
    for name in (*agents.PRELOADED, "engine.lab.agent.places", agent.partition(":")[0]):
        import_module(name)


class Forked:
    """The child process that is the nursery."""

    def __init__(self, descriptors: tuple[int, int], agent: str, prepare: Callable[[], None]) -> None:
        self._status: int | None = None
        self.pid = os.fork()
        if self.pid == 0:
            _become_nursery(descriptors, agent, prepare)

    def poll(self) -> int | None:
        if self._status is None:
            with contextlib.suppress(ChildProcessError):
                pid, status = os.waitpid(self.pid, os.WNOHANG)
                if not pid:
                    return None
                self._status = os.waitstatus_to_exitcode(status)
                return self._status
            self._status = -signal.SIGKILL
        return self._status

    def wait(self, timeout: float | None = None) -> int:
        """Raises :class:`subprocess.TimeoutExpired`, as :meth:`subprocess.Popen.wait` does."""
        from subprocess import TimeoutExpired

        end = None if timeout is None else time.monotonic() + timeout
        while (status := self.poll()) is None:
            if end is not None and timeout is not None and time.monotonic() > end:
                raise TimeoutExpired("nursery", timeout)
            time.sleep(POLL_SECONDS)
        return status

    def kill(self) -> None:
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)


def start(prepare: Callable[[], None] = lambda: None, agent: str = warm.AGENT) -> warm.Nursery:
    """Fork a nursery for this process, which must have one thread only and remember :func:`preload`'s imports.

    ``prepare`` is called in the new process: what it sets (limits, niceness) holds for every lab.
    """
    started = warm.Nursery(agent, lambda descriptors, name: Forked(descriptors, name, prepare))
    warm.adopt(started)
    return started


def _become_nursery(descriptors: tuple[int, int], agent: str, prepare: Callable[[], None]) -> NoReturn:
    """In the child: let go of everything of the program's, then be a nursery."""
    code = 1
    try:
        os.setsid()
        null = os.open(os.devnull, os.O_RDWR)
        for standard in (0, 1, 2) if not os.environ.get("NSTEPS_DEBUG") else (0,):
            os.dup2(null, standard)
        os.close(null)
        entering.close_all_but({0, 1, 2, *descriptors})
        os.chdir("/")
        environment = warm.environment()
        os.environ.clear()
        os.environ.update(environment)
        prepare()
        nursery.main(*descriptors, agent)
        code = 0
    finally:
        os._exit(code)
