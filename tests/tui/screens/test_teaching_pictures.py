"""Pictures of the list of changes and of the end of a lesson; ``pytest --snapshot-update`` takes them anew."""

from __future__ import annotations

from typing import Any

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen

from engine.assets import assets_directory
from engine.course.model import LANGUAGES
from tests.tui.screens.test_finish import at_the_end_of_a_lesson
from tests.tui.screens.test_history import changed
from tests.tui.test_snapshots import settled
from tui import theme
from tui.screens.finish import FinishScreen
from tui.screens.history import HistoryScreen

SIZES = {"80x24": (80, 24), "120x36": (120, 36)}


class Alone(App[None]):
    """One of the program's screens, with nothing behind it."""

    def __init__(self, screen: Screen[Any]) -> None:
        super().__init__(css_path=assets_directory() / "styles" / "nsteps.tcss")
        self._alone = screen
        self.register_theme(theme.DARK)
        self.theme = theme.DARK.name

    def on_mount(self) -> None:
        self.push_screen(self._alone)


async def until_settled(pilot: Pilot[None]) -> None:
    await settled(pilot)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
def test_what_has_changed_the_lab(snap_compare: Any, size: str, language: str) -> None:
    session: Any = changed(language)
    assert snap_compare(Alone(HistoryScreen(session)), terminal_size=SIZES[size], run_before=until_settled)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
def test_the_end_of_a_lesson(snap_compare: Any, size: str, language: str) -> None:
    session: Any = at_the_end_of_a_lesson(language)
    lesson = session.course.lessons[0]
    assert snap_compare(Alone(FinishScreen(session, lesson)), terminal_size=SIZES[size], run_before=until_settled)
