"""Ways into the lab's network namespaces. A thread goes in, opens sockets there, and comes out at once."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
from collections.abc import Iterator

from engine.lab.agent import syscalls
from engine.lab.agent.files import NETNS_DIRECTORY
from engine.lab.agent.tree import LabGone, Tree
from engine.network.snapshot import HOST

_NS_GET_NSTYPE = 0xB703
_PROC_LINK = re.compile(r"/proc/(\d+)(?:/task/\d+)?/ns/net$")


class Entrance:
    """Opens and enters namespaces. Outside of :meth:`inside` the agent stands in the outside world's.

    (An ordinary user's process that has left the real host's network namespace could not go back to it.)
    """

    def __init__(self, tree: Tree, *, lab_pid: int, world_pid: int) -> None:
        self._tree = tree
        self._home = os.open(f"/proc/{world_pid}/ns/net", os.O_RDONLY)
        syscalls.setns(self._home, syscalls.CLONE_NEWNET)
        try:
            self.host = os.open(f"/proc/{lab_pid}/ns/net", os.O_RDONLY)
        except OSError as error:
            raise LabGone from error

    def close(self) -> None:
        os.close(self._home)
        os.close(self.host)

    @contextlib.contextmanager
    def inside(self, descriptor: int) -> Iterator[None]:
        """Be in a namespace for as long as the block runs; it must not wait for anything."""
        syscalls.setns(descriptor, syscalls.CLONE_NEWNET)
        try:
            yield
        finally:
            syscalls.setns(self._home, syscalls.CLONE_NEWNET)

    def open(self, name: str) -> int:
        """A descriptor, the caller's to close, of the namespace of that name. Raises ``OSError`` if there is none."""
        if name == HOST:
            return os.dup(self.host)
        if not name or "/" in name or name in (".", ".."):
            raise FileNotFoundError(name)
        descriptor = self._open_file(f"{NETNS_DIRECTORY}/{name}")
        try:
            # CREATE is seen before the namespace is mounted: until then this is an empty file.
            if fcntl.ioctl(descriptor, _NS_GET_NSTYPE) != syscalls.CLONE_NEWNET:
                raise FileNotFoundError(name)
        except OSError:
            os.close(descriptor)
            raise
        return descriptor

    def _open_file(self, path: str) -> int:
        try:
            return self._tree.open(path, os.O_RDONLY | os.O_NONBLOCK)
        except OSError:
            # A link to /proc/<pid>/ns/net (as people lay for Docker's containers) is not followed by the kernel there.
            with self._tree.root() as root:
                found = _PROC_LINK.match(os.readlink(path.lstrip("/"), dir_fd=root))
            if not found:
                raise
            return os.open(f"{found[1]}/ns/net", os.O_RDONLY, dir_fd=self._tree.proc)

    def names(self) -> tuple[str, ...]:
        """The names under /run/netns, sorted; one of them may not be a namespace (yet)."""
        return self._tree.list(NETNS_DIRECTORY)
