"""The widget: what it marks and for how long, what lights up, what can be chosen, and how little it paints."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from msgspec.structs import replace
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from engine.assets import assets_directory
from engine.lab import CommandRun
from engine.network.snapshot import Snapshot
from tests.network.picture import accept, host, picture, space
from tests.tui.network.moments import LESSONS, load, say
from tests.tui.network.test_traffic import after
from tui import theme
from tui.network import topology
from tui.network.inspect import InspectScreen
from tui.network.topology import TopologyView

PAIR = picture(host("dustin"), space("dustin"))
DOWN = picture(host("dustin"), space("dustin", up=False))
PING = "sudo ip netns exec netns_dustin ping -c 1 114.114.114.114"


@dataclass
class Clock:
    """Time goes on when the test says so."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


class Board(App[None]):
    CSS_PATH = assets_directory() / "styles" / "nsteps.tcss"

    def __init__(self, language: str, clock: Clock) -> None:
        super().__init__()
        self.register_theme(theme.DARK)
        self.theme = theme.DARK.name
        self.view = TopologyView(say(language), clock=clock)
        self.wanted: list[str] = []
        self.looks = 0

    def compose(self) -> ComposeResult:
        yield self.view

    def on_topology_view_command_wanted(self, message: TopologyView.CommandWanted) -> None:
        self.wanted.append(message.command)

    def on_topology_view_look_wanted(self) -> None:
        self.looks += 1


@dataclass
class Shown:
    app: Board
    pilot: Pilot[None]
    clock: Clock
    painted: list[int] = field(default_factory=list)

    @property
    def view(self) -> TopologyView:
        return self.app.view

    def text(self) -> str:
        return "\n".join(line.text for line in self.view._lines)

    async def show(self, snapshot: Snapshot | None, seconds: float = 1.0) -> None:
        """The next snapshot, that much later."""
        self.clock.now += seconds
        self.view.show(snapshot)
        await self.pilot.pause()

    async def calm(self, seconds: float) -> None:
        self.clock.now += seconds
        self.view.calm()
        await self.pilot.pause()


@asynccontextmanager
async def board(language: str = "en", size: tuple[int, int] = (80, 24)) -> AsyncIterator[Shown]:
    app = Board(language, Clock())
    async with app.run_test(size=size) as pilot:
        shown = Shown(app, pilot, app.view._clock)  # type: ignore[arg-type]
        yield shown


def ping(number: int = 1, **more: object) -> CommandRun:
    return CommandRun(id=number, terminal="T2", text=PING, cwd=None, **more)  # type: ignore[arg-type]


async def test_before_the_first_snapshot_and_after_the_last() -> None:
    async with board() as shown:
        assert "appears here" in shown.text()
        await shown.show(PAIR)
        assert "veth_dustin" in shown.text()
        await shown.show(None)
        assert "appears here" in shown.text()


# -- marks -----------------------------------------------------------------------------------------------------------


async def test_what_changed_is_marked_and_calms_down() -> None:
    async with board() as shown:
        await shown.show(PAIR)
        await shown.show(DOWN)
        assert "~○ veth_ns_dustin" in shown.text()
        await shown.calm(topology.MARK_SECONDS - 0.5)
        assert "~○ veth_ns_dustin" in shown.text()
        await shown.calm(1)
        assert "~" not in shown.text().rsplit("\n", 1)[0] and "○ veth_ns_dustin" in shown.text()


async def test_what_has_gone_is_shown_for_a_while_where_it_was() -> None:
    async with board() as shown:
        await shown.show(PAIR)
        await shown.show(picture(host(), space("dustin")))
        assert "−● veth_dustin" in shown.text()
        looks = {span.look for line in shown.view._lines for span in line.spans if span.text == "veth_dustin"}
        assert any("gone" in look for look in looks)
        await shown.calm(topology.MARK_SECONDS + 1)
        assert "veth_dustin" not in shown.text()


async def test_a_namespace_that_comes_and_goes() -> None:
    async with board() as shown:
        await shown.show(picture(host()))
        await shown.show(PAIR)
        assert "+netns_dustin" in shown.text() and "+● veth_dustin" in shown.text()
        await shown.show(picture(host()))
        assert "−netns_dustin" in shown.text()
        await shown.show(PAIR)
        assert "−" not in shown.text().rsplit("\n", 1)[0], "it is there again"


