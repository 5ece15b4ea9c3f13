"""Rooms for tests: a small course, a hub that writes down what it is told, a clock that is set by hand."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

from engine.classroom import desk, protocol
from engine.classroom.causes import SETTLED_SECONDS, Steps
from engine.classroom.kept import RoomSettings, SeatStanding
from engine.classroom.outline import outline
from engine.classroom.protocol import Failing, StandingTold
from engine.classroom.room import Room
from engine.classroom.store import Store
from engine.classroom.writer import Writer
from engine.course.model import Command, Course, Lesson, Step, Text
from engine.messages import Message


def make_step(number: str, name: str, commands: int = 2) -> Step:
    return Step(
        id=f"veth/{name}",
        number=number,
        title=Text(name, f"步骤 {name}"),
        body=Text(f"Words about {name}."),
        commands=tuple(Command(text=f"ip link show {index}") for index in range(commands)),
    )


STEPS = (make_step("1.1", "one"), make_step("1.2", "two"), make_step("1.3", "three"))
ONE, TWO, THREE = (step.id for step in STEPS)
COURSE = Course(
    lessons=(
        Lesson(
            id="veth",
            number=1,
            title=Text("Cables", "网线"),
            intro=Text(""),
            recap=Text(""),
            docker=Text(""),
            steps=STEPS,
            minutes=9,
        ),
    )
)
OUTLINE = outline(COURSE)
ROOM_STEPS = Steps.of(COURSE)
SETTLED = SETTLED_SECONDS + 1
NO_ROUTE = Message(
    "verify.route.none",
    {"route": "default via 10.0.0.1", "where": Message("verify.place.namespace", {"namespace": "netns_dustin"})},
)
FAILING = Failing(check="route", diagnosis="wrong-gateway", observed=NO_ROUTE)


def told(step: str = ONE, **more: object) -> StandingTold:
    fields: dict[str, object] = {"state": "todo", "percent": 0, "step_seconds": 10.0, **more}
    return StandingTold(step=step, **fields)  # type: ignore[arg-type]


def standing(step: str = ONE, **more: object) -> SeatStanding:
    return SeatStanding(told=told(step, **more))


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class FakeHub:
    """Writes down; ``wait(condition)`` returns as soon as it holds after something was written down."""

    def __init__(self) -> None:
        self.orders: list[tuple[int, protocol.Order]] = []
        self.answers: list[tuple[int, desk.Answer]] = []
        self.demos: list[object] = []
        self.gone: list[int] = []
        self.over = False
        self.changes = 0
        self._news = asyncio.Event()

    def order(self, seat: int, order: protocol.Order) -> None:
        self.orders.append((seat, order))
        self._news.set()

    def answer(self, board: int, answer: desk.Answer) -> None:
        self.answers.append((board, answer))
        self._news.set()

    def changed(self) -> None:
        self.changes += 1
        self._news.set()

    def demo(self, wanted: tuple[str | None, str | None] | None) -> None:
        self.demos.append(wanted)

    def demo_watched(self) -> None:
        self.demos.append("watched")

    def removed(self, seat: int) -> None:
        self.gone.append(seat)
        self._news.set()

    def ended(self) -> None:
        self.over = True

    def ordered(self, seat: int) -> list[protocol.Order]:
        """What that seat was ordered since the last call."""
        mine = [order for number, order in self.orders if number == seat]
        self.orders = [one for one in self.orders if one[0] != seat]
        return mine

    def answered(self, board: int = 1) -> list[desk.Answer]:
        """What that board was answered since the last call."""
        mine = [answer for number, answer in self.answers if number == board]
        self.answers = [one for one in self.answers if one[0] != board]
        return mine

    async def wait(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(20):
            while not condition():
                self._news.clear()
                await self._news.wait()


@contextlib.asynccontextmanager
async def open_room(
    store: Store, *, name: str = "hub", clock: Clock | None = None, settings: RoomSettings | None = None
) -> AsyncIterator[tuple[Room, FakeHub]]:
    """A room over that store, and its hub."""
    hub = FakeHub()
    writer = Writer(store)
    room = Room(store, writer, COURSE, settings or RoomSettings(seats=3), hub, hub_name=name, clock=clock or Clock())
    try:
        yield room, hub
    finally:
        await room.close()


async def seat_in(room: Room, name: str = "Ada") -> int:
    """A new seat, connected; what it was ordered at once is left out."""
    record = await room.join(name, name.encode())
    room.connected(record.id, True)
    await room.tick()
    hub = room.hub
    assert isinstance(hub, FakeHub)
    hub.ordered(record.id)
    return record.id
