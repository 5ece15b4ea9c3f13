"""What the kernel announced, in the words of ``ip monitor``; and changes of iptables in the words that make them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from engine.network import printing, rtnl
from engine.network.snapshot import Chain, Rule

# Kinds of rtnetlink messages, linux/rtnetlink.h: new and deleted.
LINK, ADDRESS, ROUTE, NEIGHBOUR, NETCONF = (16, 17), (20, 21), (24, 25), (28, 29), (80, 81)
SHOWN = frozenset((*LINK, *ADDRESS, *ROUTE, *NEIGHBOUR, *NETCONF))
_NETCONF_INDEX, _NETCONF_FORWARDING, _NETCONF_RP_FILTER = 1, 2, 3
_NETCONF_NAMES = {-1: "all", -2: "default"}
_RP_FILTER = {0: "off", 1: "strict", 2: "loose"}
_AF_INET, _AF_INET6 = 2, 10


class Announcement(msgspec.Struct, frozen=True):
    """Something that happened in a namespace."""

    seconds: float
    """Since 1970."""
    namespace: str
    label: str
    """What it is about, as ``ip monitor label`` puts it: ``LINK``, ``ADDR``, ``ROUTE`` …"""
    text: str


def words(kind: int, message: Mapping[str, Any], names: Mapping[int, str]) -> Iterator[tuple[str, str]]:
    """Label and text of a decoded message; ``names`` are the devices' by index. Nothing for what is not printed."""
    start = "Deleted " if kind % 2 else ""
    if kind in LINK:
        for one in rtnl.read_links([message], names):
            head = printing.link_line(one.link, mode=False, queue=False)
            yield "LINK", f"{start}{head}\n{printing.hardware_line(one.link)}"
    elif kind in ADDRESS:
        for address in rtnl.read_addresses([message], names):
            line = printing.address_line(address).strip()
            yield "ADDR", f"{start}{message['index']}: {address.link}    {line}\n{printing.lifetime_line(address)}"
    elif kind in ROUTE:
        for lines in printing.route_lines(rtnl.read_routes([message], names, every_table=True)):
            yield "ROUTE", start + "\n".join(lines)
    elif kind in NEIGHBOUR:
        for neighbour in rtnl.read_neighbours([message], names):
            yield "NEIGH", start + printing.neighbour_line(neighbour)


def netconf_words(kind: int, family: int, values: Mapping[int, int], names: Mapping[int, str]) -> str | None:
    """Text of a ``NETCONF`` message: its attributes by their kinds. ``None`` for what is of no family shown here."""
    version = {_AF_INET: "inet", _AF_INET6: "inet6"}.get(family)
    if version is None or _NETCONF_INDEX not in values:
        return None
    index = values[_NETCONF_INDEX]
    told = [version, _NETCONF_NAMES.get(index) or names.get(index, f"if{index}")]
    if kind == NETCONF[1]:
        return " ".join(("Deleted", *told))
    if _NETCONF_FORWARDING in values:
        told += ["forwarding", "on" if values[_NETCONF_FORWARDING] else "off"]
    if _NETCONF_RP_FILTER in values:
        told += ["rp_filter", _RP_FILTER.get(values[_NETCONF_RP_FILTER], str(values[_NETCONF_RP_FILTER]))]
    return " ".join(told)


def rules_changed(
    before: tuple[Iterable[Chain], Iterable[Rule]], after: tuple[Iterable[Chain], Iterable[Rule]]
) -> tuple[str, ...]:
    """The words of ``iptables`` that lead from some chains and rules to others: ``-t nat -A POSTROUTING …``."""
    old_chains, new_chains = ({(one.table, one.name): one.policy for one in chains} for chains, _ in (before, after))
    old, new = ([(one.table, printing.rule_line(one, counters=False)) for one in rules] for _, rules in (before, after))
    lost, won = Counter(old) - Counter(new), Counter(new) - Counter(old)
    found = [f"-t {table} -D {line.removeprefix('-A ')}" for table, line in lost.elements()]
    for (table, name), policy in old_chains.items():
        if policy is None and (table, name) not in new_chains:
            found.append(f"-t {table} -X {name}")
    for (table, name), policy in new_chains.items():
        if policy is None and (table, name) not in old_chains:
            found.append(f"-t {table} -N {name}")
        elif policy is not None and policy != old_chains.get((table, name), "ACCEPT"):
            found.append(f"-t {table} -P {name} {policy}")
    return (*found, *(f"-t {table} {line}" for table, line in won.elements()))
