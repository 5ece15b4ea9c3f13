"""The connection of ``nsteps join``: lost and made anew, nothing told in vain."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from engine.classroom import protocol as p
from engine.session.progress import Progress
from tests.tui.classroom.rooms import SECRET, FakeRoom, room
from tui.classroom import socket_link
from tui.classroom.remote import REMOVED, TAKEN_OVER
from tui.classroom.socket_link import End, SocketLink, UnknownSeat, Unreachable


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket_link, "FIRST_WAIT_SECONDS", 0.01)


class Listening:
    """Notes what it hears; catches up as a seat does."""

    def __init__(self, link: SocketLink) -> None:
        self.link = link
        self.orders: list[p.Order] = []
        self.heard: list[str] = []
        self.end: End | None = None
        self.changed = asyncio.Event()

    def receive(self, kind: bytes, payload: bytes) -> None:
        if kind == p.ORDER:
            self.orders.append(p.order(payload))
        self.changed.set()

    def connected(self, seated: p.Seated) -> None:
        self.heard.append("connected")
        self.link.acknowledged(seated.number)
        self.link.catch_up()
        self.changed.set()

    def disconnected(self) -> None:
        self.heard.append("disconnected")
        self.changed.set()

    def ended(self, end: End) -> None:
        self.end = end
        self.changed.set()

    async def until(self, condition: object) -> None:
        async with asyncio.timeout(30):
            while not condition():  # type: ignore[operator]
                self.changed.clear()
                await self.changed.wait()


@contextlib.asynccontextmanager
async def talking(there: FakeRoom) -> AsyncIterator[Listening]:
    link = SocketLink(there.url, SECRET)
    listening = Listening(link)
    seated = await link.connect()
    task = asyncio.ensure_future(link.run(listening, seated))
    await listening.until(lambda: listening.heard)
    try:
        yield listening
    finally:
        await link.close()
        await asyncio.wait_for(task, 30)


def command(text: str) -> p.CommandRan:
    return p.CommandRan(step="a/b", terminal="T1", namespace="host", text=text, exit=0)


def kept(number: int) -> p.ProgressKept:
    return p.ProgressKept(number=number, progress=Progress(step="a/b"))


async def test_what_was_not_written_down_is_told_again() -> None:
    async with room() as there, talking(there) as here:
        for told in (command("safe"), kept(1), command("lost?"), kept(2)):
            here.link.tell(told)
        await there.until(lambda: len(there.facts) == 4)
        here.link.acknowledged(1)
        there.facts.clear()
        await there.hang_up()
        await here.until(lambda: "disconnected" in here.heard)
        here.link.tell(command("alone"))
        await there.until(lambda: len(there.facts) == 3)
        assert there.facts == [command("lost?"), command("alone"), kept(2)]
        await there.order(p.Say(text="welcome back"))
        await here.until(lambda: here.orders)
        assert here.orders == [p.Say(text="welcome back")]


async def test_what_the_hub_has_by_its_own_word_is_not() -> None:
    async with room() as there, talking(there) as here:
        here.link.tell(command("written"))
        here.link.tell(kept(1))
        await there.until(lambda: len(there.facts) == 2)
        there.facts.clear()
        there.seated = p.Seated(seat=1, number=1)
        await there.hang_up()
        await here.until(lambda: here.heard.count("connected") == 2)
        here.link.tell(kept(2))
        await there.until(lambda: there.facts)
        assert there.facts == [kept(2)]


async def test_at_the_end_what_waits_is_sent() -> None:
    async with room() as there:
        async with talking(there) as here:
            for number in range(1, 101):
                here.link.tell(kept(number))
        assert [one.number for one in there.kept()] == list(range(1, 101))


async def test_the_picture_goes_only_where_there_is_somebody() -> None:
    async with room() as there, talking(there) as here:
        here.link.paint(b"x" * 1000)
        assert here.link.unsent > 1000
        sent = asyncio.Event()
        here.link.when_sent(sent.set)
        await asyncio.wait_for(sent.wait(), 30)
        await there.hang_up()
        await here.until(lambda: "disconnected" in here.heard)
        here.link.paint(b"x" * 1000)
        assert here.link.unsent == 0


@pytest.mark.parametrize(("code", "end"), [(REMOVED, "removed"), (TAKEN_OVER, "moved")])
async def test_the_hub_wants_nothing_more(code: int, end: End) -> None:
    async with room() as there, talking(there) as here:
        await there.hang_up(code)
        await here.until(lambda: here.end)
        assert here.end == end
        assert there.connections == 1


async def test_a_seat_that_is_no_more() -> None:
    async with room() as there, talking(there) as here:
        there.known = False
        await there.hang_up()
        await here.until(lambda: here.end)
        assert here.end == "unknown"
        stranger = SocketLink(there.url, "x")
        with pytest.raises(UnknownSeat):
            await stranger.connect()
        await stranger.close()


async def test_nobody_there() -> None:
    async with room() as there:
        url = there.url
    link = SocketLink(url, SECRET)
    with pytest.raises(Unreachable):
        await link.connect()
    await link.close()
