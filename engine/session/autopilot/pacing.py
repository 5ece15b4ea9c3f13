"""Time, as a demo has it: waits that can be paused, hurried and cut short while they last.

The clock is handed in. A real one waits; a quick one (for recordings) counts each wait in full and sits through next to
nothing of it; a test's one moves when the test says so.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import time
from collections.abc import Callable
from typing import Protocol

SPEEDS = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0)
TICK_SECONDS = 1.0
QUICK_SECONDS = 0.03
"""What a quick clock really waits, for each second at most: long enough for an echo to come back and be painted."""


class Clock(Protocol):
    """Seconds from some beginning."""

    def now(self) -> float: ...

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        """Return when ``event`` is set, or after ``seconds``."""


class RealClock:
    """The monotonic clock."""

    def now(self) -> float:
        return time.monotonic()

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):  # wait_for of Python 3.11 may swallow a cancellation
                await event.wait()


class QuickClock:
    """Counts waits in full and hardly waits. What commands take, it takes: its times are those of a demo that waits."""

    def __init__(self) -> None:
        self.ticked: Callable[[], None] = lambda: None
        """Called once for each second that is not waited for: what shows the time has changed."""
        self._skipped = 0.0

    def now(self) -> float:
        return time.monotonic() + self._skipped

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        end = self.now() + seconds
        while not event.is_set() and (left := end - self.now()) > 0:
            part = min(left, TICK_SECONDS)
            began = time.monotonic()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(part, QUICK_SECONDS)):
                    await event.wait()
            if not event.is_set():
                self._skipped += max(0.0, part - (time.monotonic() - began))
                self.ticked()


class Pace:
    """The demo's waits. ``speed`` may be infinite: then nothing waits but for what holds it."""

    def __init__(self, clock: Clock | None = None, *, speed: float = 1.0) -> None:
        self.clock: Clock = clock or RealClock()
        self.speed = speed
        self.turn = 0
        """Counts how often the keyboard was given away: what was being typed then has to be typed anew."""
        self._holds: set[str] = set()
        self._changed = asyncio.Event()
        self._skip = False
        self._left: float | None = None
        self._since = 0.0
        self._rate = 1.0
        self._keys: asyncio.Queue[str] = asyncio.Queue()
        self.waits_for_key = False

    @property
    def instant(self) -> bool:
        return math.isinf(self.speed)

    # -- waiting -----------------------------------------------------------------------------------------------

    async def ready(self) -> None:
        """Wait until nothing holds the demo."""
        while self._holds:
            self._changed.clear()
            await self._changed.wait()

    async def wait(self, seconds: float, *, scaled: bool = True, turn: int | None = None) -> None:
        """Wait ``seconds`` (at speed 1, if ``scaled``). A change of speed acts at once; time on hold does not count.

        With ``turn`` the wait ends as soon as it is another's turn at the keyboard.
        """
        self._skip = False
        self._left = seconds
        try:
            while self._left > 0 and not self._skip and turn in (None, self.turn):
                await self.ready()
                if self.instant or self._skip:
                    return
                self._rate = self.speed if scaled else 1.0
                self._since = self.clock.now()
                self._changed.clear()
                await self.clock.wait(self._changed, self._left / self._rate)
                self._left = max(0.0, self._left - (self.clock.now() - self._since) * self._rate)
                if self._left < 1e-6:
                    return
        finally:
            self._left = None

    @property
    def remaining(self) -> float | None:
        """Seconds until the present wait ends, at the present speed; ``None`` if there is none."""
        if self._left is None:
            return None
        passed = 0.0 if self._holds else (self.clock.now() - self._since) * self._rate
        return max(0.0, self._left - passed) / self._rate

    async def key(self) -> str:
        """Wait for a key that somebody gives with :meth:`press`; those pressed before do not count."""
        while not self._keys.empty():
            self._keys.get_nowait()
        return await self.next_key()

    async def next_key(self) -> str:
        """The next key, one that was pressed while nobody waited included."""
        self.waits_for_key = True
        try:
            while True:
                await self.ready()
                key = await self._keys.get()
                if not self._holds:
                    return key
        finally:
            self.waits_for_key = False

    # -- steering ----------------------------------------------------------------------------------------------

    def press(self, key: str) -> None:
        """A key for whoever waits for one."""
        self._keys.put_nowait(key)

    def hold(self, reason: str) -> None:
        """Nothing goes on until every reason is released."""
        self._account()
        self._holds.add(reason)
        self._changed.set()

    def release(self, reason: str) -> None:
        self._holds.discard(reason)
        self._since = self.clock.now()
        self._changed.set()

    def held(self, reason: str) -> bool:
        return reason in self._holds

    def skip(self) -> None:
        """End the present wait."""
        self._skip = True
        self._changed.set()

    def set_speed(self, speed: float) -> None:
        self.speed = speed
        self._changed.set()

    def faster(self) -> None:
        self.set_speed(next((speed for speed in SPEEDS if speed > self.speed + 0.01), SPEEDS[-1]))

    def slower(self) -> None:
        self.set_speed(next((speed for speed in reversed(SPEEDS) if speed < self.speed - 0.01), SPEEDS[0]))

    def _account(self) -> None:
        """Take what has passed of the present wait into account before it is held."""
        if self._left is not None and not self._holds:
            now = self.clock.now()
            self._left = max(0.0, self._left - (now - self._since) * self._rate)
            self._since = now
