"""What one namespace knows: which addresses are its own, and which route it takes."""

from __future__ import annotations

from engine.network.snapshot import Address, Namespace, Route
from engine.verify.networks import IPAddress, covers, to_interface, to_network

UNREACHABLE = frozenset({"unreachable", "blackhole", "prohibit", "throw"})


def own_address(space: Namespace, target: IPAddress) -> Address | None:
    """The address of ``space`` that ``target`` is; all of 127.0.0.0/8 is ``lo``'s."""
    for one in space.addresses:
        there = to_interface(one.cidr)
        if there.ip == target or (one.link == "lo" and there.network.is_loopback and target in there.network):
            return one
    return Address(link="lo", address=str(target), prefix=8, scope="host") if target.is_loopback else None


def route_to(space: Namespace, target: IPAddress | None) -> Route | None:
    """The route that the kernel takes to ``target`` (``None``: to somewhere on the internet): the longest prefix, then
    the lowest metric, then the first (fib_table_lookup). ``None`` if there is none or it says *unreachable*."""
    usable = [one for one in space.routes if _leads(one, target) and not _is_dead(space, one)]
    if not usable:
        return None
    longest = max(_prefix(one) for one in usable)
    found = min((one for one in usable if _prefix(one) == longest), key=lambda one: one.metric or 0)
    return None if found.kind in UNREACHABLE else found


def equal_routes(space: Namespace, route: Route) -> tuple[Route, ...]:
    """The other routes to the same destination."""
    return tuple(one for one in space.routes if one != route and one.to == route.to and one.kind == route.kind)


def source_for(space: Namespace, route: Route, target: IPAddress | None) -> IPAddress | None:
    """The source address that the kernel gives a packet that leaves by ``route``."""
    if route.source:
        return to_interface(route.source).ip
    here = [to_interface(one.cidr) for one in space.addresses if one.link == route.link and not one.is_ipv6]
    towards = [one for one in here if target is not None and target in one.network]
    found = towards or here or [to_interface(one.cidr) for one in space.addresses if one.scope == "global"]
    return found[0].ip if found else None


def _leads(route: Route, target: IPAddress | None) -> bool:
    if route.to == "default" and ":" in (route.via or ""):
        return target is not None and target.version == 6
    network = to_network(route.to)
    if target is None:
        return network == to_network("default")
    return covers(network, to_network(str(target)))


def _prefix(route: Route) -> int:
    return to_network(route.to).prefixlen


def _is_dead(space: Namespace, route: Route) -> bool:
    link = space.link(route.link) if route.link else None
    return "dead" in route.flags or (link is not None and not link.up)
