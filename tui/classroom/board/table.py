"""The seats as lines: one each, and all about the chosen one. Pure."""

from __future__ import annotations

from engine.classroom.desk import LastCommand, Need, Row
from engine.classroom.plain import plain_text, plain_words
from tui.classroom.board.view import View
from tui.classroom.board.words import clock, name_of
from tui.lines import Line
from tui.words import Say
from tui.wrap import Span, cropped, cut, padded, width_of, wrap

SIGNS: dict[Need, tuple[str, str]] = {
    "hand": ("?", "active strong"),
    "lab-lost": ("✗", "bad strong"),
    "stuck": ("!", "bad strong"),
    "slow": ("~", "pending"),
    "working": ("·", "dim"),
    "finished": ("✓", "good"),
    "away": ("○", "dim"),
}
"""How a need is marked: a sign that is told without colour, and a look."""
NAME_CELLS = (12, 22)
STEP_CELLS, TIME_CELLS, NUMBER_CELLS, NEED_CELLS = 5, 12, 4, 14
TITLE_FROM = 132
"""From that width on the step's title has a column, and the last command one beside the reason."""
BOTH_FROM = 104
TITLE_CELLS = 26


def heading(width: int, say: Say) -> Line:
    """The names of the columns."""
    spans = [Span(" " * (2 + NUMBER_CELLS))]
    for name, cells in (("name", _name_cells(width)), ("step", STEP_CELLS)):
        spans.append(Span(padded(say(f"column.{name}"), cells) + " ", "dim"))
    if width >= TITLE_FROM:
        spans.append(Span(padded(say("column.title"), TITLE_CELLS) + " ", "dim"))
    spans.append(Span(padded(say("column.time"), TIME_CELLS) + " ", "dim"))
    rest = width - width_of(spans)
    if width >= BOTH_FROM:
        last = _last_cells(rest)
        spans.append(Span(padded(say("column.last"), last) + "  ", "dim"))
        spans.append(Span(cut(say("column.why"), rest - last - 2), "dim"))
    else:
        spans.append(Span(cut(say("column.why-or-last"), max(0, rest)), "dim"))
    return Line(cropped(spans, width))


def row_line(row: Row, width: int, say: Say, language: str, *, chosen: bool) -> Line:
    """One seat."""
    sign, look = SIGNS[row.need]
    away = "dim" if row.need == "away" else ""
    name = name_of(row, say)
    marks = ("◉" if row.watchers else "") + ("⌨" if row.help == "given" else "")
    name_cells = _name_cells(width)
    spans = [
        Span("▸" if chosen else " ", "active strong"),
        Span(f"{sign}", look),
        Span(padded(f"{row.seat:>{NUMBER_CELLS - 1}}", NUMBER_CELLS), "dim"),
        Span(
            padded(cut(name, name_cells - len(marks)) + marks, name_cells) + " ", f"{away} strong" if chosen else away
        ),
        Span(padded(row.number, STEP_CELLS) + " ", away),
    ]
    if width >= TITLE_FROM:
        spans.append(Span(padded(row.title.in_language(language), TITLE_CELLS) + " ", "dim"))
    spans += _time(row)
    rest = width - width_of(spans)
    last = _last(row.last)
    why = _why(row, say, language)
    if width >= BOTH_FROM:
        room = _last_cells(rest)
        shown = cropped(last, room)
        spans += [*shown, Span(" " * (room - width_of(shown) + 2)), *cropped(why, rest - room - 2)]
    else:
        spans += cropped(_why(row, say, language, short=True) or last, rest)
    return Line(cropped(spans, width), anchor=str(row.seat))


