"""How a session tells what happens, and that it is busy."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

from engine.messages import Message
from engine.session import events
from engine.session.stopwatch import Stopwatch


class Telling:
    """The part of :class:`~engine.session.session.Session` that speaks."""

    def __init__(self) -> None:
        self.busy = False
        self._subscribers: list[Callable[[events.Event], None]] = []
        self._stopwatch = Stopwatch()
        self._lock = asyncio.Lock()

    def subscribe(self, callback: Callable[[events.Event], None]) -> Callable[[], None]:
        """Hear of every event from now on; call the result to stop."""
        self._subscribers.append(callback)
        return lambda: self._subscribers.remove(callback)

    def emit(self, event: events.Event) -> None:
        if isinstance(event, events.CommandStarted | events.CommandFinished | events.StepChanged):
            self._stopwatch.touch()
        for callback in tuple(self._subscribers):
            callback(event)

    async def idle(self) -> None:
        """Wait until nothing is under way that was begun before."""
        async with self._lock:
            return

    @contextlib.asynccontextmanager
    async def working(self, key: str) -> AsyncIterator[None]:
        """Busy for as long as the context lasts, with what the message of that key says."""
        async with self._lock:
            self.busy = True
            self.emit(events.Busy(Message(key, {})))
            try:
                yield
            finally:
                self.busy = False
                self.emit(events.Idle())
