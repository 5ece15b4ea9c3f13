"""The files that lessons look at, and the watches that tell when one of them (or a named namespace) changes."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable

from engine.lab.agent import syscalls
from engine.lab.agent.tree import Tree
from engine.network.snapshot import HOST

WATCHED_FILES = ("/etc/hosts", "/etc/resolv.conf", "/etc/sysctl.conf")
NETNS_FILES = "/etc/netns"
NETNS_DIRECTORY = "/run/netns"

_DIRECTORY = (
    syscalls.IN_CREATE
    | syscalls.IN_DELETE
    | syscalls.IN_MOVED_FROM
    | syscalls.IN_MOVED_TO
    | syscalls.IN_CLOSE_WRITE
    | syscalls.IN_MODIFY
    | syscalls.IN_ATTRIB
    | syscalls.IN_DELETE_SELF
    | syscalls.IN_MOVE_SELF
)
_FILE = syscalls.IN_MODIFY | syscalls.IN_CLOSE_WRITE | syscalls.IN_ATTRIB


def read_files(tree: Tree) -> dict[str, str | None]:
    """The text of each watched file by its path; ``None`` for one of ``/etc`` that is not there."""
    files = {path: tree.read(path) for path in WATCHED_FILES}
    for space in tree.list(NETNS_FILES):
        for name in tree.list(f"{NETNS_FILES}/{space}"):
            path = f"{NETNS_FILES}/{space}/{name}"
            text = tree.read(path)
            if text is not None:
                files[path] = text
    return files


def file_as_seen_in(files: dict[str, str | None], namespace: str, name: str) -> str | None:
    """The text of ``/etc/<name>`` for a command run by ``ip netns exec`` in ``namespace``.

    It binds ``/etc/netns/<namespace>/<name>`` over ``/etc/<name>`` where both are there, see ip-netns(8).
    """
    general = files.get(f"/etc/{name}")
    if namespace == HOST or general is None:
        return general
    own = files.get(f"{NETNS_FILES}/{namespace}/{name}")
    return general if own is None else own


class FileWatch:
    """Calls ``changed`` when a watched file or the directory of named namespaces may have changed."""

    def __init__(self, tree: Tree, changed: Callable[[], None]) -> None:
        self._tree = tree
        self._changed = changed
        self._inotify = -1
        # Where a user has used up fs.inotify.max_user_instances there are none, and the files have to be read in turn.
        with contextlib.suppress(OSError):
            self._inotify = syscalls.inotify_init()
            asyncio.get_running_loop().add_reader(self._inotify, self._readable)
        self.renew()

    @property
    def works(self) -> bool:
        """Whether changes will be told."""
        return self._inotify >= 0

    def close(self) -> None:
        if self.works:
            asyncio.get_running_loop().remove_reader(self._inotify)
            os.close(self._inotify)
            self._inotify = -1

    def renew(self) -> None:
        """Watch what is there now: directories come, go and are replaced."""
        if not self.works:
            return
        self._watch("/run", _DIRECTORY)
        self._watch(NETNS_DIRECTORY, _DIRECTORY)
        self._watch("/etc", _DIRECTORY)
        self._watch(NETNS_FILES, _DIRECTORY)
        for name in self._tree.list(NETNS_FILES):
            self._watch(f"{NETNS_FILES}/{name}", _DIRECTORY)
        for path in WATCHED_FILES:  # itself as well: it may be a link to a file elsewhere
            self._watch(path, _FILE)

    def _watch(self, path: str, mask: int) -> None:
        try:
            descriptor = self._tree.open(path, os.O_PATH)
        except OSError:
            return
        try:
            with contextlib.suppress(OSError):  # gone meanwhile, or no more watches: a refresh reads it anyway
                syscalls.inotify_add_watch(self._inotify, f"/proc/self/fd/{descriptor}", mask)
        finally:
            os.close(descriptor)

    def _readable(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while os.read(self._inotify, 64 * 1024):
                pass
        self._changed()
