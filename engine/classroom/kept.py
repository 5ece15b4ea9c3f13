"""What is kept of a room, as data: its settings, what the instructor has set, its seats, what happened."""

from __future__ import annotations

import msgspec

from engine.classroom.desk import LastCommand
from engine.classroom.protocol import Order, StandingTold
from engine.session.progress import StepState


class RoomSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How the room was opened. A restart with the same data keeps the code and the instructor's token."""

    lessons: str | None = None
    """The folder of the course; ``None``: the one that comes with the program."""
    first: str | None = None
    last: str | None = None
    """``--from`` and ``--to``, as step ids."""
    language: str | None = None
    seats: int = 30
    no_names: bool = False
    code: str = ""
    instructor: str = ""
    """Digest of the instructor's token, hexadecimal."""
    opened_at: float = 0.0


class RoomState(msgspec.Struct, frozen=True, kw_only=True):
    """What the instructor has set for everybody."""

    gate: str | None = None
    """The last step that may be reached."""
    frozen: bool = False
    freeze_text: str = ""
    timer_ends_at: float | None = None
    """Seconds since the epoch."""
    timer_text: str = ""
    closed: bool = False


class SeatStanding(msgspec.Struct, frozen=True, kw_only=True):
    """The latest that is known of a seat."""

    told: StandingTold | None = None
    told_at: float = 0.0
    begun: tuple[tuple[str, str | None], ...] = ()
    """The checks that failed before anything was tried at this step, each with its diagnosis."""
    failing_at: float = 0.0
    """Since when the check to speak of fails as it does."""
    last: LastCommand | None = None
    hand_at: float | None = None
    """Since when it asks for help."""
    states: dict[str, StepState] = {}
    paces: dict[str, float] = {}
    """Seconds that each step done took, by step."""
    own_terminal: bool = False


class SeatRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A seat as it is kept."""

    id: int
    name: str | None
    joined_at: float
    left_at: float | None = None
    owner: str | None = None
    connected: bool = False
    heard: int = 0
    standing: SeatStanding = SeatStanding()


class EventRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened; ``payload`` is JSON."""

    seq: int
    seat: int | None
    at: float
    kind: str
    payload: bytes


ORDER_EVENT = "order"
"""Events of this kind are orders to a seat, which the hub that owns it delivers; their payload is an OrderGiven."""


class OrderGiven(msgspec.Struct, frozen=True, kw_only=True):
    """An order as it is written down. ``delivered``: the hub that gave it owns the seat, and has told it."""

    hub: str
    order: Order
    delivered: bool
