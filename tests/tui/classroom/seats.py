"""A seat at a fake session, whose facts are kept, for tests of what a learner sees."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from engine.classroom.hub_store import HubStore
from engine.classroom.protocol import ORDER, Fact, Order, encode
from engine.session.aside import Aside
from tests.tui.fakes import FakeSession
from tests.tui.running import Running
from tui.classroom.app import SeatApp
from tui.classroom.link import Seat
from tui.terminal.widget import TerminalView


class FakeLink:
    """A hub that takes everything."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []
        self.painted: list[bytes] = []
        self.unsent = 0

    def when_sent(self, call: Callable[[], None]) -> None:
        call()

    def tell(self, fact: Fact) -> None:
        self.facts.append(fact)

    def paint(self, data: bytes) -> None:
        self.painted.append(data)

    def acknowledged(self, number: int) -> None:
        """Nothing to forget."""


class SeatSession(FakeSession):
    """With what the classroom asks of a session besides."""

    def __init__(self, language: str = "en") -> None:
        super().__init__(language)
        self.gate = None
        self.lost = None
        self.step_seconds = 12.0
        fake: Any = self
        self.aside = Aside(fake)
        self.closed = asyncio.Event()

    async def close(self) -> None:
        await super().close()
        self.closed.set()

    async def idle(self) -> None:
        """Nothing is ever under way."""


class Sitting(Running):
    """A learner at a seat, and the hub."""

    link: FakeLink
    seat: Seat

    def orders(self, *orders: Order) -> None:
        """The hub gives them."""
        app: Any = self.app
        for order in orders:
            app.receive(ORDER, encode(order))

    def told(self, kind: type[Any]) -> list[Any]:
        """The facts of that kind."""
        return [fact for fact in self.link.facts if isinstance(fact, kind)]


@asynccontextmanager
async def sitting(
    language: str = "en", size: tuple[int, int] = (120, 36), *, own_terminal: bool = False
) -> AsyncIterator[Sitting]:
    """A seat with the focus in its terminal."""
    session: Any = SeatSession(language)
    link = FakeLink()
    seat = Seat(session, HubStore(None), link, name="Ann", own_terminal=own_terminal)
    app = SeatApp(seat)
    async with app.run_test(size=size) as pilot:
        it = Sitting(app, pilot, session)
        it.link, it.seat = link, seat
        await it.until(lambda: it.main.busy is None and isinstance(it.main.focused, TerminalView), "the start")
        yield it
