"""The program's end of the connection to a lab's agent."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import Callable

import msgspec

from engine.lab.agent import wire
from engine.lab.errors import LabError
from engine.lab.warm import Answer, Nursery, readable
from engine.messages import Message
from engine.network.announcement import Announcement
from engine.network.snapshot import Snapshot
from engine.verify.probe import Probe, ProbeResult

ANSWER_SECONDS = 30.0
_END_SECONDS = 5.0


class AgentLink:
    """Speaks with the agent. Requests that are made before it is there wait for it."""

    def __init__(
        self,
        taken: Callable[[Snapshot], None],
        announced: Callable[[tuple[Announcement, ...]], None],
        lost: Callable[[Message], None],
    ) -> None:
        self._taken = taken
        self._announced = announced
        self._lost = lost
        self._last: Snapshot | None = None
        self._requests: dict[int, asyncio.Future[Snapshot | ProbeResult]] = {}
        self._ids = 0
        self._failure: Message | None = None
        self._process = -1
        self._writer: asyncio.StreamWriter | None = None
        self._connected = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self, nursery: Nursery, lab_pid: int, world_pid: int, world: int, iptables: str) -> None:
        """Ask for an agent; returns at once."""
        ours, theirs = socket.socketpair()
        words = ["agent", str(lab_pid), str(world_pid), iptables]
        try:
            answer = nursery.ask_for_agent(words, [theirs.fileno(), world])
        except LabError:
            ours.close()
            raise
        finally:
            theirs.close()
        self._task = asyncio.get_running_loop().create_task(self._work(answer, ours))

    async def _work(self, answer: Answer, ours: socket.socket) -> None:
        failure = Message("lab.agent-ended", {})
        try:
            words, descriptors = await answer.receive()
            answer.close()
            if not words:
                ours.close()
                return
            self._process = descriptors[0]
            reader, self._writer = await asyncio.open_unix_connection(sock=ours)
            self._connected.set()
            while (message := await wire.receive(reader, wire.to_program)) is not None:
                if isinstance(message, wire.AgentFailed):
                    failure = message.message
                else:
                    self._received(message)
        except msgspec.DecodeError:
            pass
        finally:
            self._fail(failure)
        self._lost(failure)

    def _received(self, message: wire.SnapshotTaken | wire.Announced | wire.Refreshed | wire.ProbeDone) -> None:
        if isinstance(message, wire.Announced):
            self._announced(message.announcements)
            return
        if isinstance(message, wire.ProbeDone):
            self._answer(message.id, message.result)
            return
        self._last = wire.whole(self._last, message.snapshot, message.names)
        self._taken(self._last)
        if isinstance(message, wire.Refreshed):
            self._answer(message.id, self._last)

    def _answer(self, number: int, result: Snapshot | ProbeResult) -> None:
        future = self._requests.pop(number, None)
        if future and not future.done():
            future.set_result(result)

    def _fail(self, failure: Message) -> None:
        self._failure = failure
        self._connected.set()
        for future in self._requests.values():
            if not future.done():
                future.set_exception(LabError.of(failure))
        self._requests.clear()

    async def _ask(self, make: Callable[[int], wire.ToAgent], timeout_seconds: float) -> Snapshot | ProbeResult:
        await self._connected.wait()
        if self._failure is not None or self._writer is None:
            raise LabError.of(self._failure or Message("lab.agent-ended", {}))
        self._ids += 1
        future: asyncio.Future[Snapshot | ProbeResult] = asyncio.get_running_loop().create_future()
        self._requests[self._ids] = future
        self._writer.write(wire.frame(make(self._ids)))
        try:
            async with asyncio.timeout(timeout_seconds):
                return await future
        except TimeoutError as error:
            raise LabError("agent-silent", seconds=int(timeout_seconds)) from error

    async def refresh(self) -> Snapshot:
        """A snapshot begun after this call. Raises :class:`LabError` when the agent is gone."""
        snapshot = await self._ask(lambda number: wire.Refresh(id=number), ANSWER_SECONDS)
        assert isinstance(snapshot, Snapshot)
        return snapshot

    async def probe(self, request: Probe) -> ProbeResult:
        """Send a probe. Raises :class:`LabError` when the agent is gone."""
        result = await self._ask(
            lambda number: wire.RunProbe(id=number, probe=request), ANSWER_SECONDS + request.timeout_seconds
        )
        assert isinstance(result, ProbeResult)
        return result

    async def close(self) -> None:
        """Close the connection and wait until the agent has ended."""
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        if self._writer:
            self._writer.close()
        if self._process >= 0:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._process, signal.SIGKILL)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_END_SECONDS):
                    await readable(self._process)
            os.close(self._process)
            self._process = -1
        self._fail(Message("lab.closed", {}))
