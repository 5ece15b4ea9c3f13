"""What a seat tells, kept within bounds: its program may be anybody's own, and what it tells reaches every board."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from engine.classroom.plain import plain_text
from engine.classroom.protocol import CommandRan, Failing, StandingTold, StepEnded

COLUMNS, ROWS = (20, 400), (5, 150)
"""A screen that is watched, in cells."""
LONGEST_SECONDS = 30 * 24 * 3600.0
LARGEST_COUNT = 9999
FAILINGS = 12
MESSAGE_BYTES = 2000
SHORT_TEXT = 80
"""Characters of a check's id, a terminal's or a namespace's name."""


def screen_size(columns: int, rows: int) -> tuple[int, int]:
    """The size, as near as a screen comes."""
    return _within(columns, COLUMNS), _within(rows, ROWS)


def standing(told: StandingTold) -> StandingTold:
    return replace(
        told,
        percent=_within(told.percent, (0, 100)),
        step_seconds=_seconds(told.step_seconds),
        tried=_within(told.tried, (0, LARGEST_COUNT)),
        hints=_within(told.hints, (0, LARGEST_COUNT)),
        failing=tuple(_failing(one) for one in told.failing[:FAILINGS]),
        language=plain_text(told.language, SHORT_TEXT),
        columns=_within(told.columns, (0, COLUMNS[1])),
        rows=_within(told.rows, (0, ROWS[1])),
    )


def command(told: CommandRan) -> CommandRan:
    return replace(
        told,
        text=plain_text(told.text),
        terminal=plain_text(told.terminal, SHORT_TEXT),
        namespace=plain_text(told.namespace, SHORT_TEXT),
    )


def step_ended(told: StepEnded) -> StepEnded:
    counts = {name: _within(getattr(told, name), (0, LARGEST_COUNT)) for name in ("hints", "tries")}
    return replace(told, seconds=_seconds(told.seconds), **counts)


def _failing(told: Failing) -> Failing:
    if len(msgspec.json.encode((told.hint, told.observed))) > MESSAGE_BYTES:
        told = replace(told, hint=None, observed=None)
    diagnosis = None if told.diagnosis is None else plain_text(told.diagnosis, SHORT_TEXT)
    return replace(told, check=plain_text(told.check, SHORT_TEXT), diagnosis=diagnosis)


def _seconds(seconds: float) -> float:
    return max(0.0, min(seconds, LONGEST_SECONDS))


def _within(value: int, limits: tuple[int, int]) -> int:
    return max(limits[0], min(value, limits[1]))
