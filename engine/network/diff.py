"""What changed between two snapshots: added, removed, changed; short lines for a person and for a test's failure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from difflib import SequenceMatcher
from typing import Any, Literal

import msgspec
from msgspec.structs import asdict, replace

from engine.network.printing import route_line
from engine.network.snapshot import Address, Link, Listener, Namespace, Neighbour, Route, Rule, Snapshot

_COUNTERS = frozenset(
    {
        *("received_packets", "sent_packets", "received_bytes", "sent_bytes", "packets", "bytes"),
        *("received_queue", "sent_queue", "valid_seconds", "preferred_seconds", "lower", "nsid", "qdisc"),
    }
)
"""What is no difference: counters, and what only follows from something else that is one."""


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One difference."""

    kind: Literal["added", "removed", "changed"]
    namespace: str
    """Where; empty for what belongs to the whole lab (a file, a process)."""
    what: str
    """``namespace``, ``link``, ``address``, ``route``, ``neighbour``, ``chain``, ``rule``, ``sysctl``, ``listener``,
    ``resolver``, ``file`` or ``process``."""
    text: str
    """The thing itself; for a change, what of it changed."""

    def __str__(self) -> str:
        where = f" in {self.namespace}" if self.namespace and self.what != "namespace" else ""
        return f"{self.kind} {self.what} {self.text}{where}"


def diff(before: Snapshot, after: Snapshot) -> tuple[Change, ...]:
    """Every difference but counters, from the host's to the last namespace's. Empty if the two show the same."""
    changes: list[Change] = []
    old = {space.name: space for space in before.namespaces}
    new = {space.name: space for space in after.namespaces}
    for name in dict.fromkeys((*old, *new)):
        was, now = old.get(name), new.get(name)
        if now is None:
            changes.append(Change(kind="removed", namespace=name, what="namespace", text=name))
            continue
        if was is None:
            changes.append(Change(kind="added", namespace=name, what="namespace", text=name))
            was = Namespace(name=name, inode=now.inode)
        elif was.inode != now.inode:
            changes.append(Change(kind="changed", namespace=name, what="namespace", text=f"{name}: made anew"))
        changes += _namespace(was, now)
    changes += _values("", "file", before.files, after.files)
    changes += _keyed(
        "", "process", before.processes, after.processes, lambda one: one.pid, lambda one: f"{one.pid} {one.command}"
    )
    return tuple(changes)


def _namespace(was: Namespace, now: Namespace) -> list[Change]:
    name = now.name
    changes = _keyed(name, "link", was.links, now.links, lambda link: link.index, _link)
    addresses = _settled(was.addresses), _settled(now.addresses)
    changes += _keyed(name, "address", *addresses, lambda one: (one.link, one.cidr), _address)
    changes += _ordered(name, "route", was.routes, now.routes, route_text)
    changes += _keyed(
        name, "neighbour", was.neighbours, now.neighbours, lambda one: (one.link, one.address), _neighbour
    )
    changes += _keyed(
        name,
        "chain",
        was.chains,
        now.chains,
        lambda chain: (chain.variant, chain.table, chain.name),
        lambda chain: f"{chain.table} {chain.name}",
    )
    changes += _ordered(name, "rule", was.rules, now.rules, _rule)
    changes += _values(name, "sysctl", was.sysctls, now.sysctls)
    changes += _keyed(
        name, "listener", was.listeners, now.listeners, lambda one: (one.protocol, one.address, one.port), _listener
    )
    if was.resolv_conf != now.resolv_conf:
        changes.append(
            Change(
                kind="changed",
                namespace=name,
                what="resolver",
                text=f"{_short(was.resolv_conf)} → {_short(now.resolv_conf)}",
            )
        )
    return changes


def _keyed(
    namespace: str,
    what: str,
    before: Iterable[Any],
    after: Iterable[Any],
    key: Callable[[Any], object],
    text: Callable[[Any], str],
) -> list[Change]:
    """Differences of things that have an identity of their own."""
    old, new = {key(one): one for one in before}, {key(one): one for one in after}
    changes = []
    for name in dict.fromkeys((*old, *new)):
        was, now = old.get(name), new.get(name)
        if was is None:
            changes.append(Change(kind="added", namespace=namespace, what=what, text=text(now)))
        elif now is None:
            changes.append(Change(kind="removed", namespace=namespace, what=what, text=text(was)))
        elif details := _details(was, now):
            changes.append(Change(kind="changed", namespace=namespace, what=what, text=f"{text(now)}: {details}"))
    return changes


def _ordered(
    namespace: str, what: str, before: Sequence[Any], after: Sequence[Any], text: Callable[[Any], str]
) -> list[Change]:
    """Differences of lists in which the order matters and a thing may stand twice; a moved one is removed and added."""
    old, new = [text(one) for one in before], [text(one) for one in after]
    changes = []
    for tag, start, end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        changes += [Change(kind="removed", namespace=namespace, what=what, text=one) for one in old[start:end]]
        changes += [Change(kind="added", namespace=namespace, what=what, text=one) for one in new[new_start:new_end]]
    return changes


def _values(namespace: str, what: str, before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    changes = []
    for name in dict.fromkeys((*before, *after)):
        was, now = before.get(name), after.get(name)
        if was == now:
            continue
        if was is None:
            changes.append(Change(kind="added", namespace=namespace, what=what, text=f"{name} = {_short(now)}"))
        elif now is None:
            changes.append(Change(kind="removed", namespace=namespace, what=what, text=name))
        else:
            text = f"{name}: {_short(was)} → {_short(now)}"
            changes.append(Change(kind="changed", namespace=namespace, what=what, text=text))
    return changes


def _details(was: msgspec.Struct, now: msgspec.Struct) -> str:
    """``field: old → new`` for each field that differs; empty if only counters do."""
    old, new = asdict(was), asdict(now)
    return ", ".join(
        f"{name}: {_value(old[name])} → {_value(new[name])}"
        for name in new
        if name not in _COUNTERS and old[name] != new[name]
    )


def _value(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(map(str, value)) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else str(value)


def _short(text: str | None) -> str:
    """A text in one line of bearable length."""
    if text is None:
        return "none"
    line = " / ".join(part.strip() for part in text.strip().splitlines())
    return line if len(line) <= 60 else line[:59] + "…"


def _link(link: Link) -> str:
    return f"{link.name} ({link.kind})"


def _settled(addresses: Iterable[Address]) -> list[Address]:
    """That an IPv6 address is ``tentative`` passes by itself."""
    return [replace(one, flags=tuple(flag for flag in one.flags if flag != "tentative")) for one in addresses]


def _address(address: Address) -> str:
    return f"{address.cidr} on {address.link}"


def _neighbour(neighbour: Neighbour) -> str:
    return f"{neighbour.address} on {neighbour.link}"


def _rule(rule: Rule) -> str:
    return f"-t {rule.table} -A {rule.chain} {rule.text}".rstrip()


def _listener(listener: Listener) -> str:
    address = f"[{listener.address}]" if ":" in listener.address else listener.address
    return f"{listener.protocol} {address}:{listener.port}"


def route_text(route: Route) -> str:
    """The route in the words of ``ip route``, without IPv6's preference, which says nothing of the way."""
    return route_line(replace(route, preference=None))
