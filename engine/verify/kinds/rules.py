"""``rule``: an iptables rule that does what the step asks, however it is spelled, or no such rule any more.

What counts as doing it is told in :mod:`engine.verify.rules.wanted`. A policy is not a rule. A rule behind one that
decides about the same packets otherwise is ``shadowed``. For ``absent``, a narrower rule counts as one left.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from engine.messages import Message
from engine.network.snapshot import HOST, Namespace, Rule
from engine.verify.fields import variants
from engine.verify.kinds.kernel import policy_of
from engine.verify.names import near
from engine.verify.rules.chains import Packet, decide, reachable
from engine.verify.rules.extras import extras
from engine.verify.rules.surroundings import Surroundings
from engine.verify.rules.typed import TypedRule, typed_rule
from engine.verify.rules.wanted import ORDER, Difference, Wanted, differences, shown
from engine.verify.scene import Scene, Use
from engine.verify.slips import failure, is_elsewhere, ran_elsewhere
from engine.verify.verdict import Finding
from engine.verify.wording import either, place, say

_MOST_DIFFERENCES = 2
"""A rule that differs in more ways was meant for something else."""


def expected(fields: dict[str, Any]) -> Message:
    chain, rule, where = either(fields["chain"]), spelled(fields), place(fields.get("namespace", HOST))
    if fields.get("absent"):
        return say("rule.expected-absent", chain=chain, rule=rule, where=where)
    return say("rule.expected", chain=chain, rule=rule, where=where)


def spelled(fields: dict[str, Any]) -> str:
    """The wanted rule in iptables' own words: ``-i veth_dustin -o enp4s0 -j ACCEPT``."""
    options = {"in": "-i", "out": "-o", "source": "-s", "destination": "-d", "protocol": "-p", "jump": "-j"}
    table = [f"-t {_plain(fields['table'])}"] if fields.get("table", "filter") != "filter" else []
    return " ".join(table + [f"{option} {_plain(fields[name])}" for name, option in options.items() if name in fields])


def _plain(value: object) -> str:
    return "/".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def judge(fields: dict[str, Any], scene: Scene) -> Finding:
    wanted, namespace = Wanted.of(fields), fields.get("namespace", HOST)
    space, where = scene.space(namespace), place(namespace)
    none = say("rule.none", chain=wanted.chain, rule=spelled(fields), where=where)
    if space is None:
        return Finding(none) if fields.get("absent") else scene.no_namespace(namespace)
    around = Surroundings(scene.snapshot, space)
    compared = [(one, differences(one, wanted, around)) for one in reachable(space, wanted.table, wanted.chain)]
    if fields.get("absent"):
        left = [one for one, found in compared if {each.diagnosis for each in found} <= {"rule-too-narrow"}]
        if not left:
            return Finding(none)
        hint = say("rule.hint-still", rule=shown(left[0]), where=where)
        if len(left) > 1:
            hint = say("rule.hint-still-more", count=len(left), rule=shown(left[0]), where=where)
        return Finding(say("rule.there", rule=shown(left[0]), where=where), "still-there", hint)
    fitting = [one for one, found in compared if not found]
    shadows = [_shadow(one, wanted, around) for one in fitting]
    if fitting and None in shadows:
        return Finding(say("rule.there", rule=shown(fitting[shadows.index(None)]), where=where))
    if fitting and shadows[0]:
        return Finding(say("rule.there", rule=shown(fitting[0]), where=where), "shadowed", shadows[0])
    return Finding(none, *_slip(fields, wanted, scene, space, around))


def _shadow(rule: Rule, wanted: Wanted, around: Surroundings) -> Message | None:
    """The hint that names the rule that decides first; ``None`` if this one is reached."""
    more = extras(rule)
    inside = around.is_inside(wanted.in_link) or wanted.in_link is None
    networks = around.networks if inside else ()
    packet = Packet(
        in_link=wanted.in_link or rule.in_link,
        out_link=wanted.out_link or rule.out_link,
        source=str(networks[0]) if networks else rule.source,
        destination=wanted.destination or rule.destination,
        protocol=wanted.protocol,
        state="NEW" if more.new_and_old or "NEW" in (more.states or ()) else "ESTABLISHED",
        bridged=wanted.in_link is not None and wanted.in_link == wanted.out_link,
    )
    decision = decide(around.space, wanted.table, wanted.chain, packet)
    if decision.rule is None or decision.target == rule.jump:
        return None
    return say("rule.hint-shadowed", number=decision.number, chain=decision.rule.chain, rule=shown(decision.rule))


