"""The drawing, the tables, or both: by room, by key, and each up to date when it is seen again."""

from __future__ import annotations

import asyncio

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from engine.assets import assets_directory
from tests.network.picture import host, picture, space
from tests.tui.network.moments import load, say
from tui import theme
from tui.network.faces import ABOVE_EACH_OTHER, SIDE_BY_SIDE, NetworkFaces, faces

PAIR = picture(host("dustin"), space("dustin"))
DOWN = picture(host("dustin"), space("dustin", up=False))


class Place(App[None]):
    CSS_PATH = assets_directory() / "styles" / "nsteps.tcss"

    def __init__(self) -> None:
        super().__init__()
        self.register_theme(theme.DARK)
        self.theme = theme.DARK.name
        self.faces = NetworkFaces(say())

    def compose(self) -> ComposeResult:
        yield self.faces


def shown(app: Place) -> str:
    return "".join(
        name for name, view in (("drawing ", app.faces.drawing), ("tables", app.faces.tables)) if view.size.height
    ).strip()


def seen(app: Place) -> str:
    strips = app.screen._compositor.render_strips()
    return "\n".join(strip.text for strip in strips if strip is not None)


async def sees(pilot: Pilot[None], *words: str) -> None:
    """Wait until all of it is on the screen."""
    async with asyncio.timeout(20):
        while not all(word in seen(pilot.app) for word in words):  # type: ignore[arg-type]
            await pilot.pause(0.01)


def test_faces_by_room() -> None:
    assert faces(69, 16) == ("drawing", "tables")
    assert faces(SIDE_BY_SIDE, 16)[0] == faces(69, ABOVE_EACH_OTHER)[0] == "both"


@pytest.mark.parametrize(
    ("size", "expected"), [((69, 16), "drawing"), ((120, 17), "drawing tables"), ((80, 40), "drawing tables")]
)
async def test_what_is_shown_first(size: tuple[int, int], expected: str) -> None:
    app = Place()
    async with app.run_test(size=size) as pilot:
        app.faces.show(load("final"))
        await pilot.pause()
        await sees(pilot, "├╴ip_forward")
        assert shown(app) == expected
        assert app.faces.drawing.size.width >= 66, "namespaces stand side by side"


async def test_turning_goes_round_and_what_comes_is_up_to_date() -> None:
    app = Place()
    async with app.run_test(size=(78, 22)) as pilot:
        app.faces.show(PAIR)
        await pilot.pause()
        app.faces.next_face()
        await sees(pilot, "⇄ veth_ns_dustin")
        assert shown(app) == "tables"
        app.faces.show(DOWN)
        app.faces.next_face()
        await sees(pilot, "○ veth_ns_dustin")
        assert shown(app) == "drawing"


async def test_what_was_chosen_stays_chosen_while_there_is_room() -> None:
    app = Place()
    async with app.run_test(size=(150, 20)) as pilot:
        app.faces.show(PAIR)
        await pilot.pause()
        app.faces.next_face()
        assert app.faces.face == "drawing"
        app.faces.next_face()
        await pilot.resize_terminal(78, 20)
        await pilot.pause()
        assert app.faces.face == "tables"
        await pilot.resize_terminal(150, 20)
        await pilot.pause()
        assert app.faces.face == "tables"


async def test_the_keyboard_goes_to_what_is_seen() -> None:
    app = Place()
    async with app.run_test(size=(78, 22)) as pilot:
        app.faces.show(PAIR)
        await pilot.pause()
        app.faces.focus_face()
        assert app.faces.drawing.has_focus
        app.faces.next_face()
        await pilot.pause()
        app.faces.focus_face()
        await pilot.pause()
        assert app.faces.tables.view.has_focus
