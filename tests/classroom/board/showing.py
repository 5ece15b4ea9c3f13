"""A board on the screen, and the room that it is told of."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable

from textual.pilot import Pilot

from engine.classroom import desk
from engine.classroom.desk import Board, Target
from tests.classroom.board.fake_room import ROOM, FakeConnection, make_board
from tui.classroom.board.app import BoardApp
from tui.lines import LinesBlock, LinesView

SEATS = 30
EVERYONE = Target(everyone=True)
LINUS = 5
ROW = next(index for index, row in enumerate(make_board().rows) if row.seat == LINUS)
"""His line."""


class Room:
    """A board on the screen, and the room that it is told of."""

    def __init__(self, app: BoardApp, pilot: Pilot[None], hub: FakeConnection) -> None:
        self.app = app
        self.pilot = pilot
        self.hub = hub

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def until(self, condition: Callable[[], object]) -> None:
        for _ in range(500):
            if condition():
                return
            await self.pilot.pause(0.01)
        raise AssertionError(f"not in time:\n{self.text}")

    async def told(self, board: Board) -> None:
        self.hub.tell(desk.BoardTold(board=board))
        await self.until(lambda: self.app.view.board is board)
        await self.pilot.pause()

    @property
    def text(self) -> str:
        """What stands on the screen, lines of widgets one after the other."""
        lines = []
        for widget in self.app.screen.walk_children():
            if isinstance(widget, LinesBlock | LinesView) and widget.display and widget.size.height:
                lines += [line.text for line in widget.lines(widget.size.width)]
        return "\n".join(lines)

    def asked(self) -> list[desk.Request]:
        return self.hub.asked()


@contextlib.asynccontextmanager
async def showing(
    board: Board | None = None, *, size: tuple[int, int] = (120, 36), language: str = "en"
) -> AsyncIterator[Room]:
    hub = FakeConnection()
    app = BoardApp(hub, language)
    async with app.run_test(size=size) as pilot:
        room = Room(app, pilot, hub)
        hub.tell(ROOM)
        await room.told(board or make_board())
        yield room
