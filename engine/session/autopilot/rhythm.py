"""How a person types: bursts within a word, a breath between words, a moment before Enter. Never a slip."""

from __future__ import annotations

import random
from typing import NamedTuple

START_SECONDS = (0.35, 0.8)
"""Finding the keyboard."""
KEY_SECONDS = (0.035, 0.105)
BURST_SECONDS = (0.018, 0.045)
"""Keys of a familiar group of letters come close together."""
WORD_SECONDS = (0.11, 0.30)
THOUGHT_SECONDS = (0.22, 0.5)
"""After a pipe, a quote, a line's end: what comes next has to be thought of."""
ENTER_SECONDS = (0.4, 0.9)
"""Looking over what stands there."""
_BURST_SHARE = 0.35
_THOUGHT = frozenset("|;&\"'\n")


class Keystroke(NamedTuple):
    """One character, and the seconds before it."""

    seconds: float
    text: str


class Rhythm:
    """Makes keystrokes; the same ``seed`` makes the same ones."""

    def __init__(self, seed: int | None = None) -> None:
        self._random = random.Random(seed)

    def keystrokes(self, text: str) -> list[Keystroke]:
        """Every character of ``text`` in order, with the time before it at speed 1."""
        result = []
        before = ""
        for character in text:
            result.append(Keystroke(self._random.uniform(*self._range(before)), character))
            before = character
        return result

    def before_enter(self) -> float:
        """Seconds between the last character and Enter."""
        return self._random.uniform(*ENTER_SECONDS)

    def _range(self, before: str) -> tuple[float, float]:
        if not before:
            return START_SECONDS
        if before in _THOUGHT:
            return THOUGHT_SECONDS
        if before == " ":
            return WORD_SECONDS
        return BURST_SECONDS if self._random.random() < _BURST_SHARE else KEY_SECONDS


def typing_seconds(text: str) -> float:
    """How long typing ``text`` and Enter takes on average at speed 1."""
    key = _BURST_SHARE * _mean(BURST_SECONDS) + (1 - _BURST_SHARE) * _mean(KEY_SECONDS)
    seconds = _mean(START_SECONDS) + _mean(ENTER_SECONDS)
    for before in text[:-1]:
        seconds += _mean(THOUGHT_SECONDS) if before in _THOUGHT else _mean(WORD_SECONDS) if before == " " else key
    return seconds


def _mean(limits: tuple[float, float]) -> float:
    return sum(limits) / 2
