"""What each part of a command is for: the reason for each option, in words of the course. Pure.

A rule is a pattern of words; ``{name}`` stands for any one word and is told to the message, ``$`` for the end of the
command. Rules belong to a program, and the longest that fits wins. What no rule knows stays unexplained: a wrong reason
would be worse than none.
"""

from __future__ import annotations

import re

import msgspec

from engine.messages import Message

_END = "$"
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
_WORD = re.compile(r"""(?:'[^']*'|"[^"]*"|\|\||&&|[|;&]|[^\s'"|;&]+)+?(?=\s|$)""")
JOINTS = {"|": "pipe", "||": "or", "&&": "and", ";": "then", "&": "behind"}
"""What joins commands, and the key of what it is for."""

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
        "ip route $": "route-list",
        "ip route get {address}": "route-get",
        "ip route add default": "route-default",
        "ip route delete default": "route-no-default",
        "via {address}": "via",
        "ip": "ip",
        "-n {name}": "ip-namespace",
        "-netns {name}": "ip-namespace",
        "-br": "brief",
        "-brief": "brief",
        "ip netns $": "netns-list",
        "ip link show {name} $": "link-show",
        "ip address show dev {name}": "address-of",
        "ip route add {address}": "route-add",
        "ip route del {address}": "route-delete",
        "ip route delete {address}": "route-delete",
        "metric {number}": "metric",
        "ip netns del {name}": "netns-delete",
        "ip link del {name}": "link-delete",
        "ip link delete {name}": "link-delete",
        "link set dev {name}": "link-set",
        "link set {name}": "link-set",
        "down": "down",
        "nomaster": "nomaster",
        **dict.fromkeys(("ip link $", "ip link show $", "ip l $", "l $", "link $", "link show $"), "link-list"),
        **dict.fromkeys(("ip address $", "ip addr $", "ip a $", "a $", "address $", "addr $"), "address-list"),
        **dict.fromkeys(("ip -br a $", "ip -br addr $", "ip -br address $", "ip -brief address $"), "address-brief"),
        **dict.fromkeys(("ip addr add {address}", "ip a add {address}", "ip a a {address}"), "address-add"),
        **dict.fromkeys(("address add {address}", "addr add {address}"), "address-add"),
        **dict.fromkeys(("ip addr del {address}", "ip address del {address}"), "address-delete"),
        **dict.fromkeys(("ip route show $", "ip r $", "r $", "route $", "route list $"), "route-list"),
        "route add default": "route-default",
        "ip route replace default": "route-replace",
        "ip route del default": "route-no-default",
        **dict.fromkeys(("ip neighbour $", "ip neigh $", "ip n $", "neigh $", "neighbour $"), "neighbour-list"),
    },
    "bridge": {
        "bridge link": "bridge-link",
        "bridge fdb show": "bridge-fdb",
        "br {name}": "bridge-of",
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
        "-A {chain}": "append",
        "-I {chain}": "insert",
        "--insert {chain}": "insert",
        "-D {chain}": "delete",
        "-D {chain} {number}": "delete-number",
        "--delete {chain} {number}": "delete-number",
        "-P {chain} {policy}": "policy",
        "--policy {chain} {policy}": "policy",
        **dict.fromkeys(("-S", "--list-rules"), "rules"),
        **dict.fromkeys(("-S {chain}", "--list-rules {chain}"), "rules-of"),
        **dict.fromkeys(("-L", "--list"), "rules-table"),
        **dict.fromkeys(("-L {chain}", "--list {chain}"), "rules-table-of"),
        **dict.fromkeys(("-v", "--verbose"), "rules-verbose"),
        **dict.fromkeys(("-n", "--numeric"), "rules-numeric"),
        "-t {table}": "table",
        "-i {name}": "in",
        "-o {name}": "out",
        **dict.fromkeys(("-s {address}", "--source {address}"), "from"),
        **dict.fromkeys(("-d {address}", "--destination {address}"), "for"),
        **dict.fromkeys(("-p {protocol}", "--protocol {protocol}"), "protocol"),
        **dict.fromkeys(("--dport {port}", "--destination-port {port}"), "dport"),
        **dict.fromkeys(("-m conntrack", "--match conntrack", "-m state"), "match-conntrack"),
        **dict.fromkeys(("--ctstate {states}", "--state {states}"), "ctstate"),
        "-j ACCEPT": "accept",
        **dict.fromkeys(("-j DROP", "--jump DROP"), "drop"),
        **dict.fromkeys(("-j REJECT", "--jump REJECT"), "reject"),
        "-j MASQUERADE": "masquerade",
        **dict.fromkeys(("-j SNAT", "--jump SNAT"), "snat"),
        "--to-source {address}": "to-source",
        **dict.fromkeys(("-j DNAT", "--jump DNAT"), "dnat"),
        "--to-destination {address}": "to-destination",
        "!": "not",
    },
    "iptables-save": {
        "iptables-save": "iptables-save",
        "--table {table}": "table",
        "--counters": "counters",
        "-t {table}": "table",
        "-c": "counters",
    },
    "python3": {"python3 -m http.server {port}": "http-server"},
    "curl": {
        "curl": "curl-alone",
        "curl {url}": "curl",
        **dict.fromkeys(("-s", "--silent"), "curl-silent"),
        **dict.fromkeys(("-I", "--head"), "curl-head"),
        "-sI": "curl-silent-head",
        **dict.fromkeys(("-v", "--verbose"), "curl-verbose"),
        **dict.fromkeys(("-m {seconds}", "--max-time {seconds}"), "curl-time"),
        "{url}": "curl-url",
    },
    "dig": {"dig": "dig", "+short": "dig-short", "@{server}": "dig-server", "{host}": "dig-name"},
    "ping": {
        "ping": "ping",
        **dict.fromkeys(("-c {count}", "-c{count}"), "ping-count"),
        "-I {name}": "ping-from",
        **dict.fromkeys(("-W {seconds}", "-W{seconds}"), "ping-patience"),
        **dict.fromkeys(("-w {seconds}", "-w{seconds}"), "ping-deadline"),
        **dict.fromkeys(("-i {seconds}", "-i{seconds}"), "ping-interval"),
        "-n": "ping-numeric",
        "-q": "ping-quiet",
        "{host}": "ping-host",
    },
    "ss": {
        "ss": "ss",
        "-ltnp": "ss-ltnp",
        "-ltn": "ss-ltn",
        "--listening": "ss-listening",
        "--numeric": "ss-numeric",
        "--udp": "ss-udp",
        "-tlnp": "ss-ltnp",
        "-tln": "ss-ltn",
        "-l": "ss-listening",
        "-n": "ss-numeric",
        "-u": "ss-udp",
        **dict.fromkeys(("-t", "--tcp"), "ss-tcp"),
        **dict.fromkeys(("-a", "--all"), "ss-all"),
        **dict.fromkeys(("-p", "--processes"), "ss-processes"),
    },
    "tcpdump": {
        "tcpdump": "tcpdump",
        "-i {name}": "tcpdump-device",
        "-ni {name}": "tcpdump-device",
        "-n": "tcpdump-numeric",
        "-c {count}": "tcpdump-count",
        "-e": "tcpdump-frames",
        **dict.fromkeys(("icmp", "arp", "tcp", "udp"), "tcpdump-kind"),
        "port {port}": "tcpdump-port",
        "host {address}": "tcpdump-host",
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


def words_of(command: str) -> list[str]:
    """The words of a command line, quotes kept; what joins commands is a word of its own."""
    words: list[str] = []
    for word in _WORD.findall(command.replace("\\\n", " ")):
        ends = len(word) > 1 and word.endswith(";") and not word.endswith("\\;")
        words += [word[:-1], ";"] if ends else [word]
    return words


def reasons(command: str) -> tuple[Reason, ...]:
    """The parts of ``command``, in order."""
    words = words_of(command)
    found: list[Reason] = []
    program = ""
    at = 0
    while at < len(words):
        if words[at] in JOINTS:
            found.append(Reason(words[at], Message(f"reasons.{JOINTS[words[at]]}", {})))
            program, at = "", at + 1
            continue
        if not program and words[at] != "sudo" and not _ASSIGNMENT.match(words[at]):
            program = words[at]
        length, key, values = _longest(RULES.get(program, {}), words[at:])
        if found and found[-1].words is None and found[-1].part.startswith("-") and words[at] in values.values():
            length, key = 1, ""  # what an unknown option takes is not the program's own word
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
        if parts[-1] == _END:
            parts = parts[:-1]
            if words[len(parts) : len(parts) + 1] and words[len(parts)] not in JOINTS:
                continue
        if len(parts) > len(words) or any(word in JOINTS for word in words[: len(parts)]):
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
