"""A namespace as the sheets of its panes: a command, and what it prints, row by row, each with a key that lasts. Pure.

A row that stays the same thing keeps its key while its words change, so that a screen can show what has changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import NamedTuple

from engine.network import printing
from engine.network.snapshot import HOST, Address, Chain, Link, Namespace, Rule

PANES = ("links", "addresses", "routes", "neighbours", "iptables", "sysctls", "dns", "sockets")
"""What of a namespace can be shown."""
SOCKET_COMMAND = "ss -tulnp"
EVENTS_COMMAND = "ip -ts monitor label"

Key = tuple[str, ...]
_PRINTED = attrgetter(*(name for name in Link.__struct_fields__ if not name.endswith(("_packets", "_bytes"))))
"""All of a device but its counters."""


class Row(NamedTuple):
    """One line. ``same`` is what is compared: the text without counters and padding."""

    key: Key
    text: str
    same: str


class Sheet(NamedTuple):
    """A command, and the lines that it prints now."""

    command: str
    rows: tuple[Row, ...]


def in_namespace(namespace: str, command: str, *, root: bool = False) -> str:
    """A command as one types it on the host to run it in a namespace; ``root``: it needs ``sudo`` on the host, too."""
    if namespace == HOST:
        return f"sudo {command}" if root else command
    return f"sudo ip netns exec {namespace} {command}"


def sheets(pane: str, space: Namespace, *, brief: bool = False) -> tuple[Sheet, ...]:
    """What a pane shows of a namespace. ``brief``: in the tool's short form, where it has one."""
    match pane:
        case "links":
            return _links(space, brief)
        case "addresses":
            return _addresses(space, brief)
        case "routes":
            return _routes(space)
        case "neighbours":
            rows = _distinct((f"{one.address} {one.link}", printing.neighbour_line(one)) for one in space.neighbours)
            return (Sheet(in_namespace(space.name, "ip neigh"), rows),)
        case "iptables":
            return _iptables(space)
        case "sysctls":
            rows = _distinct((name, f"{name} = {value}") for name, value in space.sysctls.items())
            return (Sheet(in_namespace(space.name, " ".join(("sysctl", *space.sysctls))), rows),)
        case "dns":
            lines = (space.resolv_conf or "").splitlines()
            return (Sheet(in_namespace(space.name, "cat /etc/resolv.conf"), _distinct((one, one) for one in lines)),)
        case "sockets":
            return _sockets(space)
    raise LookupError(pane)


def part(pane: str, space: Namespace) -> object:
    """The part of a namespace that a pane depends on: while it stays equal, so does the pane."""
    match pane:
        case "links":
            return tuple(map(_PRINTED, space.links))
        case "addresses":
            return tuple(map(_PRINTED, space.links)), space.addresses
        case "iptables":
            return space.chains, space.rules
        case "dns":
            return space.resolv_conf
        case "sockets":
            return space.listeners
    return getattr(space, pane)


def _links(space: Namespace, brief: bool) -> tuple[Sheet, ...]:
    if brief:
        found = _distinct((str(link.index), printing.brief_link(link)) for link in space.links)
        return (Sheet(in_namespace(space.name, "ip -br link"), found),)
    rows = [row for link in space.links for row in _link(link, mode=True)]
    return (Sheet(in_namespace(space.name, "ip link"), tuple(rows)),)


def _link(link: Link, *, mode: bool) -> list[Row]:
    """``mode``: as ``ip link`` has it; else as ``ip addr``, which leaves out some of it."""
    number = str(link.index)
    lines = [("", printing.link_line(link, mode=mode)), ("link", printing.hardware_line(link))]
    lines += [(one, one) for one in printing.other_names(link, alias=mode)]
    return [Row((number, name), text, text) for name, text in lines]


