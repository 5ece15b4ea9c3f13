"""A lab: one disposable sandbox, its agent, its shells. The only door to all of them for the rest of the program."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from types import TracebackType

from engine.lab import entering, health, limits, tree
from engine.lab.agent_link import AgentLink
from engine.lab.command import Completed
from engine.lab.errors import LabError
from engine.lab.sandbox import VARIANTS, preferred_variant
from engine.lab.sandboxed import Sandbox
from engine.lab.shell import Shell
from engine.lab.warm import AGENT, Answer, Nursery, memory_file, readable, warm_up
from engine.messages import Message
from engine.network.announcement import Announcement
from engine.network.snapshot import Snapshot
from engine.verify.probe import Probe, ProbeResult

ENTER_SECONDS = 20.0
OUTPUT_BYTES = 1024 * 1024
CROWD_SECONDS = 2.0
CROWDED_LOOKS = 3
"""So many looks in a row, :data:`CROWD_SECONDS` apart, must find the lab full of processes before it is given up."""
_VARIABLES = {
    "HOME": tree.HOME,
    "LANG": "C.UTF-8",
    "LOGNAME": tree.USER,
    "PATH": tree.PATH,
    "SHELL": "/bin/bash",
    "USER": tree.USER,
}


class Lab:
    """See the module. ``async with await Lab.start() as lab: …``; many may exist at once in one program."""

    def __init__(self, nursery: Nursery, sandbox: Sandbox, iptables: str) -> None:
        self.iptables = iptables
        """``nft`` or ``legacy``: what ``iptables`` is in it."""
        self.snapshot = Snapshot()
        """The latest; without any namespace until the agent has sent the first."""
        self.lost: Message | None = None
        """Why it died, if it did."""
        self.pid = sandbox.lab_pid
        """The lab's first process, as the real host numbers it."""
        self._nursery = nursery
        self._sandbox = sandbox
        self._closed = False
        self._shells: list[Shell] = []
        self._on_snapshot: list[Callable[[Snapshot], None]] = []
        self._on_announced: list[Callable[[tuple[Announcement, ...]], None]] = []
        self._on_lost: list[Callable[[Message], None]] = []
        self._agent = AgentLink(self._taken, self._announce, self._lose)
        self._agent.start(nursery, sandbox.lab_pid, sandbox.world_pid, sandbox.world, iptables)
        loop = asyncio.get_running_loop()
        self._watchers = (loop.create_task(self._watch()), loop.create_task(self._watch_crowd()))

    @classmethod
    async def start(cls, *, iptables: str | None = None, agent: str = AGENT) -> Lab:
        """Make a lab in the course's start state; returns as soon as a shell can be had.

        ``iptables``: ``nft``, ``legacy``, or what the machine prefers (and if that does not work here, the other).
        ``agent`` is the agent's main function, ``module:function``. Raises :class:`LabError`.
        """
        try:
            return await cls._start(iptables, agent)
        except LabError as error:
            if error.message.key != "lab.nursery-gone":
                raise
            return await cls._start(iptables, agent)  # a nursery that was just killed is replaced

    @classmethod
    async def _start(cls, iptables: str | None, agent: str) -> Lab:
        nursery = warm_up(agent)
        variant = iptables or preferred_variant()
        try:
            sandbox = await Sandbox.start(nursery, variant)
        except LabError as error:
            if iptables or error.message.params.get("part") != "iptables":
                raise
            variant = next(other for other in VARIANTS if other != variant)
            try:
                sandbox = await Sandbox.start(nursery, variant)
            except LabError:
                raise error from None
        try:
            return cls(nursery, sandbox, variant)
        except BaseException:
            await sandbox.close()
            raise

    async def __aenter__(self) -> Lab:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """End it: after this no process, namespace, mount or file of it is left."""
        if self._closed:
            return
        self._closed = True
        for watcher in self._watchers:
            watcher.cancel()
        await asyncio.gather(*self._watchers, return_exceptions=True)
        await asyncio.gather(self._agent.close(), self._sandbox.close())
        for shell in tuple(self._shells):
            await shell.close()

    # -- what happens in it --------------------------------------------------------------------------------------

    def on_snapshot(self, callback: Callable[[Snapshot], None]) -> Callable[[], None]:
        """Hear of every new snapshot; call the result to stop."""
        self._on_snapshot.append(callback)
        return lambda: self._on_snapshot.remove(callback)

    def on_announced(self, callback: Callable[[tuple[Announcement, ...]], None]) -> Callable[[], None]:
        """Hear of what the kernel announces; call the result to stop."""
        self._on_announced.append(callback)
        return lambda: self._on_announced.remove(callback)

    def on_lost(self, callback: Callable[[Message], None]) -> Callable[[], None]:
        """Hear, once, that the lab cannot be used any more and why; call the result to stop."""
        self._on_lost.append(callback)
        return lambda: self._on_lost.remove(callback)

    def _taken(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        for callback in tuple(self._on_snapshot):
            callback(snapshot)

    def _announce(self, announcements: tuple[Announcement, ...]) -> None:
        for callback in tuple(self._on_announced):
            callback(announcements)

    def _lose(self, reason: Message) -> None:
        if self.lost is None and not self._closed:
            self.lost = reason
            for callback in tuple(self._on_lost):
                callback(reason)

    async def _watch(self) -> None:
        self._lose(Message(f"lab.lost.{await self._sandbox.ended()}", {}))

    async def _watch_crowd(self) -> None:
        crowded = 0
        while crowded < CROWDED_LOOKS:
            await asyncio.sleep(CROWD_SECONDS)
            crowded = crowded + 1 if health.is_crowded(self.pid) else 0
        self._lose(Message("lab.lost.crowded", {"count": limits.PROCESSES}))

    def _examine(self) -> None:
        if reason := health.spoilt(self.pid):
            self._lose(reason)

    # -- agent ---------------------------------------------------------------------------------------------------

    async def refresh(self) -> Snapshot:
        """A snapshot begun after this call, everything read anew. Raises :class:`LabError` when the lab is gone."""
        self._check()
        return await self._agent.refresh()

    async def probe(self, request: Probe) -> ProbeResult:
        """Send a probe from inside the lab. Raises :class:`LabError` when the lab is gone."""
        self._check()
        return await self._agent.probe(request)

    # -- shells, scripts, files ----------------------------------------------------------------------------------

    async def shell(
        self, name: str, *, columns: int = 80, rows: int = 24, terminal_type: str = "xterm-256color"
    ) -> Shell:
        """Open an interactive bash; ``terminal_type`` is its ``TERM``. Raises :class:`LabError` if none can start."""
        terminal = {"COLORTERM": "truecolor", "TERM": terminal_type}
        words = [
            *("shell", str(columns), str(rows), *_limits()),
            *_start(["/bin/bash", "bash", "--rcfile", "/opt/lab/start.bash"], {**_VARIABLES, **terminal}),
        ]
        answer, (master,) = await self._enter(words)
        shell = Shell(name, master, answer, self._examine)
        self._shells.append(shell)
        shell.on_ended.append(lambda: self._shell_ended(shell))
        return shell

    def _shell_ended(self, shell: Shell) -> None:
        self._shells.remove(shell)
        self._examine()

    async def run(
        self, script: str, *, timeout_seconds: float = 60, printed: Callable[[bytes], None] | None = None
    ) -> Completed:
        """Run a bash script without a terminal, in the host's namespace and the learner's home.

        ``printed`` is called with all that was printed so far whenever there is more. Raises ``TimeoutError`` (the
        script is killed) and :class:`LabError`.
        """
        read, write = os.pipe2(os.O_CLOEXEC)
        os.set_blocking(read, False)
        output = bytearray()
        try:
            with memory_file((entering.RUN_PRELUDE + script).encode()) as source:
                words = ["run", *_limits(), *_start(["/bin/bash", "bash", "/proc/self/fd/9"], _VARIABLES)]
                try:
                    answer, _ = await self._enter(words, [source, write])
                finally:
                    os.close(write)
            collector = asyncio.create_task(_collect(read, output, printed))
            try:
                end, _ = await answer.receive(timeout_seconds=timeout_seconds)
            finally:
                answer.close()
                collector.cancel()  # and wait for it: a closed descriptor's number is soon another's
                await asyncio.wait({collector})
            _drain(read, output)
        finally:
            os.close(read)
        if not end:
            raise LabError.of(self.lost or Message("lab.lost.ended", {}))
        return Completed(int(end[1]), output.decode("utf-8", "replace"))

    async def write_file(self, path: str, content: str | None) -> None:
        """Write a file of the lab, its directory included; ``None`` removes it. Raises :class:`LabError`."""
        if content is None:
            answer, _ = await self._enter(["write", path])
        else:
            with memory_file(content.encode()) as source:
                answer, _ = await self._enter(["write", path], [source])
        answer.close()

    async def _enter(self, words: list[str], descriptors: list[int] | None = None) -> tuple[Answer, list[int]]:
        self._check()
        answer = self._nursery.ask(["enter", *words], [self._sandbox.first, *(descriptors or [])])
        try:
            reply, received = await answer.receive(timeout_seconds=ENTER_SECONDS)
        except BaseException:
            answer.close()
            raise
        if reply and reply[0] in ("opened", "done"):
            return answer, received
        answer.close()
        self._examine()
        failure = Message("lab.enter-failed", {"what": words[0], "reason": reply[-1] if reply else "-"})
        raise LabError.of(self.lost or failure)

    def _check(self) -> None:
        if self._closed:
            raise LabError("closed")
        if self.lost is not None:
            raise LabError.of(self.lost)


def _limits() -> list[str]:
    return [str(limits.PROCESSES), str(limits.OPEN_FILES), "0"]


def _start(arguments: list[str], variables: dict[str, str]) -> list[str]:
    return [tree.HOME, str(len(variables)), *(f"{name}={value}" for name, value in variables.items()), *arguments]


async def _collect(descriptor: int, output: bytearray, printed: Callable[[bytes], None] | None) -> None:
    while _drain(descriptor, output, reads=16):
        if printed is not None and output:
            printed(bytes(output))
        await readable(descriptor)


def _drain(descriptor: int, output: bytearray, reads: int = 64) -> bool:
    """Read what is there; whether more may come."""
    for _ in range(reads):
        try:
            data = os.read(descriptor, 65536)
        except BlockingIOError:
            return True
        if not data:
            return False
        output += data
        del output[:-OUTPUT_BYTES]
    return True
