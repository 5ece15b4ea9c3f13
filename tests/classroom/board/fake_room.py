"""A room of thirty without a hub: seats that stand where a test wants them, and a connection that is two queues."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator

from msgspec.structs import replace

from engine.classroom import desk
from engine.classroom.board import SeatNow, board
from engine.classroom.causes import Steps
from engine.classroom.desk import Board, LastCommand, Leading, RoomTold
from engine.classroom.kept import SeatStanding
from engine.classroom.outline import outline
from engine.classroom.protocol import Failing, StandingTold
from engine.course import load_course
from engine.messages import Message
from tui.classroom.board.connection import Heard, Picture

NAMES = (
    "Ada", "Grace Hopper", "小明", "王小红", "Linus", "Radia Perlman", "[bold red]Bobby[/] <b>", "Zoë",
    "李雷", "韩梅梅", "Margaret", "Ken", "Dennis Ritchie", "Barbara", "Donald", "Edsger",
    "陈一", "Tim", "Vint", "Bob Kahn",
    "Hedy", "Alan", "Claude", "Katherine Johnson", "Annie", "Evelyn", None, "Jean", "Lynn Conway",
    "A name that is much too long for it",
)  # fmt: skip
COURSE = load_course()
STEPS = outline(COURSE)
ROOM = RoomTold(steps=STEPS, link="http://192.168.7.20:8421/", code="K7QF-3MXA", limit=40)
_STEPS = Steps.of(COURSE)


def _place(namespace: str) -> Message:
    return Message("verify.place.namespace", {"namespace": namespace})


NO_ROUTE = Failing(
    check="route",
    diagnosis="wrong-gateway",
    hint=Message("verify.route.none", {"route": "default via 10.0.0.10", "where": _place("netns_dustin")}),
)
DOWN = Failing(
    check="up",
    diagnosis="link-down",
    hint=Message("verify.link.hint-down", {"name": "veth_ns_dustin", "where": _place("netns_dustin")}),
)
PREFIX = Failing(
    check="address",
    diagnosis="wrong-prefix",
    hint=Message(
        "verify.address.hint-prefix", {"link": "veth_dustin", "found": "10.0.0.10/32", "address": "10.0.0.10/24"}
    ),
)


_PLACES = dict.fromkeys((2, 5, 9, 11, 17, 21, 24), 20) | dict.fromkeys((3, 8, 28), 14) | {13: 15}
"""Where some of them are: the index of a step."""


_SLIPS = {
    20: ("sudo ip netns exec netns_dustin ip route add default via 10.0.0.1", 2),
    14: ("sudo ip link set dev veth_ns_dustin up", 1),
    15: ("sudo ip addr add 10.0.0.10/32 dev veth_dustin", 0),
}
_FINE = ("ip addr show", "ip netns list", "ping -c 1 10.0.0.11", "ip route", "sudo ip netns exec netns_dustin ip addr")


def seats(now: float = 100.0) -> list[SeatNow]:
    """Thirty of them, always the same."""
    chance = random.Random(7)
    result = []
    for number, name in enumerate(NAMES, 1):
        at = (
            20
            if number in (2, 5, 9, 11, 17, 21, 24)
            else 14
            if number in (3, 8, 28)
            else 16
            if number == 13
            else 12 + number % 9
        )
        failing: tuple[Failing, ...] = {20: (NO_ROUTE,), 14: (DOWN,), 15: (PREFIX,)}.get(at, ())
        if number in (4, 10):
            failing = ()
        step = STEPS[at]
        told = StandingTold(
            step=step.id,
            state="todo",
            percent=0,
            step_seconds=step.planned_seconds * chance.uniform(0.2, 0.9) + (150 if failing and number % 2 else 0),
            tried=4 if failing else 1,
            hints=number % 3,
            failing=failing,
            free_play=number == 12,
            lab_lost=number == 15,
            columns=100,
            rows=30,
        )
        command, exit_ = _SLIPS[at] if failing else (_FINE[number % len(_FINE)], 0)
        states = {one.id: "done" for one in STEPS[:at]}
        result.append(
            SeatNow(
                id=number,
                name=name,
                connected=number not in (18, 27),
                here=number != 29,
                standing=SeatStanding(
                    told=told,
                    told_at=now,
                    last=LastCommand(text=command, exit=exit_, namespace="host", terminal="T2"),
                    hand_at=now - 60 if number in (6, 24) else None,
                    states=states,  # type: ignore[arg-type]
                    paces={one.id: one.planned_seconds * chance.uniform(0.7, 1.9) for one in STEPS[:at]},
                    own_terminal=number == 22,
                ),
            )
        )
    return result


def make_board(leading: Leading | None = None, now: float = 100.0, **changes: SeatNow) -> Board:
    """The board of these seats."""
    return board(seats(now), _STEPS, leading or Leading(), now)


def changed(board: Board, seat: int, **fields: object) -> Board:
    """The same, one row different."""
    rows = tuple(replace(row, **fields) if row.seat == seat else row for row in board.rows)
    return replace(board, rows=rows)


class FakeConnection:
    """What the board asks for is written down; a test says what the hub tells."""

    def __init__(self) -> None:
        self.requests: list[desk.Request] = []
        self.typed: list[tuple[int, bytes]] = []
        self._news = asyncio.Event()
        self._told: asyncio.Queue[Heard | None] = asyncio.Queue()

    def request(self, request: desk.Request) -> None:
        self.requests.append(request)
        self._news.set()

    def type(self, seat: int, keys: bytes) -> None:
        self.typed.append((seat, keys))
        self._news.set()

    async def heard(self) -> AsyncIterator[Heard]:
        while True:
            told = await self._told.get()
            if told is None:
                return
            yield told

    def tell(self, *answers: desk.Answer) -> None:
        """The hub answers that."""
        for answer in answers:
            self._told.put_nowait(answer)

    def hear(self, heard: Heard) -> None:
        self._told.put_nowait(heard)

    def paint(self, seat: int, text: str) -> None:
        """A watched seat paints."""
        self._told.put_nowait(Picture(seat, text.encode()))

    def end(self) -> None:
        """The room is over."""
        self._told.put_nowait(desk.RoomEnded())
        self._told.put_nowait(None)

    def asked(self) -> list[desk.Request]:
        """What was asked for since the last call."""
        asked, self.requests = self.requests, []
        return asked
