"""A room's report as CSV and as JSON."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import msgspec

from engine.classroom.report import RoomReport

COLUMNS = (
    "seat",
    "name",
    "lesson",
    "step",
    "title",
    "state",
    "seconds",
    "planned_seconds",
    "hints",
    "tries",
    "ended_at",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(report: RoomReport, language: str) -> str:
    """A line for each seat and step it has reached (RFC 4180), times in UTC (ISO 8601).

    A name that a spreadsheet would take for a formula has an apostrophe before it:
    https://owasp.org/www-community/attacks/CSV_Injection
    """
    steps = {step.id: step for step in report.outline}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for seat in report.seats:
        for one in seat.steps:
            step = steps[one.step]
            writer.writerow(
                (
                    seat.seat,
                    _harmless(seat.name or ""),
                    step.lesson,
                    step.number,
                    _harmless(step.title.in_language(language)),
                    one.state,
                    one.seconds,
                    step.planned_seconds,
                    one.hints,
                    one.tries,
                    "" if one.ended_at is None else iso(one.ended_at),
                )
            )
    return out.getvalue()


def as_json(report: RoomReport) -> str:
    """Everything, as it is; times are seconds since the epoch."""
    return msgspec.json.format(msgspec.json.encode(report), indent=1).decode() + "\n"


def iso(at: float) -> str:
    """The time in UTC, to the second."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
