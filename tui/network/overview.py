"""Everything at once: each namespace's devices, routes, rules … in few words, with what has just changed marked."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from engine.network.snapshot import Namespace, Snapshot
from tui.lines import Line
from tui.network.ledger import ADDED, CHANGED, GONE, MARK_SECONDS, SETTLING_SECONDS, Clock
from tui.network.rows import LABEL_CELLS, Row, namespace_rows, rows
from tui.words import Say
from tui.wrap import Span, cropped, cut, padded, width_of

STATES = ("good", "bad", "pending")
TWO_COLUMNS_CELLS = 104
COMPARED_CELLS = 200
"""Rows are compared at a width at which nothing is left out."""


class _Change(NamedTuple):
    mark: str
    until: float
    row: Row


class Overview:
    """Keeps what was shown last, to mark what differs."""

    def __init__(self, say: Say, clock: Clock = time.monotonic) -> None:
        self._say = say
        self._clock = clock
        self._snapshot: Snapshot | None = None
        self._seen: dict[tuple[str, ...], Row] | None = None
        self._changes: dict[tuple[str, ...], _Change] = {}
        self._fresh_at = 0.0
        self._written: dict[str, tuple[Namespace, list[Row]]] = {}

    def forget(self) -> None:
        """The next snapshot is compared with nothing: the lab is another one, or the language."""
        self._seen, self._changes, self._written = None, {}, {}

    def take(self, snapshot: Snapshot) -> None:
        """Mark what differs from the last snapshot that was shown."""
        if snapshot is self._snapshot and self._seen is not None:
            return
        self._snapshot = snapshot
        now = self._clock()
        now_there = {row.key: row for group in self._rows(snapshot).values() for row in group}
        marks: dict[tuple[str, ...], _Change] = {}
        if self._seen is None:
            self._fresh_at = now
        elif now >= self._fresh_at + SETTLING_SECONDS:
            for key, row in now_there.items():
                old = self._seen.get(key)
                if old is None:
                    marks[key] = _Change(ADDED, now + MARK_SECONDS, row)
                elif old.same != row.same:
                    mark = self._changes.get(key)
                    fresh = mark is not None and mark.mark == ADDED and mark.until > now
                    marks[key] = _Change(ADDED if fresh else CHANGED, now + MARK_SECONDS, row)
            for key, row in self._seen.items():
                if key not in now_there:
                    marks[key] = _Change(GONE, now + MARK_SECONDS, row)
            self._changes = {k: v for k, v in self._changes.items() if not (v.mark == GONE and k in now_there)} | marks
        self._seen = now_there

    def _rows(self, snapshot: Snapshot) -> dict[str, list[Row]]:
        """Written anew only for the namespaces that are not as they were."""
        before, self._written = self._written, {}
        for space in snapshot.namespaces:
            known = before.get(space.name)
            if known is None or (known[0] is not space and known[0] != space):
                known = (space, namespace_rows(space, snapshot, COMPARED_CELLS, self._say))
            self._written[space.name] = known
        return {name: group for name, (_, group) in self._written.items()}

    def calm(self) -> float | None:
        """Let marks fade; after how many seconds the next one will."""
        now = self._clock()
        self._changes = {key: change for key, change in self._changes.items() if change.until > now}
        return min((change.until - now for change in self._changes.values()), default=None)

    def lines(self, width: int) -> list[Line]:
        """Side by side where there is room: the host, and the others."""
        if self._snapshot is None:
            return []
        if width < TWO_COLUMNS_CELLS or len(self._snapshot.namespaces) < 2:
            return self._column(list(self._groups(width).values()), width)
        half = (width - 3) // 2
        groups = list(self._groups(half).values())
        return beside([self._column(groups[:1], half), self._column(groups[1:], half)], half)

    def _groups(self, width: int) -> dict[str, list[Row]]:
        assert self._snapshot is not None
        groups = rows(self._snapshot, width - 2, self._say)
        for change in self._changes.values():
            if change.mark == GONE:
                text = Span(cut(change.row.same, width - 2 - LABEL_CELLS))
                _put_back(groups, change.row._replace(spans=(Span(" " * LABEL_CELLS), text)))
        return groups

    def _column(self, groups: list[list[Row]], width: int) -> list[Line]:
        lines: list[Line] = []
        for group in groups:
            if lines:
                lines.append(Line())
            lines.extend(self._line(row) for row in group)
        return lines

    def _line(self, row: Row) -> Line:
        change = self._changes.get(row.key)
        if change is None:
            return Line((Span("  "), *row.spans))
        look = "gone" if change.mark == GONE else "changed"
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


@lru_cache(maxsize=4096)
def _fitted(line: Line, width: int) -> tuple[Span, ...]:
    """The line in exactly that many cells."""
    own = tuple(span._replace(action=span.action or line.action) for span in cropped(line.spans, width))
    return (*own, Span(padded("", width - width_of(own))))


def beside(columns: Sequence[Sequence[Line]], width: int) -> list[Line]:
    """Columns of ``width`` cells each next to each other, with a rule between two."""
    lines: list[Line] = []
    for index in range(max(map(len, columns), default=0)):
        spans: list[Span] = []
        anchor = None
        for number, column in enumerate(columns):
            line = column[index] if index < len(column) else Line()
            if number:
                spans.append(Span(" │ ", "rule"))
            spans += _fitted(line, width)
            anchor = anchor or line.anchor
        lines.append(Line(tuple(spans), anchor=anchor))
    return lines
