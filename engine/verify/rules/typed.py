"""iptables command lines read as rules: what a learner asked for, whether or not iptables took it."""

from __future__ import annotations

from dataclasses import dataclass

from engine.network.snapshot import Rule

_COMMANDS = {"-A": "append", "-I": "insert", "-D": "delete", "-R": "replace", "-C": "check"}
_MATCHES = {
    "-i": "in_link",
    "-o": "out_link",
    "-s": "source",
    "-d": "destination",
    "-p": "protocol",
    "-j": "jump",
}
_LONG = {
    "--append": "-A",
    "--insert": "-I",
    "--delete": "-D",
    "--replace": "-R",
    "--check": "-C",
    "--in-interface": "-i",
    "--out-interface": "-o",
    "--source": "-s",
    "--src": "-s",
    "--destination": "-d",
    "--dst": "-d",
    "--protocol": "-p",
    "--proto": "-p",
    "--jump": "-j",
    "--table": "-t",
}
_SHORTEST_ABBREVIATION = 3
PROGRAMS = frozenset({"iptables", "iptables-nft", "iptables-legacy", "xtables-nft-multi"})


@dataclass(frozen=True)
class TypedRule:
    """``action`` is ``append``, ``insert``, ``delete``, ``replace`` or ``check``."""

    action: str
    rule: Rule

    @property
    def adds(self) -> bool:
        return self.action in ("append", "insert", "replace")


def typed_rule(words: tuple[str, ...]) -> TypedRule | None:
    """The rule of an iptables command line; ``None`` if it speaks of none (it lists, flushes, sets a policy)."""
    if not words or words[0].rsplit("/", 1)[-1] not in PROGRAMS:
        return None
    action, chain, table = "", "", "filter"
    fields: dict[str, str] = {}
    inverted: list[str] = []
    other: list[str] = []
    negated = False
    pending = [part for word in words[1:] for part in _split(word)]
    while pending:
        word = pending.pop(0)
        option = _short(word)
        value = pending[0] if pending else ""
        if word == "!":
            negated = True
            continue
        if option in _COMMANDS:
            action, chain = _COMMANDS[option], value
            pending = pending[1:]
            if pending and pending[0].isdigit():
                pending = pending[1:]
        elif option == "-t":
            table, pending = value, pending[1:]
        elif option in _MATCHES:
            fields[_MATCHES[option]] = value
            if negated:
                inverted.append(_MATCHES[option])
            pending = pending[1:]
        else:
            other += ["!", word] if negated else [word]
        negated = False
    if not action or not chain:
        return None
    text = " ".join(words[1:])
    rule = Rule(
        table=table,
        chain=chain,
        text=text,
        in_link=fields.get("in_link"),
        out_link=fields.get("out_link"),
        source=fields.get("source"),
        destination=fields.get("destination"),
        protocol=fields.get("protocol"),
        jump=fields.get("jump"),
        inverted=tuple(inverted),
        other=tuple(other),
    )
    return TypedRule(action, rule)


def _split(word: str) -> list[str]:
    """``--table=nat`` and ``-tnat`` as two words."""
    if word.startswith("--") and "=" in word:
        name, _, value = word.partition("=")
        return [name, value]
    if len(word) > 2 and word[0] == "-" and word[1] != "-" and (word[:2] in _MATCHES or word[:2] in (*_COMMANDS, "-t")):
        return [word[:2], word[2:]]
    return [word]


def _short(word: str) -> str:
    """The one-letter option of a long one, which may be cut short as getopt_long(3) allows."""
    if not word.startswith("--"):
        return word
    if word in _LONG:
        return _LONG[word]
    found = {short for name, short in _LONG.items() if name.startswith(word)}
    return found.pop() if len(found) == 1 and len(word) > _SHORTEST_ABBREVIATION else word
