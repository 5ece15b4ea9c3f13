"""A few pictures of the whole screen; ``pytest --snapshot-update`` takes them anew."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from engine.course.model import LANGUAGES
from engine.messages import Message
from engine.verify import Verdict
from tests.tui.fakes import FakeSession
from tui.app import create_app

SIZES = [(80, 24), (120, 36)]
OPENED_BY = {"help": "f1", "steps": "f8", "palette": "shift+f3"}


def verdict(passed: bool, hint: bool = False) -> Verdict:
    words = Message("tui.terminal.copied")
    slip = Message("tui.told.no_hint") if hint else None
    return Verdict(check="pair", passed=passed, expected=words, observed=words, hint=slip)


async def in_the_midst(pilot: Pilot[None]) -> None:
    """A prompt in the terminal, one check passed, a slip."""
    await settled(pilot)
    session: Any = pilot.app.session  # type: ignore[attr-defined]
    session.terminals["T2"].say(b"\x1b[32myou@lab\x1b[0m:\x1b[34m~\x1b[0m$ ip link list\r\n1: lo: <LOOPBACK>\r\n$ ")
    session.commands = (object(),)
    session.evaluate((verdict(True), verdict(False, hint=True)))
    await settled(pilot)


async def done(pilot: Pilot[None]) -> None:
    await in_the_midst(pilot)
    session: Any = pilot.app.session  # type: ignore[attr-defined]
    session.evaluate((verdict(True), verdict(True)))
    session.pass_step()
    main = pilot.app.main  # type: ignore[attr-defined]
    while "Step done" not in shown(pilot) or main.checklist.has_class("-passed"):  # the green of the moment
        await pilot.pause(0.05)
    await settled(pilot)


def shown(pilot: Pilot[None]) -> str:
    return "\n".join(strip.text for strip in pilot.app.screen._compositor.render_strips())


def opened(key: str) -> Callable[[Pilot[None]], Awaitable[None]]:
    """In the midst of a step, with what that key opens."""

    async def before(pilot: Pilot[None]) -> None:
        await in_the_midst(pilot)
        await pilot.press(key)
        while len(pilot.app.screen_stack) < 2:
            await pilot.pause(0.02)
        await settled(pilot)
        for one in pilot.app.screen.query(Input):
            one.cursor_blink = False
        await pilot.pause()

    return before


async def settled(pilot: Pilot[None]) -> None:
    """Until the screen has stopped changing."""
    await pilot.app.workers.wait_for_complete()
    before, same = "", 0
    while same < 5:
        await pilot.pause(0.05)
        now = shown(pilot)
        same = same + 1 if now == before else 0
        before = now


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x36"])
def test_in_the_midst_of_a_step(snap_compare: Any, size: tuple[int, int], language: str) -> None:
    assert snap_compare(create_app(FakeSession(language)), terminal_size=size, run_before=in_the_midst)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x36"])
@pytest.mark.parametrize("screen", OPENED_BY)
def test_over_it(snap_compare: Any, screen: str, size: tuple[int, int], language: str) -> None:
    assert snap_compare(create_app(FakeSession(language)), terminal_size=size, run_before=opened(OPENED_BY[screen]))


def test_in_the_terminals_own_colours(snap_compare: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NSTEPS_THEME", "ansi")
    assert snap_compare(create_app(FakeSession()), terminal_size=(80, 24), run_before=in_the_midst)


def test_a_step_is_done(snap_compare: Any) -> None:
    assert snap_compare(create_app(FakeSession()), terminal_size=(120, 36), run_before=done)


def test_in_the_light(snap_compare: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NSTEPS_THEME", "light")
    assert snap_compare(create_app(FakeSession()), terminal_size=(120, 36), run_before=in_the_midst)
