"""Reads one network namespace: what the kernel announced is read anew, the rest is remembered."""

from __future__ import annotations

import asyncio
import contextlib
import os
import struct
from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from engine.lab.agent import netlink, sockets
from engine.lab.agent.announcing import Rules, network_told, rules_told
from engine.lab.agent.entrance import Entrance
from engine.lab.agent.netlink import Asker, Decoder, Listener
from engine.lab.agent.rules import RuleReader
from engine.network import rtnl
from engine.network.announcement import Announcement
from engine.network.snapshot import Address, Link, Neighbour, Route

SYSCTLS = ("net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding", "net.bridge.bridge-nf-call-iptables")

# Multicast groups of linux/rtnetlink.h: links, neighbours, addresses, routes, netconf; IPv4 and IPv6.
_GROUPS = (1, 3, 5, 7, 9, 11, 24, 25)
_NEIGHBOUR_KINDS = range(28, 32)
_LINK_KINDS, _ADDRESS_KINDS, _ROUTE_KINDS = range(16, 20), range(20, 24), range(24, 28)
_AF_INET, _AF_INET6, _RT_TABLE_MAIN = 2, 10, 254
# IFLA_EXT_MASK with RTEXT_FILTER_SKIP_STATS: counters are asked for apart, as everything else stays the same longer.
_LINKS = bytes(16) + struct.pack("=HHI", 8, 29, 1 << 3)
_ADDRESSES, _NEIGHBOURS, _COUNTERS = bytes(8), bytes(12), struct.pack("=IIi", 0, 0, 1)
_LINK_BYTES, _ADDRESS_BYTES, _NEIGHBOUR_BYTES, _ROUTE_BYTES = 16, 8, 12, 12
_NDA_CACHEINFO, _NDA_PROBES = 3, 4
_NETNSA_NSID, _NETNSA_FD = 1, 3


