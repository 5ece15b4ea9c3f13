"""Start the servers of a replay side by side, and wait once until all of them are up."""

from __future__ import annotations

import asyncio
import contextlib
from types import TracebackType

from engine.lab import CommandRun, Shell
from engine.network.snapshot import Snapshot
from engine.session.performer import BACKGROUND_SECONDS, SERVER_SECONDS, Terminals
from engine.session.progress import Entry


class Servers:
    """``async with Servers(terminals) as servers``: :meth:`start` each, then wait for :meth:`up`."""

    def __init__(self, terminals: Terminals) -> None:
        self._terminals = terminals
        self._started: list[Entry] = []
        self._ended = 0
        self._printed = False
        self._before: set[tuple[str, str, str, int]] = set()
        self._look = asyncio.Event()
        self._watched: list[Shell] = []
        self._last: asyncio.Task[None] | None = None
        self._ready = asyncio.ensure_future(self._take_stock())

    async def __aenter__(self) -> Servers:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        tasks = [task for task in (self._last, self._ready) if task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for shell in self._watched:
            shell.on_finished.remove(self._finished)
            shell.on_output.remove(self._heard)

    async def _take_stock(self) -> None:
        """Who listens before any of them does."""
        if not self._terminals.lab.snapshot.namespaces:
            await self._terminals.lab.refresh()
        self._before = self._listening()

    def start(self, entry: Entry) -> None:
        """Type it in its terminal when those that were named before it are typed; returns at once. Once is enough."""
        if any(one is entry for one in self._started):
            return
        self._started.append(entry)
        self._last = asyncio.ensure_future(self._type(entry, self._last))

    async def _type(self, entry: Entry, earlier: asyncio.Task[None] | None) -> None:
        shell = await self._terminals.open(entry.terminal)
        await self._ready
        if earlier is not None:
            await earlier
        if entry.background:
            await shell.run(entry.text, timeout_seconds=SERVER_SECONDS)
            return
        await shell.type(entry.text)
        shell.on_finished.append(self._finished)
        shell.on_output.append(self._heard)
        self._watched.append(shell)
        shell.write(b"\r")

    def _heard(self, _: bytes) -> None:
        """Many servers say so when they are up: that is when to look, before the lab is next looked at by itself."""
        self._printed = True
        self._look.set()

    def _finished(self, _: CommandRun) -> None:
        self._ended += 1
        self._look.set()

    async def up(self) -> None:
        """Wait until as many more listen as were started, or have ended: :data:`SERVER_SECONDS` at most, and
        :data:`BACKGROUND_SECONDS` for what runs behind a prompt, which may be no server at all."""
        if self._last is None:
            return
        await self._last
        unsubscribe = self._terminals.lab.on_snapshot(self._seen)
        try:
            await self._until(len(self._started), BACKGROUND_SECONDS)
            await self._until(sum(one.runs for one in self._started), SERVER_SECONDS - BACKGROUND_SECONDS)
        finally:
            unsubscribe()

    async def _until(self, count: int, patience: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                while len(self._listening() - self._before) + self._ended < count:
                    await self._look.wait()
                    self._look.clear()
                    if self._printed:
                        self._printed = False
                        await self._terminals.lab.refresh()

    def _seen(self, _: Snapshot) -> None:
        self._look.set()

    def _listening(self) -> set[tuple[str, str, str, int]]:
        return {
            (space.name, one.protocol, one.address, one.port)
            for space in self._terminals.lab.snapshot.namespaces
            for one in space.listeners
        }
