"""The agent's entry: serves one connection with snapshots and probes until it closes or the lab is gone."""

from __future__ import annotations

import asyncio
import contextlib
import resource
import socket
import time

import msgspec

from engine.lab.agent import wire
from engine.lab.agent.entrance import Entrance
from engine.lab.agent.places import Places
from engine.lab.agent.probes import Prober
from engine.lab.agent.tree import LabGone, Tree
from engine.lab.agent.watch import LabWatch
from engine.lab.agent.world import World
from engine.messages import Message
from engine.network.announcement import Announcement
from engine.network.snapshot import Snapshot

_GATHER_SECONDS = 0.002
"""Events come in bursts (one command makes several): wait this long before reading."""

_FAREWELL_SECONDS = 2.0


def serve(connection: socket.socket, places: Places) -> None:
    """Watch the lab at ``places`` and answer on ``connection``; returns when it is closed or the lab has ended.

    Moves the process into the outside world's network namespace. Raises nothing: what is wrong goes to the program.
    """
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with contextlib.suppress(ConnectionError):
        asyncio.run(_serve(connection, places))


async def _serve(connection: socket.socket, places: Places) -> None:
    connection.setblocking(False)
    reader, writer = await asyncio.open_connection(sock=connection)
    try:
        async with contextlib.AsyncExitStack() as stack:
            tree = Tree(places.lab_pid)
            stack.callback(tree.close)
            entrance = Entrance(tree, lab_pid=places.lab_pid, world_pid=places.world_pid)
            stack.callback(entrance.close)
            world = World(entrance)
            stack.push_async_callback(world.close)
            await world.start()
            agent = _Agent(tree, entrance, places, reader, writer)
            stack.push_async_callback(agent.close)
            await agent.run()
    except LabGone:
        # The program hears from the lab itself how it ended, and closes the connection; being first would not help it.
        with contextlib.suppress(TimeoutError, ConnectionError):
            await asyncio.wait_for(_until_closed(reader), _FAREWELL_SECONDS)
    except Exception as error:
        with contextlib.suppress(ConnectionError):
            writer.write(wire.frame(wire.AgentFailed(Message("agent.failed", {"reason": str(error)}))))
            await writer.drain()
    finally:
        writer.close()


async def _until_closed(reader: asyncio.StreamReader) -> None:
    while await reader.read(65536):
        pass


class _Agent:
    def __init__(
        self,
        tree: Tree,
        entrance: Entrance,
        places: Places,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self._tree = tree
        self._reader = reader
        self._writer = writer
        self._wake = asyncio.Event()
        self._wake.set()
        self._refreshes: list[int] = []
        self._hurry = asyncio.Event()
        self._probes: set[asyncio.Task[None]] = set()
        self._watch = LabWatch(tree, entrance, places, self._wake.set)
        self._prober = Prober(entrance, self._watch.file_as_seen_in)

    async def close(self) -> None:
        for probe in self._probes:
            probe.cancel()
        await asyncio.gather(*self._probes, return_exceptions=True)
        self._watch.close()

    async def run(self) -> None:
        """Until the program closes the connection. Raises :class:`LabGone` when the lab ends."""
        loop = asyncio.get_running_loop()
        gone = loop.create_future()

        def ended() -> None:
            if not gone.done():
                gone.set_exception(LabGone())

        loop.add_reader(self._tree.pidfd, ended)
        tasks = [asyncio.ensure_future(self._requests()), asyncio.ensure_future(self._snapshots()), gone]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            loop.remove_reader(self._tree.pidfd)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _requests(self) -> None:
        while True:
            try:
                request = await wire.receive(self._reader, wire.to_agent)
            except msgspec.DecodeError:
                continue  # a whole frame was taken: the next one starts where it should
            match request:
                case None:
                    return
                case wire.Refresh(id=number):
                    self._refreshes.append(number)
                    self._hurry.set()
                    self._wake.set()
                case wire.RunProbe():
                    task = asyncio.ensure_future(self._probe(request))
                    self._probes.add(task)
                    task.add_done_callback(self._probes.discard)

    async def _probe(self, request: wire.RunProbe) -> None:
        result = await self._prober.run(request.probe)
        self._writer.write(wire.frame(wire.ProbeDone(request.id, result)))
        with contextlib.suppress(ConnectionError):
            await self._writer.drain()

    async def _snapshots(self) -> None:
        """Take one snapshot after another, each when something may have changed, never two at a time."""
        last: Snapshot | None = None
        busy_seconds, ended = 0.0, time.monotonic()
        while True:
            await self._wake.wait()
            # As long a rest as the last one took: a burst of changes must not be slowed down by being watched.
            rest = min(busy_seconds, 0.25) - (time.monotonic() - ended)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._hurry.wait(), max(_GATHER_SECONDS, rest))
            self._wake.clear()
            self._hurry.clear()
            numbers, self._refreshes = self._refreshes, []
            started = time.monotonic()
            self._tell(self._watch.heard())  # at once: it needs no reading
            snapshot = await self._watch.take(everything=bool(numbers))
            for number in numbers:
                self._writer.write(wire.frame(wire.Refreshed(number, *wire.part(last, snapshot))))
                last = snapshot
            if not numbers:
                news, names = wire.part(last, snapshot)
                if last is None or not _same(last, news, names):
                    self._writer.write(wire.frame(wire.SnapshotTaken(news, names)))
                    last = snapshot
            self._tell(self._watch.announcements())
            ended = time.monotonic()
            busy_seconds = ended - started
            await self._writer.drain()

    def _tell(self, announcements: tuple[Announcement, ...]) -> None:
        if announcements:
            self._writer.write(wire.frame(wire.Announced(announcements)))


def _same(last: Snapshot, news: Snapshot, names: tuple[str, ...] | None) -> bool:
    """Whether nothing is to be told."""
    if news.namespaces or (news.files, news.processes) != (last.files, last.processes):
        return False
    return names == tuple(space.name for space in last.namespaces)
