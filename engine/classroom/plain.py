"""Text from somebody else, made fit to be shown: whatever it contains, it is text on one line and moves nothing."""

from __future__ import annotations

import unicodedata
from typing import Any

import msgspec

from engine.messages import Message, render
from engine.network.snapshot import HOST, Snapshot

LONGEST_NAME = 40
"""Characters of a name."""
LONGEST_TEXT = 2000
"""Characters of a message or a command."""
LONGEST_WORDS = 300
"""Characters of a reason."""
_FORMAT_KEPT = "\u200c\u200d"
"""Joiners, which some scripts and emoji are written with."""
_MARKS_AT_MOST = 3
"""Combining marks on one character: more only pile up over the lines above."""


def plain_name(name: str) -> str:
    """A name as it is kept and shown: no control, format or line characters (bidirectional overrides are format
    characters), single blanks, :data:`LONGEST_NAME` characters at most. May be empty."""
    return plain_text(name, LONGEST_NAME)


def plain_text(text: str, longest: int = LONGEST_TEXT) -> str:
    """The text on one line, without what moves a cursor, turns the direction or hides; cut with ``…``."""
    kept: list[str] = []
    marks = 0
    for character in unicodedata.normalize("NFC", text[: longest * 8]):
        category = unicodedata.category(character)
        if character.isspace() or category in ("Zl", "Zp"):
            character = " "
        elif category in ("Cc", "Cs", "Cn", "Co") or (category == "Cf" and character not in _FORMAT_KEPT):
            continue
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if marks <= _MARKS_AT_MOST:
            kept.append(character)
    line = " ".join("".join(kept).split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def plain_snapshot(snapshot: Snapshot | None) -> Snapshot | None:
    """The picture of a network with every text in it made fit to be shown; ``None`` where it is not one of a lab: there
    is always a host."""
    if snapshot is None or all(namespace.name != HOST for namespace in snapshot.namespaces):
        return None
    return msgspec.convert(_plain(msgspec.to_builtins(snapshot)), Snapshot)


def plain_words(message: Message | None, language: str) -> str:
    """A message that came from a seat, in words; what cannot be said properly is left out."""
    if message is None:
        return ""
    try:
        words = render(message, language)
    except (LookupError, ValueError, TypeError, AttributeError, RecursionError, msgspec.MsgspecError):
        return ""
    return plain_text(words.replace("`", ""), LONGEST_WORDS)


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return plain_text(value)
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {_plain(key): _plain(one) for key, one in value.items()}
    return value
