"""The bottom line: what the keys do, each a button as well; or, for a few seconds, what the hub said."""

from __future__ import annotations

from collections.abc import Sequence

from textual.timer import Timer

from tui.classroom.board.keys import Key
from tui.lines import Line, LinesBlock
from tui.words import Say
from tui.wrap import Span, cut, width_of

NOTE_SECONDS = 6.0


def footer(keys: Sequence[Key], width: int, say: Say, labels: dict[str, str]) -> list[Span]:
    """The keys that fit, in the table's order. ``labels``: what some of them do just now."""
    entries = {key: (Span(key.label, "key"), Span(f" {say('keys.' + labels.get(key.name, key.name))}")) for key in keys}
    kept: set[Key] = set()
    used = 1
    for key in sorted(keys, key=lambda key: key.rank):
        cells = width_of(entries[key]) + 2
        if used + cells > width + 1:
            continue
        kept.add(key)
        used += cells
    spans = [Span(" ")]
    for key in keys:
        if key in kept:
            spans += (*(span._replace(action=f"screen.{key.name}") for span in entries[key]), Span("  "))
    return spans


class BoardFooter(LinesBlock):
    """See :func:`footer`."""

    def __init__(self, keys: Sequence[Key], say: Say, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._keys = keys
        self._say = say
        self._labels: dict[str, str] = {}
        self._note: tuple[str, str] | None = None
        self._timer: Timer | None = None

    def show(self, keys: Sequence[Key], labels: dict[str, str]) -> None:
        """These keys mean something just now, some of them something special."""
        self._keys, self._labels = keys, labels
        self._again()

    def say_for_a_while(self, text: str, look: str = "strong") -> None:
        """A word in place of the keys, until a few seconds are over."""
        self._note = (text, look)
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(NOTE_SECONDS, self._forget)
        self._again()

    def _forget(self) -> None:
        self._note = None
        self._again()

    def _again(self) -> None:
        self._cached = None
        self.refresh()

    def lines(self, width: int) -> Sequence[Line]:
        if self._note is not None:
            text, look = self._note
            return [Line((Span(cut(f" {text}", width), look),))]
        return [Line(tuple(footer(self._keys, width, self._say, self._labels)))]
