"""``address``: a device has an address with its prefix, or no longer has it. Compared as numbers, not as text."""

from __future__ import annotations

from typing import Any

from engine.messages import Message
from engine.network.snapshot import HOST, Address, Namespace
from engine.verify.names import distance, near
from engine.verify.networks import IPInterface, to_interface
from engine.verify.scene import Scene
from engine.verify.slips import from_commands
from engine.verify.verdict import Finding
from engine.verify.wording import either, place, say


def expected(fields: dict[str, Any]) -> Message:
    where, address = place(fields.get("namespace", HOST)), either(fields["address"])
    if fields.get("absent"):
        if link := fields.get("link"):
            return say("address.expected-off", address=address, link=either(link), where=where)
        return say("address.expected-absent", address=address, where=where)
    if link := fields.get("link"):
        return say("address.on", address=address, link=either(link), where=where)
    return say("address.there", address=address, where=where)


def judge(fields: dict[str, Any], scene: Scene) -> Finding:
    wanted, exact = to_interface(fields["address"]), "/" in fields["address"]
    link, namespace = fields.get("link"), fields.get("namespace", HOST)
    space = scene.space(namespace)
    same = [one for one in space.addresses if _same(one, wanted, exact)] if space else []
    here = [one for one in same if link in (None, one.link)]
    if fields.get("absent"):
        if not here:
            return Finding(say("address.none", address=fields["address"], where=place(namespace)))
        observed = _on(here[0], namespace)
        hint = say("hint.still-on", what=here[0].cidr, link=here[0].link, where=place(namespace))
        return Finding(observed, *from_commands(scene, (here[0].address, "del"), namespace, "still-there", hint))
    if space is None:
        return scene.no_namespace(namespace)
    if here:
        return Finding(_on(here[0], namespace))
    return _missing(fields, scene, space, wanted)


def _missing(fields: dict[str, Any], scene: Scene, space: Namespace, wanted: IPInterface) -> Finding:
    text, link, where = fields["address"], fields.get("link"), place(space.name)
    observed = _what_is_there(space, link)
    if link and space.link(link) is None and (slip := _link_slip(scene, space, link, wanted)):
        return Finding(observed, *slip)
    if slip := _misplaced(fields, scene, space, wanted):
        return Finding(observed, *slip)
    others = [one for one in space.addresses if one.link == link and not one.is_ipv6 and one.scope != "host"]
    if others and wanted.version != 6:
        nearest = min(others, key=lambda one: distance(one.cidr, text))
        hint = say("address.hint-another", link=nearest.link, found=nearest.cidr, address=text)
        return Finding(observed, *from_commands(scene, (str(wanted.ip),), space.name, "wrong-address", hint))
    hint = say("address.hint-none", address=text, where=where)
    if link:
        hint = say("address.hint-none-on", address=text, link=link, where=where)
    if link and _was_given(scene, link, str(wanted.ip)):
        hint = say("address.hint-moved", link=link, address=text)
    return Finding(observed, *from_commands(scene, (str(wanted.ip),), space.name, "not-there", hint))


def _misplaced(
    fields: dict[str, Any], scene: Scene, space: Namespace, wanted: IPInterface
) -> tuple[str, Message] | None:
    """Where that address is instead, or with which prefix."""
    text, link = fields["address"], fields.get("link")
    with_prefix = [
        (s, one) for s in (space, *scene.others(space.name)) for one in s.addresses if _same(one, wanted, True)
    ]
    bare = [(s, one) for s in (space, *scene.others(space.name)) for one in s.addresses if _same(one, wanted, False)]
    for there, one in with_prefix + bare:
        if there is space and link in (None, one.link):
            return "wrong-prefix", say("address.hint-prefix", found=one.cidr, link=one.link, address=text)
    for there, one in with_prefix + bare:
        if link in (None, one.link):
            hint = say("hint.elsewhere", what=one.cidr, where=place(there.name), right=place(space.name))
            return "wrong-place", hint
        if there is space:
            return "wrong-link", say("address.hint-link", found=one.cidr, link=one.link, right=link)
        hint = say("address.hint-link-in", found=one.cidr, link=one.link, right=link, where=_inside(space.name))
        return "wrong-link", hint
    return None


def _link_slip(scene: Scene, space: Namespace, link: str, wanted: IPInterface) -> tuple[str, Message] | None:
    """The device itself is not here: in another namespace, or of another name."""
    for other in scene.others(space.name):
        if other.link(link):
            hint = say("hint.elsewhere", what=link, where=place(other.name), right=place(space.name))
            return from_commands(scene, (str(wanted.ip), link), space.name, "wrong-place", hint)
    if found := near(link, (one.name for one in space.links)):
        return "near-name", say("hint.near", found=found, name=link)
    return None


def _was_given(scene: Scene, link: str, address: str) -> bool:
    return any(use.mentions(link) and use.mentions(address) and not use.failed for use in scene.uses())


def _inside(namespace: str) -> Message:
    return say("place.host") if namespace == HOST else say("place.inside", namespace=namespace)


def _what_is_there(space: Namespace, link: str | None) -> Message:
    there = [one.cidr for one in space.addresses if link in (None, one.link) and not one.is_ipv6]
    if link and space.link(link) is None:
        return say("link.none", name=link, where=place(space.name))
    if not link:
        return say("address.found", addresses=", ".join(there) or "–", where=place(space.name))
    if not there:
        return say("address.bare", link=link, where=place(space.name))
    return say("address.on", address=", ".join(there), link=link, where=place(space.name))


def _same(one: Address, wanted: IPInterface, exact: bool) -> bool:
    there = to_interface(one.cidr)
    return there == wanted if exact else there.ip == wanted.ip


def _on(one: Address, namespace: str) -> Message:
    return say("address.on", address=one.cidr, link=one.link, where=place(namespace))
