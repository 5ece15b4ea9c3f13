"""What a demo tells: facts, in the past tense, and where it stands."""

from __future__ import annotations

from typing import Literal

import msgspec

from engine.course.model import Step, Text
from engine.messages import Message
from engine.session.autopilot.script import Beat
from engine.session.performer import Performed
from engine.verify import Verdict

Phase = Literal[
    "starting", "bringing", "reading", "asking", "revealing", "waiting", "typing", "running", "looking",
    "verifying", "explaining", "counting", "stopped", "finished",
]  # fmt: skip


class Changed(msgspec.Struct, frozen=True):
    """The standing is another one."""


class StepBegan(msgspec.Struct, frozen=True):
    step: Step


class BeatBegan(msgspec.Struct, frozen=True):
    """What is read, asked, typed or explained now."""

    step: Step
    beat: Beat


class CommandPerformed(msgspec.Struct, frozen=True):
    step: Step
    index: int
    performed: Performed


class StepVerified(msgspec.Struct, frozen=True):
    """The checks were evaluated; if one failed, :class:`Stopped` follows."""

    step: Step
    verdicts: tuple[Verdict, ...]


class Stopped(msgspec.Struct, frozen=True):
    """The demo does not go on, and why."""

    step: Step
    reason: Message


class RoundFinished(msgspec.Struct, frozen=True):
    """Every step has been played; counts from 1."""

    round: int


Event = Changed | StepBegan | BeatBegan | CommandPerformed | StepVerified | Stopped | RoundFinished


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Where a demo stands: all that a steering bar and a notes viewer show. Times in seconds."""

    phase: Phase
    step: str
    number: str
    title: Text
    lesson_number: int
    lesson: Text
    notes: Text
    next_command: str | None
    """The command that is typed now or next in this step."""
    terminal: str | None
    remaining: float | None
    """Until the present wait ends."""
    speed: float | None
    """``None``: as fast as it goes."""
    paused: bool
    taken: bool
    """The instructor has the keyboard."""
    blank: bool = False
    """The room sees nothing."""
    wants_key: bool
    """It goes on at a key."""
    manual: bool
    reason: Text | None
    """Why it has stopped, or why it cannot go on in the lab as it is."""
    position: int
    count: int
    round: int
    elapsed: float
    planned: float
    """When this step was to begin."""
    total: float
    """What the whole talk was to take."""
