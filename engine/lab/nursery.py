"""The nursery: a small single-threaded process that starts and enters labs for the program.

Why a process of its own: only a single-threaded process may enter a user namespace, "die with your parent" is about
the parent *thread*, and a fork of a small process takes a millisecond where one of the program takes many. It imports
little. Its twin :mod:`engine.lab.agents`, which imports pyroute2 and forks the agents, is forked from it first.

What keeps labs from outliving the program, killed at whatever moment: the nursery enters a user namespace of its own
and forks the first process of a new process namespace, which serves the program and starts all labs. That one is killed
with the nursery, and with it the kernel kills every process of every lab, also those of a half-started one. The nursery
is killed with the program's main thread, and both end when the socket to the program closes.

As the machine's own root, that user namespace maps to :data:`UNPRIVILEGED`: no lab is ever the real root.

Protocol: on the control socket, datagrams of NUL-separated words with descriptors attached, the first of them a socket
for the answer. ``spawn first status argv…`` executes a program; ``enter …`` is :mod:`engine.lab.entering`'s.
"""

from __future__ import annotations

import array
import os
import select
import signal
import socket
from collections.abc import Sequence

from engine.lab import entering, linux

UNPRIVILEGED = 1_999_990_000
"""The uid and gid of labs that the machine's root starts: nobody's."""
MAX_MESSAGE = 65536
MAX_DESCRIPTORS = 250


def main(control: int, agents: int, agent: str) -> None:
    """Serve the program until it ends. ``agent`` names the agent's main function: ``module:function``."""
    linux.die_with_parent()
    channel = socket.socket(fileno=control)
    if has_ended(channel):
        return
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ready, go = os.pipe()
    me = os.pidfd_open(os.getpid())
    if os.fork() == 0:
        channel.close()
        os.close(go)
        from engine.lab import agents as warm

        warm.main(agents, agent, me, ready)
        os._exit(0)
    os.close(agents)
    os.close(ready)
    failure = _contain()
    os.close(go)  # the agents' parent may follow
    if has_ended(channel):
        return
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    child = os.fork()
    if child:
        channel.close()
        os.waitpid(child, 0)
        return
    linux.die_with_parent()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps for us
    _serve(channel, failure)
    os._exit(0)


def has_ended(channel: socket.socket) -> bool:
    """Whether the other end of a socket is gone."""
    poll = select.poll()
    poll.register(channel, select.POLLIN)
    return any(event & (select.POLLHUP | select.POLLERR) for _, event in poll.poll(0))


def _contain() -> str:
    """Enter the user namespace that holds all labs, and let children begin a process namespace in it.

    Returns why it could not, or nothing.
    """
    try:
        enter_user_namespace(linux.CLONE_NEWPID)
        linux.die_with_parent()
    except OSError as error:
        return f"{error.errno} {error.strerror}"
    return ""


def enter_user_namespace(flags: int = 0) -> None:
    """Become the root of a new user namespace that maps to oneself, or to :data:`UNPRIVILEGED` for the real root."""
    uid, gid = os.geteuid(), os.getegid()
    if not linux.is_real_root():
        linux.unshare(linux.CLONE_NEWUSER | flags)
        _write("/proc/self/setgroups", "deny")
        _write("/proc/self/uid_map", f"0 {uid} 1")
        _write("/proc/self/gid_map", f"0 {gid} 1")
        return
    os.setgroups([])
    wait, go = os.pipe()
    pid = os.getpid()
    child = os.fork()
    if child == 0:
        os.close(go)
        os.read(wait, 1)
        try:
            for kind in ("uid", "gid"):
                _write(f"/proc/{pid}/{kind}_map", f"0 {UNPRIVILEGED} 1")
        except OSError as error:
            os._exit(error.errno or 1)
        os._exit(0)
    os.close(wait)
    try:
        linux.unshare(linux.CLONE_NEWUSER | flags)
    finally:
        os.close(go)
        number = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if number:
        raise OSError(number, os.strerror(number))
    become_root_inside()


def become_root_inside() -> None:
    """Take the uid and gid 0 of the user namespace one has entered, and own one's /proc files again."""
    os.setresgid(0, 0, 0)
    os.setresuid(0, 0, 0)
    linux.set_dumpable()


def _write(path: str, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)


def _serve(channel: socket.socket, failure: str) -> None:
    while True:
        words, descriptors = receive(channel)
        if not words:
            return
        if not descriptors:  # none could be had: whoever asks finds nobody at the other end
            continue
        reply = socket.socket(fileno=descriptors[0])
        try:
            if failure:
                send(reply, ["contain", failure])
            elif words[0] == "spawn":
                _spawn(reply, int(words[1]), int(words[2]), words[3:], descriptors[1:], channel)
            elif words[0] == "enter":
                entering.enter(reply, words[1:], descriptors[1:], channel)
        except OSError as error:
            send(reply, ["error", str(error.errno), error.strerror or str(error)])
        finally:
            reply.close()
            for descriptor in descriptors[1:]:
                os.close(descriptor)


def _spawn(
    reply: socket.socket,
    first: int,
    status: int,
    arguments: Sequence[str],
    contents: Sequence[int],
    channel: socket.socket,
) -> None:
    """Execute ``arguments`` with ``contents`` from descriptor ``first`` on and the reply socket at ``status``."""
    pid = os.fork()
    if pid:
        process = os.pidfd_open(pid)
        send(reply, ["spawned"], [process])
        os.close(process)
        return
    try:
        linux.die_with_parent()
        for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(number, signal.SIG_DFL)
        linux.unshare(linux.CLONE_NEWNS)
        linux.mount_proc()  # bwrap looks up its child by the number that it has in this process namespace
        high = first + len(contents) + 300  # out of the way of every number that is about to be used
        moved = [os.dup2(source, place) for place, source in enumerate([*contents, reply.fileno()], high)]
        null = os.open(os.devnull, os.O_RDWR)
        for standard in (0, 1):
            os.dup2(null, standard)
        os.dup2(moved[-1], 2)
        os.dup2(moved[-1], status)
        for place, source in enumerate(moved[:-1], first):
            os.dup2(source, place)
        os.closerange(status + 1, first)
        os.closerange(first + len(contents), high + len(moved))
        os.execv(arguments[0], list(arguments))
    except OSError as error:
        send(reply, [f"{error.strerror}\n"])
    finally:
        os._exit(127)


def receive(channel: socket.socket) -> tuple[list[str], list[int]]:
    """The next message and its descriptors; an empty message when the other end is gone."""
    room = socket.CMSG_SPACE(MAX_DESCRIPTORS * array.array("i").itemsize)
    data, ancillary, _, _ = channel.recvmsg(MAX_MESSAGE, room, socket.MSG_CMSG_CLOEXEC)
    descriptors = array.array("i")
    for level, kind, payload in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            descriptors.frombytes(payload[: len(payload) - len(payload) % descriptors.itemsize])
    return (data.decode("utf-8", "surrogateescape").split("\0") if data else []), list(descriptors)


def send(channel: socket.socket, words: Sequence[str], descriptors: Sequence[int] = ()) -> None:
    """Send one message; a receiver that is gone does not matter."""
    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))] if descriptors else []
    try:
        channel.sendmsg(["\0".join(words).encode("utf-8", "surrogateescape")], rights)
    except (BrokenPipeError, ConnectionResetError):
        return
