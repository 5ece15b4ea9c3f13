"""``link``: a network device is there, and is of a kind, joined to a peer, in a bridge, up, and so on."""

from __future__ import annotations

from typing import Any

from engine.messages import Message
from engine.network.snapshot import HOST, Link, Namespace
from engine.verify.names import near
from engine.verify.scene import Scene
from engine.verify.slips import from_commands
from engine.verify.verdict import Finding
from engine.verify.wording import either, listed, place, say

NO_MASTER = "none"


def expected(fields: dict[str, Any]) -> Message:
    where, name = place(fields.get("namespace", HOST)), either(fields["name"])
    if fields.get("absent"):
        return say("link.expected-absent", name=name, where=where)
    return _described(name, where, fields)


def judge(fields: dict[str, Any], scene: Scene) -> Finding:
    name, namespace = fields["name"], fields.get("namespace", HOST)
    space = scene.space(namespace)
    link = space.link(name) if space else None
    if fields.get("absent"):
        if link is None:
            return Finding(say("link.none", name=name, where=place(namespace)))
        there = say("link.there", name=name, where=place(namespace))
        hint = say("hint.still", what=name, where=place(namespace))
        return Finding(there, *from_commands(scene, (name, "del"), namespace, "still-there", hint))
    if space is None:
        return scene.no_namespace(namespace)
    if link is None:
        return _missing(fields, scene, space)
    return _compared(fields, scene, link, space)


def _missing(fields: dict[str, Any], scene: Scene, space: Namespace) -> Finding:
    name, where = fields["name"], place(space.name)
    observed = say("link.none", name=name, where=where)
    for other in scene.others(space.name):
        if other.link(name):
            hint = say("hint.elsewhere", what=name, where=place(other.name), right=where)
            return Finding(observed, *from_commands(scene, (name, "netns"), HOST, "wrong-place", hint))
    if found := near(name, (link.name for link in space.links)):
        return Finding(observed, "near-name", say("hint.near", found=found, name=name))
    for other in scene.others(space.name):
        if found := near(name, (link.name for link in other.links)):
            hint = say("hint.near-elsewhere", found=found, where=place(other.name), name=name)
            return Finding(observed, "near-name", hint)
    if (peer := fields.get("peer")) and (wrong := _peer_with_other_end(peer, name, scene)):
        hint = say("link.hint-peer", name=peer, peer=wrong, right=name)
        return Finding(observed, "wrong-peer", hint)
    hint = say("hint.not-there", what=name, where=where)
    return Finding(observed, *from_commands(scene, (name,), space.name, "not-there", hint))


def _peer_with_other_end(peer: str, name: str, scene: Scene) -> str | None:
    """The name of the end that ``peer`` has instead of ``name``."""
    found = next((link for space in scene.spaces if (link := space.link(peer))), None)
    return found.peer if found and found.peer not in (None, name) else None


def _compared(fields: dict[str, Any], scene: Scene, link: Link, space: Namespace) -> Finding:
    observed = _described(link.name, place(space.name), _as_fields(fields, link))
    slip = _shape_slip(fields, scene, link, space) or _state_slip(fields, scene, link, space)
    return Finding(observed, *slip) if slip else Finding(observed)


def _shape_slip(fields: dict[str, Any], scene: Scene, link: Link, space: Namespace) -> tuple[str, Message] | None:
    """What it is and what it is joined to."""
    kind, peer, master = fields.get("kind"), fields.get("peer"), fields.get("master")
    if kind and link.kind != kind:
        return "wrong-kind", say("link.hint-kind", name=link.name, kind=link.kind, right=kind)
    if peer and link.peer != peer:
        if link.peer is None:
            return "wrong-peer", say("link.hint-no-peer", name=link.name, right=peer)
        return "wrong-peer", say("link.hint-peer", name=link.name, peer=link.peer, right=peer)
    wanted_space = fields.get("peer_namespace")
    if wanted_space and link.peer_namespace != wanted_space:
        end, where = link.peer or peer or link.name, place(link.peer_namespace or "?")
        return "wrong-place", say("hint.elsewhere", what=end, where=where, right=place(wanted_space))
    if master is None or (link.master or NO_MASTER) == master:
        return None
    if master == NO_MASTER:
        return "wrong-master", say("link.hint-still-in", name=link.name, master=link.master)
    if link.master:
        return "wrong-master", say("link.hint-master", name=link.name, master=link.master, right=master)
    if space.link(master) is None and (found := near(master, (one.name for one in space.links))):
        return "near-name", say("hint.near", found=found, name=master)
    hint = say("link.hint-no-master", name=link.name, right=master)
    return from_commands(scene, (link.name, master), space.name, "wrong-master", hint)


