"""The bottom line: what the keys do, each also a button for the mouse; or, for a few seconds, a word to the learner."""

from __future__ import annotations

from collections.abc import Sequence

from textual.timer import Timer

from tui.keys import CLASSROOM_KEYS, KEYS, MORE_KEYS, Key
from tui.lines import Line, LinesBlock
from tui.words import Say
from tui.wrap import Span, width_of, wrap

NOTE_SECONDS = 6.0
ALWAYS_RANK = 2
"""Keys below this rank are named whatever else there is to say: on, and out of the terminal."""
_ACTIONS = {key.label: f"screen.{key.action}" for key in (*KEYS, *MORE_KEYS, *CLASSROOM_KEYS)}


def footer(width: int, say: Say, *, in_terminal: bool, ready: bool) -> list[tuple[Key, tuple[Span, ...]]]:
    """The keys that fit, in the table's order. ``ready``: the step is passed, so *next* stands out."""
    entries = {key: _entry(key, say, in_terminal, ready) for key in KEYS}
    kept: set[Key] = set()
    used = 1
    for key in sorted(KEYS, key=lambda key: key.rank):
        cells = width_of(entries[key]) + 2
        if used + cells > width + 1:  # nothing needs to stand behind the last one
            break
        kept.add(key)
        used += cells
    return [(key, entries[key]) for key in KEYS if key in kept]


def _entry(key: Key, say: Say, in_terminal: bool, ready: bool) -> tuple[Span, ...]:
    name = key.name
    if name == "switch":
        name = "to_lesson" if in_terminal else "to_terminal"
    label, look = say(f"keys.{name}"), ""
    if name == "next":
        look = "good strong" if ready else "dim"
        label = ("▸" if ready else "") + label
    return (Span(key.label, "key"), Span(" " + label, look))


def note_lines(note: str, width: int) -> list[tuple[Span, ...]]:
    """A note in lines of that width; each but the last one says that more is to come."""
    more = Span(" …", "dim")
    lines = wrap([Span(note, "strong")], width - 1)
    if len(lines) > 1:
        lines = wrap([Span(note, "strong")], width - 1 - width_of([more]))
    return [*((*line, more) for line in lines[:-1]), *lines[-1:]] or [()]


class Footer(LinesBlock):
    """See :func:`footer`."""

    def __init__(self, say: Say, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._say = say
        self._state = (True, False)
        self._aside: tuple[tuple[str, str], ...] = ()
        self._note: str | None = None
        self._part = 0
        """Which of the lines is shown that the note fills."""
        self._timer: Timer | None = None

    def show(self, *, in_terminal: bool, ready: bool, aside: Sequence[tuple[str, str]] = ()) -> None:
        """What the footer depends on; always painted anew, as the language may have changed.

        ``aside``: keys that mean something just now, each with what it does; they come first.
        """
        self._state, self._aside = (in_terminal, ready), tuple(aside)
        self._again()

    def say_for_a_while(self, text: str) -> None:
        """A word in place of the keys, until a few seconds are over; what does not fit into the line comes after it."""
        self._note, self._part = text, 0
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(NOTE_SECONDS, self._go_on)
        self._again()

    def _go_on(self) -> None:
        """The note's next line, if it has one; else the keys again."""
        if self._note is None or self._part + 1 >= len(note_lines(self._note, self.content_size.width)):
            self.forget()
            return
        self._part += 1
        self._timer = self.set_timer(NOTE_SECONDS, self._go_on)
        self._again()

    def forget(self) -> None:
        """The keys again."""
        self._note = None
        self._again()

    def _again(self) -> None:
        self._cached = None
        self.refresh()

    def lines(self, width: int) -> Sequence[Line]:
        if self._note is not None:
            parts = note_lines(self._note, width)
            shown = parts[min(self._part, len(parts) - 1)]
            return [Line((Span(" "), *shown))]
        in_terminal, ready = self._state
        spans: list[Span] = [Span(" ")]
        always = [_entry(key, self._say, in_terminal, ready) for key in KEYS if key.rank < ALWAYS_RANK]
        room = width + 2 - sum(width_of(entry) + 2 for entry in always)
        for label, words in self._aside:
            action = _ACTIONS.get(label)
            special = (Span(label, "key", action), Span(f" {words}", "strong", action), Span("  "))
            if width_of([*spans, *special]) <= room:
                spans.extend(special)
        for key, entry in footer(width - width_of(spans) + 1, self._say, in_terminal=in_terminal, ready=ready):
            spans.extend((*(span._replace(action=f"screen.{key.action}") for span in entry), Span("  ")))
        return [Line(tuple(spans))]
