"""The warm parent of the seats: a single-threaded process that has imported everything, and forks one for each seat.

So the joins of a whole room take seconds and the seats share their memory. It is executed afresh, with a small
environment, and holds none of the hub's secrets. It dies with the hub, and each seat with it.

Protocol: datagrams on its control socket: the word ``seat`` or ``board`` with two descriptors attached, a socket for
the answer (``forked``, with the pidfd) and the new process's own socket to the hub. What a seat is started with comes
over that socket: four bytes of length, a :class:`~tui.classroom.seating.SeatSeating` as JSON.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import socket
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import NoReturn

import msgspec

from engine.course.model import Course
from engine.lab import forked, linux
from engine.lab.nursery import has_ended, receive, send
from tui.classroom import cgroups, limits
from tui.classroom.seating import SeatSeating

LEARNER = "tui.classroom.learner"
LENGTH_BYTES = 4
LEARNERS_OWN = tuple(
    getattr(signal, name) for name in ("SIGCHLD", "SIGINT", "SIGTERM", "SIGHUP", "SIGPIPE") if hasattr(signal, name)
)
Main = Callable[[socket.socket, SeatSeating, Course], None]


def main() -> None:
    """Words: the number of the control socket, the module of a seat's ``main``, the directory of the lessons or ''."""
    descriptor, module, lessons = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    linux.die_with_parent()
    channel = socket.socket(fileno=descriptor)
    channel.set_inheritable(False)
    if has_ended(channel):
        return
    os.setsid()
    os.dup2(2, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limits.apply_to_parent()
    run, course = _warm(module, lessons)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps for us
    gc.collect()
    gc.freeze()
    while True:
        words, descriptors = receive(channel)
        if not words:
            return
        if len(descriptors) == 2:
            reply, connection = (socket.socket(fileno=one) for one in descriptors)
            with reply, connection:
                _fork(channel, reply, connection, run, course)


def _warm(module: str, lessons: str) -> tuple[Main, Course]:
    from engine.course import load_course
    from tui.terminal.loading import make_emulator

    course = load_course(Path(lessons) if lessons else None)
    learner = import_module(module)
    for name in getattr(learner, "PRELOADED", ()):
        import_module(name)
    make_emulator(2, 2).close()
    forked.preload()
    run: Main = learner.main
    return run, course


def _fork(channel: socket.socket, reply: socket.socket, connection: socket.socket, run: Main, course: Course) -> None:
    try:
        pid = os.fork()
    except OSError as error:
        send(reply, ["error", str(error.errno), error.strerror or str(error)])
        return
    if pid:
        with contextlib.suppress(OSError):  # it may have ended already
            process = os.pidfd_open(pid)
            send(reply, ["forked", str(pid)], [process])
            os.close(process)
        return
    try:
        _be_a_seat(channel, reply, connection, run, course)
    finally:
        os._exit(1)


def _be_a_seat(
    channel: socket.socket, reply: socket.socket, connection: socket.socket, run: Main, course: Course
) -> NoReturn:
    linux.die_with_parent()
    if has_ended(channel):
        os._exit(1)
    channel.close()
    reply.close()
    connection = socket.socket(fileno=connection.detach())
    os.setsid()
    for number in LEARNERS_OWN:
        signal.signal(number, signal.SIG_DFL)
    limits.apply_to_seat()
    seating = read_seating(connection)
    code = 1
    if seating is not None:
        if seating.cgroup is not None:
            cgroups.enter(seating.cgroup)
        forked.start(limits.apply_to_lab)
        try:
            run(connection, seating, course)
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
        except BaseException:
            import traceback

            traceback.print_exc()
    import atexit

    atexit._run_exitfuncs()
    sys.stderr.flush()
    os._exit(code)


def read_seating(connection: socket.socket) -> SeatSeating | None:
    """What the hub starts the seat with; None if it is gone. Reads not a byte more than that."""
    size = int.from_bytes(_exactly(connection, LENGTH_BYTES), "big")
    text = _exactly(connection, size)
    try:
        return msgspec.json.decode(text, type=SeatSeating)
    except msgspec.MsgspecError:
        return None


def _exactly(connection: socket.socket, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        more = connection.recv(size - len(data))
        if not more:
            break
        data += more
    return bytes(data)


if __name__ == "__main__":
    main()
