"""Windows that are small, or change."""

from __future__ import annotations

import random

import pytest

from tests.tui.running import running


async def test_too_small_is_said_kindly_and_nothing_is_lost() -> None:
    async with running() as it:
        it.shell.say(b"$ prompt")
        await it.sees("$ prompt")
        await it.pilot.resize_terminal(60, 20)
        await it.sees("a little too small")
        await it.press("x", "f3")  # not typed where it cannot be seen
        assert it.shell.written == b""
        await it.pilot.resize_terminal(120, 36)
        await it.sees("$ prompt")
        await it.until(lambda: it.view.has_focus)
        await it.press("y")
        assert it.shell.written == b"y"


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_who_was_in_the_lesson_is_there_again(size: tuple[int, int]) -> None:
    async with running(size=size) as it:
        for focused in (it.view, it.main.lesson):
            it.main.set_focus(focused)
            await it.pilot.resize_terminal(60, 20)
            await it.sees("a little too small")
            await it.pilot.resize_terminal(*size)
            await it.sees_no("a little too small")
            await it.until(lambda focused=focused: it.main.focused is focused, "the focus")  # type: ignore[misc]


async def test_started_in_a_window_that_is_too_small() -> None:
    async with running(size=(50, 12), started=False) as it:
        await it.sees("a little too small")
        await it.pilot.resize_terminal(80, 24)
        await it.sees("F5 Next")
        await it.until(lambda: it.main.deck.view is not None and it.view.has_focus)


async def test_from_wide_to_compact_and_back() -> None:
    async with running() as it:
        for size in ((80, 24), (120, 36), (109, 40), (200, 60), (80, 24)):
            await it.pilot.resize_terminal(*size)
            await it.until(lambda: it.shell.size == tuple(it.view.size) != (0, 0))
            assert it.view.has_focus
            await it.sees("Checks")


async def test_the_place_in_the_lesson_is_kept() -> None:
    async with running() as it:
        it.session.pass_step()
        await it.sees("What happened")
        await it.press("f5")
        await it.sees("▸ 4.2")
        await it.pilot.resize_terminal(90, 26)
        await it.sees("▸ 4.2")


async def test_a_storm_of_resizes() -> None:
    async with running() as it:
        dice = random.Random(3)
        it.shell.say("行 of output\r\n".encode() * 40)
        for _ in range(40):
            await it.pilot.resize_terminal(dice.randint(20, 220), dice.randint(5, 70))
            it.shell.say(b"more\r\n")
        await it.pilot.resize_terminal(120, 36)
        await it.until(lambda: it.shell.size == tuple(it.view.size))
        await it.sees("more")
        await it.until(lambda: it.view.has_focus)
