"""The top line: lesson, step, how much is done, and the time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tui.lines import Line, LinesBlock
from tui.words import Say
from tui.wrap import Span, cut, width_of

BAR_CELLS = 12


@dataclass(frozen=True)
class Standing:
    """Where the learner is."""

    lesson_number: int = 0
    lesson: str = ""
    step_number: str = ""
    step: str = ""
    percent: int = 0
    seconds: float = 0.0
    busy: str | None = None
    """What is being done just now, if it takes a moment."""
    signs: tuple[tuple[str, str], ...] = ()
    """What else there is to be known, in a word or two: the words and their looks."""


def clock(seconds: float) -> str:
    """``0:07``, ``12:34``, ``1:02:03``."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def header(standing: Standing, width: int, say: Say) -> Line:
    """The line at that width; the step's title gives way first, then the bar."""
    full = round(standing.percent / 100 * BAR_CELLS)
    bar = (Span("━" * full, "good"), Span("━" * (BAR_CELLS - full), "dim")) if width >= 70 else ()
    right = (*bar, Span(f" {standing.percent}%", "strong"), Span(f"  {clock(standing.seconds)} ", "dim"))
    right = (*(Span(f"{text}  ", look) for text, look in standing.signs), *right)
    if standing.busy:
        right = (Span(f"◌ {standing.busy}  ", "pending"), *right)
    lesson = say("header.lesson", number=standing.lesson_number, title=standing.lesson)
    left = [Span(" nsteps ", "badge"), Span(f" {lesson}", "strong")]
    room = width - width_of(left) - width_of(right) - 2
    step = say("header.step", number=standing.step_number, title=standing.step)
    if room > 8:
        left.append(Span(cut(f"  ›  {step}", room), "dim"))
    elif room < 0:
        left = [Span(cut("".join(span.text for span in left), width - width_of(right) - 2), "strong")]
    gap = width - width_of(left) - width_of(right)
    return Line((*left, Span(" " * max(1, gap)), *right))


class Header(LinesBlock):
    """See :func:`header`."""

    def __init__(self, say: Say, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._say = say
        self._standing = Standing()

    def show(self, standing: Standing) -> None:
        if standing != self._standing:
            self._standing = standing
            self._cached = None
            self.refresh()

    def lines(self, width: int) -> Sequence[Line]:
        return [header(self._standing, width, self._say)]
