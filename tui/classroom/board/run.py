"""Starting the board: in the instructor's terminal, or with another driver."""

from __future__ import annotations

import os
import sys

from textual.driver import Driver

from engine.language import detect_language
from engine.messages import Message, render
from tui import theme
from tui.classroom.board.app import BoardApp
from tui.classroom.board.connection import HubConnection
from tui.classroom.seating import DeskAddress
from tui.commands.learn_ import _write_down

EXIT_LEFT, EXIT_CRASHED, EXIT_ENDED = 0, 1, 10
"""The instructor has left the board and the room goes on; the board has failed; the room is over."""


def run_board(address: DeskAddress, *, driver: type[Driver] | None = None) -> int:
    """Until the instructor leaves it or the room ends; an exit code of this module's."""
    language = address.language or detect_language()
    colours = theme.preferred(os.environ, terminal=driver is None)
    hub = os.getppid()
    app = BoardApp(
        HubConnection(address), language, driver=driver, colours=colours, orphaned=lambda: os.getppid() != hub
    )
    app.run()
    if app.crash is not None:
        print(render(Message("tui.learn.crash", {"path": _write_down(app.crash)}), language), file=sys.stderr)
        return EXIT_CRASHED
    if app.hub_gone:
        print(render(Message("board.hub-gone", {}), language), file=sys.stderr)
        return EXIT_CRASHED
    return EXIT_ENDED if app.room_ended else EXIT_LEFT
