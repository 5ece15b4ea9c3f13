"""Drivers of a seat: a screen in the browser that goes on when no page looks at it, and a terminal that others see."""

from __future__ import annotations

from typing import Any, ClassVar

from textual import events
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from tui.classroom.channel import SeatChannel
from tui.classroom.picture import Picture, Way
from tui.web.driver import MODES, POINTER_SHAPE, BrowserDriver
from tui.web.packets import DATA, packet
from tui.web.typist import Typist

NOT_FOR_HELPERS = frozenset({"f10"})
"""The end of the program is the learner's own."""


def helper(driver: Any) -> Typist:
    """The instructor's keyboard."""

    def heeds(event: Message) -> bool:
        return not (isinstance(event, events.Key) and event.key in NOT_FOR_HELPERS)

    return Typist(driver, heeds)


class SeatDriver(BrowserDriver):
    """In a seat's process; :func:`seat_driver` makes the class for one channel. Paints only while somebody looks.

    What is not typed goes to the application: ``receive(kind, payload)``, in its loop.
    """

    channel: ClassVar[SeatChannel]

    def __init__(self, app: App[Any], **more: Any) -> None:
        super().__init__(app, **more)
        self.picture = Picture(app, self.channel, lambda data: self.channel.send(packet(DATA, data)))
        self.helper = helper(self)

    def write(self, data: str) -> None:
        if not data.startswith(POINTER_SHAPE):
            self.picture.write(data)

    def start_application_mode(self) -> None:
        """The size it will have, and from now on what the hub says."""
        self._resize(*(self._size or self.first_size))
        self._thread.start()

    def attach(self, columns: int, rows: int) -> None:
        """A page of that size looks: set its modes, paint everything."""
        for mode in MODES:
            self.channel.send(packet(DATA, mode.encode()))
        if (columns, rows) != self._size:
            self._resize(columns, rows)
        self.picture.page(True)

    def detach(self) -> None:
        """No page looks."""
        self.picture.page(False)

    def received(self, kind: bytes, payload: bytes) -> None:
        application: Any = self._app
        self._loop.call_soon_threadsafe(application.receive, kind, payload)


def seat_driver(channel: SeatChannel, columns: int, rows: int) -> type[SeatDriver]:
    """The driver class that speaks over ``channel``."""
    return type("SeatDriver", (SeatDriver,), {"channel": channel, "first_size": (columns, rows)})


class SharedTerminalDriver(LinuxDriver):
    """The learner's own terminal, whose picture others may see; :func:`shared_terminal` makes the class."""

    way: ClassVar[Way]

    def __init__(self, app: App[Any], **more: Any) -> None:
        super().__init__(app, **more)
        sending: Any = self.way
        self.picture = Picture(app, self.way, sending.paint)
        self.helper = helper(self)

    def write(self, data: str) -> None:
        super().write(data)
        if not data.startswith(POINTER_SHAPE):
            self.picture.write(data)


def shared_terminal(way: Way) -> type[SharedTerminalDriver]:
    """The driver class whose picture goes to ``way.paint`` while somebody looks."""
    return type("SharedTerminalDriver", (SharedTerminalDriver,), {"way": way})