async def test_the_next_command_starts_with_a_clean_sheet() -> None:
    async with board() as shown:
        await shown.show(PAIR)
        await shown.show(DOWN)
        shown.view.command_started(ping())
        assert "~○" not in shown.text()


async def test_what_a_fresh_lab_does_by_itself_is_not_marked() -> None:
    async with board() as shown:
        await shown.show(DOWN)
        await shown.show(PAIR, 0.2)
        assert "~" not in shown.text().rsplit("\n", 1)[0]


async def test_marks_vanish_by_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topology, "MARK_SECONDS", 0.05)
    async with board() as shown:
        await shown.show(PAIR)
        await shown.show(DOWN)
        shown.clock.now += 1
        async with asyncio.timeout(10):
            while "~○" in shown.text():
                await shown.pilot.pause(0.01)


# -- traffic ---------------------------------------------------------------------------------------------------------

SENT = (("netns_dustin", "veth_ns_dustin", 1, 0), ("host", "veth_dustin", 0, 1))


async def test_a_link_lights_up_moves_and_goes_out() -> None:
    async with board() as shown:
        await shown.show(PAIR)
        quiet = shown.text()
        await shown.show(after(PAIR, *SENT), 2)
        first = shown.text()
        assert "▲" in first or "┃" in first
        shown.view.move()
        assert shown.text() != quiet
        shown.clock.now += topology.LIT_SECONDS + 0.1
        shown.view.move()
        assert shown.text() == quiet
        assert shown.view._moving is None, "nothing ticks when nothing moves"


async def test_the_path_of_a_command() -> None:
    async with board() as shown:
        await shown.show(PAIR)
        shown.view.command_started(ping())
        assert "no device has counted" in shown.text()
        await shown.show(after(PAIR, *SENT), 2)
        assert "1● veth_ns_dustin" in shown.text() and "2● veth_dustin" in shown.text()
        assert "▸ netns_dustin: ping -c 1 114.114.114.114" in shown.text()
        shown.view.command_finished(ping(exit=1))
        assert "✗ netns_dustin: ping" in shown.text()
        await shown.show(after(PAIR, *SENT, ("host", "enp4s0", 1, 0)), 5)
        assert "3● enp4s0" not in shown.text(), "long after the command: not its packets"
        await shown.calm(topology.PATH_SECONDS + 1)
        assert "1●" not in shown.text() and "◐ no carrier" in shown.text()


async def test_counters_are_asked_for_while_a_command_sends_and_not_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topology, "LOOK_SECONDS", 0.01)
    async with board() as shown:
        await shown.show(PAIR)
        shown.view.command_started(ping())
        async with asyncio.timeout(20):
            while shown.app.looks < 3:
                await shown.pilot.pause(0.01)
        shown.view.command_finished(ping(exit=0))
        shown.clock.now += topology.LATE_SECONDS + 0.1
        async with asyncio.timeout(20):
            while shown.view._looking is not None:
                await shown.pilot.pause(0.01)


async def test_a_command_that_sends_nothing_leaves_the_legend() -> None:
    async with board() as shown:
        await shown.show(PAIR)
        shown.view.command_started(CommandRun(id=1, terminal="T1", text="ip link list", cwd=None))
        assert "◐ no carrier" in shown.text()
        assert shown.view._looking is None


# -- choosing --------------------------------------------------------------------------------------------------------


async def test_keys_choose_and_enter_tells_all_about_it() -> None:
    async with board() as shown:
        shown.view.focus()
        await shown.show(PAIR)
        await shown.pilot.press("tab")
        assert shown.view._chosen == ("router",)
        await shown.pilot.press("shift+tab")
        assert shown.view._chosen is not None
        shown.view.choose(("device", "host", "veth_dustin"))
        await shown.pilot.press("down")
        assert shown.view._chosen == ("device", "netns_dustin", "veth_ns_dustin")
        await shown.pilot.press("enter")
        page = shown.app.screen
        assert isinstance(page, InspectScreen)
        text = "\n".join(line.text for line in page.query_one("#inspect-lines")._lines)  # type: ignore[attr-defined]
        assert "sudo ip -n netns_dustin addr show dev veth_ns_dustin" in text and "10.0.0.11/24" in text
        await shown.show(DOWN)
        text = "\n".join(line.text for line in page.query_one("#inspect-lines")._lines)  # type: ignore[attr-defined]
        assert "DOWN" in text, "it follows the lab"
        await shown.pilot.press("escape")
        assert not isinstance(shown.app.screen, InspectScreen)
        await shown.pilot.press("escape")
        assert shown.view._chosen is None and shown.app.wanted == []


