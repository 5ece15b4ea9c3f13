"""What a chain of iptables decides about a packet, as far as the rules' words tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from msgspec.structs import replace

from engine.network.snapshot import Chain, Namespace, Rule
from engine.verify.networks import covers, to_network
from engine.verify.rules.extras import extras

DECIDING = frozenset(
    {"ACCEPT", "DROP", "REJECT", "MASQUERADE", "SNAT", "DNAT", "REDIRECT", "NETMAP", "QUEUE", "NFQUEUE"}
)
DROPPING = frozenset({"DROP", "REJECT"})
_DEEPEST = 16


class Match(Enum):
    """Whether a rule is for a packet."""

    NO = 0
    MAYBE = 1
    YES = 2


@dataclass(frozen=True)
class Packet:
    """What is known of a packet; ``None``: not known. Addresses are prefixes: a packet may stand for many."""

    in_link: str | None = None
    out_link: str | None = None
    source: str | None = None
    destination: str | None = None
    protocol: str | None = None
    port: int | None = None
    state: str | None = None
    bridged: bool = False


@dataclass(frozen=True)
class Decision:
    """What became of a packet: ``rule`` decided, or (``None``) the chain's policy."""

    target: str
    rule: Rule | None = None
    number: int = 0
    """The rule's place in its chain, from 1."""

    @property
    def dropped(self) -> bool:
        return self.target in DROPPING


def decide(space: Namespace, table: str, chain: str, packet: Packet) -> Decision:
    """What ``chain`` does with ``packet``. A rule that may or may not match is passed over. Where both variants of
    iptables hold rules the packet has to pass both: the one that drops decides."""
    decision = Decision("ACCEPT")
    held = [one.variant for one in space.chains] + [one.variant for one in space.rules]
    for variant in dict.fromkeys(held):
        found = _run(space, variant, table, chain, packet, 0)
        if found is None:
            found = Decision(_policy(space.chains, variant, table, chain))
        if found.dropped:
            return found
        decision = found if found.rule else decision
    return decision


def _run(space: Namespace, variant: str, table: str, chain: str, packet: Packet, depth: int) -> Decision | None:
    rules = [one for one in space.rules if (one.variant, one.table, one.chain) == (variant, table, chain)]
    for number, rule in enumerate(rules, 1):
        if matches(rule, packet) is not Match.YES or rule.jump is None:
            continue
        if rule.jump == "RETURN":
            return None
        if rule.jump in DECIDING:
            return Decision(rule.jump, rule, number)
        if depth < _DEEPEST and (found := _run(space, variant, table, rule.jump, packet, depth + 1)):
            return found
    return None


def _policy(chains: tuple[Chain, ...], variant: str, table: str, name: str) -> str:
    found = next((one for one in chains if (one.variant, one.table, one.name) == (variant, table, name)), None)
    return (found.policy if found else None) or "ACCEPT"


def matches(rule: Rule, packet: Packet) -> Match:
    """Whether ``rule`` is for ``packet``."""
    more = extras(rule)
    answers = [
        _invert("in_link", rule, _link(rule.in_link, packet.in_link)),
        _invert("out_link", rule, _link(rule.out_link, packet.out_link)),
        _invert("source", rule, _address(rule.source, packet.source)),
        _invert("destination", rule, _address(rule.destination, packet.destination)),
        _invert("protocol", rule, _word(None if is_any(rule.protocol) else rule.protocol, packet.protocol)),
        Match.YES if more.states is None else _state(more.states, packet.state),
        Match.YES if not more.bridged or packet.bridged else Match.NO,
        Match.MAYBE if more.narrowing else Match.YES,
    ]
    return min(answers, key=lambda one: one.value)


def is_any(protocol: str | None) -> bool:
    """Whether that is every protocol."""
    return protocol in (None, "all", "0")


def link_matches(pattern: str, name: str) -> bool:
    """Whether an interface name is meant by a rule's: ``veth+`` is every one that begins so."""
    return name.startswith(pattern[:-1]) if pattern.endswith("+") else name == pattern


def reachable(space: Namespace, table: str, chain: str) -> Iterator[Rule]:
    """The rules that a packet of ``chain`` may come to, those of chains it jumps to in their place, each with the
    interfaces, addresses and extras of the jumps that lead there."""
    yield from _reachable(space, table, chain, None, 0)


def _reachable(space: Namespace, table: str, chain: str, jump: Rule | None, depth: int) -> Iterator[Rule]:
    own = {one.name for one in space.chains if one.policy is None and one.table == table}
    for rule in space.rules:
        if (rule.table, rule.chain) != (table, chain) or (jump and rule.variant != jump.variant):
            continue
        merged = _merged(jump, rule) if jump else rule
        if rule.jump in own and depth < _DEEPEST:
            yield from _reachable(space, table, rule.jump or "", merged, depth + 1)
        else:
            yield merged


def _merged(jump: Rule, rule: Rule) -> Rule:
    return replace(
        rule,
        chain=jump.chain,
        in_link=rule.in_link or jump.in_link,
        out_link=rule.out_link or jump.out_link,
        source=rule.source or jump.source,
        destination=rule.destination or jump.destination,
        protocol=rule.protocol or jump.protocol,
        inverted=tuple(sorted({*rule.inverted, *jump.inverted})),
        other=(*jump.other, *rule.other),
    )


def _invert(field: str, rule: Rule, answer: Match) -> Match:
    if field not in rule.inverted or answer is Match.MAYBE:
        return answer
    return Match.NO if answer is Match.YES else Match.YES


def _link(pattern: str | None, name: str | None) -> Match:
    if pattern is None or pattern == "+":
        return Match.YES
    if name is None:
        return Match.MAYBE
    return Match.YES if link_matches(pattern, name) else Match.NO


def _address(pattern: str | None, text: str | None) -> Match:
    if pattern is None or to_network(pattern) == to_network("default"):
        return Match.YES
    if text is None:
        return Match.MAYBE
    wide, narrow = to_network(pattern), to_network(text)
    if covers(wide, narrow):
        return Match.YES
    return Match.MAYBE if covers(narrow, wide) else Match.NO


def _word(pattern: str | None, text: str | None) -> Match:
    if pattern is None:
        return Match.YES
    return Match.MAYBE if text is None else (Match.YES if pattern == text else Match.NO)


def _state(states: frozenset[str], state: str | None) -> Match:
    if state is None:
        return Match.MAYBE
    return Match.YES if state in states else Match.NO
