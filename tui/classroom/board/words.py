"""The board's own words, and other people's made fit to be shown."""

from __future__ import annotations

from collections.abc import Callable

from engine.classroom.desk import Row
from engine.classroom.plain import plain_name
from engine.messages import Message, render
from tui.words import Say


def board_sayer(language: Callable[[], str]) -> Say:
    """A ``say`` for the keys below ``board``."""

    def say(key: str, **params: object) -> str:
        return render(Message(f"board.{key}", params), language())

    return say


def name_of(row: Row, say: Say) -> str:
    """The name, or the seat's number; always one line of plain text."""
    return (plain_name(row.name) if row.name else "") or say("seat", number=row.seat)


def clock(seconds: float) -> str:
    """``0:07``, ``12:34``, ``1:02:03``; with a minus sign below 0."""
    minutes, rest = divmod(abs(int(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    sign = "-" if seconds <= -1 else ""
    return f"{sign}{hours}:{minutes:02}:{rest:02}" if hours else f"{sign}{minutes}:{rest:02}"
