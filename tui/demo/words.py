"""The demo's own words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.messages import Message, render
from tui.words import Say


def sayer(language: Callable[[], str]) -> Say:
    """``say("keys.next")``: the message ``demo.keys.next`` in the language now in use."""

    def say(key: str, **params: Any) -> str:
        return render(Message(f"demo.{key}", params), language())

    return say
