"""A seat's pages without a process or a network: who may look, who is sent away, what a new page is shown."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from typing import Any

from engine.classroom.protocol import Attached, Detached, Fact, Order, RoomClosed
from tui.classroom import seats
from tui.classroom.nursery import NurseryError
from tui.classroom.seats import PICTURE_BEGINS, Grant, LiveSeat
from tui.web.packets import Ended, Meta
from tui.web.seat import Ending


class Process:
    """In place of :class:`~tui.classroom.running.Running`."""

    def __init__(self) -> None:
        self.pid = 4242
        self.ending = False
        self.orders: list[Order] = []
        self.typed = b""
        self.over = asyncio.Event()
        self.last: Ended | None = Ended(0, "bye")
        self.paint: Callable[[bytes], Awaitable[None]]

    async def read(self, painted: Callable[[bytes], Awaitable[None]], *_: object) -> Ended | None:
        self.paint = painted
        await self.over.wait()
        self.ending = True
        return self.last

    async def order(self, order: Order) -> None:
        self.orders.append(order)

    async def type(self, text: bytes) -> None:
        self.typed += text

    async def tell(self, what: Meta) -> None:
        pass

    async def stop(self) -> None:
        self.ending = True
        self.over.set()

    async def ended(self) -> None:
        await self.over.wait()


class Hub:
    """In place of the hub."""

    def __init__(self) -> None:
        self.processes: list[Process] = []
        self.sits: list[bool] = []
        self.refuses = False

    async def start_seat(self, seat: int, columns: int, rows: int) -> Any:
        if self.refuses:
            raise NurseryError("no more processes")
        self.processes.append(Process())
        return self.processes[-1]

    def connected(self, seat: int, connected: bool) -> None:
        self.sits.append(connected)

    def told(self, seat: int, fact: Fact) -> None: ...

    def sized(self, seat: int, columns: int, rows: int) -> None: ...

    def painted(self, seat: int, picture: bytes) -> None: ...


class Socket:
    """In place of a page's WebSocket; ``stuck``: it takes nothing."""

    def __init__(self) -> None:
        self.shown: list[bytes] = []
        self.gone = asyncio.Event()
        self.stuck = False

    def __aiter__(self) -> Socket:
        return self

    async def __anext__(self) -> Any:
        await self.gone.wait()
        raise StopAsyncIteration

    async def send_bytes(self, data: bytes) -> None:
        if self.stuck:
            await asyncio.Event().wait()
        self.shown.append(data)


async def settle() -> None:
    """Let everything happen that can happen by itself."""
    for _ in range(20):
        await asyncio.sleep(0)


async def looking(seat: LiveSeat, tab: str = "tab", *, take: bool = False) -> tuple[Socket, asyncio.Task[None], str]:
    view = await seat.grant(Grant(take=take, tab=tab))
    assert view is not None
    socket: Any = Socket()
    task = asyncio.create_task(seat.show(view, socket, 80, 24))
    await settle()
    return socket, task, view


async def test_a_new_page_is_shown_whole_pictures_only() -> None:
    hub = Hub()
    seat = LiveSeat(1, hub, 60)
    socket, task, _ = await looking(seat)
    (process,) = hub.processes
    assert process.orders == [Attached(columns=80, rows=24)]
    await process.paint(b"the tail of a picture for somebody else")
    await process.paint(PICTURE_BEGINS)
    await process.paint(b"a picture")
    assert socket.shown == [PICTURE_BEGINS, b"a picture"]
    socket.gone.set()
    await task
    await settle()
    assert process.orders[-1] == Detached()
    assert hub.sits == [True, False]
    await process.paint(b"unseen")
    again, _, _ = await looking(seat)
    await process.paint(b"a tail")
    assert again.shown == []
    assert len(hub.processes) == 1
    await seat.close("closed")


async def test_the_same_tab_comes_back_and_another_is_told(monkeypatch: Any) -> None:
    monkeypatch.setattr(seats, "RELOAD_SECONDS", 0.01)
    hub = Hub()
    seat = LiveSeat(1, hub, 60)
    _, first, view = await looking(seat, "mine")
    assert await seat.grant(Grant(tab="another")) is None
    assert await seat.grant(Grant(tab="")) is None
    _, second, other = await looking(seat, "mine")  # its connection hangs, and it does not know yet
    await first
    assert seat.ending(view) is not None
    assert seat.ending(view).reason == "moved"  # type: ignore[union-attr]
    assert seat.ending(other) is None
    await looking(seat, "another", take=True)
    await second
    assert seat.ending(other).reason == "moved"  # type: ignore[union-attr]
    await seat.close("closed")
    assert len(hub.processes) == 1


