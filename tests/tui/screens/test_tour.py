"""The first look around: what is framed and where the card stands, its keys, and that nothing typed is lost."""

from __future__ import annotations

import pytest
from textual.geometry import Region, Size

from tests.tui.fakes import FakeSession
from tests.tui.running import Running, running
from tui.app import create_app
from tui.screens.tour import STOPS, TourScreen, frame, place_card

SCREEN = Size(120, 36)
CARD = Size(54, 7)


@pytest.mark.parametrize(
    ("target", "place"),
    [
        (Region(0, 1, 50, 30), (51, 12)),  # beside the lesson
        (Region(60, 1, 60, 20), (5, 7)),  # on the left of what stands right
        (Region(0, 35, 120, 1), (33, 27)),  # above the bottom line
        (Region(0, 0, 120, 1), (33, 2)),  # below the top line
        (Region(0, 0, 120, 36), (33, 14)),  # over what fills the screen
        (None, (33, 14)),
    ],
)
def test_where_the_card_stands(target: Region | None, place: tuple[int, int]) -> None:
    assert place_card(SCREEN, target, CARD) == place


@pytest.mark.parametrize(
    "target",
    [Region(0, 1, 50, 30), Region(60, 1, 60, 20), Region(0, 35, 120, 1), Region(10, 10, 5, 1), Region(0, 0, 120, 36)],
)
def test_the_frame_stays_on_the_screen_and_off_a_single_row(target: Region) -> None:
    sides = frame(target, SCREEN)
    for where, text in sides.values():
        assert Region(0, 0, *SCREEN).contains_region(where)
        rows = text.split("\n")
        assert (len(rows), {len(row) for row in rows}) == (where.height, {where.width})
        if target.height == 1 and where.width > 1:
            assert not where.overlaps(target)


async def begin(it: Running) -> TourScreen:
    it.main.action_tour()
    await it.until(lambda: isinstance(it.app.screen, TourScreen), "the tour")
    screen = it.app.screen
    assert isinstance(screen, TourScreen)
    return screen


async def test_from_part_to_part() -> None:
    async with running() as it:
        tour = await begin(it)
        texts = ["The lesson", "What is to be done", "The terminal", "The network", "The keys"]
        for number, text in enumerate(texts, 1):
            await it.sees(text)
            await it.sees(f"{number}/5")
            assert tour.target() is it.main.query_one(f"#{STOPS[number - 1]}")
            assert "┏" in it.text()
            await it.press("enter" if number < 5 else "left")
        await it.sees("4/5")
        await it.pilot.resize_terminal(80, 24)
        await it.sees("F6 shows the network here")
        await it.press("space", "space")
        await it.until(lambda: it.app.screen is it.main, "the main screen")
        await begin(it)
        await it.press("escape")
        await it.until(lambda: it.app.screen is it.main, "the main screen")
        assert it.shell.written == b"", "its own keys go nowhere else"


async def test_typing_ends_it_and_goes_where_it_belongs() -> None:
    async with running("zh", (80, 24)) as it:
        await begin(it)
        await it.sees("课文")
        await it.press("i", "p", "space", "a", "enter")
        await it.until(lambda: it.shell.written == b"ip a\r", "what was typed")
        await begin(it)
        await it.press("f2")
        await it.until(lambda: it.session.hints_shown == 1, "the hint")
        assert it.app.screen is it.main


async def test_a_first_start_shows_it_and_remembers() -> None:
    app = create_app(FakeSession())  # type: ignore[arg-type]
    app.tour = True
    async with app.run_test(size=(120, 36)) as pilot:
        it = Running(app, pilot, app.session)
        await it.sees("The lesson")
        assert app.preferences.settings.tour_seen
