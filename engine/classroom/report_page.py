"""A room's report as one page: plain HTML with its drawing inline, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from html import escape

from engine.classroom.plain import plain_words
from engine.classroom.report import RoomReport, SeatReport, StepLoss
from engine.messages import Message, render

BAR_WIDTH, BAR_HEIGHT, LABEL_WIDTH = 420, 18, 300
STYLE = """
:root { color-scheme: light dark; --line: #8884; --over: #c0392b; --done: #2e7d4f; --skip: #b7791f; --quiet: #777; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
table { border-collapse: collapse; }
th, td { padding: .2rem .6rem; border-bottom: 1px solid var(--line); text-align: left; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; } .quiet { color: var(--quiet); }
svg text { font: 12px system-ui, sans-serif; fill: currentColor; }
.plan { stroke: currentColor; stroke-width: 2; } .time { fill: var(--done); } .time.over { fill: var(--over); }
.matrix td { padding: 0; width: 1.1rem; height: 1.3rem; text-align: center; font-size: .75rem; }
.matrix .name { padding: 0 .6rem 0 0; text-align: left; width: auto; white-space: nowrap; }
.done { background: color-mix(in srgb, var(--done) 55%, transparent); }
.over { background: color-mix(in srgb, var(--over) 55%, transparent); }
.skipped { background: color-mix(in srgb, var(--skip) 55%, transparent); }
bdi { unicode-bidi: isolate; }
"""


def as_page(report: RoomReport, language: str) -> str:
    """The page, whole. Whatever a name contains, it is text."""

    def say(key: str, **params: object) -> str:
        return escape(render(Message(f"board.report.{key}", params), language))

    opened = local_time(report.opened_at)
    parts = [
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width"><title>nsteps</title>',
        f"<style>{STYLE}</style><h1>{say('title')}</h1>",
        f'<p class="quiet">{say("about", when=opened, seats=len(report.seats))}</p>',
        f"<h2>{say('lost')}</h2><p>{say('lost-about')}</p>",
        _chart(report, language, say("planned"), say("median")),
        f"<h2>{say('steps')}</h2>",
        _steps(report, language, [say(f"column.{name}") for name in _COLUMNS]),
        f"<h2>{say('seats')}</h2><p>{say('seats-about')}</p>",
        _matrix(report, say),
        "</html>",
    ]
    return "\n".join(parts) + "\n"


_COLUMNS = ("step", "done", "skipped", "open", "median", "planned", "lost", "hints", "reasons")


def local_time(at: float) -> str:
    """The day and the minute, where this machine is."""
    return datetime.fromtimestamp(at).strftime("%Y-%m-%d %H:%M")


def clock(seconds: float) -> str:
    """``1:05``, ``1:02:03``."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _reached(report: RoomReport) -> list[StepLoss]:
    return [one for one in report.steps if one.done or one.skipped or one.left_open]


def _chart(report: RoomReport, language: str, planned: str, median: str) -> str:
    """A bar for each step that was reached: the median time, with a mark at the planned one."""
    rows = _reached(report)
    titles = {step.id: step for step in report.outline}
    longest = max((max(one.median_seconds, one.planned_seconds) for one in rows), default=1.0) or 1.0
    height = BAR_HEIGHT * len(rows) + 4
    out = [
        f'<div class="wide"><svg role="img" width="{LABEL_WIDTH + BAR_WIDTH + 70}" height="{height}"'
        f' aria-label="{median} / {planned}">'
    ]
    for index, one in enumerate(rows):
        y = index * BAR_HEIGHT
        step = titles[one.step]
        over = " over" if one.median_seconds > one.planned_seconds else ""
        width = BAR_WIDTH * one.median_seconds / longest
        mark = LABEL_WIDTH + BAR_WIDTH * one.planned_seconds / longest
        title = f"{step.number}  {step.title.in_language(language)}"
        out.append(f'<text x="0" y="{y + 13}">{escape(_short(title))}</text>')
        out.append(
            f'<rect class="time{over}" x="{LABEL_WIDTH}" y="{y + 3}" width="{width:.1f}" height="{BAR_HEIGHT - 6}"/>'
        )
        out.append(f'<line class="plan" x1="{mark:.1f}" x2="{mark:.1f}" y1="{y + 1}" y2="{y + BAR_HEIGHT - 1}"/>')
        out.append(f'<text x="{LABEL_WIDTH + BAR_WIDTH + 8}" y="{y + 13}">{clock(one.median_seconds)}</text>')
    return "".join([*out, "</svg></div>"])


def _short(title: str) -> str:
    cells = 0
    for index, character in enumerate(title):
        cells += 2 if ord(character) > 0x2E7F else 1
        if cells > 44:
            return title[:index] + "…"
    return title


def _steps(report: RoomReport, language: str, heads: Iterable[str]) -> str:
    titles = {step.id: step for step in report.outline}
    out = ['<div class="wide"><table><tr>', *(f"<th>{head}</th>" for head in heads), "</tr>"]
    for one in sorted(_reached(report), key=lambda one: -one.lost_seconds):
        step = titles[one.step]
        reasons = "<br>".join(
            f"{reason.seats} × {escape(plain_words(reason.why, language) or reason.check)}"
            for reason in one.reasons[:5]
        )
        numbers = (
            *(str(count) for count in (one.done, one.skipped, one.left_open)),
            *(clock(seconds) for seconds in (one.median_seconds, one.planned_seconds, one.lost_seconds)),
            str(one.hints),
        )
        out.append(f"<tr><td>{escape(step.number)} {escape(step.title.in_language(language))}</td>")
        out += [f'<td class="n">{number}</td>' for number in numbers]
        out.append(f"<td>{reasons}</td></tr>")
    return "".join([*out, "</table></div>"])


def _matrix(report: RoomReport, say: Callable[..., str]) -> str:
    """A row for each seat, a cell for each step."""
    out = ['<div class="wide"><table class="matrix">']
    for seat in report.seats:
        name = escape(seat.name) if seat.name else say("seat", number=seat.seat)
        out.append(f'<tr><td class="name"><bdi>{name}</bdi></td>{_cells(seat, report)}</tr>')
    return "".join([*out, "</table></div>"])


def _cells(seat: SeatReport, report: RoomReport) -> str:
    steps = {one.step: one for one in seat.steps}
    out = []
    for step in report.outline:
        one = steps.get(step.id)
        if one is None:
            out.append("<td></td>")
            continue
        kind = "skipped" if one.state == "skipped" else "over" if one.seconds > 2 * step.planned_seconds else one.state
        mark = {"skipped": "↷", "todo": "·"}.get(one.state, "")
        out.append(f'<td class="{kind}" title="{escape(step.number)} {clock(one.seconds)}">{mark}</td>')
    return "".join(out)
