"""A room whose terminal is gone goes on while anybody is there, and ends by itself when nobody has been for long."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from tui.classroom import until
from tui.classroom.hub import Limits
from tui.classroom.until import Until

IDLE_SECONDS = 0.05


class Room:
    """The hub, the server, and what was asked for, as far as :class:`Until` looks at them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.terminal, self.people = True, True
        self.said: list[str] = []
        self.ended = asyncio.Event()
        monkeypatch.setattr(until, "terminal_modes", lambda: [] if self.terminal else None)
        monkeypatch.setattr(until, "TERMINAL_SECONDS", 0.001)
        monkeypatch.setattr(until, "DESERTED_SECONDS", 0.001)
        hub: Any = SimpleNamespace(ended_by_instructor=asyncio.Event(), deserted=lambda: not self.people)
        opening: Any = SimpleNamespace(board=False, limits=Limits(idle_seconds=IDLE_SECONDS), say=self._say)
        server: Any = SimpleNamespace()
        self.over = asyncio.create_task(Until(opening, server, hub, self.ended).over(asyncio.Event()))

    def _say(self, key: str, **_: object) -> None:
        self.said.append(key)

    async def goes_on(self) -> bool:
        await asyncio.wait({self.over}, timeout=4 * IDLE_SECONDS)
        return not self.over.done()


async def test_without_a_terminal_it_ends_when_nobody_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    room = Room(monkeypatch)
    room.people = False
    assert await room.goes_on()  # the instructor is
    room.people, room.terminal = True, False
    assert await room.goes_on()
    room.people = False
    await asyncio.wait_for(room.over, 20)


async def test_it_can_be_ended_with_and_without_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for terminal in (True, False):
        room = Room(monkeypatch)
        await asyncio.sleep(0)
        room.terminal = terminal
        assert await room.goes_on()
        room.ended.set()
        await asyncio.wait_for(room.over, 20)
        assert room.said[0].startswith("how")