class NamespaceReader:
    """One network namespace. Keeps it alive until :meth:`close`: close it when its name goes."""

    def __init__(
        self, entrance: Entrance, descriptor: int, changed: Callable[[], None], *, legacy: bool = False
    ) -> None:
        """``descriptor`` is the namespace's; the reader owns it. ``changed``: there is something to read."""
        self.descriptor = descriptor
        self.inode = os.fstat(descriptor).st_ino
        self._changed = changed
        self._network_changed = self._neighbours_changed = True
        self._addresses_changed = self._routes_changed = False
        """With ``_network_changed`` these are read in any case."""
        self._polled_news = False
        self._told: Rules = ((), ())
        self._known_names: dict[int, str] = {}
        self._stack = contextlib.ExitStack()
        self._stack.callback(os.close, descriptor)
        try:
            with entrance.inside(descriptor):
                # Listen first, ask afterwards: a change in between is then seen twice and never missed.
                self._events = Listener(netlink.NETLINK_ROUTE, _GROUPS)
                self._stack.callback(self._events.close)
                self._route = Asker(netlink.NETLINK_ROUTE)
                self._stack.callback(self._route.close)
                self._diag = Asker(netlink.NETLINK_SOCK_DIAG)
                self._stack.callback(self._diag.close)
                self.rules = RuleReader(entrance, descriptor, legacy=legacy)
                self._stack.callback(self.rules.close)
                self._sysctls = self._open_sysctls()
        except BaseException:
            self._stack.close()
            raise
        loop = asyncio.get_running_loop()
        self._watch(loop, self._events, self._network_event)
        if self.rules.events:
            self._watch(loop, self.rules.events, self._rules_event)
        self._link_decoder = Decoder(_LINK_BYTES)
        self._address_decoder = Decoder(_ADDRESS_BYTES)
        self._route_decoder = Decoder(_ROUTE_BYTES)
        self._neighbour_decoder = Decoder(_NEIGHBOUR_BYTES, frozenset({_NDA_CACHEINFO, _NDA_PROBES}))
        self.version = self.links_version = 0
        """Grow whenever something was read; when devices, or what is known of their other ends, are others."""
        self._links: tuple[rtnl.ReadLink, ...] = ()
        self._nsids: dict[int, int] = {}
        self.links: tuple[Link, ...] = ()
        self.addresses: tuple[Address, ...] = ()
        self.routes: tuple[Route, ...] = ()
        self.neighbours: tuple[Neighbour, ...] = ()
        self.sysctls: dict[str, str] = {}
        self.bound: tuple[sockets.Bound, ...] = ()
        self._tcp: tuple[bytes, ...] = ()
        self._udp: tuple[bytes, ...] = ()

    def close(self) -> None:
        """Let the namespace go."""
        self._stack.close()

    def _watch(self, loop: asyncio.AbstractEventLoop, listener: Listener, event: Callable[[], None]) -> None:
        loop.add_reader(listener.socket, event)
        self._stack.callback(loop.remove_reader, listener.socket)

    def _open_sysctls(self) -> dict[str, int]:
        """Descriptors of this namespace's sysctls: they stay its own, wherever they are read later."""
        found = {}
        for name in SYSCTLS:
            with contextlib.suppress(OSError):
                found[name] = os.open(Path("/proc/sys") / name.replace(".", "/"), os.O_RDONLY)
                self._stack.callback(os.close, found[name])
        return found

    # -- events ------------------------------------------------------------------------------------------------

    def _network_event(self) -> None:
        if self.drain():
            self._changed()

    def drain(self) -> bool:
        """Take note of what the kernel has announced until now; whether that was anything."""
        kinds, lost = self._events.drain()
        # Routes that go with a link that goes down, or with an address, are not announced one by one: what is announced
        # is read, and what may follow from it.
        self._network_changed |= lost or any(kind in _LINK_KINDS for kind in kinds)
        self._addresses_changed |= any(kind in _ADDRESS_KINDS for kind in kinds)
        self._routes_changed |= any(kind in _ROUTE_KINDS for kind in kinds)
        self._neighbours_changed |= lost or any(kind in _NEIGHBOUR_KINDS for kind in kinds)
        return lost or bool(kinds)

    def _rules_event(self) -> None:
        if self.drain_rules():
            self._changed()

    def drain_rules(self) -> bool:
        """The same for rules."""
        if self.rules.events is None:
            return False
        kinds, lost = self.rules.events.drain()
        self.rules.changed |= lost or bool(kinds)
        return lost or bool(kinds)

    def poll(self, *, udp: bool) -> bool:
        """Look for what no event tells: listening sockets, sysctls, legacy rules. Whether there is something new."""
        try:
            news = sockets.tcp_listeners(self._diag) != self._tcp
            news = news or (udp and sockets.udp_listeners(self._diag) != self._udp)
        except OSError:
            news = False
        self._polled_news |= news or self._read_sysctls() != self.sysctls
        return self._polled_news or self.rules.poll()

    @property
    def has_news(self) -> bool:
        """Whether something was announced, or found by :meth:`poll`, that has not been read."""
        network = self._network_changed or self._addresses_changed or self._routes_changed
        return network or self._neighbours_changed or self._polled_news

    def heard(self, name: str) -> list[Announcement]:
        """What rtnetlink has announced, in this namespace of that name, since this or the next was last called."""
        return [*network_told(name, self._events, self._known_names)]

    def announcements(self, name: str) -> list[Announcement]:
        """The same, and which rules have changed, once all is read."""
        before, self._told = self._told, (self.rules.chains, self.rules.rules)
        found = self.heard(name)
        self._known_names = self.names  # those of devices that have gone since are not needed any more
        return [*found, *rules_told(name, self.rules.events, before, self._told)]

    # -- reading -----------------------------------------------------------------------------------------------

    def read(self, *, everything: bool) -> bool:
        """Read what has changed, and what is never announced. Whether devices have come or gone.

        Raises ``OSError`` if the kernel refuses.
        """
        before = {one.link.index for one in self._links}
        self.drain()
        self.drain_rules()
        self._polled_news = False
        links = self._network_changed or everything
        addresses = links or self._addresses_changed
        routes = addresses or self._routes_changed
        self._network_changed = self._addresses_changed = self._routes_changed = False
        if links:
            self._read_links()
        if addresses:
            self.addresses = self._read_addresses()
        if routes:
            self.routes = self._read_routes()
        if self._neighbours_changed or everything:
            self._neighbours_changed = False
            messages = self._route.dump(netlink.RTM_GETNEIGH, _NEIGHBOURS)
            self.neighbours = rtnl.read_neighbours(self._neighbour_decoder.decode(messages), self.names)
        self.version += 1
        self.read_counters()
        self.sysctls = self._read_sysctls()
        self._tcp = sockets.tcp_listeners(self._diag)
        self._udp = sockets.udp_listeners(self._diag)
        self.bound = tuple(sorted((*sockets.read("tcp", self._tcp), *sockets.read("udp", self._udp))))
        return before != {one.link.index for one in self._links}

    def read_counters(self) -> None:
        """Packets and bytes, which are never announced."""
        counters = netlink.counters(self._route.dump(netlink.RTM_GETSTATS, _COUNTERS))
        before, self.links = self.links, tuple(_with_counters(one.link, counters) for one in self._links)
        self.version += before != self.links

    def _read_links(self) -> None:
        before = self._links
        messages = self._route.dump(netlink.RTM_GETLINK, _LINKS)
        self._links = rtnl.read_links(self._link_decoder.decode(messages))
        self.links_version += before != self._links

    def _read_addresses(self) -> tuple[Address, ...]:
        messages = self._route.dump(netlink.RTM_GETADDR, _ADDRESSES)
        return rtnl.read_addresses(self._address_decoder.decode(messages), self.names)

    def _read_routes(self) -> tuple[Route, ...]:
        messages: list[bytes] = []
        for family in (_AF_INET, _AF_INET6):
            with contextlib.suppress(FileNotFoundError):  # ENOENT: the table has not been made yet
                request = struct.pack("=BBBBBBBBI", family, 0, 0, 0, _RT_TABLE_MAIN, 0, 0, 0, 0)
                messages += self._route.dump(netlink.RTM_GETROUTE, request)
        return rtnl.read_routes(self._route_decoder.decode(messages), self.names)

    @property
    def names(self) -> dict[int, str]:
        """The devices' names by their indexes."""
        return {one.link.index: one.link.name for one in self._links}

    def _read_sysctls(self) -> dict[str, str]:
        values = {}
        for name, descriptor in self._sysctls.items():
            with contextlib.suppress(OSError):
                values[name] = os.pread(descriptor, 256, 0).decode().strip()
        return values

    def look_again(self) -> None:
        """Trust nothing that was read."""
        self._network_changed = self._neighbours_changed = True

    # -- the other ends of veth pairs --------------------------------------------------------------------------

    def look_for_peers(self) -> None:
        """Devices have moved: what is known of other ends may be old, and the kernel does not tell this end of it."""
        self._network_changed |= any(one.peer_index is not None for one in self._links)

    def forget_others(self) -> None:
        """Other namespaces have come or gone: the numbers they had here may mean others now."""
        self._nsids.clear()

    def links_with_peers(self, others: dict[str, NamespaceReader]) -> tuple[Link, ...]:
        """The devices, each veth with the name and the place of its other end, if that is one of ``others``."""
        own_name = next((name for name, reader in others.items() if reader is self), None)
        return tuple(
            link if one.peer_index is None else self._with_peer(link, one, own_name, others)
            for link, one in zip(self.links, self._links, strict=True)
        )

    def _with_peer(
        self, link: Link, one: rtnl.ReadLink, own_name: str | None, others: dict[str, NamespaceReader]
    ) -> Link:
        if one.peer_nsid is None:
            return replace(link, peer_namespace=own_name if link.peer else None)
        for name, reader in others.items():
            if reader is self:
                continue
            peer = next((other for other in reader._links if other.link.index == one.peer_index), None)
            # Indexes are counted anew in each namespace, so that other pairs may have the same two: ask the kernel.
            if peer and peer.peer_index == link.index and self._nsid_of(reader) == one.peer_nsid:
                return replace(link, peer=peer.link.name, peer_namespace=name)
        return link

    def _nsid_of(self, other: NamespaceReader) -> int | None:
        """The number that another namespace has in this one."""
        if other.inode not in self._nsids:
            request = struct.pack("=B3xHHI", 0, 8, _NETNSA_FD, other.descriptor)
            try:
                (answer,) = self._route.ask(netlink.RTM_GETNSID, request)
            except (OSError, ValueError):
                return None
            offset = 20
            while offset + 8 <= len(answer):
                length, kind, value = struct.unpack_from("=HHi", answer, offset)
                if kind == _NETNSA_NSID and value >= 0:
                    self._nsids[other.inode] = value
                offset += max((length + 3) & ~3, 4)
        return self._nsids.get(other.inode)


def _with_counters(link: Link, counters: dict[int, tuple[int, int, int, int]]) -> Link:
    received, sent, received_bytes, sent_bytes = counters.get(link.index, (0, 0, 0, 0))
    return replace(
        link,
        received_packets=received,
        sent_packets=sent,
        received_bytes=received_bytes,
        sent_bytes=sent_bytes,
    )
