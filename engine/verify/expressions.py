"""Shows a regular expression to somebody who reads no regular expressions: as an example of what it looks for."""

from __future__ import annotations

import re

_PRIVATE = 0xE000
"""Escaped letters are kept apart in Unicode's private use area until the end."""
_ANYTHING = re.compile(r"\[\^?\]?[^\]]*\](?:[+*?]|\{[\d,]*\})*|\.[+*?]*|\\[a-zA-Z][+*?]*|\{[\d,]*\}")
LONGEST = 50


def readable(expression: str) -> str:
    """``\\d+ packets, (?:100|99)%`` becomes ``… packets, 100%``: of alternatives the first, ``…`` for anything."""
    text = re.sub(r"\\([^a-zA-Z0-9])", lambda found: chr(_PRIVATE + ord(found[1]) % 0x100), expression)
    text = _first(re.sub(r"\(\?[aiLmsux]+\)", "", text))
    for _ in range(len(expression)):
        inner = re.search(r"\((\?[:=!<][=!]?)?([^()]*)\)([?*]?)", text)
        if inner is None:
            break
        looks_only = (inner[1] or "?:") != "?:"
        text = text[: inner.start()] + ("" if inner[3] or looks_only else _first(inner[2])) + text[inner.end() :]
        text = _first(text)
    text = _ANYTHING.sub("…", re.sub(r"[\^$]|\\[bBAZ]", "", text))
    text = re.sub(r"(?<=\w)[?]", "", text).replace("+", "").replace("*", "")
    text = re.sub(r"…(\s*…)+", "…", text).strip()
    text = "".join(
        chr(ord(letter) - _PRIVATE) if _PRIVATE <= ord(letter) < _PRIVATE + 0x100 else letter for letter in text
    )
    return (text if len(text) <= LONGEST else text[: LONGEST - 1] + "…") or "…"


def _first(text: str) -> str:
    """The first of alternatives outside of parentheses and brackets."""
    depth, in_class = 0, False
    for at, letter in enumerate(text):
        if letter == "[":
            in_class = True
        elif letter == "]":
            in_class = False
        elif not in_class and letter in "()":
            depth += 1 if letter == "(" else -1
        elif letter == "|" and not depth and not in_class:
            return text[:at]
    return text
