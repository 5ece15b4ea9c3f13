"""What a command has changed, as a teacher would say it: a short list of messages. Pure.

:mod:`engine.network.diff` finds every difference for tests; here what belongs together is said in one line (a device
that moved, a pair that was made), and what the kernel does by itself afterwards is told apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal, TypeVar

import msgspec

from engine.messages import Message
from engine.network.diff import route_text
from engine.network.printing import rule_line
from engine.network.snapshot import HOST, Address, Link, Listener, Namespace, Route, Snapshot

Sign = Literal["+", "~", "−"]
_T = TypeVar("_T")
_OWN_IPV6 = ("fe80:", "ff00:", "::1")


class Told(msgspec.Struct, frozen=True):
    """One thing that is different now."""

    sign: Sign
    message: Message
    by_itself: bool = False
    """Nobody asked for it: the kernel does it when something else is done."""


def changes(before: Snapshot, after: Snapshot) -> tuple[Told, ...]:
    """What is different, the most telling first; what happened by itself last. Empty if nothing is."""
    old = {space.name: space for space in before.namespaces}
    new = {space.name: space for space in after.namespaces}
    found = [_told("−", "namespace-removed", name=name) for name in old if name not in new]
    found += [_told("+", "namespace-added", name=name) for name in new if name not in old]
    found += _devices(old, new)
    for name, now in new.items():
        if now is not old.get(name):
            found += _inside(old.get(name) or Namespace(name=name, inode=0), now, fresh=name not in old)
    for path in sorted({*before.files, *after.files}):
        if before.files.get(path) != after.files.get(path):
            found.append(_told("~", "file", path=path))
    return (*(one for one in found if not one.by_itself), *(one for one in found if one.by_itself))


def where(namespace: str) -> Message:
    """*on the host*, or *in NAME*."""
    return Message("changes.on-host") if namespace == HOST else Message("changes.in", {"name": namespace})


def _told(sign: Sign, key: str, *, by_itself: bool = False, **params: Any) -> Told:
    return Told(sign, Message(f"changes.{key}", params), by_itself)


# -- devices: they may move from one namespace to another --------------------------------------------------------------

_Place = tuple[str, Link]


def _devices(old: dict[str, Namespace], new: dict[str, Namespace]) -> Iterator[Told]:
    def places(here: dict[str, Namespace], there: dict[str, Namespace]) -> list[_Place]:
        """The devices that only ``here`` has; not those that come and go with their namespace."""
        return [
            (name, link)
            for name, space in here.items()
            if space is not there.get(name)
            for link in space.links
            if link.kind != "loopback"
            and not any(one.index == link.index and one.mac == link.mac for one in _links(there, name))
        ]

    gone, come = places(old, new), places(new, old)
    for name, link in tuple(come):
        start = next((one for one in gone if one[1].mac == link.mac and one[1].kind == link.kind and link.mac), None)
        if start is not None:
            gone.remove(start)
            come.remove((name, link))
            if start[0] != name:
                yield _told("~", "moved", name=link.name, start=where(start[0]), end=where(name))
    yield from _made(come)
    yield from (_told("−", "link-removed", name=link.name, where=where(name)) for name, link in gone if name in new)
    for name, space in new.items():
        for link in space.links if space is not old.get(name) else ():
            was = next((one for one in _links(old, name) if one.index == link.index), None)
            if was is not None and was.mac in (link.mac, ""):
                yield from _link(name, was, link)


def _links(spaces: dict[str, Namespace], name: str) -> tuple[Link, ...]:
    return spaces[name].links if name in spaces else ()


def _made(come: list[_Place]) -> Iterator[Told]:
    """New devices, the two ends of a pair together."""
    done: set[tuple[str, str]] = set()
    for name, link in come:
        if (name, link.name) in done:
            continue
        other = next((one for one in come if _are_a_pair((name, link), one)), None)
        if other is None:
            yield _told("+", "link-added", name=link.name, kind=link.kind, where=where(name))
            continue
        done.add((other[0], other[1].name))
        ends = [(name, link), other]
        if other[0] == name:
            ends.sort(key=lambda one: -one[1].index)  # ``ip link add A … peer name B`` makes B first
        (first, one), (second, two) = ends
        params: dict[str, Any] = {"name": one.name, "other": two.name, "where": where(first)}
        if first == second:
            yield _told("+", "pair-added", **params)
        else:
            yield _told("+", "pair-added-apart", elsewhere=where(second), **params)


def _are_a_pair(one: _Place, two: _Place) -> bool:
    (_, link), (elsewhere, other) = one, two
    return (link.peer, link.peer_namespace) == (other.name, elsewhere) and other.peer == link.name and one != two


def _link(space: str, was: Link, now: Link) -> Iterator[Told]:
    here = where(space)
    if was.name != now.name:
        yield _told("~", "renamed", before=was.name, name=now.name, where=here)
    if was.up != now.up:
        yield _told("~", "up" if now.up else "down", name=now.name, where=here)
    if was.master != now.master:
        yield (
            _told("~", "plugged", name=now.name, master=now.master)
            if now.master
            else _told("~", "unplugged", name=now.name, master=was.master)
        )
    if was.mac != now.mac:
        yield _told("~", "mac", name=now.name, mac=now.mac, where=here)
    if was.mtu != now.mtu:
        yield _told("~", "mtu", name=now.name, before=was.mtu, mtu=now.mtu, where=here)
    if was.up == now.up and now.up and was.carrier != now.carrier:
        yield _told("~", "carrier" if now.carrier else "no-carrier", by_itself=True, name=now.name, where=here)


# -- everything else stays in its namespace ----------------------------------------------------------------------------


def _inside(was: Namespace, now: Namespace, *, fresh: bool) -> Iterator[Told]:
    here = where(now.name)
    yield from _keyed(was.addresses, now.addresses, lambda one: (one.link, one.cidr), "address", _address, here)
    yield from _keyed(was.routes, now.routes, _route_key, "route", _route, here)
    yield from _neighbours(was, now)
    policies = {(one.variant, one.table, one.name): one.policy for one in was.chains}
    for chain in now.chains:
        before = policies.pop((chain.variant, chain.table, chain.name), None if chain.policy is None else "ACCEPT")
        if chain.policy is None and before is None and not _had(was, chain.name, chain.table):
            yield _told("+", "chain-added", chain=chain.name, table=chain.table, where=here)
        elif chain.policy != before:
            yield _told("~", "policy", chain=chain.name, before=before, policy=chain.policy, where=here)
    yield from (_told("−", "chain-removed", chain=name, table=table, where=here)
                for (_, table, name), policy in policies.items() if policy is None)  # fmt: skip
    rules = [Counter((one.table, rule_line(one, counters=False)) for one in space.rules) for space in (was, now)]
    for sign, key, some in (("−", "rule-removed", rules[0] - rules[1]), ("+", "rule-added", rules[1] - rules[0])):
        for table, rule in some.elements():
            yield _told(sign, key, rule=rule if table == "filter" else f"-t {table} {rule}", where=here)  # type: ignore[arg-type]
    if fresh:
        return
    for name in now.sysctls:
        if was.sysctls.get(name) != now.sysctls[name]:
            yield _told("~", "sysctl", name=name, value=now.sysctls[name], before=was.sysctls.get(name), where=here)
    yield from _keyed(was.listeners, now.listeners, lambda one: (one.protocol, one.address, one.port), "listener",
                      _listener, here)  # fmt: skip
    if was.resolv_conf != now.resolv_conf:
        yield _told("~", "resolver", servers=" ".join(_servers(now.resolv_conf)) or "–", where=here)


def _had(space: Namespace, name: str, table: str) -> bool:
    return any((one.name, one.table) == (name, table) for one in space.chains)


def _keyed(
    before: Iterable[_T],
    after: Iterable[_T],
    key: Callable[[_T], object],
    name: str,
    params: Callable[[_T], tuple[dict[str, Any], bool]],
    here: Message,
) -> Iterator[Told]:
    old, new = {key(one): one for one in before}, {key(one): one for one in after}
    for some, others, sign, verb in ((old, new, "−", "removed"), (new, old, "+", "added")):
        for identity, one in some.items():
            if identity not in others:
                words, by_itself = params(one)
                yield _told(sign, f"{name}-{verb}", by_itself=by_itself, **words, where=here)  # type: ignore[arg-type]


def _address(address: Address) -> tuple[dict[str, Any], bool]:
    return {"name": address.link, "address": address.cidr}, address.is_ipv6 and address.scope in ("link", "host")


def _route_key(route: Route) -> object:
    return route.to, route.via, route.link, route.metric, route.kind, route.source


def _route(route: Route) -> tuple[dict[str, Any], bool]:
    bare = msgspec.structs.replace(route, flags=(), preference=None)
    return {"route": route_text(bare)}, route.protocol == "kernel" or route.to.startswith(_OWN_IPV6)


def _listener(one: Listener) -> tuple[dict[str, Any], bool]:
    address = f"[{one.address}]" if ":" in one.address else one.address
    return {"protocol": one.protocol, "address": f"{address}:{one.port}", "process": one.process or "–"}, False


def _neighbours(was: Namespace, now: Namespace) -> Iterator[Told]:
    """Who was found and who was not; how sure the kernel is of it just now is no news."""
    old = {(one.link, one.address): one for one in was.neighbours}
    here = where(now.name)
    for one in now.neighbours:
        before = old.pop((one.link, one.address), None)
        own = one.address.startswith("fe80:")
        told = {"address": one.address, "name": one.link, "where": here}
        if one.mac and (before is None or before.mac != one.mac):
            yield _told("+" if before is None else "~", "neighbour", by_itself=own, mac=one.mac, **told)
        elif one.state == "FAILED" and (before is None or before.state != "FAILED"):
            yield _told("~", "neighbour-failed", by_itself=own, **told)
    for one in old.values():
        if one.mac and now.link(one.link) is not None:
            yield _told("−", "neighbour-removed", by_itself=True, address=one.address, name=one.link, where=here)


def _servers(resolv_conf: str | None) -> list[str]:
    lines = [line.split() for line in (resolv_conf or "").splitlines()]
    return [words[1] for words in lines if len(words) > 1 and words[0] == "nameserver"]
