"""Turns rtnetlink messages (decoded by pyroute2) into the snapshot's types, in the words and the order of iproute2.

Pure functions: nothing here opens a socket. The words follow iproute2's ``ip/ipaddress.c``, ``ip/iproute.c`` and
``ip/ipneigh.c``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from engine.network.snapshot import Address, Link, Neighbour, Route

Message = Mapping[str, Any]

_AF_INET = 2
_ARPHRD_LOOPBACK = 772
_RT_TABLE_MAIN = 254
_RTM_F_CLONED = 0x200
_IFF_UP, _IFF_RUNNING, _IFF_LOWER_UP = 0x1, 0x40, 0x10000

# In the order of print_link_flags() of iproute2.
_LINK_FLAGS = (
    (0x8, "LOOPBACK"),
    (0x2, "BROADCAST"),
    (0x10, "POINTOPOINT"),
    (0x1000, "MULTICAST"),
    (0x80, "NOARP"),
    (0x200, "ALLMULTI"),
    (0x100, "PROMISC"),
    (0x400, "MASTER"),
    (0x800, "SLAVE"),
    (0x4, "DEBUG"),
    (0x8000, "DYNAMIC"),
    (0x4000, "AUTOMEDIA"),
    (0x2000, "PORTSEL"),
    (0x20, "NOTRAILERS"),
    (_IFF_UP, "UP"),
    (_IFF_LOWER_UP, "LOWER_UP"),
    (0x20000, "DORMANT"),
    (0x40000, "ECHO"),
)
# In the order of print_rt_flags() of iproute2.
_ROUTE_FLAGS = ((1, "dead"), (4, "onlink"), (2, "pervasive"), (8, "offload"), (16, "linkdown"), (32, "unresolved"))
_SCOPES = {0: "global", 200: "site", 253: "link", 254: "host", 255: "nowhere"}
_PROTOCOLS = {1: "redirect", 2: "kernel", 4: "static", 9: "ra", 16: "dhcp"}
_PROTOCOL_BOOT = 3
_ROUTE_KINDS = {
    1: "unicast",
    2: "local",
    3: "broadcast",
    4: "anycast",
    5: "multicast",
    6: "blackhole",
    7: "unreachable",
    8: "prohibit",
    9: "throw",
    10: "nat",
}
_NEIGHBOUR_STATES = (
    (0x01, "INCOMPLETE"),
    (0x02, "REACHABLE"),
    (0x04, "STALE"),
    (0x08, "DELAY"),
    (0x10, "PROBE"),
    (0x20, "FAILED"),
    (0x40, "NOARP"),
    (0x80, "PERMANENT"),
)
_NUD_NOARP = 0x40
# In the order of print_neigh() of iproute2.
_NEIGHBOUR_FLAGS = ((0x80, "router"), (0x08, "proxy"), (0x20, "offload"), (0x10, "extern_learn"))
_HARDWARE = {1: "ether", 772: "loopback", 768: "ipip", 769: "tunnel6", 776: "sit", 778: "gre", 65534: "none"}
_GROUPS = {0: "default"}
_MODES = {0: "DEFAULT", 1: "DORMANT"}
# In the order of print_ifa_flags() of iproute2; the absence of IFA_F_PERMANENT is ``dynamic``.
_IFA_F_SECONDARY, _IFA_F_PERMANENT = 0x01, 0x80
_ADDRESS_FLAGS = (
    (_IFA_F_SECONDARY, "secondary"),
    (0x02, "nodad"),
    (0x04, "optimistic"),
    (0x08, "dadfailed"),
    (0x10, "home"),
    (0x20, "deprecated"),
    (0x40, "tentative"),
    (_IFA_F_PERMANENT, "dynamic"),
    (0x100, "mngtmpaddr"),
    (0x200, "noprefixroute"),
    (0x400, "autojoin"),
    (0x800, "stable-privacy"),
)
_FOREVER = 0xFFFFFFFF
_PREFERENCES = {0: "medium", 1: "high", 3: "low"}
_TABLES = {253: "default", 255: "local"}

USED = frozenset(
    {
        *("IFLA_IFNAME", "IFLA_LINKINFO", "IFLA_INFO_KIND", "IFLA_LINK", "IFLA_LINK_NETNSID", "IFLA_ADDRESS"),
        *("IFLA_BROADCAST", "IFLA_MTU", "IFLA_OPERSTATE", "IFLA_MASTER", "IFLA_QDISC", "IFLA_TXQLEN", "IFLA_GROUP"),
        *("IFLA_LINKMODE", "IFLA_PROP_LIST", "IFLA_ALT_IFNAME", "IFLA_IFALIAS"),
        *("IFA_LOCAL", "IFA_ADDRESS", "IFA_BROADCAST", "IFA_LABEL", "IFA_FLAGS", "IFA_CACHEINFO"),
        *("RTA_DST", "RTA_TABLE", "RTA_MULTIPATH", "RTA_OIF", "RTA_GATEWAY", "RTA_VIA", "RTA_PREFSRC", "RTA_PRIORITY"),
        *("RTA_PREF", "NDA_DST", "NDA_LLADDR"),
    }
)
"""Every attribute that is read here: the others need not be decoded."""


@dataclass(frozen=True, slots=True)
class ReadLink:
    """A device as its own namespace tells it; its other end is known by numbers only."""

    link: Link
    peer_index: int | None = None
    peer_nsid: int | None = None
    """The identifier that this namespace gives to the other end's; ``None``: the same namespace."""


