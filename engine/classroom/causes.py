"""Who needs the instructor, and which of them are stuck for the same reason. Pure.

A seat is **stuck** when its learner has tried and does not get on, that is when it is connected, follows the lesson,
has not passed its step, and

- an earlier step's check no longer holds (what was built has been broken), or
- a check fails with a diagnosis that names a *slip* after :data:`SLIP_TRIES` commands: something was done, and it was
  the wrong thing. No slip is "not there yet", "still there", or what was said before anything was tried; or
- any check fails with a diagnosis after as many commands as the step's own solution has (:data:`LEAST_TRIES` at
  least), once the planned time is over, or
- any check fails with a diagnosis, something was tried, and :data:`SLOW` times the planned time is over;

and that has been so for :data:`SETTLED_SECONDS`: who mends a slip at once is not stuck.

A seat is **slow** when :data:`SLOW` times the planned time is over and nothing says why.

Two are stuck for the same **cause** when step, check and diagnosis are the same, and so is what the learner is told:
the hint of the verdict with its parameters, else what was observed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

import msgspec
from msgspec.structs import replace

from engine.classroom.desk import Cause, Need, StepOutline
from engine.classroom.kept import SeatStanding
from engine.classroom.outline import outline
from engine.classroom.protocol import Failing, StandingTold
from engine.course.model import Course
from engine.messages import Message

SLIP_TRIES = 2
LEAST_TRIES = 3
SETTLED_SECONDS = 15.0
SLOW = 2.0
"""So many times the planned time is long."""
LEAST_SECONDS = 120.0
"""No step is called slow before that."""
_NOT_YET = frozenset((None, "not-there", "still-there"))


class Steps(msgspec.Struct, frozen=True):
    """The steps of a course by id, how many commands the solution of each has, and those that the room means to do."""

    outline: Mapping[str, StepOutline]
    commands: Mapping[str, int]
    aim: frozenset[str]

    @classmethod
    def of(cls, course: Course, first: str | None = None, last: str | None = None) -> Steps:
        """Those of a course; the room goes from ``first`` to ``last``. Raises as :func:`outline`."""
        return cls(
            outline={step.id: step for step in outline(course)},
            commands={step.id: len(step.commands) for step in course.steps},
            aim=frozenset(step.id for step in outline(course, first, last)),
        )


def failing_check(told: StandingTold | None) -> Failing | None:
    """The check to speak of: what was broken since, else the first that fails with a diagnosis, else the first."""
    if told is None or told.state != "todo":
        return None
    return next(
        (
            one
            for wanted in (lambda one: one.undone, lambda one: one.diagnosis is not None, lambda one: True)
            for one in told.failing
            if wanted(one)
        ),
        None,
    )


def standing_told(standing: SeatStanding, told: StandingTold, at: float) -> SeatStanding:
    """Where a seat stands once it has told that."""
    before, failing = standing.told, failing_check(told)
    same_step = before is not None and before.step == told.step
    begun = standing.begun if same_step else ()
    if not told.tried:
        begun = tuple((one.check, one.diagnosis) for one in told.failing)
    same = before is not None and same_step and _reason(told, failing) == _reason(before, failing_check(before))
    return replace(standing, told=told, told_at=at, begun=begun, failing_at=standing.failing_at if same else at)


def need(standing: SeatStanding, seconds: float, steps: Steps, now: float, *, connected: bool) -> Need:
    """What a seat needs at ``now``, when its learner has been at the step for so many seconds."""
    told = standing.told
    if not connected:
        return "away"
    if standing.hand_at is not None:
        return "hand"
    if told is None:
        return "working"
    if told.lab_lost:
        return "lab-lost"
    if all(standing.states.get(step, "todo") != "todo" for step in steps.aim):
        return "finished"
    if told.state != "todo" or told.free_play or told.busy:
        return "working"
    planned = steps.outline[told.step].planned_seconds if told.step in steps.outline else 0.0
    failing = failing_check(told)
    slow = seconds > max(LEAST_SECONDS, SLOW * planned)
    settled = now - standing.failing_at >= SETTLED_SECONDS
    if failing is not None and failing.diagnosis is not None and told.tried and settled:
        enough = max(LEAST_TRIES, steps.commands.get(told.step, 0))
        if (
            failing.undone
            or slow
            or (_is_slip(failing, standing) and told.tried >= SLIP_TRIES)
            or (told.tried >= enough and seconds > planned)
        ):
            return "stuck"
    return "slow" if slow else "working"


def _is_slip(failing: Failing, standing: SeatStanding) -> bool:
    return failing.diagnosis not in _NOT_YET and (failing.check, failing.diagnosis) not in standing.begun


def cause_id(told: StandingTold, failing: Failing | None) -> str:
    """The same for seats that are stuck for the same cause."""
    return hashlib.sha256(_reason(told, failing)).hexdigest()[:12]


def _reason(told: StandingTold, failing: Failing | None) -> bytes:
    known = failing is not None and failing.diagnosis is not None
    parts = (told.step, failing.check, failing.diagnosis, why(failing)) if failing and known else (told.step,)
    return msgspec.json.encode(parts, order="deterministic")


def why(failing: Failing | None) -> Message | None:
    """A failing check in words."""
    return None if failing is None else failing.hint or failing.observed


def grouped(stuck: Iterable[tuple[str, int, StandingTold]], steps: Steps) -> tuple[Cause, ...]:
    """The causes (by :func:`cause_id`) of these seats: most seats first, then as the course goes."""
    seats: dict[str, list[int]] = {}
    example: dict[str, StandingTold] = {}
    for key, seat, told in stuck:
        seats.setdefault(key, []).append(seat)
        example.setdefault(key, told)
    order = {step: index for index, step in enumerate(steps.outline)}
    causes = [_cause(key, example[key], tuple(sorted(seats[key])), steps) for key in seats]
    return tuple(sorted(causes, key=lambda one: (-len(one.seats), order.get(one.step, len(order)), one.id)))


def _cause(key: str, told: StandingTold, seats: tuple[int, ...], steps: Steps) -> Cause:
    failing = failing_check(told)
    known = failing is not None and failing.diagnosis is not None
    return Cause(
        id=key,
        step=told.step,
        number=steps.outline[told.step].number if told.step in steps.outline else "",
        check=failing.check if failing is not None and known else "",
        diagnosis=failing.diagnosis if failing is not None and known else None,
        why=why(failing) if known else None,
        seats=seats,
    )
