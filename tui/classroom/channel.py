"""A seat's end of the socket to the hub that never makes the seat wait: what is sent, a thread sends."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from queue import SimpleQueue

from tui.web.channel import Channel


class SeatChannel(Channel):
    """See the module. ``unsent`` bytes wait; :meth:`when_sent` tells of the moment when none do."""

    def __init__(self, connection: socket.socket) -> None:
        super().__init__(connection)
        self._waiting: SimpleQueue[bytes] = SimpleQueue()
        self._state = threading.Condition()
        self._unsent = 0
        self._call: Callable[[], None] | None = None
        threading.Thread(target=self._work_off, name="to-the-hub", daemon=True).start()

    @property
    def unsent(self) -> int:
        return self._unsent

    def send(self, data: bytes) -> None:
        """One packet, whole, after those before it."""
        with self._state:
            self._unsent += len(data)
        self._waiting.put(data)

    def when_sent(self, call: Callable[[], None]) -> None:
        """Call ``call`` once, in some thread, when nothing waits any more."""
        with self._state:
            if self._unsent:
                self._call = call
                return
        call()

    def flush(self, timeout_seconds: float) -> bool:
        """Wait until everything has been sent; whether it has."""
        with self._state:
            return self._state.wait_for(lambda: not self._unsent, timeout_seconds)

    def _work_off(self) -> None:
        while True:
            data = self._waiting.get()
            super().send(data)
            call = None
            with self._state:
                self._unsent -= len(data)
                if not self._unsent:
                    self._state.notify_all()
                    call, self._call = self._call, None
            if call is not None:
                call()