def read_links(messages: Iterable[Message], others: Mapping[int, str] | None = None) -> tuple[ReadLink, ...]:
    """The devices of one namespace, from its complete dump, in the order of their indexes.

    ``others``: names of devices, by index, where ``messages`` are not all of them.
    """
    found = [(message, _attributes(message)) for message in sorted(messages, key=lambda one: int(one["index"]))]
    names = {**(others or {}), **{message["index"]: own.get("IFLA_IFNAME", "") for message, own in found}}
    flags = {message["index"]: int(message["flags"]) for message, _ in found}
    return tuple(_read_link(message, own, names, flags) for message, own in found)


def _read_link(
    message: Message, attributes: Mapping[str, Any], names: Mapping[int, str], flags: Mapping[int, int]
) -> ReadLink:
    info = attributes.get("IFLA_LINKINFO")
    kind = _attributes(info).get("IFLA_INFO_KIND") if info else None
    if not kind:
        kind = "loopback" if message["ifi_type"] == _ARPHRD_LOOPBACK else "device"
    other = attributes.get("IFLA_LINK")
    nsid = attributes.get("IFLA_LINK_NETNSID")
    lower_is_down = bool(other) and nsid is None and not flags.get(other or 0, 0) & _IFF_UP
    own = int(message["flags"])
    link = Link(
        index=message["index"],
        name=attributes.get("IFLA_IFNAME", ""),
        kind=str(kind),
        mac=attributes.get("IFLA_ADDRESS") or "",
        mtu=attributes.get("IFLA_MTU") or 0,
        up=bool(own & _IFF_UP),
        carrier=bool(own & _IFF_LOWER_UP),
        state=str(attributes.get("IFLA_OPERSTATE") or "UNKNOWN"),
        flags=link_flags(own, lower_is_down=lower_is_down),
        master=names.get(attributes.get("IFLA_MASTER") or 0),
        lower=_lower(other, nsid, names),
        nsid=nsid if nsid is not None and nsid >= 0 else None,
        hardware=_HARDWARE.get(message["ifi_type"], f"[{message['ifi_type']}]"),
        mac_broadcast=attributes.get("IFLA_BROADCAST") or "",
        qdisc=attributes.get("IFLA_QDISC") or "",
        queue_length=attributes.get("IFLA_TXQLEN") or 0,
        group=_GROUPS.get(attributes.get("IFLA_GROUP") or 0, str(attributes.get("IFLA_GROUP"))),
        mode=_MODES.get(attributes.get("IFLA_LINKMODE") or 0, "DEFAULT"),
        alternative_names=_alternative_names(attributes.get("IFLA_PROP_LIST")),
        alias=attributes.get("IFLA_IFALIAS"),
    )
    if kind != "veth" or not other:
        return ReadLink(link)
    if nsid is None:
        link = replace(link, peer=names.get(other))
    return ReadLink(link, peer_index=other, peer_nsid=nsid)


def _lower(other: int | None, nsid: int | None, names: Mapping[int, str]) -> str | None:
    """As print_name_and_link() of iproute2 has it."""
    if other is None:
        return None
    if other == 0:
        return "NONE"
    return f"if{other}" if nsid is not None else names.get(other, f"if{other}")


def _alternative_names(properties: Any) -> tuple[str, ...]:
    return tuple(pair[1] for pair in properties["attrs"] if pair[0] == "IFLA_ALT_IFNAME") if properties else ()


def link_flags(flags: int, *, lower_is_down: bool = False) -> tuple[str, ...]:
    """The words that ``ip link`` puts between ``<`` and ``>``."""
    words = ["NO-CARRIER"] if flags & _IFF_UP and not flags & _IFF_RUNNING else []
    flags &= ~_IFF_RUNNING
    for bit, word in _LINK_FLAGS:
        if flags & bit:
            words.append(word)
            flags &= ~bit
    if flags:
        words.append(f"{flags:x}")
    if lower_is_down:
        words.append("M-DOWN")
    return tuple(words)


def read_addresses(messages: Iterable[Message], names: Mapping[int, str]) -> tuple[Address, ...]:
    """The addresses of one namespace in the order of ``ip address``: by device, IPv4 first."""
    found: list[tuple[int, Address]] = []
    for message in messages:
        attributes = _attributes(message)
        address = attributes.get("IFA_LOCAL") or attributes.get("IFA_ADDRESS")
        name = names.get(message["index"])
        if address is None or name is None:
            continue
        peer, lifetimes = attributes.get("IFA_ADDRESS"), attributes.get("IFA_CACHEINFO") or {}
        found.append(
            (
                message["index"],
                Address(
                    link=name,
                    address=address,
                    prefix=message["prefixlen"],
                    scope=_SCOPES.get(message["scope"], str(message["scope"])),
                    broadcast=attributes.get("IFA_BROADCAST"),
                    peer=peer if peer != address else None,
                    label=attributes.get("IFA_LABEL"),
                    flags=_address_flags(message, attributes),
                    valid_seconds=_lifetime(lifetimes.get("ifa_valid")),
                    preferred_seconds=_lifetime(lifetimes.get("ifa_preferred")),
                ),
            )
        )
    return tuple(address for _, address in sorted(found, key=lambda one: one[0]))


