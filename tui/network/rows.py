"""A snapshot as rows, in the manner of ``ip -br``. Pure.

Every row has a key that stays the same while its content changes, so that the pane can show what changed.
"""

from __future__ import annotations

from typing import NamedTuple

from engine.network.snapshot import HOST, Address, Chain, Link, Namespace, Route, Rule, Snapshot
from tui.words import Say
from tui.wrap import Span, cut, padded, width_of

LABEL_CELLS = 9
NAME_CELLS = 15
"""The longest name a device can have."""
TO_CELLS = 18
"""The longest IPv4 prefix."""
STATE_LOOKS = {"UP": "good", "DOWN": "bad", "LOWERLAYERDOWN": "pending", "UNKNOWN": ""}
QUIET_SYSCTLS = {"net.ipv4.ip_forward": "ip_forward", "net.bridge.bridge-nf-call-iptables": "bridge-nf-call-iptables"}
"""The kernel settings that are shown, by the name that fits the pane."""


_Entry = tuple[str, tuple[Span, ...], str]
"""A row before it has its label: key, spans, and what is compared."""


class Row(NamedTuple):
    """One line of the pane. ``same`` is what is compared: text without counters."""

    key: tuple[str, ...]
    spans: tuple[Span, ...]
    same: str


def rows(snapshot: Snapshot, width: int, say: Say) -> dict[str, list[Row]]:
    """The rows of every namespace, by its name, the host first; each begins with the namespace's own row."""
    return {space.name: namespace_rows(space, snapshot, width, say) for space in snapshot.namespaces}


def namespace_rows(space: Namespace, snapshot: Snapshot, width: int, say: Say) -> list[Row]:
    """The rows of one namespace."""
    room = width - LABEL_CELLS
    result = [_head(space, width, say)]
    groups: list[tuple[str, list[_Entry]]] = [
        ("link", _links(space, room)),
        ("route", _route_rows(space, room)),
        *_firewall(space, room),
        ("kernel", _settings(space, room)),
        ("dns", _resolver(space)),
        ("listens", _listeners(space)),
    ]
    for name, entries in groups:
        label = say(f"network.{name}") if name in ("link", "route", "kernel", "dns", "listens") else name
        for index, (key, spans, same) in enumerate(entries):
            start = Span(padded(label if index == 0 else "", LABEL_CELLS - 1) + " ", "dim")
            result.append(Row((space.name, name, key), (start, *spans), same))
    return result


def _head(space: Namespace, width: int, say: Say) -> Row:
    text = say("network.host") if space.name == HOST else space.name
    rule = "─" * max(0, width - width_of([Span(text)]) - 1)
    return Row((space.name, "head"), (Span(text + " ", "strong"), Span(rule, "rule")), text)


def _links(space: Namespace, room: int) -> list[_Entry]:
    """A row for each device; who its peer and its master are goes into a second row where the first has no room."""
    names = max((width_of([Span(link.name)]) for link in space.links), default=0)
    states = max((len(_state(link)) for link in space.links), default=0)
    return [entry for link in space.links for entry in _link(link, space, room, min(names, NAME_CELLS), states)]


def _state(link: Link) -> str:
    return "NO-CARRIER" if link.state == "LOWERLAYERDOWN" else link.state


def _link(link: Link, space: Namespace, room: int, name_cells: int, state_cells: int) -> list[_Entry]:
    own = [one for one in space.addresses if one.link == link.name and _is_worth_showing(one)]
    addresses = " ".join(one.cidr for one in own)
    if name_cells + state_cells + 4 + len(addresses) > room:
        addresses = " ".join(one.cidr for one in own if not one.is_ipv6)
    spans = [
        Span(padded(link.name, name_cells) + "  ", "" if link.up else "dim"),
        Span(padded(_state(link), state_cells) + "  ", STATE_LOOKS.get(link.state, "")),
        Span(addresses, "strong"),
    ]
    rows: list[_Entry] = [(link.name, tuple(spans), f"{link.name} {_state(link)} {addresses}")]
    indent = " " * (name_cells + 2)
    for note in _notes(link, space):
        key, line, same = rows[-1]
        gap = Span("" if line[-1].text.endswith(" ") or not line[-1].text else "  ")
        if width_of((*line, gap, Span(note))) <= room:
            rows[-1] = (key, (*line, gap, Span(note, "dim")), f"{same} {note}")
        else:
            rows.append((f"{link.name} {note[0]}", (Span(indent), Span(cut(note, room - len(indent)), "dim")), note))
    return rows


