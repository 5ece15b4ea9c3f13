"""Watches a whole lab: finds its namespaces, notices that something may have changed, takes snapshots."""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import struct
import time
from collections.abc import Callable, Mapping

from engine.lab.agent.entrance import Entrance
from engine.lab.agent.files import FileWatch, file_as_seen_in, read_files
from engine.lab.agent.places import Places
from engine.lab.agent.processes import Processes
from engine.lab.agent.reader import NamespaceReader
from engine.lab.agent.sockets import Bound
from engine.lab.agent.tree import LabGone, Tree
from engine.network.announcement import Announcement
from engine.network.snapshot import HOST, Listener, Namespace, Snapshot

Owner = tuple[int, str, int]
_POLL_SECONDS = 0.25
_POLLS_PER_SLOW_POLL = 4
_FEW = 8
"""So many namespaces are all read for each snapshot. Of more, those with news are, and the others' counters a moment
later: what has just been typed is on the screen long before."""
_SWEEP_SECONDS = 0.15
_POLLED_AT_ONCE = 8
_RETRY_SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)


class LabWatch:
    """Takes snapshots of a lab. ``changed`` is called, often, whenever a new one may differ from the last."""

    def __init__(self, tree: Tree, entrance: Entrance, places: Places, changed: Callable[[], None]) -> None:
        self._tree = tree
        self._entrance = entrance
        self._legacy = places.iptables == "legacy"
        self._changed = changed
        self._readers: dict[int, NamespaceReader] = {}
        """By inode."""
        self._names: dict[str, NamespaceReader] = {}
        """By name, the host's first."""
        self._spaces_changed = self._files_changed = True
        self._files: dict[str, str | None] = {}
        self._processes = Processes(tree)
        self._pids: frozenset[int] = frozenset()
        self._known: frozenset[str] = frozenset()
        """Names of the namespaces that have been announced."""
        self._moved = False
        """Devices have come or gone, and other ends are to be looked for with the next sweep."""
        self._composed: dict[str, tuple[tuple[object, ...], Namespace]] = {}
        """By name, what each was made of and it."""
        self._sweeping = False
        self._poll_next = 0
        self._settling = 0
        self._polls = 0
        self._sequence = 0
        self._retries = 0
        self._stack = contextlib.ExitStack()
        self._loop = asyncio.get_running_loop()
        self._timers: dict[str, asyncio.TimerHandle] = {}
        try:
            file_watch = FileWatch(tree, self._files_event)
            self._file_watch = file_watch
            self._stack.callback(file_watch.close)
            self._watch_mounts(places.lab_pid)
        except BaseException:
            self._stack.close()
            raise
        self._later("poll", _POLL_SECONDS, self._poll)

    def close(self) -> None:
        """Let everything go; no namespace is kept alive by it afterwards."""
        for timer in self._timers.values():
            timer.cancel()
        for reader in self._readers.values():
            reader.close()
        self._readers.clear()
        self._names.clear()
        self._stack.close()

    # -- what may have changed ---------------------------------------------------------------------------------

    def _watch_mounts(self, lab_pid: int) -> None:
        """Be told of mounts, see proc(5), mountinfo: a namespace gets its name by one, unseen by directory watches."""
        try:
            mounts = os.open(f"/proc/{lab_pid}/mountinfo", os.O_RDONLY)
        except OSError as error:
            raise LabGone from error
        self._stack.callback(os.close, mounts)
        poller = select.epoll()
        self._stack.callback(poller.close)
        poller.register(mounts, select.EPOLLPRI | select.EPOLLERR)

        def event() -> None:
            poller.poll(0)
            self._spaces_changed = True
            self._changed()

        self._loop.add_reader(poller.fileno(), event)
        self._stack.callback(self._loop.remove_reader, poller.fileno())

    def _files_event(self) -> None:
        self._files_changed = self._spaces_changed = True
        self._changed()

    def _later(self, name: str, seconds: float, action: Callable[[], None]) -> None:
        self._timers[name] = self._loop.call_later(seconds, action)

    def _poll(self) -> None:
        """The little that no event tells: sockets, processes, sysctls that are not announced, legacy rules."""
        self._later("poll", _POLL_SECONDS, self._poll)
        self._polls += 1
        slow = self._polls % _POLLS_PER_SLOW_POLL == 0
        if slow and not self._file_watch.works:
            self._files_event()
        pids = self._processes.pids()
        if pids != self._pids:
            self._settling = _POLLS_PER_SLOW_POLL  # a new process soon becomes another program, in another namespace
            self._spaces_changed = True  # a name may be a link to a process's namespace
            self._pids = pids
        news = self._settling > 0
        self._settling = max(0, self._settling - 1)
        for reader in self._polled():
            news = reader.poll(udp=slow) or news
        if news:
            self._changed()

    def _polled(self) -> list[NamespaceReader]:
        """The host, and as many of the others, in turn, as cost next to nothing."""
        host, *others = self._names.values() or [None]
        others = [*others[self._poll_next :], *others[: self._poll_next]][:_POLLED_AT_ONCE]
        self._poll_next = (self._poll_next + len(others)) % max(1, len(self._names) - 1)
        return [reader for reader in (host, *others) if reader is not None]

    # -- namespaces --------------------------------------------------------------------------------------------

    def _find_namespaces(self) -> None:
        """Open what has a name now, close what has lost it."""
        self._spaces_changed = False
        names: dict[str, NamespaceReader] = {}
        incomplete = False
        before = set(self._readers)
        for name in (HOST, *self._entrance.names()):
            if name == HOST and names:
                continue  # somebody gave a namespace this program's own name for the host's
            try:
                descriptor = self._entrance.open(name)
            except LabGone:
                raise
            except OSError:
                incomplete = True
                continue
            inode = os.fstat(descriptor).st_ino
            if inode in self._readers:
                os.close(descriptor)
            else:
                try:
                    self._readers[inode] = NamespaceReader(
                        self._entrance, descriptor, self._changed, legacy=self._legacy
                    )
                except OSError:
                    incomplete = True
                    continue
            names[name] = self._readers[inode]
        named = {reader.inode for reader in names.values()}
        for inode in self._readers.keys() - named:
            self._readers.pop(inode).close()
        self._names = names
        if set(self._readers) != before:
            for reader in self._readers.values():
                reader.forget_others()
                reader.look_for_peers()
        self._retry(incomplete)

    def _retry(self, incomplete: bool) -> None:
        """A name without a namespace is mostly one whose namespace is just being mounted: look again, less and less."""
        if not incomplete:
            self._retries = 0
        elif self._retries < len(_RETRY_SECONDS):
            self._later("retry", _RETRY_SECONDS[self._retries], self._spaces_event)
            self._retries += 1

    def _spaces_event(self) -> None:
        self._spaces_changed = True
        self._changed()

    # -- what the kernel said ----------------------------------------------------------------------------------

    def heard(self) -> tuple[Announcement, ...]:
        """What rtnetlink has announced since the last call, in the order of its time: known before anything is read.
        Nothing while rules are to be read, which may have been announced before it."""
        if not self._known or any(reader.rules.changed for reader in self._readers.values()):
            return ()
        found = [one for name, reader in self._names.items() for one in reader.heard(name)]
        return tuple(sorted(found, key=lambda one: one.seconds))

    def announcements(self) -> tuple[Announcement, ...]:
        """The same, and which namespaces have come or gone and which rules, as far as has been read."""
        now = time.time()
        known, self._known = self._known, frozenset(self._names)
        found = [
            *(Announcement(now, HOST, "NETNS", f"add {name}") for name in sorted(self._known - known)),
            *(Announcement(now, HOST, "NETNS", f"delete {name}") for name in sorted(known - self._known)),
        ]
        for name, reader in self._names.items():
            found += reader.announcements(name)
        if not known:  # how the lab came to be
            return ()
        return tuple(sorted(found, key=lambda one: one.seconds))

    # -- snapshots ---------------------------------------------------------------------------------------------

    async def take(self, *, everything: bool) -> Snapshot:
        """A snapshot of now. With ``everything`` nothing remembered is trusted. Raises :class:`LabGone`."""
        files_changed, self._files_changed = self._files_changed, False
        if files_changed or everything:
            self._file_watch.renew()  # before anything is listed: what comes afterwards is then told
            self._files = read_files(self._tree)
        if self._spaces_changed or everything:
            self._find_namespaces()
        await self._read_rules(everything)
        every = tuple(self._readers.values())
        whole = everything or self._sweeping or len(every) <= _FEW
        self._sweeping = False
        moved, self._moved = self._moved, False
        for reader in every:
            if everything or len(every) <= _FEW or reader.has_news:
                moved = self._read(reader, everything) or moved
            elif whole:
                reader.read_counters()
        if moved and whole:
            for reader in every:
                reader.look_for_peers()
                self._read(reader, False)
        if not whole:
            self._moved = moved
            self._sweep_later()
        return self._compose(everything)

    def _sweep_later(self) -> None:
        if "sweep" in self._timers:
            self._timers["sweep"].cancel()
        self._later("sweep", _SWEEP_SECONDS, self._sweep)

    def _sweep(self) -> None:
        self._sweeping = True
        self._changed()

    async def _read_rules(self, everything: bool) -> None:
        readers = tuple(self._readers.values())
        for reader in readers:
            if everything:
                reader.drain_rules()
        wanting = [reader.rules for reader in readers if reader.rules.poll() or (everything and reader.rules.chains)]
        await asyncio.gather(*(rules.read(counters=everything) for rules in wanting))

    def _read(self, reader: NamespaceReader, everything: bool) -> bool:
        try:
            return reader.read(everything=everything)
        except (OSError, LookupError, TypeError, ValueError, struct.error):
            # What is known of it stays until it can be read: one odd device must not hide all other namespaces.
            reader.look_again()
            self._later("again", _POLL_SECONDS, self._changed)
            return False

    def _compose(self, thorough: bool) -> Snapshot:
        self._sequence += 1
        inodes = [bound.inode for reader in self._readers.values() for bound in reader.bound]
        owners = self._processes.owners(inodes, thorough=thorough)
        names = {reader.inode: name for name, reader in reversed(self._names.items())}
        around = (tuple(self._names), [reader.links_version for reader in self._readers.values()], self._files)
        before, self._composed = self._composed, {}
        for name, reader in self._names.items():
            rules = (reader.rules.chains, reader.rules.rules)
            made_of = (reader, reader.version, rules, around, [owners.get(one.inode) for one in reader.bound])
            known = before.get(name)
            if known is None or known[0] != made_of:
                known = (made_of, self._namespace(name, reader, owners))
            self._composed[name] = known
        return Snapshot(
            sequence=self._sequence,
            namespaces=tuple(space for _, space in self._composed.values()),
            files=dict(self._files),
            processes=self._processes.read(names),
        )

    def _namespace(self, name: str, reader: NamespaceReader, owners: Mapping[int, Owner]) -> Namespace:
        return Namespace(
            name=name,
            inode=reader.inode,
            links=reader.links_with_peers(self._names),
            addresses=reader.addresses,
            routes=reader.routes,
            neighbours=reader.neighbours,
            chains=reader.rules.chains,
            rules=reader.rules.rules,
            sysctls=dict(reader.sysctls),
            listeners=tuple(_listener(bound, owners, reader.names) for bound in reader.bound),
            resolv_conf=file_as_seen_in(self._files, name, "resolv.conf"),
        )

    def file_as_seen_in(self, namespace: str, name: str) -> str | None:
        """The text of ``/etc/<name>`` now, for a command run by ``ip netns exec`` there."""
        return file_as_seen_in(read_files(self._tree), namespace, name)


def _listener(bound: Bound, owners: Mapping[int, Owner], devices: Mapping[int, str]) -> Listener:
    pid, process, descriptor = owners.get(bound.inode, (None, None, None))
    return Listener(
        protocol=bound.protocol,
        address=bound.address,
        port=bound.port,
        process=process,
        pid=pid,
        descriptor=descriptor,
        device=devices.get(bound.device),
        only_ipv6=bound.only_ipv6,
        received_queue=bound.received_queue,
        sent_queue=bound.sent_queue,
    )
