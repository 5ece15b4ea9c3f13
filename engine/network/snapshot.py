"""What the lab's network looks like at one moment, as plain immutable data.

A :class:`Snapshot` is read from the kernel by the agent, travels to the program as JSON, and is compared, checked and
drawn there. Every type is a frozen ``msgspec.Struct``: equal when its fields are equal, hashable, JSON-serialisable by
``msgspec.json.encode`` and read back by ``msgspec.json.decode(data, type=Snapshot)``.

Counters (packets, bytes) are part of the picture; :meth:`Snapshot.without_counters` gives the picture in which two
moments of an unchanged network are equal.
"""

from __future__ import annotations

import msgspec

HOST = "host"
"""The name this program gives to the lab's root network namespace."""


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """One network device, as ``ip -d link`` shows it."""

    index: int
    name: str
    kind: str
    """``loopback``, ``veth``, ``bridge``, ``dummy`` …; ``device`` where the kernel names no kind."""
    mac: str = ""
    mtu: int = 0
    up: bool = False
    """Administratively up (``IFF_UP``): somebody typed ``ip link set … up``."""
    carrier: bool = False
    """``LOWER_UP``: the other end is up as well."""
    state: str = "UNKNOWN"
    """The operational state as ``ip`` prints it: UP, DOWN, LOWERLAYERDOWN, UNKNOWN."""
    flags: tuple[str, ...] = ()
    """As ``ip`` prints them between angle brackets, in its order."""
    master: str | None = None
    peer: str | None = None
    """For a veth: the name of its other end, wherever that is; ``None`` if it cannot be seen."""
    peer_namespace: str | None = None
    lower: str | None = None
    """What ``ip`` prints behind the ``@``: a device's name, ``if7`` for one that is elsewhere, ``NONE``."""
    nsid: int | None = None
    """The number which this namespace has given to the one that :attr:`lower` is in, if that is another one."""
    hardware: str = "ether"
    """The type of the hardware address: ``ether``, ``loopback`` …"""
    mac_broadcast: str = ""
    qdisc: str = "noqueue"
    queue_length: int = 0
    group: str = "default"
    mode: str = "DEFAULT"
    alternative_names: tuple[str, ...] = ()
    alias: str | None = None
    received_packets: int = 0
    sent_packets: int = 0
    received_bytes: int = 0
    sent_bytes: int = 0


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """One address of a device."""

    link: str
    address: str
    """Without the prefix: ``10.0.0.10``."""
    prefix: int
    scope: str = "global"
    broadcast: str | None = None
    peer: str | None = None
    """The other end's address, where the address was given as ``ADDRESS peer PEER/PREFIX``."""
    label: str | None = None
    flags: tuple[str, ...] = ()
    """``secondary``, ``tentative``, ``dynamic`` … as ``ip address`` prints them."""
    valid_seconds: int | None = None
    """How long it is valid, from when it was read; ``None``: for ever."""
    preferred_seconds: int | None = None

    @property
    def cidr(self) -> str:
        """The address as one types it: ``10.0.0.10/24``."""
        return f"{self.address}/{self.prefix}"

    @property
    def is_ipv6(self) -> bool:
        return ":" in self.address


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """One route of the main table (IPv4 and IPv6), as ``ip route`` prints it."""

    to: str
    """``default`` or a prefix, ``10.0.0.0/24``."""
    via: str | None = None
    link: str | None = None
    source: str | None = None
    protocol: str | None = None
    scope: str | None = None
    metric: int | None = None
    kind: str = "unicast"
    flags: tuple[str, ...] = ()
    """``linkdown``, ``dead`` … as ``ip route`` adds them."""
    weight: int | None = None
    """Of a route with several next hops, each of which is a :class:`Route`; ``None`` for any other route."""
    preference: str | None = None
    """IPv6: ``low``, ``medium``, ``high``."""
    table: str | None = None
    """``local`` or a number; ``None`` for the main table."""


class Neighbour(msgspec.Struct, frozen=True, kw_only=True):
    """One line of ``ip neigh``."""

    address: str
    link: str
    mac: str | None
    state: str
    flags: tuple[str, ...] = ()
    """``router``, ``extern_learn`` … as ``ip neigh`` prints them."""


