"""All that a drawing of the lab depends on. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from msgspec.structs import replace

from engine.network.snapshot import Snapshot
from engine.network.topology import Graph, Passage, RouteLine, topology
from tui.network.canvas import Key
from tui.network.places import NOWHERE, Place, Placement
from tui.words import Say
from tui.wrap import cut

VERDICTS = {"ACCEPT": "✓", "DROP": "✗", "REJECT": "✗"}
ROUTER: Key = ("router",)
INTERNET: Key = ("internet",)
GATE: Key = ("gate",)
"""What the host does with packets between its devices: address translation, forwarding, FORWARD."""


class Flow(NamedTuple):
    """Which way packets went just now, as a device counted them."""

    sent: bool
    received: bool


class Hop(NamedTuple):
    """A device that counted packets of a probe."""

    place: Place
    sent: int
    received: int
    number: int = 0
    """How many devices a packet has passed when it has passed this one."""


class Path(NamedTuple):
    """How far a command's packets were seen."""

    command: str
    hops: tuple[Hop, ...]
    worked: bool | None
    """``None`` while it runs."""


class Scene(NamedTuple):
    """What is drawn."""

    graph: Graph
    say: Say
    placement: Placement = NOWHERE
    """Where things stood before."""
    marks: Mapping[Key, str] = {}
    flows: Mapping[Place, Flow] = {}
    phase: int = 0
    """Counts up while packets move, for the moving signs."""
    path: Path | None = None
    chosen: Key | None = None


def graph_of(snapshot: Snapshot) -> Graph:
    """The graph, with the host's own name server."""
    graph = topology(snapshot)
    words = [line.split() for line in (snapshot.host.resolv_conf or "").splitlines()]
    resolver = next((one[1] for one in words if one[:1] == ["nameserver"] and len(one) > 1), None)
    return replace(graph, host=replace(graph.host, resolver=resolver))


def passage_text(passage: Passage) -> str:
    """``✓ bridge_home ⇄ enp4s0``."""
    arrow = "⇄" if passage.both else "→"
    verdict = VERDICTS.get(passage.jump, passage.jump)
    return f"{verdict} {passage.first or '*'} {arrow} {passage.second or '*'}"


def route_text(route: RouteLine, room: int) -> str:
    """As ``ip route`` prints it, without the device if that does not fit and is not the point."""
    verdict = {None: "", True: " ✓", False: " ✗"}[route.wins]
    if len(route.text + verdict) <= room or not route.via:
        return cut(route.text, room - len(verdict)) + verdict
    return cut(f"{route.to} via {route.via}", room - len(verdict)) + verdict
