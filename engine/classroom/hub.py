"""What a room needs of the program around it: sockets and processes are the hub's, decisions the room's."""

from __future__ import annotations

from typing import Protocol

from engine.classroom.desk import Answer
from engine.classroom.protocol import Order


class Hub(Protocol):
    """None of these may wait, or call the room back at once."""

    def order(self, seat: int, order: Order) -> None:
        """Tell the program of a connected seat of this hub."""

    def answer(self, desk: int, answer: Answer) -> None:
        """Tell a board."""

    def changed(self) -> None:
        """Something on the board has changed: tell every board ``room.board()`` before long. Called very often."""

    def demo(self, wanted: tuple[str | None, str | None] | None) -> None:
        """Show the demo of these steps (first, last), at :data:`~engine.classroom.room.DEMO_SIZE`; ``None``: end it."""

    def demo_watched(self) -> None:
        """A board has begun to watch the demo: paint all of it anew."""

    def removed(self, seat: int) -> None:
        """The seat is no more: end its program if it does not end by itself, and let no page of it in."""

    def ended(self) -> None:
        """The room has been closed: every seat has been told. End."""
