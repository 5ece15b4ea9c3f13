"""A clock that moves only when a test says so, or, in a test that has nothing to say, as soon as somebody waits."""

from __future__ import annotations

import asyncio


class FakeClock:
    """``advance`` moves it; ``waits`` are what was waited for, in order."""

    def __init__(self) -> None:
        self.time = 0.0
        self.waits: list[float] = []
        self._sleepers: list[tuple[float, asyncio.Event]] = []
        self.arrived = asyncio.Event()

    def now(self) -> float:
        return self.time

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        self.waits.append(seconds)
        over = asyncio.Event()
        sleeper = (self.time + seconds, over)
        self._sleepers.append(sleeper)
        self.arrived.set()
        tasks = {asyncio.ensure_future(event.wait()), asyncio.ensure_future(over.wait())}
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            self._sleepers.remove(sleeper)

    async def somebody_waits(self) -> None:
        """Until there is a sleeper."""
        while not self._sleepers:
            self.arrived.clear()
            await self.arrived.wait()

    async def advance(self, seconds: float) -> None:
        """Move on, and let whoever wakes go on as far as it gets without time."""
        end = self.time + seconds
        while True:
            await settle()
            due = [sleeper for sleeper in self._sleepers if sleeper[0] <= end + 1e-9]
            if not due:
                break
            first = min(due, key=lambda sleeper: sleeper[0])
            self.time = max(self.time, first[0])
            first[1].set()
            await settle()
        self.time = end


class JumpingClock(FakeClock):
    """Every wait is over at once, and its time has passed."""

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        self.waits.append(seconds)
        await asyncio.sleep(0)
        if not event.is_set():
            self.time += seconds


async def settle() -> None:
    """Let everything run that can."""
    for _ in range(20):
        await asyncio.sleep(0)