def _addresses(space: Namespace, brief: bool) -> tuple[Sheet, ...]:
    own: dict[str, list[Address]] = {link.name: [] for link in space.links}
    for address in space.addresses:
        own.setdefault(address.link, []).append(address)
    if brief:
        found = _distinct((str(link.index), printing.brief_address(link, own[link.name])) for link in space.links)
        return (Sheet(in_namespace(space.name, "ip -br addr"), found),)
    rows: list[Row] = []
    for link in space.links:
        rows += _link(link, mode=False)
        for address in own[link.name]:
            key, text, times = (str(link.index), address.cidr), printing.address_line(address), ""
            rows.append(Row(key, text, text.replace(" tentative", "")))  # which passes by itself
            times = printing.lifetime_line(address)
            rows.append(Row((*key, "valid"), times, "forever" if address.valid_seconds is None else "passing"))
    return (Sheet(in_namespace(space.name, "ip addr"), tuple(rows)),)


def _routes(space: Namespace) -> tuple[Sheet, ...]:
    def is_ipv6(to: str, via: str | None) -> bool:
        return ":" in to or ":" in (via or "")

    def rows(six: bool) -> tuple[Row, ...]:
        routes = [one for one in space.routes if _belongs(one.preference, is_ipv6(one.to, one.via)) is six]
        lines = [line for lines in printing.route_lines(routes) for line in lines]
        return _distinct((line.replace(" linkdown", ""), line) for line in lines)

    found = [Sheet(in_namespace(space.name, "ip route"), rows(False))]
    if any(not one.to.startswith(("fe80:", "ff00:", "::1")) for one in space.routes if ":" in one.to):
        found.append(Sheet(in_namespace(space.name, "ip -6 route"), rows(True)))
    return tuple(found)


def _belongs(preference: str | None, looks_ipv6: bool) -> bool:
    """Whether a route is one of IPv6: only these have a preference (``default dev x`` tells nothing else)."""
    return preference is not None or looks_ipv6


def _iptables(space: Namespace) -> tuple[Sheet, ...]:
    variants = list(dict.fromkeys(chain.variant for chain in space.chains)) or ["nft"]
    found = []
    for variant in variants:
        tool = "iptables" if len(variants) == 1 else f"iptables-{variant}"
        tables = dict.fromkeys(("filter", *(one.table for one in space.chains if one.variant == variant)))
        for table in tables:
            chains = [one for one in space.chains if (one.variant, one.table) == (variant, table)]
            rules = [one for one in space.rules if (one.variant, one.table) == (variant, table)]
            words = f"{tool} -vS" if table == "filter" else f"{tool} -t {table} -vS"
            rows = _table(printing.with_built_in(table, chains), rules)
            found.append(Sheet(in_namespace(space.name, words, root=True), rows))
    return tuple(found)


def _table(chains: Sequence[Chain], rules: Sequence[Rule]) -> tuple[Row, ...]:
    rows = [Row(("chain", one.name), printing.chain_line(one), printing.chain_line(one, counters=False)) for one in
            sorted(chains, key=lambda one: one.policy is None)]  # fmt: skip
    seen: dict[str, int] = {}
    for chain in chains:
        for rule in rules:
            if rule.chain == chain.name:
                same = printing.rule_line(rule, counters=False)
                seen[same] = seen.get(same, 0) + 1
                rows.append(Row(("rule", same, str(seen[same])), printing.rule_line(rule), same))
    return tuple(rows)


def _sockets(space: Namespace) -> tuple[Sheet, ...]:
    listeners = sorted(space.listeners, key=lambda one: (one.protocol != "udp", one.port, one.address))
    head, *lines = printing.socket_lines(listeners)
    pairs = zip(listeners, lines, strict=True)
    names = [("head", head), *((f"{one.protocol} {one.address}%{one.device} {one.port}", line) for one, line in pairs)]
    users = {name: line.partition(" users:")[2] for name, line in names}
    rows = tuple(row._replace(same=users.get(row.key[0], "")) for row in _distinct(names))
    return (Sheet(in_namespace(space.name, SOCKET_COMMAND, root=True), rows),)


def _distinct(lines: Iterable[tuple[str, str]]) -> tuple[Row, ...]:
    """Rows with these names as keys; the second of the same name is told apart by its number."""
    seen: dict[str, int] = {}
    rows = []
    for name, text in lines:
        seen[name] = seen.get(name, 0) + 1
        rows.append(Row((name, str(seen[name])), text, " ".join(text.split())))
    return tuple(rows)