def details(row: Row | None, width: int, say: Say, language: str, why_rows: int = 2) -> list[Line]:
    """All about one seat: who and where, what it ran last, what fails and why (in so many lines at most)."""
    if row is None:
        return [Line((Span(say("nobody"), "dim"),)), Line(), Line()]
    sign, look = SIGNS[row.need]
    place = f"{row.number}  {row.title.in_language(language)}" if row.step else say("details.nowhere")
    first = [
        Span(f"{sign} ", look),
        Span(name_of(row, say), "strong"),
        Span(f"   {place}", ""),
        Span(f"   {clock(row.seconds)} / {clock(row.planned_seconds)}" if row.step else "", "dim"),
    ]
    facts = [say(f"need.{row.need}")]
    facts.append(say("details.count", done=row.done, skipped=row.skipped, tried=row.tried, hints=row.hints))
    facts += [say(f"details.{name}") for name, holds in _signs(row).items() if holds]
    first.append(Span("   " + " · ".join(facts), "dim"))
    why = _why(row, say, language) if row.need != "hand" or row.check else ()
    second = (Span("$ ", "prompt"), *_last(row.last)) if row.last else (Span(say("details.no-command"), "dim"),)
    if row.last:
        second = (
            *second,
            Span(f"   {say('details.in', terminal=row.last.terminal, namespace=row.last.namespace)}", "dim"),
        )
    lines = [Line(cropped(first, width)), Line(cropped(second, width))]
    if not why:
        return [*lines, Line((Span(say("details.no-reason"), "dim"),))]
    wrapped = wrap(why, width)
    if len(wrapped) > why_rows:
        wrapped = [cropped(why, width)] if why_rows == 1 else wrapped[:why_rows]
    return lines + [Line(spans) for spans in wrapped]


def _signs(row: Row) -> dict[str, bool]:
    return {
        "free-play": row.free_play,
        "busy": row.busy,
        "watched": row.watchers > 0,
        "offered": row.help == "offered",
        "helped": row.help == "given",
        "own-terminal": row.own_terminal,
        "elsewhere": not row.here,
    }


def _name_cells(width: int) -> int:
    least, most = NAME_CELLS
    return max(least, min(most, width // 6))


def _last_cells(rest: int) -> int:
    return max(16, round(rest * 0.42))


def _time(row: Row) -> list[Span]:
    """``3:20/2:30``; over twice the plan it stands out."""
    if not row.step:
        return [Span(padded("", TIME_CELLS) + " ")]
    over = row.planned_seconds > 0 and row.state == "todo" and row.connected
    ratio = row.seconds / row.planned_seconds if over else 0.0
    look = "bad" if ratio > 2 else "pending" if ratio > 1 else "dim"
    return [
        Span(f"{clock(row.seconds):>6}", look),
        Span(padded(f"/{clock(row.planned_seconds)}", TIME_CELLS - 6) + " ", "dim"),
    ]


def _last(last: LastCommand | None) -> tuple[Span, ...]:
    if last is None:
        return ()
    return (exit_sign(last.exit), Span(plain_text(last.text)))


def exit_sign(code: int | None) -> Span:
    """How a command ended; ``None``: it runs."""
    if code is None:
        return Span("▸ ", "good")
    return Span(f"✗{code} ", "bad") if code else Span("✓ ", "good")


def _why(row: Row, say: Say, language: str, *, short: bool = False) -> tuple[Span, ...]:
    """Why it does not get on: the need in words, and the check's reason if that counts; ``short``: one of the two."""
    spans: list[Span] = []
    if row.need in ("hand", "lab-lost", "slow", "finished", "away"):
        spans.append(Span(say(f"need.{row.need}"), SIGNS[row.need][1]))
    reason = plain_words(row.why, language) or (plain_text(row.check) if row.check else "")
    shows = row.need == "stuck" or (row.need in ("hand", "slow") and row.tried > 0)
    if reason and shows:
        spans = [] if short else spans
        broken = say("details.broken") + " " if row.undone else ""
        spans += [Span(" · ", "dim")] if spans else []
        spans.append(Span(broken + reason, ""))
    return tuple(spans)


def narrowed(say: Say, width: int, filter_: str, query: str, cause: bool, shown: int, seats: int) -> Line:
    """In the heading's place: what is left out."""
    parts = [say(f"filter.{filter_}")] if filter_ != "all" else []
    parts += [say("filter.cause")] if cause else []
    parts += [f"“{plain_text(query)}”"] if query else []
    count = say("filter.count", shown=shown, seats=seats)
    return Line(cropped((Span("  " + " · ".join(parts), "active strong"), Span(f"   {count}", "dim")), width))


def nobody(view: View, say: Say) -> Line:
    """No row: nobody has come yet, or nobody is left of a filter."""
    empty = not view.board.rows
    words = say("empty", code=view.room.code, link=view.room.link) if empty else say("filter.nobody")
    return Line((Span(f"  {words}", "dim"),))
