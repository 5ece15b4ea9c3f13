"""A started sandbox: its processes, and how it tells its end."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal

from engine.lab import linux, sandbox
from engine.lab.errors import LabError
from engine.lab.warm import Answer, Nursery, memory_file, readable

START_SECONDS = 30.0
CLOSE_SECONDS = 10.0


class Sandbox:
    """The processes that are a lab. ``first`` is the pidfd of its first process, ``world`` of the outside world's."""

    def __init__(self, answer: Answer, monitor: int) -> None:
        self._answer = answer
        self._monitor = monitor
        self.lab_pid = self.world_pid = 0
        self.first = self.world = -1

    @classmethod
    async def start(cls, nursery: Nursery, variant: str) -> Sandbox:
        """Make the namespaces, the tree and the network. Raises :class:`LabError` with what the tools said."""
        plan = sandbox.plan(variant)
        with contextlib.ExitStack() as stack:
            contents = [stack.enter_context(memory_file(content)) for content in plan.contents]
            answer = nursery.ask(["spawn", str(plan.first), str(sandbox.STATUS), *plan.arguments], contents)
        try:
            words, descriptors = await answer.receive(timeout_seconds=START_SECONDS)
            if not words:
                raise LabError("nursery-gone", reason="")
            if words[0] == "contain":
                raise LabError("no-user-namespace", reason=words[1].partition(" ")[2])
            if words[0] != "spawned":
                raise LabError("start-failed", reason=words[-1])
            self = cls(answer, descriptors[0])
            try:
                await self._until_ready()
            except BaseException:
                await self.close()
                raise
            return self
        except TimeoutError as error:
            answer.close()
            raise LabError("start-slow", seconds=int(START_SECONDS)) from error
        except BaseException:
            answer.close()
            raise

    async def _until_ready(self) -> None:
        said: list[str] = []
        async with asyncio.timeout(START_SECONDS):
            while True:
                words, _ = await self._answer.receive(until_end_of=self._monitor)
                if not words or words[0].startswith("failed"):
                    part = words[0].split()[1] if words else "sandbox"
                    reason = " ".join("".join(said).split())
                    raise LabError("start-failed-at", part=part, reason=reason or "-")
                if words[0].startswith("ready"):
                    break
                said.append(words[0])
        try:
            self.world_pid = linux.children_of(linux.pid_of(self._monitor))[0]
            unshare = linux.children_of(self.world_pid)[0]
            self.lab_pid = linux.children_of(unshare)[0]
            self.world = os.pidfd_open(self.world_pid)
            self.first = os.pidfd_open(self.lab_pid)
        except (IndexError, ProcessLookupError) as error:
            raise LabError("start-failed-at", part="sandbox", reason="-") from error

    async def ended(self) -> str:
        """Wait until the lab is over: ``restarted``, ``powered-off`` (by ``reboot(2)``) or ``ended``."""
        while True:
            words, _ = await self._answer.receive()
            if not words:
                return "ended"
            if words[0].startswith("ended"):
                return {"129": "restarted", "130": "powered-off"}.get(words[0].split()[1], "ended")

    async def close(self) -> None:
        """Kill every process of it and wait until they are gone."""
        for process in (self.world, self._monitor):
            if process >= 0:
                with contextlib.suppress(ProcessLookupError):
                    signal.pidfd_send_signal(process, signal.SIGKILL)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                for process in (self.first, self.world, self._monitor):
                    if process >= 0:
                        await readable(process)
        for process in (self.first, self.world, self._monitor):
            if process >= 0:
                os.close(process)
        self.first = self.world = self._monitor = -1
        self._answer.close()
