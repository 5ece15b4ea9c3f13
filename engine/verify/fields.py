"""The fields of each kind of check: which there are, what they may be, and what an author has to mend.

A field of words may be a list, of which any one will do; :func:`variants` takes such a check apart.
"""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.course.model import Check
from engine.verify.networks import to_interface, to_network

NATIVE_LISTS = frozenset({"program", "shows", "words", "expect"})
"""Fields that a kind reads as a list itself."""

EXPECTATIONS = {
    "ping": ("reply", "no-reply", "no-route", "unknown-name", "failure"),
    "curl": ("ok", "refused", "no-route", "timeout", "unknown-name", "failure"),
    "dig": ("answer", "failure"),
    "connect": ("open", "refused", "no-route", "timeout", "failure"),
}
"""What each probe may be expected to come to; the first is success, and what is meant where nothing is said."""
EXITS = ("failure", "running")
POLICIES = ("ACCEPT", "DROP")


def variants(fields: dict[str, Any]) -> list[dict[str, Any]]:
    """The checks without lists of which one has to hold (for ``absent``: all)."""
    lists = {name: value for name, value in fields.items() if isinstance(value, list) and name not in NATIVE_LISTS}
    if not lists:
        return [fields]
    return [fields | dict(zip(lists, choice, strict=True)) for choice in itertools.product(*lists.values())]


@dataclass(frozen=True)
class Field:
    """``test`` answers with what is wrong with a value, ``None`` if nothing is."""

    test: Callable[[Any], str | None]
    many: bool = True
    """A list is allowed."""
    required: bool = False

    def problem(self, value: Any) -> str | None:
        if isinstance(value, list):
            if not self.many:
                return "cannot be a list"
            if not value:
                return "is an empty list"
            return next((wrong for one in value if (wrong := self.test(one))), None)
        return self.test(value)


def _text(value: Any) -> str | None:
    return None if isinstance(value, str) and value.strip() else f"must be text, not {value!r}"


def _flag(value: Any) -> str | None:
    return None if isinstance(value, bool) else f"must be true or false, not {value!r}"


def _number(value: Any) -> str | None:
    good = isinstance(value, int) and not isinstance(value, bool) and 0 < value < 65536
    return None if good else f"must be a port, 1 to 65535, not {value!r}"


def _scalar(value: Any) -> str | None:
    return None if isinstance(value, (str, int)) else f"must be a number or text, not {value!r}"


def _address(value: Any) -> str | None:
    try:
        to_interface(value)
    except (ValueError, TypeError, AttributeError):
        return f"must be an address, not {value!r}"
    return None


def _prefixed(value: Any) -> str | None:
    return _address(value) or (None if "/" in value else f"must have its prefix ({value}/24), not {value!r}")


def _network(value: Any) -> str | None:
    try:
        to_network(value)
    except (ValueError, TypeError, AttributeError):
        return f"must be a prefix such as 10.0.0.0/24, or default, not {value!r}"
    return None


def _regex(value: Any) -> str | None:
    try:
        re.compile(value)
    except (re.error, TypeError) as error:
        return f"must be a regular expression, not {value!r}: {error}"
    return None


def _exit(value: Any) -> str | None:
    good = value in EXITS or (isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 256)
    return None if good else f"must be a number, failure or running, not {value!r}"


def _one_of(*words: str) -> Callable[[Any], str | None]:
    return lambda value: None if value in words else f"must be one of {', '.join(words)}, not {value!r}"


_TEXT, _NEEDED, _FLAG = Field(_text), Field(_text, required=True), Field(_flag, many=False)
_COMMON = {"namespace": _TEXT}
_ABSENT = {"absent": _FLAG}


def _probe(kind: str, **fields: Field) -> dict[str, Field]:
    return {**fields, **_COMMON, "expect": Field(_one_of(*EXPECTATIONS[kind]))}


FIELDS: dict[str, dict[str, Field]] = {
    "namespace": {"name": _NEEDED, **_ABSENT},
    "link": {
        "name": _NEEDED,
        **_COMMON,
        **dict.fromkeys(("kind", "peer", "peer_namespace", "state", "master"), _TEXT),
        "up": _FLAG,
        "carrier": _FLAG,
        **_ABSENT,
    },
    "address": {"address": Field(_prefixed, required=True), "link": _TEXT, **_COMMON, **_ABSENT},
    "route": {
        "to": Field(_network, required=True),
        "via": Field(_address),
        "link": _TEXT,
        **_COMMON,
        "first": _FLAG,
        **_ABSENT,
    },
    "neighbour": {"address": Field(_address, required=True), "link": _TEXT, **_COMMON, **_ABSENT},
    "rule": {
        "table": _TEXT,
        "chain": _NEEDED,
        **dict.fromkeys(("in", "out", "protocol", "jump"), _TEXT),
        **{name: Field(_network) for name in ("source", "destination")},
        **_COMMON,
        **_ABSENT,
    },
    "policy": {"chain": _NEEDED, "policy": Field(_one_of(*POLICIES), required=True), "table": _TEXT, **_COMMON},
    "sysctl": {"name": _NEEDED, "value": Field(_scalar, required=True), **_COMMON},
    "resolver": {"nameserver": Field(_address, required=True), **_COMMON, **_ABSENT},
    "file": {"path": _NEEDED, "line": _TEXT, **_ABSENT},
    "listener": {
        "port": Field(_number, required=True),
        "protocol": Field(_one_of("tcp", "udp")),
        **_COMMON,
        "process": _TEXT,
        **_ABSENT,
    },
    "process": {"command": _NEEDED, **_COMMON, **_ABSENT},
    "ping": _probe("ping", to=_NEEDED),
    "curl": _probe("curl", url=_NEEDED),
    "dig": _probe("dig", name=_NEEDED, server=Field(_address), address=Field(_address)),
    "connect": _probe("connect", to=_NEEDED, port=Field(_number, required=True)),
    "ran": {"program": _TEXT, "shows": Field(_regex), "words": _TEXT, **_COMMON, "exit": Field(_exit)},
}
_RAN_NEEDS = ("program", "shows", "words")


def validate(check: Check) -> list[str]:
    """What is wrong with a check as written, in sentences for its author; empty if nothing is."""
    known = FIELDS.get(check.kind)
    if known is None:
        return [f"there is no kind of check named `{check.kind}`{_meant(check.kind, FIELDS)}"]
    problems = []
    for name, value in check.fields.items():
        field = known.get(name)
        if field is None:
            problems.append(f"`{check.kind}` has no field `{name}`{_meant(name, known)}")
        elif wrong := field.problem(value):
            problems.append(f"`{name}` {wrong}")
    problems += [
        f"`{check.kind}` needs `{name}`" for name, field in known.items() if field.required and name not in check.fields
    ]
    if check.kind == "ran" and not any(name in check.fields for name in _RAN_NEEDS):
        problems.append("`ran` needs at least one of `program`, `shows`, `words`: else any command would do")
    return problems


def _meant(name: str, known: dict[str, Any]) -> str:
    near = difflib.get_close_matches(name, known, 1)
    return f"; did you mean `{near[0]}`?" if near else f"; there are {', '.join(known)}"
