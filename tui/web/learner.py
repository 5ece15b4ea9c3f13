"""The process behind a page: the tutorial as in a terminal, its screen in the browser. Started by the web server only.

Its words: the number of the socket to the server, and a :class:`Seating` as JSON. It does not outlive the server: it
ends by itself when the socket does, and the kernel kills it if it cannot.
"""

from __future__ import annotations

import contextlib
import io
import os
import socket
import sys

import msgspec

from engine.lab.linux import die_with_parent


class Seating(msgspec.Struct, frozen=True, kw_only=True):
    """What the tutorial is started with."""

    columns: int
    rows: int
    lessons: str | None = None
    language: str | None = None
    step: str | None = None


def main() -> None:
    """See the module."""
    descriptor, seating = int(sys.argv[1]), msgspec.json.decode(sys.argv[2], type=Seating)
    die_with_parent()
    connection = socket.socket(fileno=descriptor)
    connection.set_inheritable(False)
    os.dup2(2, 1)

    from engine.language import detect_language
    from engine.messages import Message, render
    from tui.commands.learn_ import _write_down, learn
    from tui.commands.options import Shared
    from tui.web.channel import Channel
    from tui.web.driver import driver_for
    from tui.web.packets import Ended

    channel = Channel(connection)
    said = io.StringIO()
    code = 0
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            shared = Shared(lessons=seating.lessons, language=seating.language)
            learn(shared, seating.step, driver=driver_for(channel, seating.columns, seating.rows))
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
        except Exception as error:
            crash = Message("tui.learn.crash", {"path": _write_down(error)})
            said.write(render(crash, seating.language or detect_language()))
            code = 1
    channel.tell(Ended(code, said.getvalue().strip()))


if __name__ == "__main__":
    main()
