"""The plan of a talk: how long each step will take at a speed, and the speed that fits the time there is. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from engine.course.model import Course, Step
from engine.session.autopilot.script import own_seconds, paced_seconds, script

FASTEST = 8.0
"""Beyond it nobody can follow; a talk that would need more does not fit."""


class PlannedStep(msgspec.Struct, frozen=True, kw_only=True):
    """One step's times in seconds."""

    step: Step
    paced: float
    """At speed 1, what a higher speed shortens."""
    own: float
    """What the commands take for themselves."""


class TooShort(Exception):
    """The time there is does not suffice at any speed."""

    def __init__(self, least_seconds: float) -> None:
        super().__init__(f"at least {least_seconds:.0f} s")
        self.least_seconds = least_seconds


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """Steps in order, at ``speed``, with ``pause`` seconds after each."""

    steps: tuple[PlannedStep, ...]
    speed: float = 1.0
    pause: float = 0.0

    def seconds(self, index: int) -> float:
        """How long the step with that index takes, the pause after it included (the last has none)."""
        step = self.steps[index]
        pause = self.pause if index + 1 < len(self.steps) and not math.isinf(self.speed) else 0.0
        return step.paced / self.speed + step.own + pause

    def begins(self, index: int) -> float:
        """Seconds from the talk's begin to that step's."""
        return sum(self.seconds(earlier) for earlier in range(index))

    @property
    def total(self) -> float:
        return self.begins(len(self.steps))

    def index(self, step: Step) -> int | None:
        return next((index for index, one in enumerate(self.steps) if one.step.id == step.id), None)

    def fitted(self, duration_seconds: float) -> Plan:
        """The same talk at the speed at which it takes that long. Raises :class:`TooShort`."""
        fixed = replace(self, speed=math.inf).total + self.pause * max(0, len(self.steps) - 1)
        paced = sum(step.paced for step in self.steps)
        room = duration_seconds - fixed
        if room <= 0 or paced / room > FASTEST:
            raise TooShort(fixed + paced / FASTEST)
        return replace(self, speed=paced / room)


def make_plan(course: Course, steps: Sequence[Step], language: str, *, speed: float = 1.0, pause: float = 0.0) -> Plan:
    """The plan of these steps in that language."""
    planned = []
    for step in steps:
        beats = script(course, step)
        paced = sum(paced_seconds(beat, language) for beat in beats)
        planned.append(PlannedStep(step=step, paced=paced, own=sum(own_seconds(beat) for beat in beats)))
    return Plan(steps=tuple(planned), speed=speed, pause=pause)
