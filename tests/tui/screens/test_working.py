"""What takes a moment says so, and Esc stops it where that can be; else Esc is the shell's."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from engine.messages import Message
from engine.session import events
from tests.tui.running import Running, running


async def begin(it: Running, key: str) -> asyncio.Event:
    """Have something under way that never ends by itself; the event is set when it was stopped."""
    stopped = asyncio.Event()
    session: Any = it.session

    async def work() -> None:
        session.emit(events.Busy(Message(key)))
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()
            session.emit(events.Idle())

    it.main.ask(work())
    await it.until(lambda: it.main.busy is not None)
    return stopped


@pytest.mark.parametrize(
    ("key", "words"), [("course.busy-rebuilding", "the lab is as it was"), ("course.busy-skipping", "so far stays")]
)
async def test_esc_stops_it_and_the_shell_does_not_get_it(key: str, words: str) -> None:
    async with running(size=(160, 36)) as it:
        stopped = await begin(it, key)
        await it.sees("Esc stops it")
        await it.press("x")
        await it.press("escape")
        await it.sees(words)
        await it.until(lambda: stopped.is_set() and it.main.busy is None)
        await it.sees_no("Esc stops it")
        assert it.shell.written == b""
        await it.press("escape")  # the shell's own again
        assert it.shell.written == b"\x1b"


async def test_the_start_cannot_be_stopped_and_keeps_what_is_typed() -> None:
    async with running(size=(160, 36)) as it:
        stopped = await begin(it, "course.busy-starting")
        await it.press("l", "s", "escape")
        assert not stopped.is_set() and it.shell.written == b""
        assert "Esc stops it" not in it.text()
        it.session.emit(events.Idle())
        await it.until(lambda: it.shell.written == b"ls\x1b")


async def test_what_takes_long_shows_its_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.screens.working.LONG_SECONDS", 0.0)
    async with running(size=(160, 36)) as it:
        await begin(it, "course.busy-rebuilding")
        it.main.show_standing()
        await it.sees("fresh lab … 0 s")
