"""What is left of a workshop: how each seat got on at each step, and where the room lost time. Pure but for reading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from statistics import median

import msgspec

from engine.classroom.desk import JournalEntry, StepOutline
from engine.classroom.journal import entries
from engine.classroom.kept import SeatRecord
from engine.classroom.records import Records
from engine.messages import Message
from engine.session.progress import Progress, StepState


class StepReport(msgspec.Struct, frozen=True, kw_only=True):
    """One seat at one step that it has reached."""

    step: str
    state: StepState
    seconds: float
    hints: int = 0
    tries: int = 0
    """Commands run until the step was done or skipped."""
    ended_at: float | None = None
    """Seconds since the epoch."""


class SeatReport(msgspec.Struct, frozen=True, kw_only=True):
    """One seat. ``name`` is ``None`` where none was given, kept, or it was forgotten."""

    seat: int
    name: str | None
    joined_at: float
    left_at: float | None
    done: int
    skipped: int
    seconds: float
    steps: tuple[StepReport, ...]


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """Why seats were stuck at a step."""

    check: str
    why: Message | None
    seats: int


class StepLoss(msgspec.Struct, frozen=True, kw_only=True):
    """The room at one step."""

    step: str
    done: int
    skipped: int
    left_open: int
    """Seats that reached it, and neither did nor skipped it."""
    median_seconds: float
    planned_seconds: float
    lost_seconds: float
    """What all seats together took beyond the planned time."""
    hints: int
    reasons: tuple[Reason, ...]
    """Most seats first."""


class RoomReport(msgspec.Struct, frozen=True, kw_only=True):
    """A whole workshop."""

    opened_at: float
    outline: tuple[StepOutline, ...]
    seats: tuple[SeatReport, ...]
    steps: tuple[StepLoss, ...]


def report(records: Records, outline: Sequence[StepOutline], aim: Collection[str]) -> RoomReport:
    """Everything that is kept of a room, those who left included: of the steps that it meant to do (``aim``), and of
    others that were reached all the same."""
    settings = records.settings()
    seats: list[SeatReport] = []
    stuck: list[tuple[int, JournalEntry]] = []
    for record in records.seats(gone=True):
        journal = entries(records.events(seat=record.id, kinds=("step-ended", "stuck")))
        kept = records.progress(record.id)
        ended = [entry for entry in journal if entry.kind == "step-ended"]
        stuck += [(record.id, entry) for entry in journal if entry.kind == "stuck"]
        seats.append(_seat(record, ended, kept[1] if kept else Progress(), outline))
    reached = {one.step for seat in seats for one in seat.steps}
    outline = [step for step in outline if step.id in aim or step.id in reached]
    return RoomReport(
        opened_at=settings.opened_at if settings else 0.0,
        outline=tuple(outline),
        seats=tuple(seats),
        steps=tuple(_loss(step, seats, stuck) for step in outline),
    )


def _seat(
    record: SeatRecord, ended: Iterable[JournalEntry], progress: Progress, outline: Sequence[StepOutline]
) -> SeatReport:
    by_step = {entry.step: entry for entry in ended}
    told = record.standing.told
    steps = []
    for one in outline:
        entry = by_step.get(one.id)
        state = progress.state(one.id)
        if state == "todo":
            state = record.standing.states.get(one.id, "todo")
        seconds = progress.step_seconds.get(one.id, 0.0)
        if entry is not None:
            # Done beats skipped: who came back and did it has done it.
            state = "done" if "done" in (state, entry.detail) else "skipped"
            seconds = entry.seconds
        here = told is not None and told.step == one.id
        if told is not None and here and state == "todo":
            seconds = max(seconds, told.step_seconds)
        if state == "todo" and not seconds and not here:
            continue
        steps.append(
            StepReport(
                step=one.id,
                state=state,
                seconds=round(seconds, 1),
                hints=max(progress.hints.get(one.id, 0), entry.hints if entry else 0),
                tries=entry.tries if entry else told.tried if told is not None and here else 0,
                ended_at=entry.at if entry else None,
            )
        )
    return SeatReport(
        seat=record.id,
        name=record.name,
        joined_at=record.joined_at,
        left_at=record.left_at,
        done=sum(step.state == "done" for step in steps),
        skipped=sum(step.state == "skipped" for step in steps),
        seconds=round(sum(step.seconds for step in steps), 1),
        steps=tuple(steps),
    )


def _loss(step: StepOutline, seats: Iterable[SeatReport], stuck: Iterable[tuple[int, JournalEntry]]) -> StepLoss:
    every = [one for seat in seats for one in seat.steps if one.step == step.id]
    states = Counter(one.state for one in every)
    return StepLoss(
        step=step.id,
        done=states["done"],
        skipped=states["skipped"],
        left_open=states["todo"],
        median_seconds=round(median(one.seconds for one in every), 1) if every else 0.0,
        planned_seconds=step.planned_seconds,
        lost_seconds=round(sum(max(0.0, one.seconds - step.planned_seconds) for one in every), 1),
        hints=sum(one.hints for one in every),
        reasons=_reasons((seat, entry) for seat, entry in stuck if entry.step == step.id),
    )


def _reasons(stuck: Iterable[tuple[int, JournalEntry]]) -> tuple[Reason, ...]:
    seats: dict[tuple[str, bytes], set[int]] = {}
    why: dict[tuple[str, bytes], Message | None] = {}
    for seat, entry in stuck:
        key = (entry.detail, msgspec.json.encode(entry.why, order="deterministic"))
        seats.setdefault(key, set()).add(seat)
        why[key] = entry.why
    reasons = [Reason(check=key[0], why=why[key], seats=len(numbers)) for key, numbers in seats.items()]
    return tuple(sorted(reasons, key=lambda one: (-one.seats, one.check)))
