"""A seat in the learner's own terminal: the classroom comes and goes, the lab stays."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, ClassVar

from textual.binding import BindingType
from textual.driver import Driver
from textual.message import Message

from engine.classroom.protocol import Seated
from tui.classroom.app import SeatApp
from tui.classroom.link import Seat
from tui.classroom.socket_link import End, SocketLink


class Happened(Message):
    """Something about the connection, to be dealt with in the application's own time."""

    def __init__(self, what: Callable[[], None]) -> None:
        super().__init__()
        self.what = what


class JoinedApp(SeatApp):
    """``seated``: the connection is there already; ``None``: it is being tried."""

    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(
        self, seat: Seat, link: SocketLink, seated: Seated | None, *, driver: type[Driver] | None = None, **more: Any
    ) -> None:
        super().__init__(seat, driver=driver, **more)
        self.end: End | None = None
        """Why the hub wanted nothing more, if so."""
        self._link = link
        self._seated = seated
        self._talking: asyncio.Task[None] | None = None
        seat.state.connected = seated is not None

    def on_mount(self) -> None:
        self._talking = asyncio.ensure_future(self._link.run(self, self._seated))

    async def end_session(self) -> None:
        """The last progress is sent before the connection ends."""
        await super().end_session()
        if self._talking is not None:
            talking, self._talking = self._talking, None
            await self._link.close()
            await asyncio.wait({talking}, timeout=1.0)
            talking.cancel()

    # -- what the link says ----------------------------------------------------------------------------------------

    def connected(self, seated: Seated) -> None:
        self.post_message(Happened(lambda: self._connected(seated)))

    def disconnected(self) -> None:
        self.post_message(Happened(self._disconnected))

    def ended(self, end: End) -> None:
        self.post_message(Happened(lambda: self._ended(end)))

    def on_happened(self, message: Happened) -> None:
        message.what()

    def _connected(self, seated: Seated) -> None:
        self.seat.store.count_from(seated.number)
        self.seat.acknowledged(seated.number)
        self._link.catch_up()
        if not self.seat.store.safe:
            self.session.save(durable=True)
        self.seat.state.connection(True)
        self.seat.reporter.again()

    def _disconnected(self) -> None:
        picture: Any = getattr(self._driver, "picture", None)
        if picture is not None:
            picture.watched(0)
        self.seat.state.connection(False)

    def _ended(self, end: End) -> None:
        self.end = end
        if end == "removed":
            self.seat.state.closed = True
        self.run_worker(self.action_quit(), name="end")
