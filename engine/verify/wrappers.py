"""Programs that run another program: which words are theirs, and where the other one then works."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

UNKNOWN = "?"
"""A network namespace without a name, or one that the words alone do not tell."""
EACH = "*"
"""Each named namespace in turn (``ip -all netns exec``)."""

_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*\+?=")
_NAMED = re.compile(r"/(?:var/)?run/netns/([^/]+)")


@dataclass(frozen=True)
class Inner:
    """What a wrapper runs: words of a command, or the text of a script, and the namespace if it enters one."""

    words: tuple[str, ...] = ()
    script: str | None = None
    namespace: str | None = None


@dataclass(frozen=True)
class _Options:
    short: str = ""
    """Letters whose option takes a value."""
    long: frozenset[str] = frozenset()
    """Long names whose option takes a value as the next word."""
    operands: int = 0
    """Words between the options and the command."""


def _long(names: str) -> frozenset[str]:
    return frozenset(names.split())


_PLAIN = {
    "sudo": _Options("ugpCDhrtTUR", _long("user group prompt close-from chdir host role type command-timeout chroot")),
    "doas": _Options("uC"),
    "env": _Options("uCS", _long("unset chdir")),
    "timeout": _Options("ks", _long("kill-after signal"), operands=1),
    "time": _Options("fo", _long("format output")),
    "nice": _Options("n", _long("adjustment")),
    "nohup": _Options(),
    "setsid": _Options(),
    "setpriv": _Options("", _long("reuid regid groups inh-caps ambient-caps bounding-set pdeathsig")),
    "stdbuf": _Options("ioe", _long("input output error")),
    "exec": _Options("a"),
    "builtin": _Options(),
    "xargs": _Options("aEIdLnPs", _long("arg-file delimiter max-args max-lines max-procs replace max-chars")),
    "busybox": _Options(),
}
_SHELLS = frozenset({"bash", "sh", "dash", "ash", "zsh", "ksh"})


def unwrap(words: tuple[str, ...]) -> Inner | None:
    """What the wrapper ``words[0]`` runs; ``None`` if the program is no wrapper or runs nothing else here."""
    program = words[0].rsplit("/", 1)[-1]
    if program in _PLAIN:
        return _inner(_after_options(words, _PLAIN[program]))
    if program in _SHELLS:
        return _shell(words)
    special = _SPECIAL.get(program)
    return special(words) if special else None


def without_assignments(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words behind leading ``NAME=value``."""
    at = 0
    while at < len(words) and _ASSIGNMENT.match(words[at]):
        at += 1
    return words[at:]


def ip_namespace(words: tuple[str, ...]) -> tuple[int, str | None]:
    """Where ``ip``'s object stands among its words, and the namespace of ``-n NAME`` (``*`` for ``-all``).

    As iproute2 reads them (``ip.c``): options may be cut short, and may have one more dash.
    """
    at, namespace = 1, None
    while at < len(words) and words[at].startswith("-"):
        name = words[at][1:].removeprefix("-")
        at += 1
        if not name:
            break
        if name == "n" or (len(name) > 2 and "netns".startswith(name)):
            namespace = words[at] if at < len(words) else None
            at += 1
        elif "all".startswith(name):
            namespace = EACH
        elif any(full.startswith(name) for full in ("family", "batch", "loops", "rcvbuf")):
            at += 1
    return at, namespace


def _ip(words: tuple[str, ...]) -> Inner | None:
    at, every = ip_namespace(words)
    rest = words[at:]
    if len(rest) < 2 or len(rest[0]) < 3 or not "netns".startswith(rest[0]) or not "exec".startswith(rest[1]):
        return None
    if every == EACH:
        return Inner(rest[2:], namespace=EACH)
    return Inner(rest[3:], namespace=rest[2]) if len(rest) > 2 else None


