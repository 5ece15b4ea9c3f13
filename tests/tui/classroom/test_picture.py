"""What goes to the hub of the picture, and how it leaves out what a slow one cannot take."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from tui.classroom.picture import UNSENT_BYTES, Picture


class App:
    """Counts how often everything is painted."""

    def __init__(self) -> None:
        self.is_running = True
        self._screen_stack = [self]
        self.screen = self
        self.painted = 0

    def refresh(self) -> None:
        self.painted += 1


class Way:
    def __init__(self) -> None:
        self.unsent = 0
        self.call: Callable[[], None] | None = None

    def when_sent(self, call: Callable[[], None]) -> None:
        self.call = call


def picture() -> tuple[Picture, Any, Way, list[bytes]]:
    app: Any = App()
    way, sent = Way(), []
    return Picture(app, way, sent.append), app, way, sent


async def test_nothing_is_sent_while_nobody_looks() -> None:
    it, app, _, sent = picture()
    it.write("unseen")
    it.page(True)
    it.write("seen")
    it.page(False)
    it.write("unseen")
    assert sent == [b"seen"]
    assert app.painted == 1


async def test_the_first_who_looks_over_the_shoulder_sees_everything() -> None:
    it, app, _, sent = picture()
    it.watched(1)
    it.watched(2)
    it.write("x")
    it.watched(0)
    it.write("y")
    assert sent == [b"\x1b[?25l", b"x"]
    assert app.painted == 1


async def test_what_a_slow_hub_cannot_take_is_left_out_and_painted_anew() -> None:
    it, app, way, sent = picture()
    it.page(True)
    way.unsent = UNSENT_BYTES + 1
    it.write("left out")
    way.unsent = 0
    it.write("left out too: it builds on the one before")
    assert way.call is not None
    way.call()
    await asyncio.sleep(0)
    assert (sent, app.painted) == ([], 2)
    it.write("on it goes")
    assert sent == [b"on it goes"]
