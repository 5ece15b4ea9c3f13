"""An open room at the instructor's terminal: the board, the words after it, the end of the terminal or of the room."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from typing import TYPE_CHECKING, Any

from engine.classroom import desk
from tui.classroom import data
from tui.classroom.board_child import BoardChild, terminal_modes
from tui.classroom.hub import Hub
from tui.classroom.server import ClassroomServer
from tui.commands.web_ import at_enter

if TYPE_CHECKING:
    from tui.classroom.opening import Opening

TERMINAL_SECONDS = 1.0
"""So often it is looked whether the terminal is still there: not everybody is told of its end by a signal."""
DESERTED_SECONDS = 10.0


class Until:
    """``ended``: whether somebody at this terminal, or a signal, has ended it.

    A room does not end with its terminal, which may have been closed by accident or with a connection: it goes on, and
    ``nsteps classroom`` for the same directory opens its board again. Without a terminal it ends when nobody has been
    there for as long as a page may be idle.
    """

    def __init__(self, opening: Opening, server: ClassroomServer, hub: Hub, ended: asyncio.Event) -> None:
        self._opening = opening
        self._server = server
        self._hub = hub
        self._ended = ended

    async def over(self, restarting: asyncio.Event) -> None:
        """Wait for the end of the room; or of the hub only, if ``restarting`` is set then."""
        loop = asyncio.get_running_loop()
        ends: set[asyncio.Task[Any]] = {
            loop.create_task(self._ended.wait()),
            loop.create_task(self._hub.ended_by_instructor.wait()),
        }
        gone = loop.create_task(_terminal_gone())
        try:
            if self._opening.board and is_terminal():
                await self._show_board({*ends, gone}, restarting)
            if not any(one.done() for one in (*ends, gone)):
                with at_enter(self._new_link) as enter_works:
                    self._opening.say("how" if enter_works else "how-without-enter")
                    await asyncio.wait({*ends, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not any(end.done() for end in ends):
                ends.add(loop.create_task(self._deserted()))
                await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in (*ends, gone):
                one.cancel()

    async def _show_board(self, ends: set[asyncio.Task[Any]], restarting: asyncio.Event) -> None:
        board = BoardChild(data.desk_file(self._opening.directory))
        showing = asyncio.get_running_loop().create_task(board.run())
        await asyncio.wait({showing, *ends}, return_when=asyncio.FIRST_COMPLETED)
        over = (self._ended.is_set() or self._hub.ended_by_instructor.is_set()) and not restarting.is_set()
        if over and not showing.done():  # it shares the terminal with what is said now
            self._hub.desks.everyone(desk.RoomEnded())
        await board.stop(told=over)
        with contextlib.suppress(OSError):
            await showing
        if not any(end.done() for end in ends):
            self._opening.say("board-left")

    def _new_link(self) -> None:
        self._opening.say("new-board", link=self._server.desk_link())

    async def _deserted(self) -> None:
        clock = asyncio.get_running_loop().time
        last = clock()
        while clock() - last < self._opening.limits.idle_seconds:
            await asyncio.sleep(DESERTED_SECONDS)
            if not self._hub.deserted():
                last = clock()


async def _terminal_gone() -> None:
    """Wait for the end of the terminal that there is; without one, for ever."""
    if terminal_modes() is None:
        await asyncio.Event().wait()
    while terminal_modes() is not None:  # noqa: ASYNC110 - nothing announces it
        await asyncio.sleep(TERMINAL_SECONDS)


def is_terminal() -> bool:
    """Whether a board can be shown here."""
    streams = (sys.__stdin__, sys.__stdout__)
    return all(stream is not None and stream.isatty() for stream in streams) and os.environ.get("TERM", "") not in (
        "",
        "dumb",
        "unknown",
    )
