"""The steering bar: what the demo does, how long until the next thing, and the keys. Pure but for the widget."""

from __future__ import annotations

from collections.abc import Sequence

from engine.session.autopilot.events import Standing
from tui.demo.keys import KEYS, TAKEN, Key
from tui.lesson.markdown import parse_inline
from tui.lines import Line, LinesBlock
from tui.status.header import clock
from tui.words import Say
from tui.wrap import Span, cut, width_of, wrap

COUNTDOWN_CELLS = 10
REASON_LINES = 3


def state_line(standing: Standing, width: int, say: Say, language: str) -> Line:
    """One line: the state at the left, speed and time at the right."""
    right = _right(standing, width, say)
    icon, look, words = _state(standing, say)
    left = [Span(f" {icon} ", f"{look} strong"), Span(words, look)]
    if standing.phase == "counting" and standing.remaining is not None and not _held(standing):
        left += _countdown(standing.remaining)
    room = width - width_of(right) - width_of(left) - 1
    if standing.phase in ("waiting", "typing", "running") and standing.next_command and room > 12:
        first = standing.next_command.split("\n")[0]
        left += [Span("  "), Span(cut(first, room - 3), "dim")]
    gap = width - width_of(left) - width_of(right)
    if gap < 1:
        left = [Span(f" {icon} ", f"{look} strong"), Span(cut(words, width - width_of(right) - 4), look)]
        gap = width - width_of(left) - width_of(right)
    return Line((*left, Span(" " * max(1, gap)), *right))


def _held(standing: Standing) -> bool:
    return standing.paused or standing.taken or standing.blank


def _state(standing: Standing, say: Say) -> tuple[str, str, str]:
    """A sign, its look and the words."""
    if standing.taken:
        return "⌨", "pending", say("state.taken")
    if standing.phase == "stopped":
        return "■", "bad", say("state.stopped", number=standing.number)
    if standing.blank:
        return "■", "pending", say("state.blank")
    if standing.paused:
        return "❚❚", "pending", say("state.paused")
    if standing.wants_key and standing.phase == "counting":
        return "▷", "active", say("state.key-next")
    if standing.wants_key:
        return "▷", "active", say(f"state.key-{standing.phase}", terminal=standing.terminal or "")
    seconds = "" if standing.remaining is None else f"{standing.remaining:.0f}"
    return "▶", "good", say(f"state.{standing.phase}", terminal=standing.terminal or "", seconds=seconds)


def _countdown(seconds: float) -> list[Span]:
    full = min(COUNTDOWN_CELLS, max(0, round(seconds)))
    return [Span("  "), Span("━" * full, "active"), Span("━" * (COUNTDOWN_CELLS - full), "rule")]


def _right(standing: Standing, width: int, say: Say) -> list[Span]:
    speed = say("speed-max") if standing.speed is None else f"×{standing.speed:.3g}"
    times = clock(standing.elapsed)
    if not standing.manual and standing.speed is not None and width >= 60:
        times = f"{times} / {clock(standing.total)}"
    spans = [
        Span(f"{standing.position}/{standing.count}", "strong"),
        Span(f"  {speed}", "dim"),
        Span(f"  {times} ", "dim"),
    ]
    if standing.round > 1 and width >= 70:
        spans.insert(0, Span(say("round", number=standing.round) + "  ", "dim"))
    return spans


def key_line(standing: Standing, width: int, say: Say) -> Line:
    """The keys that fit, each also a button."""
    keys = [key for key in KEYS if not standing.taken or (key.name in TAKEN and key.key)]
    entries = {key: _entry(key, standing, say) for key in keys}
    kept: set[Key] = set()
    used = 1
    for key in sorted(keys, key=lambda key: TAKEN.index(key.name) if standing.taken else key.rank):
        cells = width_of(entries[key]) + 2
        if used + cells > width + 1:
            break
        kept.add(key)
        used += cells
    spans: list[Span] = [Span(" ")]
    for key in keys:
        if key in kept:
            spans.extend((*entries[key], Span("  ")))
    return Line(tuple(spans))


def _entry(key: Key, standing: Standing, say: Say) -> tuple[Span, ...]:
    name = key.name
    if name == "toggle":
        if standing.phase == "stopped":
            name = "check"
        elif standing.paused:
            name = "resume"
        else:
            name = "go" if standing.wants_key else "pause"
    elif name == "keyboard":
        name = "give_back" if standing.taken else "take_over"
    elif name == "replay" and standing.reason is not None:
        name = "restore"
    action = f"screen.demo('{key.name}')"
    wanted = standing.taken and key.name == "keyboard"
    wanted = wanted or (standing.reason is not None and key.name == "replay") or name == "go"
    return (Span(key.label, "key", action), Span(f" {say(f'keys.{name}')}", "good strong" if wanted else "", action))


def bar(standing: Standing, width: int, say: Say, language: str) -> list[Line]:
    """The whole bar: the reason above it, if there is one."""
    lines = []
    if standing.reason is not None:
        spans = [Span(one.text, f"{one.look} strong") for one in parse_inline(standing.reason.in_language(language))]
        text = wrap(spans, width - 2)
        lines += [Line((Span(" "), *row)) for row in text[:REASON_LINES]]
    return [*lines, state_line(standing, width, say, language), key_line(standing, width, say)]


class SteeringBar(LinesBlock):
    """See :func:`bar`."""

    def __init__(self, say: Say, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._say = say
        self._standing: Standing | None = None
        self._language = "en"

    def show(self, standing: Standing, language: str) -> None:
        """Paint what is different; the layout changes only when a reason comes or goes."""
        before, self._standing, self._language = self._standing, standing, language
        if (before.reason if before else None) != standing.reason or before is None:
            self.changed()
        else:
            self._cached = None
            self.refresh()

    def lines(self, width: int) -> Sequence[Line]:
        return bar(self._standing, width, self._say, self._language) if self._standing else [Line(), Line()]
