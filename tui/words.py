"""The screen's own words, in the learner's language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.messages import Message, render

Say = Callable[..., str]
"""``say("header.step", number="4.2")``: the message ``tui.header.step`` in the language now in use."""


def sayer(language: Callable[[], str]) -> Say:
    """A ``say`` that asks for the language each time, so that switching it needs nothing else."""

    def say(key: str, **params: Any) -> str:
        return render(Message(f"tui.{key}", params), language())

    return say
