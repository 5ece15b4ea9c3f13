"""A seat's side of the classroom: what its session does becomes facts for the hub, and orders become what happens here.

The way between the two is a :class:`Link`: a seat's process has its socket to the hub (:class:`ChannelLink`), ``nsteps
join`` a WebSocket (:class:`~tui.classroom.socket_link.SocketLink`).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Protocol

from engine.classroom.hub_store import HubStore
from engine.classroom.protocol import FACT, Fact, ProgressKept, encode
from engine.classroom.reporter import Reporter
from engine.classroom.seat_state import SeatState
from engine.course.model import Course
from engine.session.session import Session
from tui.classroom.channel import SeatChannel
from tui.web.packets import DATA, packet


class Link(Protocol):
    """What a seat wants of the way to its hub. Nothing here ever waits."""

    @property
    def unsent(self) -> int:
        """Bytes that wait."""

    def when_sent(self, call: Callable[[], None]) -> None:
        """Call ``call`` once when nothing waits any more; in any thread."""

    def tell(self, fact: Fact) -> None:
        """A fact, after those before it."""

    def paint(self, data: bytes) -> None:
        """A piece of the picture."""

    def acknowledged(self, number: int) -> None:
        """The hub has written down every fact up to that :class:`ProgressKept`."""


class ChannelLink:
    """The link of a seat's process: it ends with the hub, so nothing is ever sent twice."""

    def __init__(self, channel: SeatChannel) -> None:
        self._channel = channel

    @property
    def unsent(self) -> int:
        return self._channel.unsent

    def when_sent(self, call: Callable[[], None]) -> None:
        self._channel.when_sent(call)

    def tell(self, fact: Fact) -> None:
        self._channel.send(packet(FACT, encode(fact)))

    def paint(self, data: bytes) -> None:
        self._channel.send(packet(DATA, data))

    def acknowledged(self, number: int) -> None:
        """Nothing was kept for a second time."""


class Seat:
    """One learner in the room: the session, what the classroom is to it, and what tells the hub of both."""

    def __init__(
        self, session: Session, store: HubStore, link: Link, *, name: str | None = None, own_terminal: bool = False
    ) -> None:
        self.session = session
        self.store = store
        self.link = link
        self.name = name
        self.own_terminal = own_terminal
        self.state = SeatState(link.tell)
        self.reporter = Reporter(session, link.tell, own_terminal=own_terminal)
        store.tell = self._kept

    def _kept(self, kept: ProgressKept) -> None:
        """What led to this progress is told before it, and so is safe when it is."""
        self.reporter.saved()
        self.link.tell(kept)

    def acknowledged(self, number: int) -> None:
        """The hub has written down everything up to that number."""
        self.store.acknowledged(number)
        self.link.acknowledged(number)

    def gate(self, last: str | None) -> None:
        """Nobody past that step; ``None``, or a step that is not of this course: open."""
        try:
            self.session.gate = self.session.course.step(last) if last is not None else None
        except LookupError:
            self.session.gate = None


def open_session(course: Course, store: HubStore, language: str | None, first: str | None) -> Session:
    """The session that goes on from ``store``. Somebody without progress begins at the step ``first``, in
    ``language``, unless it is none of this course."""
    known = store.load(course)
    session = Session.open(course, store=store, language=known.language or language)
    if known.step is None and first is not None:
        with contextlib.suppress(LookupError):
            session.begin_at(course.step(first))
    return session
