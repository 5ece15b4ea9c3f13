"""The agents' parent: a process that has imported what an agent needs, and forks one for each lab.

It is forked from the nursery before anything else, so that the import (a third of a second) delays no shell, and runs
in the real host's process namespace. Protocol: datagrams ``agent lab_pid world_pid iptables`` on its own socket, with
an answer socket, the agent's connection and the pidfd of a process of the first user namespace attached.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import socket
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from engine.lab import linux

PRELOADED = ("asyncio", "encodings.idna", "fcntl", "json", "msgspec", "pyroute2", "subprocess")
"""Imported here and now: after it has become nobody, the program's own directory may be closed to it."""


def main(channel_descriptor: int, agent: str, nursery: int, ready: int) -> None:
    """Import the agent (``module:function``), follow the nursery into its user namespace, and serve."""
    from engine.lab import nursery as parent

    linux.die_with_parent()
    channel = socket.socket(fileno=channel_descriptor)
    if parent.has_ended(channel):
        return
    module, _, function = agent.partition(":")
    for name in PRELOADED:
        import_module(name)
    serve: Callable[..., Any] = getattr(import_module(module), function)
    places = import_module("engine.lab.agent.places").Places
    os.read(ready, 1)  # until the nursery has its user namespace
    os.close(ready)
    _follow(nursery)
    linux.die_with_parent()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps for us
    gc.collect()
    gc.freeze()
    while True:
        words, descriptors = parent.receive(channel)
        if not words:
            return
        with contextlib.suppress(OSError, ValueError):  # the lab was gone, or no process or descriptor can be had
            _fork(channel, words, descriptors, serve, places)
        for descriptor in descriptors:
            os.close(descriptor)


def _follow(nursery: int) -> None:
    real_root = linux.is_real_root()
    if real_root:
        os.setgroups([])
    try:
        linux.setns(nursery, linux.CLONE_NEWUSER)
    except OSError:
        if real_root:  # the nursery has failed to leave the real root behind, and no lab will be made
            os._exit(1)
        return
    if real_root:
        from engine.lab.nursery import become_root_inside

        become_root_inside()


def _fork(
    channel: socket.socket,
    words: Sequence[str],
    descriptors: Sequence[int],
    serve: Callable[..., Any],
    places: Callable[..., Any],
) -> None:
    from engine.lab import nursery as parent

    answer, connection, first = descriptors
    pid = os.fork()
    if pid:
        process = os.pidfd_open(pid)
        reply = socket.socket(fileno=os.dup(answer))
        parent.send(reply, ["spawned"], [process])
        reply.close()
        os.close(process)
        return
    code = 1
    try:
        linux.die_with_parent()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        channel.close()
        os.close(answer)
        linux.setns(first, linux.CLONE_NEWUSER)
        linux.die_with_parent()
        os.close(first)
        _, lab_pid, world_pid, iptables = words
        serve(
            socket.socket(fileno=os.dup(connection)),
            places(lab_pid=int(lab_pid), world_pid=int(world_pid), iptables=iptables),
        )
        code = 0
    finally:
        os._exit(code)
