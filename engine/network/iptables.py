"""Reads what ``iptables-save -c`` prints: tables, chains with their policies, rules with their meaning.

A rule is understood by what it says, not by how it was typed: ``iptables-save`` has already put its options into one
form, and the interfaces, addresses, protocol and jump are told apart from everything else (``other``).
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field

from engine.network.snapshot import Chain, Rule

_CHAIN = re.compile(r":(?P<name>\S+) (?P<policy>\S+)(?: \[(?P<packets>\d+):(?P<bytes>\d+)\])?$")
_RULE = re.compile(r"(?:\[(?P<packets>\d+):(?P<bytes>\d+)\] )?-A (?P<chain>\S+)(?: (?P<text>.*))?$")

_FIELDS = {
    "-i": "in_link",
    "--in-interface": "in_link",
    "-o": "out_link",
    "--out-interface": "out_link",
    "-s": "source",
    "--source": "source",
    "--src": "source",
    "-d": "destination",
    "--destination": "destination",
    "--dst": "destination",
    "-p": "protocol",
    "--protocol": "protocol",
    "-j": "jump",
    "--jump": "jump",
}


@dataclass(slots=True)
class Meaning:
    """What the words of one rule say."""

    fields: dict[str, str] = field(default_factory=dict)
    inverted: tuple[str, ...] = ()
    other: tuple[str, ...] = ()


def parse_save(text: str, *, variant: str) -> tuple[tuple[Chain, ...], tuple[Rule, ...]]:
    """The chains and rules of an ``iptables-save`` output, in its order.

    ``variant`` (``nft`` or ``legacy``) says whose output it is. Lines of no known form (comments, warnings) are passed
    over: the picture then lacks what cannot be understood, and nothing fails.
    """
    chains: list[Chain] = []
    rules: list[Rule] = []
    table = ""
    for line in text.splitlines():
        line = line.strip()
        if line.startswith("*"):
            table = line[1:]
        elif found := _CHAIN.match(line):
            chains.append(
                Chain(
                    table=table,
                    name=found["name"],
                    policy=None if found["policy"] == "-" else found["policy"],
                    packets=int(found["packets"] or 0),
                    bytes=int(found["bytes"] or 0),
                    variant=variant,
                )
            )
        elif found := _RULE.match(line):
            words = found["text"] or ""
            meaning = read_rule(words)
            rules.append(
                Rule(
                    table=table,
                    chain=found["chain"],
                    text=words,
                    in_link=meaning.fields.get("in_link"),
                    out_link=meaning.fields.get("out_link"),
                    source=meaning.fields.get("source"),
                    destination=meaning.fields.get("destination"),
                    protocol=meaning.fields.get("protocol"),
                    jump=meaning.fields.get("jump"),
                    inverted=meaning.inverted,
                    other=meaning.other,
                    packets=int(found["packets"] or 0),
                    bytes=int(found["bytes"] or 0),
                    variant=variant,
                )
            )
    return tuple(chains), tuple(rules)


def read_rule(text: str) -> Meaning:
    """What the part of a rule after ``-A CHAIN`` says."""
    meaning = Meaning()
    inverted: list[str] = []
    other: list[str] = []
    words = _words(text)
    position = 0
    while position < len(words):
        negated = words[position] == "!" and position + 1 < len(words)
        option = words[position + 1] if negated else words[position]
        name = _FIELDS.get(option)
        value_at = position + (2 if negated else 1)
        if name is None or value_at >= len(words) or name in meaning.fields:
            other.append(words[position])
            position += 1
            continue
        value = words[value_at]
        if value == "!" and value_at + 1 < len(words):  # the form of old versions: -i ! eth0
            negated, value_at = True, value_at + 1
            value = words[value_at]
        meaning.fields[name] = value
        if negated:
            inverted.append(name)
        position = value_at + 1
    meaning.inverted = tuple(sorted(inverted))
    meaning.other = tuple(other)
    return meaning


def _words(text: str) -> list[str]:
    """The words of a rule; ``iptables-save`` quotes as a shell does (comments, log prefixes)."""
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()