def _notes(link: Link, space: Namespace) -> list[str]:
    """What it is plugged into, and where its other end is."""
    notes = [f"⊂ {link.master}"] if link.master else []
    if link.peer:
        elsewhere = f"@{link.peer_namespace}" if link.peer_namespace and link.peer_namespace != space.name else ""
        notes.append(f"⇄ {link.peer}{elsewhere}")
    if link.kind == "bridge":
        notes.append("bridge")
    return notes


def _is_worth_showing(address: Address) -> bool:
    return not (address.is_ipv6 and address.scope == "link")


def _routes(space: Namespace) -> list[Route]:
    """Without what IPv6 sets up by itself."""
    return [route for route in space.routes if not route.to.startswith(("fe80:", "ff00:", "::1"))]


def _route_rows(space: Namespace, room: int) -> list[_Entry]:
    routes = _routes(space)
    to_cells = min(TO_CELLS, max((len(route.to) for route in routes), default=0))
    return [_route(route, room, to_cells) for route in routes]


def _route(route: Route, room: int, to_cells: int) -> _Entry:
    words = [route.kind] if route.kind != "unicast" else []
    words += [f"via {route.via}"] if route.via else []
    words += [f"dev {route.link}"] if route.link else []
    rest = [f"metric {route.metric}"] if route.metric else []
    rest += route.flags
    source = [f"src {route.source}"] if route.source else []
    text = " ".join((*words, *source, *rest))
    shown = text if to_cells + 2 + len(text) <= room else " ".join((*words, *rest))
    spans = (
        Span(padded(route.to, to_cells) + "  ", "strong" if route.to == "default" else ""),
        Span(cut(shown, room - to_cells - 2)),
    )
    return f"{route.to} {route.link} {route.via}", spans, f"{route.to} {text}"


def _firewall(space: Namespace, room: int) -> list[tuple[str, list[_Entry]]]:
    """Chains that do something: with rules or a policy other than ACCEPT; and always the host's FORWARD."""
    groups = []
    for chain in space.chains:
        here = (chain.table, chain.name, chain.variant)
        own = [rule for rule in space.rules if (rule.table, rule.chain, rule.variant) == here]
        forward = chain.table == "filter" and chain.name == "FORWARD" and space.name == HOST
        if not own and chain.policy in ("ACCEPT", None) and not forward:
            continue
        entries = [_chain(chain, room)]
        entries.extend(_rule(rule, index, room) for index, rule in enumerate(own))
        groups.append((chain.name if len(chain.name) < LABEL_CELLS else chain.table, entries))
    return groups


def _chain(chain: Chain, room: int) -> _Entry:
    name = chain.name if len(chain.name) >= LABEL_CELLS else ("" if chain.table == "filter" else chain.table)
    policy = f"policy {chain.policy}" if chain.policy else ""
    text = " ".join(part for part in (name, policy) if part)
    look = "bad" if chain.policy in ("DROP", "REJECT") else "dim"
    counter = _counter(chain.packets, width_of([Span(text)]), room)
    return f"{chain.table} {chain.name}", (Span(text, look), *counter), text


def _rule(rule: Rule, index: int, room: int) -> _Entry:
    text = cut(rule.text.removeprefix(f"-A {rule.chain} "), room - len(f"{rule.packets}×") - 1)
    spans = (Span(text), *_counter(rule.packets, width_of([Span(text)]), room))
    return f"{rule.table} {rule.chain} {rule.text} {index}", spans, rule.text


def _counter(packets: int, used: int, room: int) -> tuple[Span, ...]:
    count = f"{packets}×"
    return (Span(" " * max(1, room - used - len(count)) + count, "dim"),)


def _settings(space: Namespace, room: int) -> list[_Entry]:
    shown = [(QUIET_SYSCTLS[name], space.sysctls[name]) for name in QUIET_SYSCTLS if name in space.sysctls]
    if space.name != HOST:
        shown = [one for one in shown if one[0] == "ip_forward" and one[1] != "0"]
    return [(name, (Span(cut(f"{name} = {value}", room)),), f"{name} = {value}") for name, value in shown]


def _resolver(space: Namespace) -> list[_Entry]:
    servers = [line.split()[1] for line in (space.resolv_conf or "").splitlines() if line.startswith("nameserver ")]
    text = " ".join(servers)
    return [("resolver", (Span(text),), text)] if text else []


def _listeners(space: Namespace) -> list[_Entry]:
    result: list[_Entry] = []
    for one in space.listeners:
        if one.protocol.startswith("tcp"):
            text = f"{one.address}:{one.port}" + (f"  {one.process}" if one.process else "")
            result.append((f"{one.protocol} {one.address} {one.port}", (Span(text),), text))
    return result
