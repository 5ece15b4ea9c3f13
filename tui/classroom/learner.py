"""A seat's process: the tutorial as in a terminal, its screen in the browser, its progress kept by the hub.

Forked from the warm parent (:mod:`tui.classroom.seat_process`), it calls :func:`main`; executed, its word is the number
of the socket to the hub. It does not outlive the hub: it ends by itself when the socket does.
"""

from __future__ import annotations

import contextlib
import io
import os
import socket
import sys

from engine.classroom.hub_store import HubStore
from engine.course.model import Course
from engine.language import detect_language
from engine.messages import Message, render
from tui.classroom.app import SeatApp
from tui.classroom.channel import SeatChannel
from tui.classroom.driver import seat_driver
from tui.classroom.goodbye import goodbye
from tui.classroom.link import ChannelLink, Seat, open_session
from tui.classroom.seating import SeatSeating
from tui.web.packets import Ended

PRELOADED = ("tui.classroom.warmed",)
"""Further modules for the warm parent to import."""
FLUSH_SECONDS = 10.0
"""The last progress must reach the hub; a hub that reads nothing for so long is none."""


def main(connection: socket.socket, seating: SeatSeating, course: Course) -> None:
    """Run the seat that ``seating`` describes until it ends; what ended it is its last packet."""
    connection.set_inheritable(False)
    channel = SeatChannel(connection)
    said = io.StringIO()
    code = 1
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            code = _run(channel, seating, course)
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
        except Exception as error:
            said.write(_crash(error, seating.language))
    channel.tell(Ended(code, said.getvalue().strip()))
    channel.flush(FLUSH_SECONDS)


def _run(channel: SeatChannel, seating: SeatSeating, course: Course) -> int:
    store = HubStore(seating.progress, seating.progress_number)
    session = open_session(course, store, seating.language or detect_language(), seating.step)
    seat = Seat(session, store, ChannelLink(channel), name=seating.name)
    app = SeatApp(seat, driver=seat_driver(channel, seating.columns, seating.rows))
    app.run()
    language = seat.session.language
    if app.failure is not None:
        print(render(app.failure, language))
        return 3
    if app.crash is not None:
        print(_crash(app.crash, language))
        return 1
    print(goodbye(seat))
    return 0


def _crash(error: Exception, language: str | None) -> str:
    from tui.commands.learn_ import _write_down

    return render(Message("tui.learn.crash", {"path": _write_down(error)}), language or detect_language())


def _executed() -> None:
    from engine.course import load_course
    from engine.lab import warm_up
    from engine.lab.linux import die_with_parent
    from tui.classroom.seat_process import read_seating

    die_with_parent()
    connection = socket.socket(fileno=int(sys.argv[1]))
    os.dup2(2, 1)
    warm_up()
    seating = read_seating(connection)
    if seating is not None:
        main(connection, seating, load_course())


if __name__ == "__main__":
    _executed()
