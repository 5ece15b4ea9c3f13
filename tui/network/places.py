"""Which column everything of the lab stands in, so that nothing moves that need not. Pure.

A namespace keeps its columns as long as it exists, and a device of the host stands above its other end. A device of
the host that leads nowhere yet stands above a namespace without devices if there is one: it is likely meant for it.
"""

from __future__ import annotations

from typing import NamedTuple

from engine.network.topology import Box, Graph

Place = tuple[str, str]
"""Namespace and device."""


class Placement(NamedTuple):
    """Columns count from 0."""

    spaces: dict[str, tuple[int, ...]]
    ports: dict[Place, int]

    @property
    def columns(self) -> int:
        """How many columns are needed."""
        spans = [columns[-1] for columns in self.spaces.values()]
        return 1 + max((*spans, *self.ports.values()), default=-1)

    @property
    def space_columns(self) -> int:
        """How many are needed for the namespaces alone."""
        return 1 + max((columns[-1] for columns in self.spaces.values()), default=-1)


NOWHERE = Placement({}, {})


def place(graph: Graph, before: Placement = NOWHERE) -> Placement:
    """The columns of ``graph``; what stood somewhere ``before`` stays there if it can."""
    spaces = _spaces(graph, before)
    ports = {
        (box.name, device.name): spaces[box.name][index]
        for box in graph.spaces
        for index, device in enumerate(box.devices)
    }
    tied, loose = _host_devices(graph)
    host = graph.host.name
    taken: set[int] = set()
    for name, other in tied.items():
        if other in ports:
            ports[host, name] = ports[other]
            taken.add(ports[other])
    empty = [spaces[box.name][0] for box in graph.spaces if not box.devices]
    used = {column for columns in spaces.values() for column in columns}
    fresh = [name for name in loose if not _stays((host, name), before, used, empty, taken)]
    for name in loose:
        if name not in fresh:
            ports[host, name] = before.ports[host, name]
            taken.add(before.ports[host, name])
    for name in fresh:
        free = (column for column in range(len(used) + len(taken) + 1) if column not in used)
        column = next(one for one in (*empty, *free) if one not in taken)
        ports[host, name] = column
        taken.add(column)
    return Placement(spaces, ports)


def _stays(port: Place, before: Placement, used: set[int], empty: list[int], taken: set[int]) -> bool:
    column = before.ports.get(port)
    return column is not None and column not in taken and (column in empty or column not in used)


def _spaces(graph: Graph, before: Placement) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    taken: set[int] = set()
    for box in sorted(graph.spaces, key=lambda box: _novelty(box, before)):
        wanted = before.spaces.get(box.name, (0,))[0]
        span = _span(box, wanted)
        at = 0
        while taken & set(span):
            span = _span(box, at)
            at += 1
        taken |= set(span)
        found[box.name] = span
    return found


def _novelty(box: Box, before: Placement) -> int:
    """Who chooses first: what stands somewhere, then what needs more room than it had, then what is new."""
    return 2 if box.name not in before.spaces else int(len(before.spaces[box.name]) < len(box.devices))


def _span(box: Box, first: int) -> tuple[int, ...]:
    return tuple(range(first, first + max(1, len(box.devices))))


def _host_devices(graph: Graph) -> tuple[dict[str, Place], list[str]]:
    """The host's devices whose other end is in a namespace, with it; and the others. Of a pair whose ends are both on
    the host the younger comes first: ``ip link add A … peer name B`` makes ``B`` before ``A``, and ``A`` stays."""
    host = graph.host.name
    tied: dict[str, Place] = {}
    pairs: dict[str, str] = {}
    for cable in graph.cables:
        for end, other in ((cable.first, cable.second), (cable.second, cable.first)):
            if end[0] == host and other[0] != host:
                tied[end[1]] = other
            elif end[0] == host:
                pairs[end[1]] = other[1]
    loose: list[str] = []
    for device in graph.host.devices:
        if device.kind == "bridge" or device.name == graph.uplink or device.name in (*tied, *loose):
            continue
        other_end = pairs.get(device.name)
        loose += [device.name] if other_end is None else [other_end, device.name]
    return tied, loose