async def test_a_number_wants_the_command_at_the_prompt() -> None:
    async with board() as shown:
        shown.view.focus()
        await shown.show(PAIR)
        shown.view.choose(("space", "netns_dustin"))
        await shown.pilot.press("enter", "2")
        await shown.pilot.pause()
        assert shown.app.wanted == ["sudo ip -n netns_dustin route"]


async def test_a_click_tells_all_about_what_is_there() -> None:
    async with board() as shown:
        await shown.show(PAIR)
        region = next(one for one in shown.view._regions if one.key == ("device", "netns_dustin", "veth_ns_dustin"))
        await shown.pilot.click(TopologyView, offset=(region.start + 4, region.top))
        assert isinstance(shown.app.screen, InspectScreen)
        assert shown.view._chosen == region.key
        await shown.pilot.press("escape")
        await shown.pilot.click(TopologyView, offset=(78, 22))
        assert shown.view._chosen is None and not isinstance(shown.app.screen, InspectScreen)


async def test_what_is_chosen_is_scrolled_into_sight() -> None:
    async with board(size=(44, 10)) as shown:
        shown.view.focus()
        await shown.show(load("lesson-09"))
        shown.view.choose(("device", "netns_momo", "veth_ns_momo"))
        await shown.pilot.pause()
        region = next(one for one in shown.view._regions if one.key == shown.view._chosen)
        assert shown.view.scroll_offset.y <= region.top < shown.view.scroll_offset.y + 10


# -- sizes, languages, costs -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_it_follows_its_size_and_language(language: str) -> None:
    async with board(language) as shown:
        await shown.show(load("final"))
        wide = shown.text()
        assert ("主机" in wide) == (language == "zh")
        await shown.pilot.resize_terminal(42, 24)
        await shown.pilot.pause()
        assert shown.text() != wide and "╰╴● bridge_home" in shown.text()
        await shown.pilot.resize_terminal(80, 24)
        await shown.pilot.pause()
        assert shown.text() == wide


async def test_a_storm_of_snapshots_is_drawn_a_few_times(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []
    monkeypatch.setattr(
        topology, "draw", lambda scene, width, draw=topology.draw: drawn.append(1) or draw(scene, width)
    )
    async with board() as shown:
        await shown.show(PAIR)
        drawn.clear()
        for number in range(50):  # a second's worth, within one turn of the clock
            shown.view.show(after(PAIR, ("host", "lo", number, number)))
        shown.view.show(DOWN)
        async with asyncio.timeout(10):
            while "○ veth_ns_dustin" not in shown.text():
                shown.clock.now += 0.05
                await shown.pilot.pause(0.01)
        assert len(drawn) <= 4


async def test_an_equal_snapshot_costs_no_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []
    async with board() as shown:
        await shown.show(PAIR)
        monkeypatch.setattr(topology, "draw", lambda scene, width: drawn.append(1))
        for number in range(5):
            await shown.show(replace(PAIR, sequence=number))
        assert drawn == []


async def test_only_lines_that_changed_are_painted() -> None:
    async with board() as shown:
        await shown.show(PAIR)
        painted: list[int] = []
        shown.view.refresh_lines = lambda y, count=1: painted.append(y)  # type: ignore[method-assign, assignment]
        await shown.show(DOWN)
        before = len(shown.view._lines)
        assert 0 < len(painted) <= 4 < before


async def test_through_the_whole_course() -> None:
    """Every lesson's end after the one before: whatever is marked, the drawing is whole."""
    async with board(size=(120, 40)) as shown:
        for name in LESSONS:
            await shown.show(load(name), 2)
            assert "enp4s0" in shown.text(), name
        await shown.calm(10)
        assert "−" not in shown.text().rsplit("\n", 1)[0] and "netns" not in shown.text()


async def test_a_rule_is_marked_when_its_way_back_is_added() -> None:
    one = picture(host("dustin", rules=(accept("veth_dustin", "enp4s0"),)), space("dustin"))
    both = (accept("veth_dustin", "enp4s0"), accept("enp4s0", "veth_dustin"))
    async with board() as shown:
        await shown.show(one)
        await shown.show(picture(host("dustin", rules=both), space("dustin")))
        assert "~ ✓ veth_dustin ⇄ enp4s0" in shown.text()
