"""``neighbour``: a namespace knows the hardware address of an address (it asked by ARP, and was answered)."""

from __future__ import annotations

from typing import Any

from engine.messages import Message
from engine.network.snapshot import HOST, Neighbour
from engine.verify.networks import to_address
from engine.verify.scene import Scene
from engine.verify.verdict import Finding
from engine.verify.wording import either, place, say

_UNANSWERED = frozenset({"FAILED", "INCOMPLETE"})


def expected(fields: dict[str, Any]) -> Message:
    where, address = place(fields.get("namespace", HOST)), either(fields["address"])
    if fields.get("absent"):
        return say("neighbour.expected-absent", address=address, where=where)
    if link := fields.get("link"):
        return say("neighbour.expected-on", address=address, link=either(link), where=where)
    return say("neighbour.expected", address=address, where=where)


def judge(fields: dict[str, Any], scene: Scene) -> Finding:
    address, link, namespace = fields["address"], fields.get("link"), fields.get("namespace", HOST)
    space, where = scene.space(namespace), place(namespace)
    entries = _entries(space.neighbours, address) if space else []
    known = [one for one in entries if one.mac and one.state.upper() not in _UNANSWERED]
    here = [one for one in known if link in (None, one.link)]
    none = say("neighbour.none", address=address, where=where)
    if fields.get("absent"):
        if not here:
            return Finding(none)
        still = say("hint.still-on", what=address, link=here[0].link, where=where)
        return Finding(_observed(here[0], where), "still-there", still)
    if space is None:
        return scene.no_namespace(namespace)
    if here:
        return Finding(_observed(here[0], where))
    if known:
        hint = say("neighbour.hint-link", address=address, link=known[0].link, right=link)
        return Finding(_observed(known[0], where), "wrong-link", hint)
    if entries:
        return Finding(none, "unanswered", say("neighbour.hint-unanswered", address=address, link=entries[0].link))
    for other in scene.others(namespace):
        if any(one.mac for one in _entries(other.neighbours, address)):
            hint = say("neighbour.hint-elsewhere", address=address, found=place(other.name), where=where)
            return Finding(none, "wrong-place", hint)
    return Finding(none, "not-there", say("neighbour.hint-none", address=address, where=where))


def _entries(neighbours: tuple[Neighbour, ...], address: str) -> list[Neighbour]:
    return [one for one in neighbours if to_address(one.address) == to_address(address)]


def _observed(one: Neighbour, where: Message) -> Message:
    return say("neighbour.there", address=one.address, mac=one.mac or "?", link=one.link, where=where)
