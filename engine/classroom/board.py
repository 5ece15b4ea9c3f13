"""The board: every seat by need, and the room as a whole. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import median

import msgspec

from engine.classroom.causes import Steps, cause_id, failing_check, grouped, need, why
from engine.classroom.desk import Board, Help, Leading, Need, Row, StepCount, Summary
from engine.classroom.kept import SeatStanding
from engine.classroom.protocol import Failing
from engine.course.model import Text

URGENCY: tuple[Need, ...] = ("hand", "lab-lost", "stuck", "slow", "working", "finished", "away")


class SeatNow(msgspec.Struct, frozen=True, kw_only=True):
    """What a board is made of, for one seat."""

    id: int
    name: str | None
    connected: bool
    here: bool = True
    standing: SeatStanding = SeatStanding()
    watchers: int = 0
    help: Help = "none"


def board(seats: Iterable[SeatNow], steps: Steps, leading: Leading, now: float) -> Board:
    """The board at ``now`` (seconds since the epoch)."""
    every = tuple(seats)
    rows = tuple(sorted((_row(seat, steps, now) for seat in every), key=_Order(every, steps)))
    return Board(at=now, rows=rows, summary=_summary(every, rows, steps), leading=leading)


def seconds_at_step(standing: SeatStanding, now: float, *, connected: bool) -> float:
    """What the seat told, and the time since then while its learner is there and has not passed the step."""
    told = standing.told
    if told is None:
        return 0.0
    runs = connected and told.state == "todo" and not told.free_play
    return told.step_seconds + (max(0.0, now - standing.told_at) if runs else 0.0)


def _row(seat: SeatNow, steps: Steps, now: float) -> Row:
    standing, told = seat.standing, seat.standing.told
    states = Counter(state for step, state in standing.states.items() if step in steps.aim)
    done, skipped = states["done"], states["skipped"]
    seconds = seconds_at_step(standing, now, connected=seat.connected)
    wants = need(standing, seconds, steps, now, connected=seat.connected)
    row = Row(
        seat=seat.id,
        name=seat.name,
        connected=seat.connected,
        here=seat.here,
        done=done,
        skipped=skipped,
        percent=round(100 * (done + skipped) / max(1, len(steps.aim))),
        last=standing.last,
        hand=standing.hand_at is not None,
        watchers=seat.watchers,
        help=seat.help,
        own_terminal=standing.own_terminal,
        need=wants,
    )
    if told is None:
        return row
    step = steps.outline.get(told.step)
    failing = failing_check(told)
    return msgspec.structs.replace(
        row,
        step=told.step,
        number=step.number if step else "",
        title=step.title if step else Text(told.step),
        state=told.state,
        seconds=seconds,
        planned_seconds=step.planned_seconds if step else 0.0,
        tried=told.tried,
        hints=told.hints,
        check=failing.check if failing else None,
        why=why(failing),
        undone=failing.undone if failing else False,
        cause=cause_id(told, failing) if _counts(wants, told.tried, failing) else None,
        free_play=told.free_play,
        busy=told.busy,
        lab_lost=told.lab_lost,
        language=told.language,
        columns=told.columns,
        rows=told.rows,
    )


def _counts(wants: Need, tried: int, failing: Failing | None) -> bool:
    """Whether the seat is counted with a cause: it is stuck or slow, or asks for help after something has failed."""
    known = failing is not None and failing.diagnosis is not None
    return wants in ("stuck", "slow") or (wants == "hand" and tried > 0 and known)


class _Order:
    """Most urgent first: hands as they went up, the stuck by how far they are over the planned time, the others as the
    course goes. Seats are told apart by their number, so that rows do not change places for nothing."""

    def __init__(self, seats: Sequence[SeatNow], steps: Steps) -> None:
        self._hands = {seat.id: seat.standing.hand_at or 0.0 for seat in seats}
        self._place = {step: index for index, step in enumerate(steps.outline)}

    def __call__(self, row: Row) -> tuple[int, float, int]:
        if row.need == "hand":
            within = self._hands[row.seat]
        elif row.need in ("stuck", "slow"):
            within = -row.seconds / max(1.0, row.planned_seconds)
        elif row.need == "working":
            within = float(self._place.get(row.step or "", -1))
        else:
            within = 0.0
        return URGENCY.index(row.need), within, row.seat


def _summary(seats: Sequence[SeatNow], rows: Sequence[Row], steps: Steps) -> Summary:
    told = {seat.id: seat.standing.told for seat in seats}
    counted = [(row.cause, row.seat, one) for row in rows if row.cause and (one := told[row.seat])]
    here = Counter(row.step for row in rows if row.connected)
    stuck = Counter(row.step for row in rows if row.cause is not None)
    passed = Counter(step for seat in seats for step, state in seat.standing.states.items() if state != "todo")
    return Summary(
        seats=len(rows),
        connected=sum(row.connected for row in rows),
        hands=sum(row.need == "hand" for row in rows),
        stuck=sum(row.cause is not None for row in rows),
        finished=sum(row.need == "finished" for row in rows),
        percent=round(median(row.percent for row in rows)) if rows else 0,
        pace=_pace(seats, steps),
        steps=tuple(
            StepCount(step=step, here=here[step], stuck=stuck[step], passed=passed[step])
            for step in steps.outline
            if step in steps.aim or here[step]
        ),
        causes=grouped(counted, steps),
    )


def _pace(seats: Iterable[SeatNow], steps: Steps) -> float | None:
    ratios = [
        seconds / planned
        for seat in seats
        for step, seconds in seat.standing.paces.items()
        if step in steps.outline and (planned := steps.outline[step].planned_seconds) > 0
    ]
    return round(median(ratios), 2) if ratios else None
