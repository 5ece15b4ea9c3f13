"""The lab's processes, read from the lab's own ``/proc``: its own numbers, its own processes and nobody else's."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Mapping

from engine.lab.agent.tree import Tree
from engine.network.snapshot import Process


class Processes:
    """Reads processes and finds the owners of sockets; remembers the owners, since a listener stays whose it was."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._owners: dict[int, tuple[int, str]] = {}
        """By the socket's inode: the process, and the descriptor it is known by there."""
        self._foreign: set[int] = set()

    def pids(self) -> frozenset[int]:
        """The numbers of the processes that there are."""
        try:
            return frozenset(int(name) for name in os.listdir(self._tree.proc) if name.isdigit())  # noqa: PTH208
        except OSError:
            return frozenset()

    def read(self, names: Mapping[int, str]) -> tuple[Process, ...]:
        """Every process by its number, zombies excepted. ``names`` has the namespaces' names by their inodes."""
        found = []
        for pid in sorted(self.pids()):
            with contextlib.suppress(OSError, ValueError):
                words = self._read(f"{pid}/cmdline").rstrip(b"\0").split(b"\0")
                command = " ".join(word.decode(errors="replace") for word in words)
                if not command:
                    name, state = self._stat(pid)
                    if state == "Z":
                        continue
                    command = f"[{name}]"
                found.append(Process(pid=pid, command=command, namespace=names.get(self._namespace(pid))))
        return tuple(found)

    def owners(self, inodes: Iterable[int], *, thorough: bool) -> dict[int, tuple[int, str, int]]:
        """The process of each socket that one of the lab holds: number, name and descriptor, as ``ss -p`` has them.

        ``thorough`` looks again for those that were nobody's in the lab when it was last looked.
        """
        if thorough:
            self._foreign.clear()
        wanted = set(inodes)
        self._foreign &= wanted
        self._owners = {inode: self._owners[inode] for inode in wanted if self._still(inode)}
        missing = wanted - self._owners.keys() - self._foreign
        if missing:
            self._search(missing)
            self._foreign |= missing - self._owners.keys()
        result = {}
        for inode, (pid, descriptor) in self._owners.items():
            with contextlib.suppress(OSError, ValueError):
                result[inode] = (pid, self._stat(pid)[0], int(descriptor))
        return result

    def _still(self, inode: int) -> bool:
        if inode not in self._owners:
            return False
        pid, descriptor = self._owners[inode]
        try:
            return os.readlink(f"{pid}/fd/{descriptor}", dir_fd=self._tree.proc) == f"socket:[{inode}]"
        except OSError:
            return False

    def _search(self, missing: set[int]) -> None:
        targets = {f"socket:[{inode}]": inode for inode in missing}
        for pid in sorted(self.pids()):
            with contextlib.suppress(OSError):
                directory = os.open(f"{pid}/fd", os.O_RDONLY | os.O_DIRECTORY, dir_fd=self._tree.proc)
                try:
                    for name in os.listdir(directory):  # noqa: PTH208
                        with contextlib.suppress(OSError):
                            inode = targets.get(os.readlink(name, dir_fd=directory))
                            if inode is not None:
                                self._owners.setdefault(inode, (pid, name))
                finally:
                    os.close(directory)

    def _namespace(self, pid: int) -> int:
        return int(os.readlink(f"{pid}/ns/net", dir_fd=self._tree.proc)[len("net:[") : -1])

    def _stat(self, pid: int) -> tuple[str, str]:
        """The name and the state letter, see proc(5). The name may hold anything, parentheses included."""
        head, _, rest = self._read(f"{pid}/stat").decode(errors="replace").rpartition(")")
        return head.partition("(")[2], rest.split()[0]

    def _read(self, path: str) -> bytes:
        descriptor = os.open(path, os.O_RDONLY, dir_fd=self._tree.proc)
        try:
            return os.read(descriptor, 64 * 1024)
        finally:
            os.close(descriptor)
