"""The bar below the header: what the instructor says or offers, until it is put away. It never takes the keyboard."""

from __future__ import annotations

from collections.abc import Sequence

from engine.classroom.plain import plain_text
from engine.classroom.seat_state import SeatState
from tui.keys import CLASSROOM_KEYS
from tui.lines import Line, LinesBlock
from tui.words import Say
from tui.wrap import Span, width_of, wrap

LINES_AT_MOST = 6
"""Of one message: more are a mouse wheel's matter no learner should need; the rest is cut."""
_LABELS = {key.name: key.label for key in CLASSROOM_KEYS}


def bar_lines(state: SeatState, width: int, say: Say) -> list[Line]:
    """The exercise, the help that is given or offered, and the latest message; nothing where there is none of it."""
    room = width - 2
    lines: list[Line] = []
    left = state.timer
    if left is not None and (left == 0 or state.timer_text):
        text = plain_text(state.timer_text)
        over = [Span(say("timer.over") + " ", "bad strong")] if left == 0 else []
        lines += _wrapped([Span("◷ ", "bad strong" if over else "strong"), *over, Span(text, "strong")], room)
    if state.help == "offered":
        ways = (*_way("let_in", say("help.agree")), *_way("put_away", say("help.decline")))
        lines += _wrapped([Span(say("help.offered"), "strong"), *ways], room)
    elif state.help == "given":
        lines += _wrapped([Span(say("help.given"), "pending strong"), *_way("let_in", say("help.end"))], room)
    if state.messages:
        latest = state.messages[-1]
        said = [Span(say("says"), "question strong")] if latest.instructor else []
        message = _wrapped([*said, Span(plain_text(latest.text))], room)
        if len(message) > LINES_AT_MOST:
            message = [*message[: LINES_AT_MOST - 1], Line((Span("…", "dim"),))]
        more = len(state.messages) - 1
        away = _way("put_away", say("put-away-more", count=more) if more else say("put-away"))
        if width_of([*message[-1].spans, *away]) <= room:
            message[-1] = Line((*message[-1].spans, *away))
        else:
            message.append(Line(away[1:]))
        lines += message
    return [Line((Span(" "), *line.spans)) for line in lines]


def _way(name: str, words: str) -> tuple[Span, ...]:
    action = f"screen.{name}"
    return (Span("  "), Span(_LABELS[name], "key", action), Span(f" {words}", "", action))


def _wrapped(spans: Sequence[Span], width: int) -> list[Line]:
    return [Line(tuple(line)) for line in wrap(list(spans), max(10, width))]


class Bar(LinesBlock):
    """See :func:`bar_lines`; it is there only while it has something to say."""

    def __init__(self, state: SeatState, say: Say, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._state = state
        self._say = say
        self._shown: list[Line] = []

    def on_mount(self) -> None:
        self.show()

    def show(self) -> None:
        """As it is now."""
        width = self.app.size.width
        lines = bar_lines(self._state, width, self._say)
        if lines != self._shown:
            self._shown = lines
            self.display = bool(lines)
            self.changed()

    def lines(self, width: int) -> Sequence[Line]:
        return bar_lines(self._state, width, self._say)