class Chain(msgspec.Struct, frozen=True, kw_only=True):
    """One chain of iptables; ``policy`` is ``None`` for a chain that the user made."""

    table: str
    name: str
    policy: str | None
    packets: int = 0
    bytes: int = 0
    variant: str = "nft"
    """Which iptables holds it: ``nft`` or ``legacy``."""


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One iptables rule in the order of its chain. ``text`` is what ``iptables-save`` prints after the chain's name."""

    table: str
    chain: str
    text: str
    in_link: str | None = None
    out_link: str | None = None
    source: str | None = None
    destination: str | None = None
    protocol: str | None = None
    jump: str | None = None
    inverted: tuple[str, ...] = ()
    """Fields above that stand behind ``!``: ``("in_link",)``."""
    other: tuple[str, ...] = ()
    """Whatever else the rule says, word by word; empty for a rule that the fields above tell whole."""
    packets: int = 0
    bytes: int = 0
    variant: str = "nft"


class Listener(msgspec.Struct, frozen=True, kw_only=True):
    """A socket somebody listens on (TCP), or has bound (UDP)."""

    protocol: str
    address: str
    port: int
    process: str | None = None
    pid: int | None = None
    descriptor: int | None = None
    """The number under which the process holds it."""
    device: str | None = None
    """The device that it is bound to."""
    only_ipv6: bool = True
    """Of an IPv6 socket: it takes no IPv4."""
    received_queue: int = 0
    """``Recv-Q`` of ``ss``: connections that wait to be accepted, bytes that wait to be read."""
    sent_queue: int = 0
    """``Send-Q`` of ``ss``: how many connections may wait."""


class Process(msgspec.Struct, frozen=True, kw_only=True):
    """A process of the lab; ``pid`` is the number the lab's own ``ps`` shows."""

    pid: int
    command: str
    namespace: str | None
    """The network namespace it is in, by name; ``None`` if that one has no name."""


class Namespace(msgspec.Struct, frozen=True, kw_only=True):
    """One network namespace: the host's (named ``host``) or one under ``/run/netns``."""

    name: str
    inode: int
    links: tuple[Link, ...] = ()
    addresses: tuple[Address, ...] = ()
    routes: tuple[Route, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()
    chains: tuple[Chain, ...] = ()
    rules: tuple[Rule, ...] = ()
    sysctls: dict[str, str] = {}
    """``net.ipv4.ip_forward``, ``net.bridge.bridge-nf-call-iptables`` (absent where there is no br_netfilter) …"""
    listeners: tuple[Listener, ...] = ()
    resolv_conf: str | None = None
    """What ``/etc/resolv.conf`` says to a command run by ``ip netns exec`` in it (the host's: run plainly)."""

    def link(self, name: str) -> Link | None:
        """The device of that name, if it is here."""
        return next((link for link in self.links if link.name == name), None)


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """The whole lab at one moment."""

    sequence: int = 0
    """Grows by one with each snapshot of a lab."""
    namespaces: tuple[Namespace, ...] = ()
    """The host first, the others by name."""
    files: dict[str, str | None] = {}
    """Text of the files that lessons watch, by path; ``None`` for one that is not there."""
    processes: tuple[Process, ...] = ()

    def namespace(self, name: str) -> Namespace | None:
        """The namespace of that name, if it exists; ``host`` is the host's."""
        return next((space for space in self.namespaces if space.name == name), None)

    @property
    def host(self) -> Namespace:
        """The host's namespace. Raises ``LookupError`` for a snapshot without one."""
        space = self.namespace(HOST)
        if space is None:
            raise LookupError("this snapshot has no host namespace")
        return space

    def without_counters(self) -> Snapshot:
        """The same picture with every counter, neighbour, process and sequence number left out."""
        from msgspec.structs import replace

        return replace(self, sequence=0, processes=(), namespaces=tuple(_bare(space) for space in self.namespaces))


_BARE_KEPT = 256
_bare_ones: dict[int, tuple[Namespace, Namespace]] = {}
"""By identity: of fifty namespaces mostly all but one are the very objects that they were."""


def _bare(space: Namespace) -> Namespace:
    from msgspec.structs import replace

    known = _bare_ones.get(id(space))
    if known is not None and known[0] is space:
        return known[1]
    bare = replace(
        space,
        neighbours=(),
        addresses=tuple(
            replace(one, valid_seconds=None, preferred_seconds=None) if one.valid_seconds else one
            for one in space.addresses
        ),
        listeners=tuple(replace(one, received_queue=0, sent_queue=0) for one in space.listeners),
        links=tuple(
            replace(link, received_packets=0, sent_packets=0, received_bytes=0, sent_bytes=0) for link in space.links
        ),
        chains=tuple(replace(chain, packets=0, bytes=0) for chain in space.chains),
        rules=tuple(replace(rule, packets=0, bytes=0) for rule in space.rules),
    )
    if len(_bare_ones) >= _BARE_KEPT:
        _bare_ones.clear()
    _bare_ones[id(space)] = (space, bare)
    return bare
