"""Above the seats: what is set for everybody, how far the room is, what the stuck are stuck on. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from engine.classroom.desk import Board, Cause, RoomTold, StepCount
from engine.classroom.plain import plain_text, plain_words
from tui.classroom.board.view import View
from tui.classroom.board.words import clock
from tui.lines import Line
from tui.words import Say
from tui.wrap import Span, cropped, padded, width_of, wrap

BARS = " ▁▂▃▄▅▆▇█"
HISTOGRAM_ROWS = 3
SUMMARY_CELLS = 30
WIDEST_COLUMN = 3


def header(view: View, width: int, say: Say, elapsed_seconds: float) -> Line:
    """The room's code and link, and what is set for everybody. ``elapsed_seconds``: since the board was told."""
    left = [Span(" nsteps ", "badge"), Span(f" {say('title')}", "strong")]
    leading = view.board.leading
    signs: list[tuple[str, str]] = []
    if view.away is not None:
        signs.append((say("sign.away"), "bad strong"))
    if leading.frozen:
        signs.append((say("sign.frozen"), "pending strong"))
    if leading.gate is not None:
        step = view.step(leading.gate)
        signs.append((say("sign.gate", step=step.number if step else leading.gate), "pending"))
    if leading.demo:
        signs.append((say("sign.demo"), "active strong"))
    if leading.timer_seconds is not None:
        left_over = leading.timer_seconds - elapsed_seconds
        signs.append((say("sign.timer", time=clock(left_over)), "bad strong" if left_over < 0 else "active strong"))
    right = tuple(Span(f"{text}  ", look) for text, look in signs)
    room = width - width_of(left) - width_of(right) - 2
    code = f"  {view.room.code}" if view.room.code else ""
    link = f"  {view.room.link}" if view.room.link else ""
    if len(code) + len(link) <= room:
        left += [Span(code, "strong"), Span(link, "dim")]
    elif len(code) <= room:
        left.append(Span(code, "strong"))
    gap = width - width_of(left) - width_of(right)
    return Line(cropped((*left, Span(" " * max(1, gap)), *right), width))


def overview(view: View, width: int, say: Say) -> list[Line]:
    """The histogram of steps, and beside it the room in numbers."""
    numbers = _numbers(view.board, say)
    room = max(0, width - SUMMARY_CELLS - 2)
    bars = _histogram(view.room, view.board, room)
    lines = []
    for index in range(max(len(bars), len(numbers))):
        bar = bars[index] if index < len(bars) else ()
        number = numbers[index] if index < len(numbers) else ()
        gap = room - width_of(bar) + 2
        lines.append(Line(cropped((*bar, Span(" " * gap), *number), width)))
    return lines


def cause_line(cause: Cause, view: View, width: int, language: str, say: Say, *, chosen: bool) -> Line:
    """``7 of 30  5.5  There is no route …``"""
    count = say("cause.count", count=len(cause.seats), seats=view.board.summary.seats)
    words = plain_words(cause.why, language) or plain_text(cause.check) or say("cause.slow")
    only = view.cause == cause.id
    spans = (
        Span("▸" if chosen else " ", "active strong"),
        Span(padded(count, max(9, len(count))) + " ", "bad strong" if len(cause.seats) > 1 else "bad"),
        Span(padded(cause.number, 5) + " ", "dim"),
        Span(words, "strong" if only or chosen else ""),
        Span(f"  {say('cause.only')}" if only else "", "active"),
    )
    return Line(cropped(spans, width), anchor=cause.id)


def _numbers(board: Board, say: Say) -> list[tuple[Span, ...]]:
    one = board.summary
    pace = say("summary.pace", pace=f"{one.pace:.1f}") if one.pace is not None else say("summary.no-pace")
    slow = one.pace is not None and one.pace > 1.5
    return [
        (Span(say("summary.seats", connected=one.connected, seats=one.seats), "strong"),),
        (
            Span(say("summary.hands", count=one.hands), "active strong" if one.hands else "dim"),
            Span("   "),
            Span(say("summary.stuck", count=one.stuck), "bad strong" if one.stuck else "dim"),
        ),
        (
            Span(say("summary.median", percent=one.percent)),
            Span("   "),
            Span(say("summary.finished", count=one.finished), "good" if one.finished else "dim"),
        ),
        (Span(pace, "pending" if slow else "dim"),),
    ]


def _histogram(room: RoomTold, board: Board, width: int) -> list[tuple[Span, ...]]:
    """A column for each step (of a lesson where there are too many): how many are there now; red: half are stuck."""
    counts = {one.step: one for one in board.summary.steps}
    columns = [(step.lesson, step.id, [counts[step.id]]) for step in room.steps if step.id in counts]
    if len(columns) > width:
        columns = [
            (lesson, "", [one for _, _, some in group for one in some])
            for lesson, group in ((key, list(value)) for key, value in groupby(columns, key=lambda one: one[0]))
        ]
    if not columns or width < len(columns):
        return []
    cells = max(1, min(WIDEST_COLUMN, width // len(columns)))
    most = max(1, *(sum(one.here for one in some) for _, _, some in columns))
    rows: list[tuple[Span, ...]] = []
    for level in range(HISTOGRAM_ROWS - 1, -1, -1):
        rows.append(tuple(_bar(some, level, most, cells) for _, _, some in columns))
    axis: list[Span] = []
    used = 0
    for index, (lesson, step, _) in enumerate(columns):
        begins = index == 0 or columns[index - 1][0] != lesson
        gate = step and step == board.leading.gate
        label = "▲" if gate else str(lesson) if begins else ""
        if used > index * cells:  # a number of two figures took this column's place as well
            continue
        text = label + " " * (cells - len(label))
        axis.append(Span(text, "pending strong" if gate else "dim"))
        used += len(text)
    rows.append(tuple(axis))
    return rows


def _bar(counts: Sequence[StepCount], level: int, most: int, cells: int) -> Span:
    here = sum(one.here for one in counts)
    eighths = round(here / most * HISTOGRAM_ROWS * 8)
    if here:
        eighths = max(1, eighths)
    part = max(0, min(8, eighths - level * 8))
    stuck = sum(one.stuck for one in counts)
    look = "bad" if here and stuck * 2 >= here else "good" if here else "dim"
    sign = "·" if level == 0 and not here else BARS[part]
    wide = sign * max(1, cells - 1) if sign != "·" else sign
    return Span(padded(wide, cells), look)


def too_small(width: int, say: Say) -> list[Line]:
    """Instead of everything, where there is no room."""
    return [Line(spans) for spans in wrap([Span(say("too-small"))], width)]
