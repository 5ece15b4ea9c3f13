"""Who is on the same cable: where a frame arrives that is sent out of a device, across veth pairs and bridges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.network.snapshot import Link, Namespace, Snapshot


@dataclass(frozen=True)
class End:
    """A place where the frame arrives: ``link`` is the device that the namespace sees it come in by (the bridge, for a
    port of one); ``bridges``: the namespaces and bridges that it crosses from port to port before."""

    space: Namespace
    link: str
    bridges: tuple[tuple[Namespace, str], ...] = ()


def leads_outside(link: Link) -> bool:
    """Whether the other end of the device is not in the lab that the snapshot shows."""
    return link.kind not in ("veth", "bridge", "loopback", "dummy") or (
        link.kind == "veth" and link.peer_namespace is None
    )


def ends(snapshot: Snapshot, space: Namespace, link: Link) -> tuple[End, ...]:
    """Every place that a frame sent out of ``link`` of ``space`` may come to."""
    return tuple(_out(snapshot, space, link, (), frozenset()))


def _out(
    snapshot: Snapshot,
    space: Namespace,
    link: Link,
    bridges: tuple[tuple[Namespace, str], ...],
    seen: frozenset[tuple[str, str]],
) -> Iterator[End]:
    if not link.up or (space.name, link.name) in seen:
        return
    seen |= {(space.name, link.name)}
    if link.kind == "bridge":
        for port in space.links:
            if port.master == link.name:
                yield from _out(snapshot, space, port, bridges, seen)
        return
    other = snapshot.namespace(link.peer_namespace) if link.peer_namespace else None
    peer = other.link(link.peer) if other and link.peer else None
    if other is None or peer is None or not peer.up:
        return
    yield from _in(snapshot, other, peer, bridges, seen | {(other.name, peer.name)})


def _in(
    snapshot: Snapshot,
    space: Namespace,
    link: Link,
    bridges: tuple[tuple[Namespace, str], ...],
    seen: frozenset[tuple[str, str]],
) -> Iterator[End]:
    bridge = space.link(link.master) if link.master else None
    if bridge is None:
        yield End(space, link.name, bridges)
        return
    if not bridge.up:
        return
    yield End(space, bridge.name, bridges)
    for port in space.links:
        if port.master == bridge.name and port.name != link.name:
            yield from _out(snapshot, space, port, (*bridges, (space, bridge.name)), seen)
