"""The process behind the board's page, started by the hub's web server only, as :mod:`tui.web.learner` is.

Its words: the number of the socket to the server, and a :class:`~tui.classroom.desk_routes.BoardSeating` as JSON.
"""

from __future__ import annotations

import contextlib
import io
import os
import socket
import sys
from pathlib import Path

import msgspec

from engine.lab.linux import die_with_parent


def main() -> None:
    """See the module."""
    descriptor = int(sys.argv[1])
    die_with_parent()
    connection = socket.socket(fileno=descriptor)
    connection.set_inheritable(False)
    os.dup2(2, 1)

    from tui.classroom.board.run import run_board
    from tui.classroom.data import read_desk
    from tui.classroom.desk_routes import BoardSeating
    from tui.web.channel import Channel
    from tui.web.driver import driver_for
    from tui.web.packets import Ended

    seating = msgspec.json.decode(sys.argv[2], type=BoardSeating)
    channel = Channel(connection)
    said = io.StringIO()
    code = 1
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        address = read_desk(Path(seating.address))
        code = run_board(address, driver=driver_for(channel, seating.columns, seating.rows))
    channel.tell(Ended(code, said.getvalue().strip()))


if __name__ == "__main__":
    main()
