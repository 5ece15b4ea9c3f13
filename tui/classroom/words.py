"""A seat's own words, in the learner's language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.messages import Message, render
from tui.words import Say


def sayer(language: Callable[[], str]) -> Say:
    """``say("freeze.title")``: the message ``seat.freeze.title`` in the language now in use."""

    def say(key: str, **params: Any) -> str:
        return render(Message(f"seat.{key}", params), language())

    return say
