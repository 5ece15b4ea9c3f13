"""``route``: a route leads somewhere by a gateway or a device, or is gone; ``first``: it wins among equal ones."""

from __future__ import annotations

from typing import Any

from engine.messages import Message
from engine.network.snapshot import HOST, Namespace, Route
from engine.verify.networks import IPNetwork, to_address, to_network
from engine.verify.scene import Scene
from engine.verify.slips import from_commands, is_elsewhere
from engine.verify.verdict import Finding
from engine.verify.wording import place, say


def expected(fields: dict[str, Any]) -> Message:
    where = place(fields.get("namespace", HOST))
    route = _spelled(_plain(fields["to"]), fields.get("via"), fields.get("link"))
    if fields.get("absent"):
        return say("route.expected-absent", route=route, where=where)
    if fields.get("first"):
        return say("route.expected-first", route=route, where=where)
    return say("route.there", route=route, where=where)


def judge(fields: dict[str, Any], scene: Scene) -> Finding:
    namespace = fields.get("namespace", HOST)
    space = scene.space(namespace)
    routes = to_same(space, _destination(fields)) if space else []
    fitting = [one for one in routes if _fits(one, fields)]
    if fields.get("absent"):
        if not fitting:
            return Finding(say("route.none", route=_wanted(fields), where=place(namespace)))
        observed = say("route.there", route=spelled(fitting[0]), where=place(namespace))
        hint = say("route.hint-still", route=spelled(fitting[0]), where=place(namespace))
        return Finding(observed, *from_commands(scene, ("del",), namespace, "still-there", hint))
    if space is None:
        return scene.no_namespace(namespace)
    if not fitting:
        return _missing(fields, scene, space, routes)
    winner = best(routes)
    if fields.get("first") and winner not in fitting:
        observed = say("route.winner", route=spelled(winner), where=place(namespace))
        return Finding(observed, "not-first", say("route.hint-first", winner=spelled(winner), route=_wanted(fields)))
    return Finding(say("route.there", route=spelled(fitting[0]), where=place(namespace)))


def _missing(fields: dict[str, Any], scene: Scene, space: Namespace, routes: list[Route]) -> Finding:
    where, wanted, via = place(space.name), _wanted(fields), fields.get("via")
    if routes:
        there = best(routes)
        observed = say("route.there", route=spelled(there), where=where)
        hint = say("route.hint-gateway", found=spelled(there), route=wanted)
        if via and there.via is None:
            hint = say("route.hint-no-gateway", found=spelled(there), via=via)
        if any("File exists" in use.run.output and not is_elsewhere(use, space.name) for use in scene.uses()):
            return Finding(observed, "wrong-gateway", say("route.hint-exists", found=spelled(there)))
        return Finding(observed, *from_commands(scene, _typed(fields), space.name, "wrong-gateway", hint))
    observed = say("route.none", route=wanted, where=where)
    for other in scene.others(space.name):
        if not _may_be_meant(fields, scene, other.name):
            continue
        if via and (found := next((one for one in to_same(other, _destination(fields)) if _fits(one, fields)), None)):
            hint = say("hint.elsewhere", what=spelled(found), where=place(other.name), right=where)
            return Finding(observed, "wrong-place", hint)
    for one in space.routes:
        if via and one.via and to_address(one.via) == to_address(via):
            hint = say("route.hint-destination", found=spelled(one), to=fields["to"])
            return Finding(observed, "wrong-route", hint)
    hint = say("hint.not-there", what=wanted, where=where)
    if via and not _reaches(space, via):
        hint = say("route.hint-unreachable", via=via, where=where)
    return Finding(observed, *from_commands(scene, _typed(fields), space.name, "not-there", hint))


def _may_be_meant(fields: dict[str, Any], scene: Scene, other: str) -> bool:
    """Whether a like route in another namespace may be this one gone astray: no check asks for it there, and it was
    typed there in this step (or nothing is known of what was typed)."""
    for check in scene.checks:
        like = check.kind == "route" and check.fields.get("via") == fields.get("via")
        if like and check.fields.get("namespace", HOST) == other:
            return False
    typed = [use for use in scene.uses() if all(map(use.mentions, _typed(fields)))]
    return not scene.commands or any(use.is_in(other) for use in typed)


def to_same(space: Namespace, destination: IPNetwork) -> list[Route]:
    """The routes of ``space`` to exactly that destination, in the kernel's order."""
    return [one for one in space.routes if one.kind == "unicast" and _network(one) == destination]


def best(routes: list[Route]) -> Route:
    """The one that the kernel takes of several to the same destination: the lowest metric, then the first."""
    alive = [one for one in routes if "dead" not in one.flags] or routes
    return min(alive, key=lambda one: one.metric or 0)


def spelled(route: Route) -> str:
    """The route as one types it: ``default via 10.0.0.1 dev eth0``."""
    return _spelled(route.to, route.via, route.link)


def _spelled(to: object, via: object, link: object) -> str:
    words = [str(to)] + [f"{word} {_plain(value)}" for word, value in (("via", via), ("dev", link)) if value]
    return " ".join(words)


def _plain(value: object) -> str:
    return "/".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def _wanted(fields: dict[str, Any]) -> str:
    return _spelled(fields["to"], fields.get("via"), fields.get("link"))


def _typed(fields: dict[str, Any]) -> tuple[str, ...]:
    """A word by which a command that was to make it is known."""
    return (fields.get("via") or fields["to"],)


def _destination(fields: dict[str, Any]) -> IPNetwork:
    via = fields.get("via")
    if fields["to"] == "default" and via and ":" in via:
        return to_network("::/0")
    return to_network(fields["to"])


def _network(route: Route) -> IPNetwork:
    return to_network("::/0" if route.to == "default" and ":" in (route.via or "") else route.to)


def _fits(route: Route, fields: dict[str, Any]) -> bool:
    via, link = fields.get("via"), fields.get("link")
    if via and (route.via is None or to_address(route.via) != to_address(via)):
        return False
    return not link or route.link == link


def _reaches(space: Namespace, via: str) -> bool:
    """Whether a route of a device leads to that gateway: without one the kernel refuses it."""
    address = to_address(via)
    return any(address in _network(one) for one in space.routes if one.via is None and one.to != "default")
