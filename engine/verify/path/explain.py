"""Why a request is not answered: the walk there, whoever listens, and the walk of the reply."""

from __future__ import annotations

from engine.network.snapshot import Namespace, Snapshot
from engine.verify.networks import IPAddress, to_address, to_interface
from engine.verify.path.walk import Obstacle, Passage, dropped_by, walk
from engine.verify.rules.chains import Packet, decide
from engine.verify.wording import place, say


def explain(
    snapshot: Snapshot, space: Namespace, target: IPAddress | None, protocol: str = "icmp", port: int | None = None
) -> Obstacle | None:
    """The first thing that keeps a request from ``space`` to ``target`` (``None``: anywhere on the internet) from being
    answered; ``None`` if nothing is seen to be in its way. IPv6 is not followed."""
    if target is not None and target.version == 6:
        return None
    there = walk(snapshot, space, target, protocol, port)
    if isinstance(there, Obstacle):
        return there
    if there.space is None:
        return _reply_from_outside(snapshot, there, target)
    if service := _service(snapshot, there, target, protocol, port):
        return service
    if there.rewritten or there.source is None or there.space.name == space.name:
        return None
    back = walk(snapshot, there.space, there.source, protocol, port, source=target, state="ESTABLISHED")
    if isinstance(back, Obstacle):
        return _on_the_way_back(back, there, target)
    if back.space is None or back.space.name != space.name:
        return Obstacle(
            "no-return-route", say("path.no-return", where=place(there.space.name), source=str(there.source))
        )
    return None


def _service(
    snapshot: Snapshot, there: Passage, target: IPAddress | None, protocol: str, port: int | None
) -> Obstacle | None:
    """Whether somebody listens where the packet arrived."""
    if there.space is None or port is None:
        return None
    listeners = [one for one in there.space.listeners if one.port == port and one.protocol.startswith(protocol)]
    where = place(there.space.name)
    if not listeners:
        return Obstacle("no-listener", say("path.no-listener", port=port, where=where))
    wildcards = ("0.0.0.0", "*", "::", "[::]", "")
    for one in listeners:
        if one.address in wildcards or (target is not None and to_address(one.address.strip("[]")) == target):
            return None
    bound = listeners[0].address
    return Obstacle("no-listener", say("path.bound", port=port, address=bound, where=where, target=str(target)))


def _reply_from_outside(snapshot: Snapshot, there: Passage, target: IPAddress | None) -> Obstacle | None:
    """The outside world knows the way back to the uplink's own network only."""
    if not there.forwarded or there.source is None:
        return None
    space, into, out = there.forwarded[-1]
    known = [to_interface(one.cidr).network for one in space.addresses if one.link == out and not one.is_ipv6]
    if not any(there.source in network for network in known):
        return Obstacle("no-nat", say("path.no-nat", source=str(there.source), link=out))
    reply = Packet(
        in_link=out,
        out_link=into,
        source=str(target) if target else None,
        protocol=None,
        state="ESTABLISHED",
    )
    decision = decide(space, "filter", "FORWARD", reply)
    if not decision.dropped:
        return None
    if decision.rule is not None:
        return Obstacle("forward-dropped", dropped_by("FORWARD", decision, space))
    return Obstacle("forward-dropped", say("path.reply-dropped", into=out, out=into, where=place(space.name)))


def _on_the_way_back(back: Obstacle, there: Passage, target: IPAddress | None) -> Obstacle:
    if back.diagnosis in ("forward-dropped", "forward-off"):
        return back
    where = place(there.space.name if there.space else "?")
    return Obstacle("no-return-route", say("path.no-return", where=where, source=str(there.source)))