async def test_a_view_is_good_once_and_only_the_latest() -> None:
    hub = Hub()
    seat = LiveSeat(1, hub, 60)
    old = await seat.grant(Grant())
    new = await seat.grant(Grant())
    for wrong in (old, "", "guessed"):
        socket: Any = Socket()
        await seat.show(str(wrong), socket, 80, 24)
    assert hub.processes == []
    socket = Socket()
    task = asyncio.create_task(seat.show(str(new), socket, 80, 24))
    await settle()
    await seat.show(str(new), Socket(), 80, 24)  # type: ignore[arg-type]
    assert not task.done()
    await seat.close("closed")


async def test_the_end_of_the_process_and_no_process_at_all() -> None:
    hub = Hub()
    seat = LiveSeat(1, hub, 60)
    _, task, view = await looking(seat)
    hub.processes[0].over.set()
    await task
    assert seat.ending(view) is not None
    assert (seat.ending(view).reason, seat.ending(view).text) == ("left", "bye")  # type: ignore[union-attr]
    hub.refuses = True
    _, task, view = await looking(seat)
    await task
    assert seat.ending(view).reason == "failed"  # type: ignore[union-attr]
    hub.refuses = False
    _, task, view = await looking(seat)
    hub.processes[1].last = None
    hub.processes[1].over.set()
    await task
    assert seat.ending(view).reason == "broken"  # type: ignore[union-attr]


async def test_the_end_of_the_workshop_is_told_as_such_with_the_words_of_the_seat() -> None:
    seat = LiveSeat(1, hub := Hub(), 60)
    _, task, view = await looking(seat)
    seat.order(RoomClosed())
    hub.processes[0].over.set()
    await task
    assert seat.ending(view) == Ending("closed", "bye")
    _, task, view = await looking(seat)
    await seat.close("broken", over=False)
    await task
    assert seat.ending(view) == Ending("broken")


async def test_without_a_page_the_process_ends_after_the_grace_time() -> None:
    hub = Hub()
    seat = LiveSeat(1, hub, 0.0)
    socket, task, _ = await looking(seat)
    socket.gone.set()
    await task
    await asyncio.wait_for(hub.processes[0].over.wait(), 10)
    await looking(seat)
    assert len(hub.processes) == 2
    await seat.close("closed")


async def test_a_page_that_comes_while_the_process_ends_waits_for_its_end() -> None:
    hub = Hub()
    seat = LiveSeat(1, hub, 60)
    socket, task, _ = await looking(seat)
    socket.gone.set()
    await task
    hub.processes[0].ending = True
    _, task, view = await looking(seat)
    assert len(hub.processes) == 1
    hub.processes[0].over.set()
    await settle()
    assert len(hub.processes) == 2
    assert not task.done()
    assert seat.ending(view) is None
    assert seat.pid is not None
    await seat.close("closed")


async def test_a_page_that_takes_nothing_is_given_up(monkeypatch: Any) -> None:
    monkeypatch.setattr(seats, "SLOW_SECONDS", 0.01)
    hub = Hub()
    seat = LiveSeat(1, hub, 60)
    socket, task, view = await looking(seat)
    socket.stuck = True
    await hub.processes[0].paint(PICTURE_BEGINS)
    await asyncio.wait_for(task, 10)
    assert seat.ending(view).reason == "broken"  # type: ignore[union-attr]
    assert not hub.processes[0].ending
    with contextlib.suppress(TimeoutError):
        await seat.close("closed")


async def test_a_quiet_page_is_known_and_sent_away() -> None:
    hub = Hub()
    seat = LiveSeat(1, hub, 60)
    _, task, view = await looking(seat)
    assert seat.page is not None
    before = seat.page.last_typed
    await asyncio.sleep(0.001)
    await seat.page.type("x")
    assert before < seat.page.last_typed <= time.monotonic()
    assert hub.processes[0].typed == b"x"
    seat.dismiss("idle")
    await task
    assert seat.ending(view).reason == "idle"  # type: ignore[union-attr]
    assert not hub.processes[0].ending
    await seat.close("removed")
    assert hub.processes[0].ending