def _address_flags(message: Message, attributes: Mapping[str, Any]) -> tuple[str, ...]:
    flags = int(attributes.get("IFA_FLAGS", message.get("flags", _IFA_F_PERMANENT)))
    flags ^= _IFA_F_PERMANENT
    words = []
    for bit, word in _ADDRESS_FLAGS:
        if flags & bit:
            words.append("temporary" if bit == _IFA_F_SECONDARY and message.get("family") != _AF_INET else word)
            flags &= ~bit
    return (*words, f"{flags:02x}") if flags else tuple(words)


def _lifetime(seconds: int | None) -> int | None:
    return None if seconds in (None, _FOREVER) else seconds


def read_routes(
    messages: Iterable[Message], names: Mapping[int, str], *, every_table: bool = False
) -> tuple[Route, ...]:
    """The main table in the kernel's order. A route with several next hops gives one :class:`Route` for each."""
    routes: list[Route] = []
    for message in messages:
        attributes = _attributes(message)
        table = attributes.get("RTA_TABLE", message["table"])
        if (table != _RT_TABLE_MAIN and not every_table) or message["flags"] & _RTM_F_CLONED:
            continue
        hops = attributes.get("RTA_MULTIPATH")
        if hops:
            for hop in hops:
                flags = int(message["flags"]) | int(hop["flags"])
                route = _read_route(message, attributes, _attributes(hop), hop["oif"], flags, names)
                routes.append(replace(route, weight=int(hop.get("hops", 0)) + 1))
        else:
            routes.append(
                _read_route(message, attributes, attributes, attributes.get("RTA_OIF"), int(message["flags"]), names)
            )
    return tuple(routes)


def _read_route(
    message: Message,
    attributes: Mapping[str, Any],
    hop: Mapping[str, Any],
    index: int | None,
    flags: int,
    names: Mapping[int, str],
) -> Route:
    ipv4 = message["family"] == _AF_INET
    destination, length = attributes.get("RTA_DST"), int(message["dst_len"])
    if destination is None:
        to = "default" if length == 0 else f"{'0.0.0.0' if ipv4 else '::'}/{length}"
    else:
        to = destination if length == (32 if ipv4 else 128) else f"{destination}/{length}"
    scope, protocol = int(message["scope"]), int(message["proto"])
    table = attributes.get("RTA_TABLE", message["table"])
    return Route(
        to=to,
        via=hop.get("RTA_GATEWAY") or _via(hop.get("RTA_VIA")),
        link=None if index is None else names.get(index, f"if{index}"),
        source=attributes.get("RTA_PREFSRC"),
        protocol=None if protocol == _PROTOCOL_BOOT else _PROTOCOLS.get(protocol, str(protocol)),
        scope=_SCOPES.get(scope, str(scope)) if ipv4 and scope else None,
        metric=attributes.get("RTA_PRIORITY"),
        kind=_ROUTE_KINDS.get(message["type"], str(message["type"])),
        flags=tuple(word for bit, word in _ROUTE_FLAGS if flags & bit),
        preference=_PREFERENCES.get(attributes.get("RTA_PREF", -1)),
        table=None if table == _RT_TABLE_MAIN else _TABLES.get(table, str(table)),
    )


def _via(via: Any) -> str | None:
    """An IPv6 next hop of an IPv4 route, as ``ip`` prints it."""
    return f"inet6 {via['addr']}" if via else None


def read_neighbours(messages: Iterable[Message], names: Mapping[int, str]) -> tuple[Neighbour, ...]:
    """What ``ip neigh`` lists: every entry but the ones that need no resolution."""
    neighbours = []
    for message in messages:
        attributes = _attributes(message)
        address, state = attributes.get("NDA_DST"), int(message["state"])
        if address is None or not state or state & _NUD_NOARP or message["ifindex"] not in names:
            continue
        words = [word for bit, word in _NEIGHBOUR_STATES if state & bit]
        neighbours.append(
            Neighbour(
                address=address,
                link=names[message["ifindex"]],
                mac=attributes.get("NDA_LLADDR"),
                state=",".join(words),
                flags=tuple(word for bit, word in _NEIGHBOUR_FLAGS if message.get("flags", 0) & bit),
            )
        )
    return tuple(neighbours)


def _attributes(message: Any) -> dict[str, Any]:
    """The attributes of a message by name, without the ones that pyroute2 has no name for."""
    pairs: Sequence[Any] = message["attrs"]
    return {pair[0]: pair[1] for pair in pairs if pair[0] != "UNKNOWN"}
