"""Which program and subcommand a command line is about, and where its manual is. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

import msgspec

PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*|\[")
"""Names that are looked up: a program of the system, or a word of bash."""
_SYSTEM = ("/bin/", "/sbin/", "/usr/")
ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")

OBJECTS = {
    "ip": (
        *("address", "addrlabel", "maddress", "route", "rule", "neighbour", "ntable", "link", "l2tp", "macsec"),
        *("tunnel", "tuntap", "token", "tcp_metrics", "monitor", "xfrm", "mroute", "mrule", "netns", "netconf", "vrf"),
        *("nexthop", "stats"),
    ),
    "bridge": ("link", "fdb", "mdb", "vlan", "vni", "monitor"),
}
"""What stands behind the program's name, in the order in which iproute2 completes it (``ip l`` is ``ip link``)."""
_OTHER_NAMES = {"neighbor": "neighbour", "neigh": "neighbour", "addr": "address", "lst": "list", "ls": "list"}
VERBS = (
    *("add", "append", "attach", "change", "delete", "exec", "flush", "get", "help", "identify", "list", "monitor"),
    *("pids", "replace", "save", "set", "show"),
)
_WITH_VALUE = ("-n", "-netns", "-f", "-family", "-b", "-batch", "-rc", "-rcvbuf", "-l", "-loops")
"""Options of iproute2 that take the next word."""

HELP = {
    "curl": ("--help", "all"),
    "dig": ("-h",),
    "ping": ("-h",),
    "top": ("-h",),
}
"""What makes a program print its options, where ``--help`` does not."""
_EXTENSIONS = "iptables-extensions"


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """One program as it is used."""

    program: str
    pages: tuple[str, ...]
    """Names of manual pages, the one that fits best first."""
    help: tuple[str, ...]
    """The command that prints a short help."""
    phrase: str = ""
    """The program with its subcommand written in full, as manual pages head their parts: ``ip link set``."""


def subject(words: Sequence[str]) -> Subject | None:
    """The subject of the command that ``words`` begin with (no ``sudo``, no pipe); ``None`` if it names none."""
    program = _name(words[0]) if words else None
    if program is None:
        return None
    if program in OBJECTS:
        return _iproute(program, words[1:])
    if re.fullmatch(r"python3?(\.\d+)?", program) and list(words[1:3]) == ["-m", "http.server"]:
        return Subject(
            program=program,
            pages=tuple(dict.fromkeys((program, "python3"))),
            help=(program, "-m", "http.server", "--help"),
        )
    pages = tuple(dict.fromkeys((program, *(("iptables",) if program.startswith("iptables") else ()))))
    return Subject(program=program, pages=pages, help=(program, *HELP.get(program, ("--help",))))


def extended(base: Subject) -> Subject:
    """The same of iptables, for what is described with its extensions: ``--jump MASQUERADE``, ``--match conntrack``."""
    return msgspec.structs.replace(base, pages=(_EXTENSIONS, *base.pages))


def _name(word: str) -> str | None:
    path = PurePosixPath(word.strip("'\""))
    if "/" in word and not word.startswith(_SYSTEM):
        return None  # a program of the learner's own is not run for its help
    return path.name if PLAIN.fullmatch(path.name) else None


def _iproute(program: str, words: Sequence[str]) -> Subject:
    """``ip -n NAME link set …``: the object and what is done to it, both perhaps abbreviated."""
    plain: list[str] = []
    skip = False
    for word in words:
        if skip or word.startswith("-"):
            skip = not skip and word in _WITH_VALUE
        else:
            plain.append(word)
    full = _expand(plain[0], OBJECTS[program]) if plain else None
    if full is None:
        return Subject(program=program, pages=(program,), help=(program, "help"))
    verb = _expand(plain[1], VERBS) if len(plain) > 1 else None
    pages = (f"{program}-{full}", program) if program == "ip" else (program,)
    phrase = f"{program} {full} {verb or ('show' if len(plain) == 1 else '')}".strip()
    return Subject(program=program, pages=pages, help=(program, full, "help"), phrase=phrase)


def _expand(word: str, names: Sequence[str]) -> str | None:
    word = _OTHER_NAMES.get(word, word)
    return next((name for name in names if name.startswith(word)), None)
