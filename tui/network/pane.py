"""The state pane: every namespace live, with what has just changed marked ``+``, ``~`` or ``−`` for a few seconds."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from textual.binding import BindingType
from textual.timer import Timer

from engine.network.snapshot import Snapshot
from tui.keys import letters
from tui.lines import Line, LinesView
from tui.network.rows import LABEL_CELLS, Row, rows
from tui.words import Say
from tui.wrap import Span, cropped, cut, padded, width_of

MARK_SECONDS = 5.0
BETWEEN_SECONDS = 0.12
STATES = ("good", "bad", "pending")
SETTLING_SECONDS = 1.0
"""A fresh lab's network still moves for a moment by itself; that is not the learner's doing, so it is not marked."""
TWO_COLUMNS_CELLS = 104


class _Change(NamedTuple):
    mark: str
    until: float
    row: Row


class NetworkPane(LinesView):
    """Shows the latest snapshot; rows keep their place, only those that changed are painted."""

    BINDINGS: ClassVar[list[BindingType]] = letters()

    def __init__(self, say: Say, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._say = say
        self._snapshot: Snapshot | None = None
        self._seen: dict[tuple[str, ...], Row] | None = None
        self._changes: dict[tuple[str, ...], _Change] = {}
        self._planned: Timer | None = None
        self._shown_at = 0.0
        self._fresh_at = 0.0

    def show(self, snapshot: Snapshot | None) -> None:
        """Take a new snapshot; ``None`` when the lab is gone (the next one is then not compared with the last).

        The first after a pause is shown at once; of a storm of them the latest, a few times a second.
        """
        self._snapshot = snapshot
        if snapshot is None:
            self._seen, self._changes = None, {}
        wait = self._shown_at + BETWEEN_SECONDS - time.monotonic()
        if wait <= 0 or snapshot is None:
            self._update()
        elif self._planned is None:
            self._planned = self.set_timer(wait, self._update)

    def _update(self) -> None:
        self._planned = None
        self._shown_at = 0.0 if self._snapshot is None else time.monotonic()
        something_changed = self._snapshot is not None and self._compare(self._snapshot)
        self.changed()
        if something_changed and not self.has_focus:
            self._follow()

    def translate(self) -> None:
        """The language is another one."""
        self._seen = None
        self._changes = {}
        self.changed()

    def _compare(self, snapshot: Snapshot) -> bool:
        """Mark what differs from the last snapshot; whether anything does."""
        marks: dict[tuple[str, ...], _Change] = {}
        now = time.monotonic()
        fresh = {row.key: row for group in rows(snapshot, 200, self._say).values() for row in group}
        if self._seen is None:
            self._fresh_at = now
        elif now >= self._fresh_at + SETTLING_SECONDS:
            for key, row in fresh.items():
                old = self._seen.get(key)
                if old is None:
                    marks[key] = _Change("+", now + MARK_SECONDS, row)
                elif old.same != row.same:
                    marks[key] = _Change("~", now + MARK_SECONDS, row)
            for key, row in self._seen.items():
                if key not in fresh:
                    marks[key] = _Change("−", now + MARK_SECONDS, row)
            self._changes = {k: v for k, v in self._changes.items() if not (v.mark == "−" and k in fresh)} | marks
            if marks:
                self.set_timer(MARK_SECONDS + 0.1, self._calm)
        self._seen = fresh
        return bool(marks)

    def _calm(self) -> None:
        now = time.monotonic()
        self._changes = {key: change for key, change in self._changes.items() if change.until > now}
        self.changed()

    def _follow(self) -> None:
        """Scroll to the first new or changed row if it is out of sight."""
        index = next((i for i, line in enumerate(self._lines) if line.anchor == "changed"), None)
        top, height = self.scroll_offset.y, self.scrollable_content_region.height
        if index is not None and not top <= index < top + height:
            self.scroll_to(y=max(0, index - 2), animate=False)

    def lines(self, width: int) -> Sequence[Line]:
        if self._snapshot is None:
            return [Line((Span(self._say("network.none"), "dim"),))]
        if width < TWO_COLUMNS_CELLS or len(self._snapshot.namespaces) < 2:
            return self._column(list(self._groups(width).values()), width)
        half = (width - 3) // 2
        groups = list(self._groups(half).values())
        left, right = self._column(groups[:1], half), self._column(groups[1:], half)
        return [_side_by_side(left, right, index, half) for index in range(max(len(left), len(right)))]

    def _groups(self, width: int) -> dict[str, list[Row]]:
        assert self._snapshot is not None
        groups = rows(self._snapshot, width - 2, self._say)
        for change in self._changes.values():
            if change.mark == "−":
                text = Span(cut(change.row.same, width - 2 - LABEL_CELLS))
                _put_back(groups, change.row._replace(spans=(Span(" " * LABEL_CELLS), text)))
        return groups

    def _column(self, groups: list[list[Row]], width: int) -> list[Line]:
        lines: list[Line] = []
        for group in groups:
            if lines:
                lines.append(Line())
            lines.extend(self._line(row, width) for row in group)
        return lines

    def _line(self, row: Row, width: int) -> Line:
        change = self._changes.get(row.key)
        if change is None:
            return Line((Span("  "), *row.spans))
        look = "gone" if change.mark == "−" else "changed"
        spans = tuple(Span(span.text, _marked(span.look, look)) for span in row.spans)
        return Line((Span(f"{change.mark} ", f"{look} strong"), *spans), anchor="changed")


def _marked(look: str, mark: str) -> str:
    """A changed part keeps the colour that says how it is: a device that is down is not green for being new."""
    return f"{look} strong" if look in STATES and mark == "changed" else f"{look} {mark}".strip()


def _put_back(groups: dict[str, list[Row]], row: Row) -> None:
    """A row that has gone, shown once more at the end of its kind."""
    group = groups.get(row.key[0])
    if group is None:
        groups[row.key[0]] = [row]
        return
    same_kind = [index for index, one in enumerate(group) if one.key[1:2] == row.key[1:2]]
    group.insert(same_kind[-1] + 1 if same_kind else len(group), row)


def _side_by_side(left: list[Line], right: list[Line], index: int, width: int) -> Line:
    a = left[index] if index < len(left) else Line()
    b = right[index] if index < len(right) else Line()
    spans = cropped(a.spans, width)
    gap = Span(padded("", width - width_of(spans)) + " │ ", "rule")
    return Line((*spans, gap, *b.spans), anchor=a.anchor or b.anchor)
