"""Two terminals at once."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.tui.running import Running, running
from tui.terminal.panes import SMALLEST_COLUMNS, SMALLEST_ROWS, arrangement, terminal_size

CHORD = "ctrl+right_square_bracket"


@pytest.mark.parametrize(
    ("size", "how"),
    [
        ((161, 40), "beside"),
        ((160, 40), "stacked"),
        ((120, 30), "stacked"),
        ((79, 12), "stacked"),
        ((81, 11), "beside"),
        ((79, 11), None),
        ((39, 40), None),
        ((200, 5), None),
    ],
)
def test_how_two_terminals_are_arranged(size: tuple[int, int], how: str | None) -> None:
    assert arrangement(*size) == how
    if how:
        columns, rows = terminal_size(*size, how)
        assert columns >= SMALLEST_COLUMNS and rows >= SMALLEST_ROWS


def seen(it: Running) -> list[str | None]:
    return [pane.view.name for pane in it.main.deck.query("Pane").results() if pane.display]  # type: ignore[attr-defined]


async def two(it: Running) -> None:
    it.session.terminals["T1"].say(b"the server")
    it.session.terminals["T2"].say(b"the client")
    await it.press("shift+f4")
    await it.sees("the server")
    await it.sees("the client")


async def test_server_and_client_are_seen_at_once_and_one_again() -> None:
    async with running(size=(120, 50)) as it:
        before = it.shell.size
        await two(it)
        assert it.main.deck.how == "stacked" and it.main.deck.front == "T2" and it.view.has_focus
        rows = it.rows()
        server, client = (next(y for y, row in enumerate(rows) if text in row) for text in ("the server", "the client"))
        assert server < client
        for name in ("T1", "T2"):  # the programs know how much room they have
            columns, lines = it.session.terminals[name].size
            assert columns == before[0] and 2 * lines + 2 in (before[1], before[1] - 1)
        assert it.session.size == it.shell.size  # so do those that are opened from now on
        await it.press("shift+f4")
        await it.sees_no("the server")
        assert it.shell.size == before and it.view.has_focus


async def test_beside_each_other_on_a_wide_screen() -> None:
    async with running(size=(200, 60)) as it:
        await it.press("f6")
        await two(it)
        assert it.main.deck.how == "beside"
        assert any("the server" in row and "the client" in row for row in it.rows())
        assert it.shell.size[0] >= 80


async def test_the_next_terminal_and_a_click_change_between_them() -> None:
    async with running(size=(120, 50)) as it:
        await two(it)
        await it.press("f4")
        assert it.main.deck.front == "T1" and it.view.has_focus
        await it.press("x")
        assert it.shell.written == b"x"
        other = it.main.deck._views["T2"]
        await it.pilot.click(other)
        await it.until(lambda: it.main.deck.front == "T2" and it.view.has_focus)
        assert seen(it) == ["T1", "T2"]


async def test_a_third_one_takes_the_place_of_one_where_nothing_runs() -> None:
    async with running(size=(120, 50)) as it:
        await it.session.terminal("T3")
        await it.sees("T3")
        await two(it)
        server = it.session.terminals["T1"]
        server.at_prompt, server.running = False, SimpleNamespace(text="python3 -m http.server 8080")
        it.main.deck.update()
        await it.sees("… python3 -m http.server 8080")
        it.main.action_open_terminal("T3")
        await it.pilot.pause()
        assert seen(it) == ["T1", "T3"] and it.main.deck.front == "T3"
        it.main.action_open_terminal("T1")
        it.main.action_open_terminal("T2")
        await it.pilot.pause()
        assert seen(it) == ["T1", "T2"]


async def test_news_are_only_news_where_nobody_looks() -> None:
    async with running(size=(120, 50)) as it:
        await two(it)
        it.session.terminals["T1"].say(b"more")
        await it.sees("more")
        assert it.main.deck.mark("T1") != "•"


async def test_a_second_terminal_is_made_if_there_is_none() -> None:
    async with running(size=(120, 50)) as it:
        it.session.terminals.pop("T1")
        it.main.deck._shells.pop("T1")
        await it.main.deck.tidy()
        assert it.main.deck.names == ["T2"]
        await it.press("shift+f4")
        await it.until(lambda: it.main.deck.how is not None)
        assert seen(it) == ["T1", "T2"] and it.main.deck.front == "T2"


async def test_a_small_screen_gives_them_the_whole_of_it() -> None:
    async with running(size=(80, 24)) as it:
        await it.press("shift+f4")
        await it.sees("need the whole screen")
        assert it.main.deck.how == "stacked" and it.main.view == "terminal" and seen(it) == ["T1", "T2"]
        await it.press("f6")
        await it.until(lambda: it.main.view == "all")
        await it.until(lambda: len(seen(it)) == 1)
        await it.pilot.resize_terminal(120, 50)  # with room both are there again
        await it.until(lambda: seen(it) == ["T1", "T2"])
        await it.pilot.resize_terminal(80, 24)
        await it.until(lambda: len(seen(it)) == 1)
        assert it.view.size.width > 70


async def test_zoom_begins_with_the_pane_that_has_the_focus() -> None:
    async with running() as it:
        for focus, first in ((None, "terminal"), (CHORD, "lesson")):
            if focus:
                await it.press(focus)
            await it.press("f6")
            assert it.main.view == first
            views = []
            while it.main.view != "all":
                views.append(it.main.view)
                await it.press("f6")
            assert sorted(views) == ["lesson", "network", "terminal"]


async def test_a_terminal_that_is_no_more_leaves_its_place() -> None:
    async with running(size=(120, 50)) as it:
        await two(it)
        it.main.deck._shells.pop("T1")
        await it.main.deck.tidy()
        await it.pilot.pause()
        assert seen(it) == ["T2"] and it.main.deck.how is None
