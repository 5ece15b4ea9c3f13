"""Whether the picture goes to the hub: it does while somebody looks; when it cannot go as fast as it is painted, what
lies between is left out, and everything is painted anew once there is room."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any, Protocol

from textual.app import App

UNSENT_BYTES = 256 * 1024


class Way(Protocol):
    """Where packets go."""

    @property
    def unsent(self) -> int:
        """Bytes that wait."""

    def when_sent(self, call: Callable[[], None]) -> None:
        """Call ``call`` once when nothing waits any more; in any thread."""


class Picture:
    """``send`` sends a piece of it. :meth:`page` and :meth:`watched` say who looks. Made in the application's loop."""

    def __init__(self, app: App[Any], way: Way, send: Callable[[bytes], None]) -> None:
        self._app = app
        self._loop = asyncio.get_running_loop()
        self._way = way
        self._send = send
        self._behind = False
        self._page = False
        self._watchers = 0

    @property
    def seen(self) -> bool:
        return self._page or self._watchers > 0

    def page(self, there: bool) -> None:
        """A page looks at it, from its beginning; or none any more."""
        self._page = there
        if there:
            self.anew()

    def watched(self, watchers: int) -> None:
        """So many look over the learner's shoulder; the first wants to see everything."""
        first = watchers > 0 and self._watchers == 0
        self._watchers = watchers
        if first:
            self._send(b"\x1b[?25l")  # the learner's cursor is painted; the terminal's own is not wanted
            self.anew()

    def write(self, data: str) -> None:
        """A piece of the picture, if anybody looks and there is room."""
        if not self.seen or self._behind:
            return
        if self._way.unsent > UNSENT_BYTES:
            self._behind = True
            self._way.when_sent(self._caught_up)
            return
        self._send(data.encode("utf-8", "replace"))

    def _caught_up(self) -> None:
        self._behind = False
        with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
            self._loop.call_soon_threadsafe(self.anew)

    def anew(self) -> None:
        """Paint everything."""
        if self._app.is_running and self._app._screen_stack:
            self._app.screen.refresh()
