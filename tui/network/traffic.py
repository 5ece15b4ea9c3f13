"""Where packets passed between two snapshots, from the counters of the devices; and how far those of a command came.

Pure. Counters are all that is looked at: a device is on the path if it counted packets meanwhile, and if they can have
come there from a device before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.network.snapshot import Link, Snapshot
from engine.network.topology import Graph
from engine.verify.commandline import namespace_of, programs
from tui.network.places import Place
from tui.network.scene import Flow, Hop

SENDERS = frozenset({"ping", "ping6", "curl", "wget", "dig", "host", "nslookup", "nc", "ncat", "telnet", "traceroute"})
"""Programs whose packets are followed."""

_ENTERING = re.compile(r"^(sudo )?ip netns exec \S+ ")


def sends(text: str) -> bool:
    """Whether a command line sends packets that are worth following."""
    return bool(programs(text) & SENDERS)


def origin(text: str, shell: str) -> str:
    """The namespace that a command typed into a shell of the namespace ``shell`` sends from."""
    return namespace_of(text) or shell


def short(text: str, start: str) -> str:
    """A command line as it is told: without how it gets into its namespace, but with the namespace's name."""
    line = " ".join(text.split())
    rest = _ENTERING.sub("", line)
    return rest if rest == line else f"{start}: {rest}"


def _links(snapshot: Snapshot) -> dict[Place, Link]:
    return {(space.name, link.name): link for space in snapshot.namespaces for link in space.links}


def counted(before: Snapshot, after: Snapshot) -> dict[Place, Hop]:
    """Devices that counted packets, with how many; one that is new or was made anew has no past to compare with."""
    old = _links(before)
    found: dict[Place, Hop] = {}
    for place, link in _links(after).items():
        was = old.get(place)
        if was is None or was.index != link.index:
            continue
        sent, received = link.sent_packets - was.sent_packets, link.received_packets - was.received_packets
        if sent > 0 or received > 0:
            found[place] = Hop(place, max(0, sent), max(0, received))
    return found


def flows(before: Snapshot, after: Snapshot) -> dict[Place, Flow]:
    """Which way packets went through each device."""
    return {place: Flow(hop.sent > 0, hop.received > 0) for place, hop in counted(before, after).items()}


def followed(graph: Graph, start: str, before: Snapshot, after: Snapshot) -> tuple[Hop, ...]:
    """The devices that counted packets, in the order in which a packet from the namespace ``start`` reaches them."""
    seen = counted(before, after)
    box = next((one for one in (graph.host, *graph.spaces) if one.name == start), None)
    if box is None:
        return ()
    found: list[Hop] = []
    passed: set[Place] = set()
    reach = [(start, "lo"), *((start, device.name) for device in box.devices if device.master is None)]
    while reach:
        here = [seen[place] for place in dict.fromkeys(reach) if place in seen and place not in passed]
        passed |= {hop.place for hop in here}
        level = _answered(here)
        found += [hop._replace(number=found[-1].number + 1 if found else 1) for hop in level]
        reach = [other for hop in level for other in _next(graph, hop.place)]
    return tuple(found)


def _answered(level: list[Hop]) -> list[Hop]:
    """Where the packets went, of all the devices that they could go to from the last one. Some of these got no more
    than a question meant for all (ARP), or counted a stray packet of the kernel's own."""
    both = [hop for hop in level if hop.sent and hop.received] or level
    most = max((hop.sent + hop.received for hop in both), default=0)
    return [hop for hop in both if 2 * (hop.sent + hop.received) >= most]


def _next(graph: Graph, place: Place) -> Iterator[Place]:
    """Where a packet may come from there: the cable's other end, the bridge and its other ports, the host's others."""
    for cable in graph.cables:
        if place == cable.first:
            yield cable.second
        elif place == cable.second:
            yield cable.first
    box = next((one for one in (graph.host, *graph.spaces) if one.name == place[0]), None)
    device = box.device(place[1]) if box else None
    if box is None or device is None:
        return
    forwards = box is not graph.host or graph.forwarding
    for other in box.devices:
        same_bridge = device.name == other.master or device.master in (other.name, other.master or "-")
        routed = forwards and device.master is None and other.master is None
        if other is not device and (same_bridge or routed):
            yield box.name, other.name