def _slip(
    fields: dict[str, Any], wanted: Wanted, scene: Scene, space: Namespace, around: Surroundings
) -> tuple[str, Message]:
    typed = [(use, rule) for use in scene.uses() if (rule := typed_rule(use.invocation.words)) and rule.adds]
    candidates = _candidates(fields, wanted, scene, space, around, typed)
    if candidates:
        best = min(candidates, key=lambda found: (len(found), ORDER.index(found[0].diagnosis)))
        return best[0].diagnosis, best[0].hint
    for other in scene.others(space.name):
        there = Surroundings(scene.snapshot, other)
        if any(not _but_for_its_place(one, wanted, there) for one in reachable(other, wanted.table, wanted.chain)):
            hint = say("rule.hint-elsewhere", chain=wanted.chain, found=place(other.name), right=place(space.name))
            return "wrong-place", hint
    for use, _ in typed:
        if use.failed and is_elsewhere(use, space.name):
            return "ran-elsewhere", ran_elsewhere(use, space.name, scene)
        if use.failed:
            return "not-there", failure(use.run)
    if (
        wanted.jump == "ACCEPT"
        and policy_of(space, wanted.chain, wanted.table) == "ACCEPT"
        and _set_policy(scene, wanted)
    ):
        return "not-there", say("rule.hint-policy", chain=wanted.chain)
    if any(use.invocation.program == "nft" and "add" in use.invocation.words for use in scene.uses()):
        return "not-there", say("rule.hint-nft", chain=wanted.chain)
    return "not-there", say("rule.hint-none", chain=wanted.chain, rule=spelled(fields), where=place(space.name))


def _candidates(
    fields: dict[str, Any],
    wanted: Wanted,
    scene: Scene,
    space: Namespace,
    around: Surroundings,
    typed: list[tuple[Use, TypedRule]],
) -> list[tuple[Difference, ...]]:
    """How each rule differs that may have been meant for this one."""
    times = Counter((rule.table, rule.chain, rule.text) for rule in space.rules)
    fresh = {_key(rule.rule) for use, rule in typed if use.is_in(space.name)}
    found = []
    for rule in space.rules:
        twice = times[rule.table, rule.chain, rule.text] > 1
        differ = differences(rule, wanted, around)
        if not differ or len(differ) > _MOST_DIFFERENCES:
            continue
        if not twice and _serves_another(rule, fields, scene, around):
            continue
        if _key(rule) in fresh or twice or not _may_be_right(differ, wanted, rule, around):
            found.append(differ)
    for use, one in typed:
        if use.failed and use.is_in(space.name):
            differ = differences(one.rule, wanted, around)
            if differ and len(differ) <= _MOST_DIFFERENCES:
                found.append(differ)
    return found


def _serves_another(rule: Rule, fields: dict[str, Any], scene: Scene, around: Surroundings) -> bool:
    """Whether another check of the step asks for just that rule."""
    own = set(map(str, variants(fields)))
    for check in scene.checks:
        if check.kind != "rule" or check.fields.get("absent"):
            continue
        asked = variants(check.fields)
        if own.isdisjoint(map(str, asked)) and any(not differences(rule, Wanted.of(one), around) for one in asked):
            return True
    return False


def _may_be_right(differ: tuple[Difference, ...], wanted: Wanted, rule: Rule, around: Surroundings) -> bool:
    """Whether a rule that was not typed in this step may well be an earlier step's: it is for real interfaces, only for
    others, or it is the outward rule where the one for the way back is asked for."""
    keys = {one.diagnosis for one in differ}
    if "swapped-interfaces" in keys:
        return wanted.in_link is not None and around.is_uplink(wanted.in_link)
    if "wrong-interface" not in keys:
        return False
    pairs = ((rule.in_link, wanted.in_link), (rule.out_link, wanted.out_link))
    wrong = [(there, asked) for there, asked in pairs if there and asked and there != asked]
    return all(around.space.link(there) and not near(asked, [there]) for there, asked in wrong)


def _but_for_its_place(rule: Rule, wanted: Wanted, around: Surroundings) -> bool:
    """Whether the rule differs in more than that it is in another namespace, whose interfaces are others."""
    return any(one.diagnosis not in ("rule-too-wide", "rule-too-narrow") for one in differences(rule, wanted, around))


def _set_policy(scene: Scene, wanted: Wanted) -> bool:
    return any(use.mentions(wanted.chain) and any(map(use.mentions, ("-P", "--policy"))) for use in scene.uses())


def _key(rule: Rule) -> tuple[str | None, ...]:
    return rule.table, rule.chain, rule.in_link, rule.out_link, rule.jump
