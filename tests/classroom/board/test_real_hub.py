"""The board at a real hub, with a real learner."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.classroom.board.fake_room import FakeConnection
from tests.classroom.board.showing import Room as Showing
from tests.classroom.hub.serving import PROMPT, Learner, room
from tui.classroom.board.app import BoardApp
from tui.classroom.board.connection import HubConnection
from tui.classroom.board.shoulder import ShoulderScreen
from tui.classroom.data import desk_file, read_desk


@pytest.mark.lab
async def test_the_instructor_sees_a_learner_and_speaks_to_them(tmp_path: Path) -> None:
    async with room(tmp_path / "data") as hub, Learner(hub.origin) as learner:
        page = await learner.sit("Ada [b]", columns=100, rows=30)
        await page.sees(PROMPT)
        app = BoardApp(HubConnection(read_desk(desk_file(tmp_path / "data"))), "en")
        async with app.run_test(size=(120, 40)) as pilot:
            board = Showing(app, pilot, FakeConnection())
            await board.until(lambda: "1 of 1 here" in board.text and "Ada [b]" in board.text)
            await page.type("ls /nonexistent\r")
            await page.sees("cannot access")
            await board.until(lambda: "✗2 ls /nonexistent" in board.text)
            await board.press("m", *"up", "enter")
            await page.sees("up")
            await board.press("enter")
            shoulder = app.screen
            assert isinstance(shoulder, ShoulderScreen)
            await page.sees("watched")
            await board.until(lambda: "cannot access" in watched(shoulder))
            await board.press("escape", "g", "enter")
            await board.until(lambda: app.view.board.leading.gate is not None)
            await board.press("E", "left", "enter")
            await board.until(lambda: app.room_ended)


def watched(shoulder: ShoulderScreen) -> str:
    """What is to be seen over the shoulder."""
    emulator = shoulder._watched.emulator
    return emulator.text_between((0, 0), (emulator.columns - 1, emulator.rows - 1)) if emulator else ""
