"""Turns of phrase that several checks share. All words are in ``assets/messages/verify.*.yaml``."""

from __future__ import annotations

from collections.abc import Sequence

from engine.messages import Message
from engine.network.snapshot import HOST

LONGEST_QUOTE = 60
LONGEST_RULE = 90
"""A rule is to be read to its end: one may have to type it again."""


def say(key: str, **params: object) -> Message:
    """The message ``verify.<key>``."""
    return Message(f"verify.{key}", params)


def place(namespace: object) -> Message:
    """*On the host*, *in `netns_dustin`*; of a list: in one of them."""
    if namespace == HOST:
        return say("place.host")
    if namespace in ("?", "*"):
        return say("place.unknown")
    return say("place.namespace", namespace=either(namespace))


def origin(namespace: object) -> Message:
    """*From the host*, *from `netns_dustin`*."""
    return say("origin.host") if namespace == HOST else say("origin.namespace", namespace=either(namespace))


def listed(parts: Sequence[object]) -> object:
    """The parts with commas between them."""
    whole = parts[0]
    for part in parts[1:]:
        whole = say("list.comma", first=whole, second=part)
    return whole


def either(value: object) -> object:
    """A field's value as words; of a list any one will do: *a or b*."""
    if not isinstance(value, (list, tuple)):
        return str(value)
    whole: object = str(value[0])
    for one in value[1:]:
        whole = say("list.either", first=whole, second=str(one))
    return whole


def quote(text: str, longest: int = LONGEST_QUOTE) -> str:
    """The text on one line, cut where it would take more than a line or two of a narrow pane; no backticks."""
    line = " ".join(text.replace("`", "'").split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"
