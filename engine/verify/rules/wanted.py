"""How a rule differs from the one a step asks for: not in its spelling, but in what it does to the lab's packets.

A rule does the job if it decides (``jump``) the fate of *all* the packets the step is about, and is tied to the lab:

- Options in any order, ``-s 0.0.0.0/0``, ``-p all``, comments and counters make no difference; ``veth_+`` is an
  interface name for every one that begins so.
- A source or destination may be given as well, if it covers the lab: behind an inner interface, the addresses of the
  namespaces there; without an inner interface, their whole networks. So Docker's own ``-s 10.0.0.0/24 -o enp4s0
  -j MASQUERADE`` passes, and ``-s 10.0.0.11`` there is ``rule-too-narrow``: the next namespace would be left out.
- ``--ctstate RELATED,ESTABLISHED`` passes on a rule for packets that come in from the uplink, as these are replies:
  connections begin in the lab. For the other direction it is ``rule-too-narrow``. States with NEW and ESTABLISHED pass
  everywhere; the table ``nat`` only ever sees NEW.
- An interface may be left out as long as the rule still names an inner one that the step names (``-i veth_dustin``
  alone, or Docker's ``! -o``), or, where the step names none, a source that covers the lab. A rule that is not tied to
  the lab at all (``-A FORWARD -j ACCEPT``) is ``rule-too-wide``: it opens the host for everybody, and later steps could
  not show what a missing rule does.
- ``-m physdev --physdev-is-bridged`` stands for one bridge on both sides.
- Protocols, ports, limits and the like that the step does not name leave packets out: ``rule-too-narrow``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.messages import Message
from engine.network.snapshot import Rule
from engine.verify.networks import IPNetwork, covers, to_network
from engine.verify.rules.chains import is_any, link_matches
from engine.verify.rules.extras import extras
from engine.verify.rules.surroundings import Surroundings
from engine.verify.wording import LONGEST_RULE, quote, say

OPTIONS = {"in_link": "--in-interface", "out_link": "--out-interface"}
ORDER = (
    "swapped-interfaces",
    "wrong-interface",
    "wrong-table",
    "wrong-chain",
    "wrong-jump",
    "rule-inverted",
    "rule-too-narrow",
    "rule-too-wide",
)
"""The likeliest slip first."""


@dataclass(frozen=True)
class Wanted:
    """The rule a check asks for; ``None``: it does not say."""

    table: str
    chain: str
    jump: str | None
    in_link: str | None
    out_link: str | None
    source: str | None
    destination: str | None
    protocol: str | None

    @classmethod
    def of(cls, fields: dict[str, Any]) -> Wanted:
        return cls(
            table=fields.get("table", "filter"),
            chain=fields["chain"],
            jump=fields.get("jump"),
            in_link=fields.get("in"),
            out_link=fields.get("out"),
            source=fields.get("source"),
            destination=fields.get("destination"),
            protocol=fields.get("protocol"),
        )


@dataclass(frozen=True)
class Difference:
    """One way in which a rule differs: its diagnosis, and the hint that names it."""

    diagnosis: str
    hint: Message


def differences(rule: Rule, wanted: Wanted, around: Surroundings) -> tuple[Difference, ...]:
    """Every way in which ``rule`` is not the wanted one, the likeliest first; empty if it does the job."""
    found = [*_place(rule, wanted), *_interfaces(rule, wanted, around), *_addresses(rule, wanted, around)]
    found += [*_protocol(rule, wanted), *_extras(rule, wanted, around)]
    return tuple(sorted(found, key=lambda one: ORDER.index(one.diagnosis)))


def _place(rule: Rule, wanted: Wanted) -> list[Difference]:
    found = []
    if rule.table != wanted.table:
        found.append(Difference("wrong-table", say("rule.hint-table", table=rule.table, right=wanted.table)))
    if rule.chain != wanted.chain:
        found.append(Difference("wrong-chain", say("rule.hint-chain", chain=rule.chain, right=wanted.chain)))
    if wanted.jump and rule.jump is None:
        found.append(Difference("wrong-jump", say("rule.hint-no-jump", right=wanted.jump)))
    elif wanted.jump and rule.jump != wanted.jump:
        found.append(Difference("wrong-jump", say("rule.hint-jump", jump=rule.jump, right=wanted.jump)))
    return found


def _interfaces(rule: Rule, wanted: Wanted, around: Surroundings) -> list[Difference]:
    if _is_swapped(rule, wanted):
        hint = say("rule.hint-swapped", chain=rule.chain, into=rule.in_link, out=rule.out_link)
        return [Difference("swapped-interfaces", hint)]
    if extras(rule).bridged and wanted.in_link == wanted.out_link and _is_bridge(wanted.in_link, around):
        return []
    found, missing, tied = [], [], False
    for side, option in OPTIONS.items():
        asked, there = getattr(wanted, side), getattr(rule, side)
        if asked is None or there == "+":
            continue
        inverted = side in rule.inverted
        same = there is not None and link_matches(there, asked)
        if there is None or (inverted and not same):
            missing.append(f"{option} {asked}")
        elif inverted:
            found.append(Difference("rule-inverted", say("rule.hint-inverted", what=f"{option} {there}")))
        elif same:
            tied = tied or around.is_inside(asked)
        else:
            found.append(_wrong_interface(option, there, asked, around))
    if not any(map(around.is_inside, (wanted.in_link, wanted.out_link))):
        tied = _covers_lab(rule, around)
    if missing and not tied and not found:
        found.append(Difference("rule-too-wide", say("rule.hint-wide", missing=" ".join(missing), rule=shown(rule))))
    return found


def _is_swapped(rule: Rule, wanted: Wanted) -> bool:
    if None in (wanted.in_link, wanted.out_link) or wanted.in_link == wanted.out_link:
        return False
    return (rule.in_link, rule.out_link) == (wanted.out_link, wanted.in_link) and not rule.inverted


def _wrong_interface(option: str, there: str, asked: str, around: Surroundings) -> Difference:
    peer = around.space.link(asked)
    if peer and peer.peer == there and peer.peer_namespace not in (None, around.space.name):
        hint = say("rule.hint-inner-end", found=there, namespace=peer.peer_namespace, right=asked)
    else:
        hint = say("rule.hint-interface", option=option, found=there, right=asked)
    return Difference("wrong-interface", hint)


def _is_bridge(name: str | None, around: Surroundings) -> bool:
    link = around.space.link(name) if name else None
    return link is not None and link.kind == "bridge"


def _addresses(rule: Rule, wanted: Wanted, around: Surroundings) -> list[Difference]:
    found = []
    for field, link in (("source", wanted.in_link), ("destination", wanted.out_link)):
        there, asked = getattr(rule, field), getattr(wanted, field)
        network = _network(there)
        if asked and (there is None or network == to_network("default")):
            found.append(
                Difference("rule-too-wide", say("rule.hint-wide", missing=f"--{field} {asked}", rule=shown(rule)))
            )
            continue
        if there is None or network == to_network("default"):
            continue
        needed = (to_network(asked),) if asked else _needed(field, link, around)
        inverted = field in rule.inverted
        if inverted and asked and network == to_network(asked):
            found.append(Difference("rule-inverted", say("rule.hint-inverted", what=f"--{field} {there}")))
        elif not _leaves_nothing_out(network, inverted, needed, around):
            what = f"{'! ' if inverted else ''}--{field} {there}"
            found.append(Difference("rule-too-narrow", say("rule.hint-narrow", what=what)))
    return found


def _needed(field: str, link: str | None, around: Surroundings) -> tuple[IPNetwork, ...]:
    """The addresses that packets of the step may have there; empty: any on the internet."""
    if link is not None:
        return around.behind(link) if around.is_inside(link) else ()
    return around.networks if field == "source" else ()


def _leaves_nothing_out(
    network: IPNetwork | None, inverted: bool, needed: tuple[IPNetwork, ...], around: Surroundings
) -> bool:
    if network is None:
        return False
    if not inverted:
        return bool(needed) and all(covers(network, one) for one in needed)
    if needed:
        return not any(covers(network, one) or covers(one, network) for one in needed)
    return any(covers(one, network) for one in around.networks)


def _covers_lab(rule: Rule, around: Surroundings) -> bool:
    network = _network(rule.source)
    if network is None or network == to_network("default") or "source" in rule.inverted:
        return False
    return bool(around.networks) and all(covers(network, one) for one in around.networks)


def _network(text: str | None) -> IPNetwork | None:
    try:
        return to_network(text) if text else None
    except ValueError:
        return None


def _protocol(rule: Rule, wanted: Wanted) -> list[Difference]:
    there, asked = rule.protocol, wanted.protocol
    if is_any(there):
        if is_any(asked):
            return []
        return [Difference("rule-too-wide", say("rule.hint-wide", missing=f"--protocol {asked}", rule=shown(rule)))]
    if there == asked and "protocol" not in rule.inverted:
        return []
    if there == asked:
        return [Difference("rule-inverted", say("rule.hint-inverted", what=f"--protocol {there}"))]
    what = f"{'! ' if 'protocol' in rule.inverted else ''}--protocol {there}"
    return [Difference("rule-too-narrow", say("rule.hint-narrow", what=what))]


def _extras(rule: Rule, wanted: Wanted, around: Surroundings) -> list[Difference]:
    more = extras(rule)
    if more.narrowing:
        return [Difference("rule-too-narrow", say("rule.hint-narrow", what=quote(" ".join(more.narrowing))))]
    if more.new_and_old or (wanted.table == "nat" and "NEW" in (more.states or ())):
        return []
    replies = wanted.in_link is not None and around.is_uplink(wanted.in_link) and "ESTABLISHED" in (more.states or ())
    if replies:
        return []
    return [Difference("rule-too-narrow", say("rule.hint-states", states=",".join(sorted(more.states or ()))))]


def shown(rule: Rule) -> str:
    """The rule as ``iptables-save`` prints it, with its table where that is not the usual one."""
    table = "" if rule.table == "filter" else f"-t {rule.table} "
    return quote(f"{table}-A {rule.chain} {rule.text}".strip(), LONGEST_RULE)
