"""How long a room needs to read something, in English and in Chinese."""

from __future__ import annotations

import re

WORD_SECONDS = 60 / 230
"""English: 230 words a minute, the mean of silent reading of prose (Brysbaert 2019, 238) and a little care."""
CHARACTER_SECONDS = 60 / 350
"""Chinese: 350 characters a minute, towards the careful end of what studies of silent reading find."""
LINE_SECONDS = 0.5
"""A line of output is looked at, not read."""
LEAST_SECONDS = 1.0

_COMMENT = re.compile(r"<!--.*?-->|</?\w[^>]*>", re.DOTALL)
_FENCE = re.compile(r"^(```|~~~).*?^\1", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_WORD = re.compile(r"[^\s\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]+")
"""What stands between blanks, Chinese characters and their punctuation."""


def reading_seconds(text: str) -> float:
    """Seconds for reading Markdown at speed 1; 0 for nothing."""
    bare = _COMMENT.sub(" ", text)
    lines = sum(max(1, fence.group().count("\n") - 1) for fence in _FENCE.finditer(bare))
    words = _LINK.sub(r"\1", _FENCE.sub(" ", bare))
    seconds = lines * LINE_SECONDS
    seconds += len(_CHINESE.findall(words)) * CHARACTER_SECONDS + _words(words) * WORD_SECONDS
    return max(LEAST_SECONDS, seconds) if seconds else 0.0


def _words(text: str) -> int:
    return sum(any(character.isalnum() for character in word) for word in _WORD.findall(text))


def looking_seconds(lines: int, *, changes: bool) -> float:
    """Seconds for looking at what a command printed, and at what it changed elsewhere on the screen."""
    return (2.2 if changes else 1.2) + min(lines, 12) * 0.25
