"""Enter a lab: the part of the nursery that opens shells, runs scripts and writes files in a running one.

For each request a child of the nursery is forked; it enters every namespace of the lab by the pidfd of the lab's first
process and forks once more, for a process namespace takes in only children. A shell's terminal is opened between the
two, on the lab's own devpts, and its master end goes to the program: so ``tty`` and job control are right in the lab.
The child outside waits, tells the exit code, and ends what it started when the program lets go of the answer socket.
It is in the lab's user namespace, but in no process namespace of the lab: the learner can neither see nor kill it.
"""

# Plain os functions: importing pathlib would cost the nursery a third of its start.
# ruff: noqa: PTH103, PTH108, PTH120, PTH123, SIM105

from __future__ import annotations

import fcntl
import os
import resource
import select
import signal
import socket
import struct
import termios
from collections.abc import Callable, Sequence
from typing import NoReturn

from engine.lab import linux

_TIOCSPTLCK = 0x40045431
_TIOCGPTN = 0x80045430
_SCRIPT = 9
HANG_UP_MILLISECONDS = 2000
"""How long a shell that is closed may take to end its jobs."""
RUN_PRELUDE = f"exec {_SCRIPT}<&-\n"
"""First line of a script: it closes the descriptor that bash reads it from, so that no server inherits it."""


def enter(reply: socket.socket, words: Sequence[str], descriptors: Sequence[int], channel: socket.socket) -> None:
    """Serve one request: ``shell``, ``run`` or ``write``. The first descriptor is the pidfd of the lab's first process.

    Runs in a child; never raises in it.
    """
    if os.fork():
        return
    try:
        linux.die_with_parent()
        for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:  # some may come ignored
            signal.signal(number, signal.SIG_DFL)
        close_all_but({0, 1, 2, reply.fileno(), *descriptors})
        linux.setns(descriptors[0], linux.EVERY_NAMESPACE)
        linux.die_with_parent()
        os.umask(0o022)
        kind, *rest = words
        if kind == "write":
            _write(reply, rest[0], descriptors[1] if len(descriptors) > 1 else None)
        elif kind == "run":
            _run(reply, rest, script=descriptors[1], output=descriptors[2])
        else:
            _shell(reply, rest)
    except OSError as error:
        _send(reply, ["error", str(error.errno), error.strerror or str(error)])
    finally:
        os._exit(0)


def close_all_but(kept: set[int]) -> None:
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208
        if int(name) not in kept:
            try:
                os.close(int(name))
            except OSError:
                continue


def _shell(reply: socket.socket, words: Sequence[str]) -> None:
    columns, rows, limits, start = int(words[0]), int(words[1]), words[2:5], words[5:]
    master = os.open("/dev/pts/ptmx", os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
    fcntl.ioctl(master, _TIOCSPTLCK, struct.pack("i", 0))
    number = struct.unpack("I", fcntl.ioctl(master, _TIOCGPTN, b"\0\0\0\0"))[0]
    slave = os.open(f"/dev/pts/{number}", os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def prepare() -> None:
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
        for standard in (0, 1, 2):
            os.dup2(slave, standard)

    child = _start(start, limits, prepare)
    os.close(slave)
    _hand_over(reply, child, [master], gently=True)


def _run(reply: socket.socket, words: Sequence[str], *, script: int, output: int) -> None:
    limits, start = words[0:3], words[3:]
    null = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)

    def prepare() -> None:
        os.dup2(null, 0)
        os.dup2(output, 1)
        os.dup2(output, 2)
        copy = fcntl.fcntl(script, fcntl.F_DUPFD, 20)
        os.dup2(copy, _SCRIPT)

    child = _start(start, limits, prepare, keep=_SCRIPT)
    os.close(output)
    _hand_over(reply, child, [], gently=False)


def _start(words: Sequence[str], limits: Sequence[str], prepare: Callable[[], None], keep: int = 2) -> int:
    """Fork into the lab's process namespace and execute. Raises ``OSError`` if that cannot be executed.

    ``words``: a directory, the number of variables, those, the program, its arguments from the zeroth on. ``prepare``
    sets descriptors 0 to ``keep`` up in the child; every other one is closed.
    """
    directory, count = words[0], int(words[1])
    environment = dict(word.split("=", 1) for word in words[2 : 2 + count])
    arguments = words[2 + count :]
    failed, tell = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setsid()
            prepare()
            os.dup2(tell, keep + 1, inheritable=False)
            os.closerange(3, keep)
            os.closerange(keep + 2, 1024)
            processes, files, core = (int(word) for word in limits)
            resource.setrlimit(resource.RLIMIT_CORE, (core, core))
            resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
            resource.setrlimit(resource.RLIMIT_NPROC, (processes, processes))
            linux.allow_setgroups()
            try:
                os.chdir(directory)
            except OSError:
                os.chdir("/")
            os.execve(arguments[0], list(arguments[1:]), environment)
        except OSError as error:
            os.write(keep + 1, str(error.errno).encode())
        finally:
            os._exit(127)
    os.close(tell)
    number = os.read(failed, 16)
    os.close(failed)
    if number:
        os.waitpid(child, 0)
        raise OSError(int(number), os.strerror(int(number)))
    return child


def _hand_over(reply: socket.socket, child: int, descriptors: list[int], *, gently: bool) -> NoReturn:
    """Give the program what it needs, wait for the child's end, tell how it ended.

    ``gently``: when the program lets go, hang up first, so that bash can end its jobs.
    """
    process = os.pidfd_open(child)
    _send(reply, ["opened", str(child)], descriptors)
    for descriptor in descriptors:
        os.close(descriptor)
    poll = select.poll()
    poll.register(process, select.POLLIN)
    poll.register(reply, select.POLLRDHUP)
    events = dict(poll.poll())
    if process not in events:  # the program has let go
        if gently:
            _kill(child, signal.SIGHUP)
            poll.unregister(reply)
            poll.poll(HANG_UP_MILLISECONDS)
        _kill(child, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    _send(reply, ["ended", str(code if code >= 0 else 128 - code)])
    os._exit(0)


def _kill(group: int, number: int) -> None:
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return


def _write(reply: socket.socket, path: str, content: int | None) -> None:
    if content is None:
        try:
            os.unlink(path)
        except FileNotFoundError:
            pass
    else:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(content, "rb") as source, open(path, "wb") as target:
            target.write(source.read())
    _send(reply, ["done"])


def _send(reply: socket.socket, words: Sequence[str], descriptors: Sequence[int] = ()) -> None:
    from engine.lab.nursery import send

    send(reply, words, descriptors)
