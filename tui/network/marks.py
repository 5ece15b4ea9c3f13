"""What changed in the lab's graph, and for how long it shows: ``+`` new, ``~`` changed, ``−`` gone. Pure.

Everything that is drawn has a key. Two graphs are compared key by key; what has gone is put back into the graph for
the while that it is shown, so that it stands, struck out, where it stood.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeVar

from msgspec.structs import replace

from engine.network.snapshot import HOST
from engine.network.topology import Box, Device, Graph, RouteLine
from tui.network.canvas import Key

_T = TypeVar("_T")
ADDED, CHANGED, GONE = "+", "~", "−"
FORWARDING: Key = ("forwarding",)
POLICY: Key = ("policy",)


def shown_routes(box: Box) -> tuple[RouteLine, ...]:
    """The host's routes; of a namespace those that lead further than its own cables."""
    return box.routes if box.name == HOST else tuple(route for route in box.routes if route.via)


def route_key(box: Box, route: RouteLine) -> Key:
    """A namespace's way somewhere stays the same thing when it leads through another router."""
    return ("route", box.name, route.text if box.name == HOST else route.to)


def container(key: Key) -> Key | None:
    """What a thing is part of."""
    if key[0] == "address":
        return ("device", key[1], key[2])
    return ("space", key[1]) if key[0] in ("device", "route", "server", "resolver", "loopback") else None


def facts(graph: Graph) -> dict[Key, str]:
    """Everything that is drawn, by its key; what is compared of it."""
    found: dict[Key, str] = {FORWARDING: str(graph.forwarding), POLICY: graph.forward_policy}
    found |= {("nat", name): "" for name in graph.masquerade}
    found |= {("passage", one.first or "*", one.second or "*", one.jump): str(one.both) for one in graph.passages}
    for box in (graph.host, *graph.spaces):
        found["space", box.name] = ""
        found["loopback", box.name] = str(box.loopback_up)
        for device in box.devices:
            found["device", box.name, device.name] = f"{device.state} {device.master}"
            if device.addresses:
                found["address", box.name, device.name] = " ".join(device.addresses)
        for route in shown_routes(box):
            found[route_key(box, route)] = f"{route.text} {route.wins}"
        found |= {("server", box.name, server): "" for server in box.servers}
        if box.resolver:
            found["resolver", box.name] = box.resolver
    return found


def compare(before: Mapping[Key, str], after: Mapping[Key, str]) -> dict[Key, str]:
    """The mark of everything that differs."""
    marks = {key: ADDED if key not in before else CHANGED for key in after if before.get(key) != after[key]}
    return marks | {key: GONE for key in before if key not in after}


class Gone(NamedTuple):
    """Something that is no more, and the last graph that it was in."""

    key: Key
    last: Graph


def with_gone(graph: Graph, gone: Iterable[Gone]) -> Graph:
    """``graph`` with what has gone from it put back where it was."""
    for key, last in sorted(gone, key=lambda one: one.key[0] != "space"):
        graph = _put_back(graph, key, last)
    return graph


def _put_back(graph: Graph, key: Key, last: Graph) -> Graph:
    kind = key[0]
    if kind == "nat":
        return replace(graph, masquerade=_insert(graph.masquerade, last.masquerade, key[1]))
    if kind == "passage":
        old = next(one for one in last.passages if (one.first or "*", one.second or "*", one.jump) == key[1:])
        return replace(graph, passages=_insert(graph.passages, last.passages, old))
    if kind == "space":
        box = _box(last, key[1])
        if box is None or _box(graph, key[1]) is not None:
            return graph
        return replace(graph, spaces=tuple(sorted((*graph.spaces, box), key=lambda one: one.name)))
    box, was = _box(graph, key[1]), _box(last, key[1])
    if box is None or was is None:
        return graph
    return _with_box(graph, _box_again(box, was, key))


def _box_again(box: Box, was: Box, key: Key) -> Box:
    match key[0]:
        case "device":
            old = was.device(key[2])
            if old is None or box.device(key[2]) is not None:
                return box
            return replace(box, devices=_insert(box.devices, was.devices, old))
        case "address":
            old = was.device(key[2])
            return replace(box, devices=tuple(_readdressed(one, old) for one in box.devices))
        case "route":
            route = next(one for one in shown_routes(was) if route_key(was, one) == key)
            return replace(box, routes=_insert(box.routes, was.routes, replace(route, wins=None)))
        case "server":
            return replace(box, servers=_insert(box.servers, was.servers, key[2]))
        case "resolver":
            return replace(box, resolver=box.resolver or was.resolver)
    return box


def _readdressed(device: Device, old: Device | None) -> Device:
    if old is None or device.name != old.name or device.addresses:
        return device
    return replace(device, addresses=old.addresses)


def _insert(now: tuple[_T, ...], was: tuple[_T, ...], one: _T) -> tuple[_T, ...]:
    if one in now:
        return now
    at = was.index(one) if one in was else len(now)
    return (*now[:at], one, *now[at:])


def _box(graph: Graph, name: str) -> Box | None:
    return next((box for box in (graph.host, *graph.spaces) if box.name == name), None)


def _with_box(graph: Graph, new: Box) -> Graph:
    if new.name == graph.host.name:
        return replace(graph, host=new)
    return replace(graph, spaces=tuple(new if box.name == new.name else box for box in graph.spaces))
