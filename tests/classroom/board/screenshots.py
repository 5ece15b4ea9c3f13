"""Makes ``assets/screenshots/board.svg`` and its Chinese sister: the board of a room of thirty.

python -m tests.classroom.board.screenshots
"""

from __future__ import annotations

import asyncio

from engine.assets import assets_directory
from engine.classroom.desk import Leading
from engine.course.model import LANGUAGES
from tests.classroom.board.fake_room import STEPS, make_board
from tests.classroom.board.showing import ROW, showing
from tests.tui.screenshots import widened

SIZE = (120, 36)
LEADING = Leading(gate=STEPS[25].id, timer_seconds=204.0)


async def take(language: str) -> str:
    """The picture."""
    async with showing(make_board(LEADING), size=SIZE, language=language) as room:
        await room.press(*["down"] * ROW)
        return widened(room.app.export_screenshot(title="nsteps classroom"))


if __name__ == "__main__":
    for name in LANGUAGES:
        suffix = "" if name == "en" else f".{name}"
        path = assets_directory() / "screenshots" / f"board{suffix}.svg"
        path.write_text(asyncio.run(take(name)), encoding="utf-8")