def _state_slip(fields: dict[str, Any], scene: Scene, link: Link, space: Namespace) -> tuple[str, Message] | None:
    """Whether it is up, and whether its other end is."""
    up, carrier, state = fields.get("up"), fields.get("carrier"), str(fields.get("state", "")).upper()
    differs = bool(state) and link.state.upper() != state
    wants_up = up is True or carrier is True or (differs and state != "DOWN")
    if wants_up and not link.up:
        return from_commands(
            scene,
            (link.name, "up"),
            space.name,
            "link-down",
            _down_hint(scene, link, space),
            even_if_it_worked=link.kind == "loopback",
        )
    if (
        (up is False and link.up)
        or (carrier is False and link.carrier)
        or (differs and state in ("DOWN", "LOWERLAYERDOWN"))
    ):
        return "link-up", say("link.hint-up", name=link.name, where=place(space.name))
    if (carrier is True and not link.carrier) or differs:
        return "no-carrier", carrier_hint(link, space)
    return None


def _down_hint(scene: Scene, link: Link, space: Namespace) -> Message:
    for use in scene.uses():
        if use.mentions(link.name) and use.mentions("up") and not use.failed and not use.is_in(space.name):
            return say("link.hint-moved", name=link.name)
    return say("link.hint-down", name=link.name, where=place(space.name))


def carrier_hint(link: Link, space: Namespace) -> Message:
    """Why an active device has no carrier."""
    if link.kind == "bridge":
        return say("link.hint-bridge", name=link.name)
    if link.peer:
        where = place(link.peer_namespace or "?")
        return say("link.hint-carrier", name=link.name, peer=link.peer, where=where)
    return say("link.hint-unplugged", name=link.name, where=place(space.name))


def _as_fields(fields: dict[str, Any], link: Link) -> dict[str, Any]:
    """What is there, for each field that the check speaks of."""
    there = {
        "kind": link.kind,
        "peer": link.peer or "?",
        "peer_namespace": link.peer_namespace or "?",
        "master": link.master or NO_MASTER,
        "up": link.up,
        "carrier": link.carrier,
        "state": link.state,
    }
    return {name: value for name, value in there.items() if name in fields}


def _described(name: object, where: Message, fields: dict[str, Any]) -> Message:
    parts: list[Message] = []
    if "kind" in fields:
        parts.append(say("link.is-kind", kind=either(fields["kind"])))
    if "peer" in fields:
        parts.append(say("link.is-peer", peer=either(fields["peer"])))
    if "peer_namespace" in fields:
        parts.append(say("link.is-peer-in", where=place(fields["peer_namespace"])))
    if "master" in fields:
        master = fields["master"]
        parts.append(say("link.is-free") if master == NO_MASTER else say("link.is-in", master=either(master)))
    if "up" in fields:
        parts.append(say("link.is-up") if fields["up"] else say("link.is-down"))
    if "carrier" in fields:
        parts.append(say("link.is-connected") if fields["carrier"] else say("link.is-unconnected"))
    if "state" in fields:
        parts.append(say("link.is-state", state=either(fields["state"])))
    if not parts:
        return say("link.there", name=name, where=where)
    return say("link.described", name=name, where=where, properties=listed(parts))
