"""What is known of a network in the very words of the tools ``ip``, ``iptables``, ``ss`` (iproute2 6, iptables 1.8).

Pure. Nothing here asks a tool; that the words are the tools' own is tested against them in a real lab. Blanks that they
print at the end of a line are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from msgspec.structs import replace

from engine.network.snapshot import HOST, Address, Chain, Link, Listener, Neighbour, Route, Rule

BUILT_IN = {
    "filter": ("INPUT", "FORWARD", "OUTPUT"),
    "nat": ("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"),
    "mangle": ("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"),
    "raw": ("PREROUTING", "OUTPUT"),
    "security": ("INPUT", "FORWARD", "OUTPUT"),
}
"""The chains that each table of iptables has by itself, in the order of ``iptables -S``."""

_WORD = re.compile(r'(?:"(?:[^"\\]|\\.)*"|\S)+')
_SOCKET_HEAD = ("Netid", "State", "Recv-Q", "Send-Q", "Local Address", "Port", "Peer Address", "Port", "Process")


# -- ip link, ip addr --------------------------------------------------------------------------------------------------


def name_and_lower(link: Link) -> str:
    """``veth_dustin@if7``."""
    return f"{link.name}@{link.lower}" if link.lower else link.name


def link_line(link: Link, *, mode: bool = True, queue: bool = True) -> str:
    """The first line that ``ip link`` prints of a device; ``ip addr`` has no ``mode``, ``ip monitor`` no ``queue``."""
    words = [f"{link.index}: {name_and_lower(link)}: <{','.join(link.flags)}> mtu {link.mtu}"]
    words += [f"qdisc {link.qdisc}"] if link.qdisc else []
    words += [f"master {link.master}"] if link.master else []
    words.append(f"state {link.state}")
    words += [f"mode {link.mode}"] if mode else []
    words.append(f"group {link.group}")
    words += [f"qlen {link.queue_length}"] if queue and link.queue_length else []
    return " ".join(words)


def hardware_line(link: Link) -> str:
    """The second: the hardware address, and where the other end is."""
    words = [f"    link/{link.hardware}"]
    words += [link.mac] if link.mac else []
    if link.mac_broadcast:
        words += ["peer" if "POINTOPOINT" in link.flags else "brd", link.mac_broadcast]
    if link.nsid is not None:
        named = link.peer_namespace not in (None, HOST)
        words.append(f"link-netns {link.peer_namespace}" if named else f"link-netnsid {link.nsid}")
    return " ".join(words)


def other_names(link: Link, *, alias: bool = True) -> tuple[str, ...]:
    """The lines of its alias (``ip addr`` has none) and its alternative names, if it has any."""
    own = (f"    alias {link.alias}",) if link.alias and alias else ()
    return (*own, *(f"    altname {name}" for name in link.alternative_names))


def brief_link(link: Link) -> str:
    """The line of ``ip -br link``."""
    return f"{name_and_lower(link):<16} {link.state:<14} {link.mac} <{','.join(link.flags)}>"


def address_words(address: Address) -> str:
    """``10.0.0.11/24``, with its peer where it has one."""
    return f"{address.address} peer {address.peer}/{address.prefix}" if address.peer else address.cidr


def address_line(address: Address) -> str:
    """The line that ``ip addr`` prints of an address."""
    words = [f"    {'inet6' if address.is_ipv6 else 'inet'} {address_words(address)}"]
    words += [f"brd {address.broadcast}"] if address.broadcast else []
    words += [f"scope {address.scope}", *address.flags]
    words += [address.label or address.link] if not address.is_ipv6 else []
    return " ".join(words)


def lifetime_line(address: Address) -> str:
    """The line behind it."""

    def told(seconds: int | None) -> str:
        return "forever" if seconds is None else f"{seconds}sec"

    return f"       valid_lft {told(address.valid_seconds)} preferred_lft {told(address.preferred_seconds)}"


def brief_address(link: Link, addresses: Iterable[Address]) -> str:
    """The line of ``ip -br addr`` for a device with these addresses."""
    own = " ".join(address_words(one) for one in addresses)
    return f"{name_and_lower(link):<16} {link.state:<14} {own}".rstrip()


# -- ip route, ip neigh ------------------------------------------------------------------------------------------------


def route_line(route: Route) -> str:
    """The line of ``ip route``; of a route with several next hops see :func:`route_lines`."""
    words = [] if route.kind == "unicast" else [route.kind]
    words.append(route.to)
    for name, value in (
        ("via", route.via),
        ("dev", route.link),
        ("table", route.table),
        ("proto", route.protocol),
        ("scope", route.scope),
        ("src", route.source),
        ("metric", route.metric),
    ):
        if value is not None:
            words += [name, str(value)]
    words += route.flags
    words += ["pref", route.preference] if route.preference else []
    return " ".join(words)


def route_lines(routes: Iterable[Route]) -> list[list[str]]:
    """For each route of a table its lines: one, or with several next hops one for each of them as well."""
    found: list[list[str]] = []
    for (hops, _), group in groupby(routes, lambda one: (one.weight is not None, _without_hop(one))):
        members = list(group)
        if not hops:
            found += [[route_line(one)] for one in members]
            continue
        lines = [route_line(_without_hop(members[0]))]
        for one in members:
            via = f"via {one.via} " if one.via else ""
            lines.append(" ".join((f"\tnexthop {via}dev {one.link} weight {one.weight}", *one.flags)))
        found.append(lines)
    return found


def _without_hop(route: Route) -> Route:
    return replace(route, via=None, link=None, weight=None, flags=()) if route.weight is not None else route


def neighbour_line(neighbour: Neighbour) -> str:
    """The line of ``ip neigh``."""
    words = [f"{neighbour.address} dev {neighbour.link}"]
    words += [f"lladdr {neighbour.mac}"] if neighbour.mac else []
    return " ".join((*words, *neighbour.flags, *neighbour.state.split(",")))


# -- iptables ----------------------------------------------------------------------------------------------------------


def chain_line(chain: Chain, *, counters: bool = True) -> str:
    """What ``iptables -vS`` says of a chain; without ``counters`` as ``iptables -S``."""
    if chain.policy is None:
        return f"-N {chain.name}"
    return f"-P {chain.name} {chain.policy}" + (f" -c {chain.packets} {chain.bytes}" if counters else "")


def rule_line(rule: Rule, *, counters: bool = True) -> str:
    """What ``iptables -vS`` says of a rule: the counters stand before its jump."""
    words = _WORD.findall(rule.text.removeprefix(f"-A {rule.chain} "))
    if counters:
        at = next((index for index, word in enumerate(words) if word in ("-j", "-g")), len(words))
        words[at:at] = ["-c", str(rule.packets), str(rule.bytes)]
    return " ".join(("-A", rule.chain, *words))


def with_built_in(table: str, chains: Iterable[Chain]) -> tuple[Chain, ...]:
    """The chains of a table in the order of ``iptables -S``; one that the kernel has not made yet lets all pass."""
    known = {chain.name: chain for chain in chains}
    own = BUILT_IN.get(table, ())
    made = [known.get(name) or Chain(table=table, name=name, policy="ACCEPT") for name in own]
    return (*made, *(chain for name, chain in known.items() if name not in own))


# -- ss ----------------------------------------------------------------------------------------------------------------


def socket_lines(listeners: Sequence[Listener]) -> list[str]:
    """What ``ss -tulnp`` prints, its head first: each column as wide as its widest cell."""
    rows = [_socket_cells(one) for one in listeners]
    widths = [max(len(row[column]) for row in (_SOCKET_HEAD, *rows)) for column in range(len(_SOCKET_HEAD) - 1)]
    return [_socket_line(row, widths) for row in (_SOCKET_HEAD, *rows)]


def _socket_cells(one: Listener) -> tuple[str, ...]:
    state = "LISTEN" if one.protocol == "tcp" else "UNCONN"
    anything = "[::]" if ":" in one.address else "0.0.0.0"
    local = f"[{one.address}]" if ":" in one.address else one.address
    if local == "[::]" and not one.only_ipv6:
        local = anything = "*"
    if one.device:
        local += f"%{one.device}"
    users = "" if one.process is None else f' users:(("{one.process}",pid={one.pid},fd={one.descriptor}))'
    queues = (str(one.received_queue), str(one.sent_queue))
    return (one.protocol, state, *queues, local, str(one.port), anything, "*", users)


def _socket_line(cells: Sequence[str], widths: Sequence[int]) -> str:
    left = [f"{cell:<{width}}" for cell, width in zip(cells[:4], widths[:4], strict=True)]
    local = f"{cells[4]:>{widths[4]}}:{cells[5]:<{widths[5]}}"
    peer = f"{cells[6]:>{widths[6]}}:{cells[7]:<{widths[7]}}"
    return " ".join((*left, local, peer + cells[8])).rstrip()