def _nsenter(words: tuple[str, ...]) -> Inner:
    namespace = None
    target = None
    at = 1
    while at < len(words) and words[at].startswith("-"):
        word = words[at]
        at += 1
        if word == "--":
            break
        name, _, value = word.partition("=")
        if name == "--net" or (word.startswith("-n") and not word.startswith("--")):
            value = value if name == "--net" else word[2:].removeprefix("=")
            named = _NAMED.fullmatch(value)
            namespace = named[1] if named else UNKNOWN
        elif name in ("-a", "--all"):
            namespace = UNKNOWN
        elif name in ("-t", "--target") or re.fullmatch(r"-t\d+", word):
            attached = value or (word[2:] if re.fullmatch(r"-t\d+", word) else "")
            target = attached or (words[at] if at < len(words) else "")
            at += 0 if attached else 1
        elif name in ("-S", "-G", "-W", "--setuid", "--setgid", "--wdns") and not value:
            at += 1
        elif not word.startswith("--") and "n" in word[1:]:  # in a cluster: -Un
            namespace = UNKNOWN
    if namespace == UNKNOWN and target:
        namespace = f"pid:{target}"
    return Inner(words[at:], namespace=namespace)


def _unshare(words: tuple[str, ...]) -> Inner:
    options = _Options("SGwR", _long("setuid setgid wd root map-user map-group map-users map-groups propagation"))
    rest = _after_options(words, options)
    own = words[1 : len(words) - len(rest)]
    net = any(one.startswith("--net") or (re.fullmatch(r"-[A-Za-z]+", one) and "n" in one) for one in own)
    return Inner(rest, namespace=UNKNOWN if net else None)


def _shell(words: tuple[str, ...]) -> Inner | None:
    for at, word in enumerate(words[1:], 1):
        if re.fullmatch(r"-[a-zA-Z]*c[a-zA-Z]*", word):
            rest = [one for one in words[at + 1 :] if not one.startswith("-")]
            return Inner(script=rest[0] if rest else "")
        if not word.startswith(("-", "+")):
            return None
    return None


def _su(words: tuple[str, ...]) -> Inner | None:
    for at, word in enumerate(words[1:-1], 1):
        if word in ("-c", "--command"):
            return Inner(script=words[at + 1])
    return None


def _command(words: tuple[str, ...]) -> Inner | None:
    if len(words) > 1 and words[1] in ("-v", "-V"):
        return None
    return _inner(_after_options(words, _Options()))


def _eval(words: tuple[str, ...]) -> Inner:
    return Inner(script=" ".join(words[1:]))


def _watch(words: tuple[str, ...]) -> Inner:
    rest = _after_options(words, _Options("nq", _long("interval equexit")))
    return Inner(script=" ".join(rest))


def _script(words: tuple[str, ...]) -> Inner | None:
    at = next((at for at, word in enumerate(words) if re.fullmatch(r"-[a-z]*c|--command", word)), None)
    return Inner(script=words[at + 1]) if at is not None and at + 1 < len(words) else None


_SPECIAL: dict[str, Callable[[tuple[str, ...]], Inner | None]] = {
    "ip": _ip,
    "nsenter": _nsenter,
    "unshare": _unshare,
    "su": _su,
    "command": _command,
    "eval": _eval,
    "watch": _watch,
    "script": _script,
}


def _inner(words: tuple[str, ...]) -> Inner:
    return Inner(without_assignments(words))


def _after_options(words: tuple[str, ...], options: _Options) -> tuple[str, ...]:
    at = 1
    while at < len(words) and words[at].startswith("-") and words[at] != "-":
        word = words[at]
        at += 1
        if word == "--":
            break
        if word.startswith("--"):
            at += 1 if word[2:] in options.long else 0
        else:
            valued = next((place for place, letter in enumerate(word[1:], 1) if letter in options.short), None)
            at += 1 if valued == len(word) - 1 else 0
    if options.operands:
        at += options.operands
    return without_assignments(words[at:])
