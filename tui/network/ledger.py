"""The rows of every pane and namespace, and what has just happened to each: ``+`` new, ``~`` changed, ``−`` gone. Pure.

A row keeps its place while its words change; one that is gone stands where it stood until its mark has faded. Only what
the kernel changed is written anew: of fifty namespaces mostly one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from engine.network.sheets import PANES, Key, Row, Sheet, part, sheets
from engine.network.snapshot import Namespace, Snapshot

Clock = Callable[[], float]
Place = tuple[str, bool, str]
"""Pane, whether in the brief form, namespace."""
Shown = tuple[Row, str]
"""A row and its mark, or ``""``."""

MARK_SECONDS = 5.0
SETTLING_SECONDS = 1.0
"""A fresh lab's network still moves for a moment by itself; that is not the learner's doing, so it is not marked."""
ADDED, CHANGED, GONE = "+", "~", "−"
OWN = ("links", "addresses", "routes", "neighbours")
"""Panes in which a new namespace is news: what stands in the others comes with every namespace."""
SHORTENED = ("links", "addresses")
FORMS = (*((pane, False) for pane in PANES), *((pane, True) for pane in SHORTENED))


class _Mark(NamedTuple):
    sign: str
    until: float
    row: Row
    after: Key | None
    """Of a row that is gone: the one that it stood behind."""


class Ledger:
    """Takes snapshots; answers what to show."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._snapshot: Snapshot | None = None
        self._sheets: dict[Place, tuple[Sheet, ...]] = {}
        self._marks: dict[tuple[Place, str], dict[Key, _Mark]] = {}
        """By place and the sheet's command."""
        self._waiting: dict[Place, tuple[float, bool]] = {}
        """What is yet to be written anew: when it changed, and whether that is marked."""
        self._fresh_at = 0.0

    @property
    def snapshot(self) -> Snapshot | None:
        return self._snapshot

    def forget(self) -> None:
        """The lab is gone: the next snapshot is compared with nothing."""
        self._snapshot = None
        self._sheets, self._marks, self._waiting = {}, {}, {}

    def take(self, snapshot: Snapshot) -> None:
        """A new snapshot. Its rows are written when they are looked at, or by :meth:`catch_up`."""
        last, self._snapshot = self._snapshot, snapshot
        now = self._clock()
        if last is None:
            self._fresh_at = now
        marking = last is not None and now >= self._fresh_at + SETTLING_SECONDS
        before = {space.name: space for space in last.namespaces} if last else {}
        for space in snapshot.namespaces:
            was = before.pop(space.name, None)
            if was is space:
                continue
            for pane, brief in FORMS:
                if was is None or part(pane, was) != part(pane, space):
                    self._waiting.setdefault((pane, brief, space.name), (now, marking))
        for name in before:
            self._drop(name)

    def catch_up(self, most: int = 1_000_000) -> bool:
        """Write what has changed out of sight, so many sheets at most; whether there is more."""
        for place in list(self._waiting)[:most]:
            self._look(place)
        return bool(self._waiting)

    def _look(self, place: Place) -> None:
        waiting = self._waiting.pop(place, None)
        space = self._snapshot.namespace(place[2]) if self._snapshot and waiting else None
        if waiting and space is not None:
            self._write(place, space, *waiting)

    def _drop(self, name: str) -> None:
        self._waiting = {place: one for place, one in self._waiting.items() if place[2] != name}
        self._sheets = {place: found for place, found in self._sheets.items() if place[2] != name}
        self._marks = {key: marks for key, marks in self._marks.items() if key[0][2] != name}

    def _write(self, place: Place, space: Namespace, now: float, marking: bool) -> None:
        pane, brief, _ = place
        old = self._sheets.get(place, ())
        new = self._sheets[place] = sheets(pane, space, brief=brief)
        if marking and new != old and (old or pane in OWN):
            known = {sheet.command: sheet.rows for sheet in old}
            for sheet in new:
                self._compare(place, sheet, known.get(sheet.command, ()), now + MARK_SECONDS)

    def _compare(self, place: Place, sheet: Sheet, before: Sequence[Row], until: float) -> None:
        old, new = {row.key: row for row in before}, {row.key: row for row in sheet.rows}
        marks = self._marks.setdefault((place, sheet.command), {})
        for key, row in new.items():
            was = old.get(key)
            if was is None:
                marks[key] = _Mark(ADDED, until, row, None)
            elif was.same != row.same:
                fresh = key in marks and marks[key].sign == ADDED and marks[key].until > self._clock()
                marks[key] = _Mark(ADDED if fresh else CHANGED, until, row, None)
            elif key in marks and marks[key].sign == GONE:
                del marks[key]
        previous: Key | None = None
        for key, row in old.items():
            if key not in new:
                marks[key] = _Mark(GONE, until, row, previous)
            previous = key

    def calm(self) -> float | None:
        """Let marks fade whose time is over; after how many seconds the next one will."""
        now = self._clock()
        self._marks = {
            key: kept
            for key, marks in self._marks.items()
            if (kept := {row: mark for row, mark in marks.items() if mark.until > now})
        }
        times = [mark.until for marks in self._marks.values() for mark in marks.values()]
        return min(times) - now if times else None

    # -- what to show --------------------------------------------------------------------------------------------------

    def shown(self, pane: str, namespace: str, *, brief: bool = False) -> Iterator[tuple[str, list[Shown]]]:
        """Each sheet's command with its rows and their marks."""
        place = (pane, brief and pane in SHORTENED, namespace)
        self._look(place)
        for sheet in self._sheets.get(place, ()):
            marks = self._marks.get((place, sheet.command), {})
            yield sheet.command, _merged(sheet.rows, marks)

    def signs(self) -> dict[tuple[str, str], str]:
        """The marks of panes as a whole, by pane and namespace (``""``: in any): their rows' if all are of one kind."""
        found: dict[tuple[str, str], set[str]] = {}
        for ((pane, brief, namespace), _), marks in self._marks.items():
            if not brief:
                for name in (namespace, ""):
                    found.setdefault((pane, name), set()).update(mark.sign for mark in marks.values())
        return {key: signs.pop() if len(signs) == 1 else CHANGED for key, signs in found.items() if signs}


def _merged(rows: Sequence[Row], marks: dict[Key, _Mark]) -> list[Shown]:
    result: list[Shown] = [(row, marks[row.key].sign if row.key in marks else "") for row in rows]
    for mark in marks.values():
        if mark.sign == GONE:
            at = next((index for index, (row, _) in enumerate(result) if row.key == mark.after), -1)
            result.insert(at + 1, (mark.row, GONE))
    return result
