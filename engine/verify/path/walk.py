"""Walks a packet one way, from a namespace to its target, and names the first thing in its way.

The order is the kernel's: own address, ``ip_forward``, route, FORWARD (OUTPUT at its origin), POSTROUTING, carrier, who
answers on that cable, bridges (through br_netfilter), and INPUT where it arrives.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.messages import Message
from engine.network.snapshot import Link, Namespace, Route, Rule, Snapshot
from engine.verify.kinds.links import carrier_hint
from engine.verify.networks import IPAddress, to_address, to_interface
from engine.verify.path import lookup
from engine.verify.path.segment import End, ends, leads_outside
from engine.verify.rules.chains import Decision, Packet, decide
from engine.verify.rules.wanted import shown
from engine.verify.wording import place, say

MOST_HOPS = 8
BRIDGE_SYSCTL = "net.bridge.bridge-nf-call-iptables"
FORWARD_SYSCTL = "net.ipv4.ip_forward"


@dataclass(frozen=True)
class Obstacle:
    """What stops the packet, as a diagnosis and in words."""

    diagnosis: str
    hint: Message


@dataclass(frozen=True)
class Passage:
    """The packet arrives: in ``space`` (``None``: in the outside world), by ``link``, with that source address."""

    space: Namespace | None
    link: str
    source: IPAddress | None
    rewritten: bool = False
    """A rule of POSTROUTING has given it another source address."""
    forwarded: tuple[tuple[Namespace, str, str], ...] = ()
    """The namespaces that forwarded it, with the interfaces it came in and went out by."""
    accepted_by: Rule | None = None
    """The rule of FORWARD that let it through last."""


@dataclass
class _Packet:
    snapshot: Snapshot
    target: IPAddress | None
    protocol: str
    port: int | None
    state: str
    source: IPAddress | None = None
    rewritten: bool = False
    forwarded: list[tuple[Namespace, str, str]] = field(default_factory=list)
    accepted_by: Rule | None = None

    def passage(self, space: Namespace | None, link: str) -> Passage:
        return Passage(space, link, self.source, self.rewritten, tuple(self.forwarded), self.accepted_by)

    def seen_by(self, into: str | None, out: str | None, *, bridged: bool = False) -> Packet:
        return Packet(
            in_link=into,
            out_link=out,
            source=str(self.source) if self.source else None,
            destination=str(self.target) if self.target else None,
            protocol=self.protocol,
            port=self.port,
            state=self.state,
            bridged=bridged,
        )

    @property
    def named(self) -> object:
        return str(self.target) if self.target else say("path.internet")


def walk(
    snapshot: Snapshot,
    space: Namespace,
    target: IPAddress | None,
    protocol: str = "icmp",
    port: int | None = None,
    *,
    source: IPAddress | None = None,
    state: str = "NEW",
) -> Passage | Obstacle:
    """One way only: where the packet arrives, or what stops it."""
    packet = _Packet(snapshot, target, protocol, port, state, source)
    into: str | None = None
    for _ in range(MOST_HOPS):
        own = lookup.own_address(space, target) if target is not None else None
        if own is not None and target is not None:
            return _deliver(packet, space, into, own.link, target)
        step = _hop(packet, space, into)
        if not isinstance(step, End):
            return step
        space, into = step.space, step.link
    return Obstacle("unanswered", say("path.loop", target=packet.named))


def _deliver(
    packet: _Packet, space: Namespace, into: str | None, own_link: str, target: IPAddress
) -> Passage | Obstacle:
    if into is None:
        packet.source = packet.source or target
        loopback = space.link("lo")
        if loopback is None or not loopback.up:
            return Obstacle("lo-down", say("path.lo-down", where=place(space.name)))
    link = space.link(own_link)
    if link is not None and not link.up:
        return Obstacle("link-down", say("link.hint-down", name=own_link, where=place(space.name)))
    decision = decide(space, "filter", "INPUT", packet.seen_by(into or "lo", None))
    if decision.dropped:
        return Obstacle("unanswered", dropped_by("INPUT", decision, space))
    return packet.passage(space, into or "lo")


def _hop(packet: _Packet, space: Namespace, into: str | None) -> End | Passage | Obstacle:
    """Out of ``space`` by its route, to whoever is next."""
    target, where = packet.target, place(space.name)
    if into is not None and space.sysctls.get(FORWARD_SYSCTL, "1") == "0":
        return Obstacle("forward-off", say("path.forward-off", where=where))
    route = lookup.route_to(space, target)
    link = space.link(route.link) if route and route.link else None
    if route is None or link is None:
        down = (
            next((one for one in space.links if not one.up and one.name != "lo"), None)
            if len(space.links) == 2
            else None
        )
        if down and not space.routes:
            return Obstacle("link-down", say("link.hint-down", name=down.name, where=where))
        return Obstacle("no-route", say("path.no-route", where=where, target=packet.named))
    if into is None:
        packet.source = packet.source or lookup.source_for(space, route, target)
        chain, decision = "OUTPUT", decide(space, "filter", "OUTPUT", packet.seen_by(None, link.name))
    else:
        chain, decision = "FORWARD", decide(space, "filter", "FORWARD", packet.seen_by(into, link.name))
    if decision.dropped:
        return _dropped(packet, chain, decision, space, into, link.name)
    if into is not None:
        packet.forwarded.append((space, into, link.name))
        packet.accepted_by = decision.rule
    _rewrite(packet, space, into, link)
    if not link.carrier and not leads_outside(link):
        return Obstacle("no-carrier", carrier_hint(link, space))
    if leads_outside(link):
        return packet.passage(None, link.name)
    return _across(packet, space, route, link)


def _rewrite(packet: _Packet, space: Namespace, into: str | None, link: Link) -> None:
    """POSTROUTING of the table nat. Replies are taken back by connection tracking and not looked at."""
    if packet.state != "NEW":
        return
    decision = decide(space, "nat", "POSTROUTING", packet.seen_by(None, link.name))
    address: IPAddress | None = None
    if decision.target == "MASQUERADE":
        address = next(
            (to_interface(one.cidr).ip for one in space.addresses if one.link == link.name and not one.is_ipv6), None
        )
    elif decision.target == "SNAT" and decision.rule and "--to-source" in decision.rule.other:
        words = decision.rule.other
        address = to_address(words[words.index("--to-source") + 1].split("-")[0].split(":")[0])
    if address is not None and (into is not None or address != packet.source):
        packet.source, packet.rewritten = address, True


def _across(packet: _Packet, space: Namespace, route: Route, link: Link) -> End | Obstacle:
    """To the next hop on the cable that ``link`` is an end of."""
    where = place(space.name)
    next_hop = to_address(route.via) if route.via else packet.target
    reached = ends(packet.snapshot, space, link)
    end = next((one for one in reached if next_hop and lookup.own_address(one.space, next_hop)), None)
    if link.master:
        return Obstacle("not-first", say("path.port", link=link.name, bridge=link.master, route=route.to, where=where))
    if end is None:
        return _nobody(packet, space, route, link)
    for crossed, bridge in end.bridges:
        if crossed.sysctls.get(BRIDGE_SYSCTL) != "1":
            continue
        decision = decide(crossed, "filter", "FORWARD", packet.seen_by(bridge, bridge, bridged=True))
        if decision.dropped:
            hint = say("path.forward-bridged", bridge=bridge, where=place(crossed.name))
            if decision.rule is not None:
                hint = dropped_by("FORWARD", decision, crossed)
            return Obstacle("forward-dropped", hint)
        packet.accepted_by = decision.rule
    return end


def _nobody(packet: _Packet, space: Namespace, route: Route, link: Link) -> Obstacle:
    where = place(space.name)
    if route.via:
        return Obstacle("wrong-gateway", say("path.gateway", via=route.via, where=where, link=link.name))
    for other in lookup.equal_routes(space, route):
        device = space.link(other.link) if other.link else None
        reached = ends(packet.snapshot, space, device) if device else ()
        if packet.target and any(lookup.own_address(one.space, packet.target) for one in reached):
            hint = say("path.first", to=route.to, winner=route.link, right=other.link, target=packet.named)
            return Obstacle("not-first", hint)
    for there in packet.snapshot.namespaces:
        own = lookup.own_address(there, packet.target) if packet.target and not packet.target.is_loopback else None
        owner = there.link(own.link) if own else None
        if owner is not None and not owner.up:
            return Obstacle("link-down", say("link.hint-down", name=owner.name, where=place(there.name)))
    return Obstacle("unanswered", say("path.nobody", target=packet.named, link=link.name, where=where))


def _dropped(packet: _Packet, chain: str, decision: Decision, space: Namespace, into: str | None, out: str) -> Obstacle:
    if chain != "FORWARD" or into is None:
        return Obstacle("unanswered", dropped_by(chain, decision, space))
    if decision.rule is not None:
        return Obstacle("forward-dropped", dropped_by(chain, decision, space))
    if packet.state == "ESTABLISHED":
        return Obstacle("forward-dropped", say("path.reply-dropped", into=into, out=out, where=place(space.name)))
    return Obstacle("forward-dropped", say("path.forward-dropped", into=into, out=out, where=place(space.name)))


def dropped_by(chain: str, decision: Decision, space: Namespace) -> Message:
    if decision.rule is None:
        return say("path.policy-drops", chain=chain, where=place(space.name))
    return say("path.rule-drops", chain=chain, rule=shown(decision.rule), where=place(space.name))
