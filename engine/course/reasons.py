"""What each part of a command is for: the reason for each option, in words of the course. Pure.

A rule is a pattern of words; ``{name}`` stands for any one word and is told to the message. Rules belong to a program,
and the longest that fits wins. What no rule knows stays unexplained: a wrong reason would be worse than none.
"""

from __future__ import annotations

import re

import msgspec

from engine.messages import Message

_WORD = re.compile(r"""(?:'[^']*'|"[^"]*"|\|\||&&|[|;&]|[^\s'"|;&]+)+?(?=\s|$)""")
_JOINTS = {"|": "pipe", "||": "or", "&&": "and", ";": "then", "&": "behind"}

RULES: dict[str, dict[str, str]] = {
    "": {"sudo": "sudo"},  # whatever follows it
    "ip": {
        "ip netns exec {name}": "netns-exec",
        "ip netns add {name}": "netns-add",
        "ip netns delete {name}": "netns-delete",
        "ip netns list": "netns-list",
        "ip link add dev {name}": "link-add",
        "ip link add {name}": "link-add",
        "type veth": "type-veth",
        "peer name {name}": "peer-name",
        "type bridge": "type-bridge",
        "ip link set dev {name}": "link-set",
        "ip link set {name}": "link-set",
        "ip link delete dev {name}": "link-delete",
        "ip link list": "link-list",
        "ip link show dev {name}": "link-show",
        "up": "up",
        "netns {name}": "netns",
        "master {name}": "master",
        "ip address add {address}": "address-add",
        "ip address delete {address}": "address-delete",
        "ip address list": "address-list",
        "ip -brief address show": "address-brief",
        "to {address}": "address-to",
        "dev {name}": "dev",
        "ip route list": "route-list",
        "ip route": "route-list",
        "ip route get {address}": "route-get",
        "ip route add default": "route-default",
        "ip route delete default": "route-no-default",
        "via {address}": "via",
    },
    "iptables": {
        "iptables": "iptables",
        "--append {chain}": "append",
        "--delete {chain}": "delete",
        "--table {table}": "table",
        "--in-interface {name}": "in",
        "--out-interface {name}": "out",
        "--jump ACCEPT": "accept",
        "--jump MASQUERADE": "masquerade",
    },
    "iptables-save": {
        "iptables-save": "iptables-save",
        "--table {table}": "table",
        "--counters": "counters",
    },
    "python3": {"python3 -m http.server {port}": "http-server"},
    "curl": {"curl {url}": "curl"},
    "ping": {"ping": "ping", "-c {count}": "ping-count", "-I {name}": "ping-from", "{host}": "ping-host"},
    "ss": {
        "ss": "ss",
        "-ltnp": "ss-ltnp",
        "-ltn": "ss-ltn",
        "--listening": "ss-listening",
        "--numeric": "ss-numeric",
        "--udp": "ss-udp",
    },
    "sysctl": {
        "sysctl -p": "sysctl-file",
        "sysctl -w {setting}": "sysctl-write",
        "sysctl {setting}": "sysctl-read",
    },
    "echo": {"echo {text}": "echo"},
    "tee": {"tee {path}": "tee", "tee -a {path}": "tee-append"},
    "cat": {"cat {path}": "cat"},
    "grep": {"grep {pattern}": "grep", "{path}": "file"},
    "sed": {"sed -i {script}": "sed-delete", "{path}": "file"},
    "mkdir": {"mkdir -p {path}": "mkdir"},
    "rm": {"rm -rf {path}": "rm"},
    "readlink": {"readlink {path}": "readlink"},
    "nsenter": {"nsenter --net={path}": "nsenter"},
}
_RUN_ANOTHER = {"sudo", "netns-exec", "nsenter"}
"""After these another program's command line begins."""


class Reason(msgspec.Struct, frozen=True):
    """A part of a command line as typed, and what it is for; ``None`` if no rule knows it."""

    part: str
    words: Message | None


def reasons(command: str) -> tuple[Reason, ...]:
    """The parts of ``command``, in order."""
    words = _WORD.findall(command.replace("\\\n", " "))
    found: list[Reason] = []
    program = ""
    at = 0
    while at < len(words):
        if words[at] in _JOINTS:
            found.append(Reason(words[at], Message(f"reasons.{_JOINTS[words[at]]}", {})))
            program, at = "", at + 1
            continue
        if not program and words[at] != "sudo":
            program = words[at]
        length, key, values = _longest(RULES.get(program, {}), words[at:])
        part = " ".join(words[at : at + max(1, length)])
        found.append(Reason(part, Message(f"reasons.{key}", values) if key else None))
        if key in _RUN_ANOTHER:
            program = ""
        at += max(1, length)
    return tuple(found)


def _longest(rules: dict[str, str], words: list[str]) -> tuple[int, str, dict[str, str]]:
    """How many words the best rule takes, its key, and what its placeholders stand for."""
    best: tuple[int, int, str, dict[str, str]] = (0, 0, "", {})
    for pattern, key in rules.items():
        parts = pattern.split()
        if len(parts) > len(words) or any(word in _JOINTS for word in words[: len(parts)]):
            continue
        values: dict[str, str] = {}
        for part, word in zip(parts, words, strict=False):
            value = _value(part, word)
            if value is None:
                break
            values |= value
        else:
            rank = (len(parts), len(parts) - len(values), key, values)
            if rank[:2] > best[:2]:
                best = rank
    return best[0], best[2], best[3]


def _value(part: str, word: str) -> dict[str, str] | None:
    """The placeholder that ``word`` fills, none if it is the word itself, ``None`` if it is another."""
    before, brace, rest = part.partition("{")
    if not brace:
        return {} if part == word else None
    name = rest.rstrip("}")
    value = word.removeprefix(before)
    if not word.startswith(before) or not value or (not before and value.startswith("-")):
        return None
    return {name: value.strip("'\"")}
