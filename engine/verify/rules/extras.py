"""What a rule says beyond interfaces, addresses and protocol: does it narrow the rule, and how?"""

from __future__ import annotations

from dataclasses import dataclass

from engine.network.snapshot import Rule

_HARMLESS_VALUES = frozenset(
    {
        "--comment",
        "--to-source",
        "--to-destination",
        "--to-ports",
        "--reject-with",
        "--log-prefix",
        "--log-level",
        "--set-mark",
        "--set-xmark",
    }
)
"""Options with a value that say nothing about which packets are meant."""
_HARMLESS_FLAGS = frozenset({"--random", "--random-fully", "--persistent"})
_HARMLESS_MODULES = frozenset({"comment", "state", "conntrack", "tcp", "udp", "icmp", "physdev"})
_STATES = frozenset({"--state", "--ctstate"})
ALL_STATES = frozenset({"NEW", "ESTABLISHED", "RELATED", "INVALID", "UNTRACKED"})


@dataclass(frozen=True)
class Extras:
    """``states`` are those of connection tracking that the rule is for (``None``: any); ``bridged``: it is for what
    crosses a bridge (``--physdev-is-bridged``); ``narrowing``: words of matches that leave out more."""

    states: frozenset[str] | None = None
    bridged: bool = False
    narrowing: tuple[str, ...] = ()

    @property
    def new_and_old(self) -> bool:
        """Whether connections can begin and go on."""
        return self.states is None or {"NEW", "ESTABLISHED"} <= self.states


def extras(rule: Rule) -> Extras:
    """The meaning of ``rule.other``."""
    states: frozenset[str] | None = None
    bridged = False
    narrowing: list[str] = []
    words = list(rule.other)
    while words:
        word = words.pop(0)
        negated = word == "!"
        if negated and words:
            word = words.pop(0)
        if word in _STATES and words:
            named = frozenset(words.pop(0).upper().split(","))
            states = ALL_STATES - named if negated else named
        elif (word in _HARMLESS_VALUES and words) or (word == "-m" and words and words[0] in _HARMLESS_MODULES):
            words.pop(0)
        elif word == "--physdev-is-bridged" and not negated:
            bridged = True
        elif word not in _HARMLESS_FLAGS:
            narrowing += ["!", word] if negated else [word]
    return Extras(states, bridged, tuple(narrowing))
