"""What happened in the lab: the kernel's announcements in their order, and what the last command changed."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from engine.lab import CommandRun
from engine.network.announcement import Announcement
from engine.network.changes import Told, changes
from engine.network.sheets import EVENTS_COMMAND, in_namespace
from engine.network.snapshot import HOST, Snapshot
from tui.lines import Line
from tui.network.ledger import ADDED, GONE, MARK_SECONDS, Clock
from tui.network.sheetlines import marked, title_line
from tui.words import Say
from tui.wrap import Span, cut, wrap

KEPT, DROPPED = 150, 25
"""So many announcements of a namespace can be looked back at; the oldest go some at a time, as all others then move."""
LONG_STAMP_CELLS = 100
"""From this width on the date stands before the time, as ``ip -ts monitor`` prints it."""


class _Heard(NamedTuple):
    date: str
    text: str
    """With the time of day before it."""
    until: float


def _heard(one: Announcement, until: float) -> _Heard:
    date, _, clock = datetime.fromtimestamp(one.seconds).isoformat(timespec="microseconds").partition("T")
    return _Heard(date, f"{clock}] [{one.label}]{one.text}", until)


class Events:
    """The announcements of every namespace, the latest last."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._heard: dict[str, list[_Heard]] = {}
        """By namespace."""
        self._fading: deque[float] = deque()
        """When the marks fade, the next first."""

    def take(self, announcements: Iterable[Announcement]) -> None:
        until = self._clock() + MARK_SECONDS
        for one in announcements:
            own = self._heard.setdefault(one.namespace, [])
            own.append(_heard(one, until))
            if len(own) >= KEPT + DROPPED:
                del own[:DROPPED]
            if not self._fading or self._fading[-1] != until:
                self._fading.append(until)

    def forget(self) -> None:
        """Another lab."""
        self._heard.clear()
        self._fading.clear()

    @property
    def sign(self) -> str:
        """``+`` while the latest is news."""
        return ADDED if self._fading and self._fading[-1] > self._clock() else ""

    def calm(self) -> float | None:
        """After how many seconds the next mark fades."""
        now = self._clock()
        while self._fading and self._fading[0] <= now:
            self._fading.popleft()
        return self._fading[0] - now if self._fading else None

    @staticmethod
    def command(namespace: str) -> str:
        """What prints them."""
        return in_namespace(namespace, EVENTS_COMMAND)

    def lines(self, namespace: str, width: int, say: Say) -> list[Line]:
        """What ``ip monitor`` has said in a namespace."""
        now = self._clock()
        lines = title_line(self.command(namespace), width)
        own = self._heard.get(namespace, ())
        for one in own:
            start = "[" if width < LONG_STAMP_CELLS else f"[{one.date}T"
            lines += marked(start + one.text, ADDED if one.until > now else "", width)
        return lines if own else [*lines, Line((Span(f"  {say('network.no_events')}", "dim"),))]


class LastCommand:
    """What differs between the moment when the last command was started and now."""

    def __init__(self) -> None:
        self._run: CommandRun | None = None
        self._before: Snapshot | None = None
        self._now: Snapshot | None = None
        self._told: tuple[Told, ...] = ()

    def take(self, snapshot: Snapshot) -> bool:
        """A new snapshot; whether the list is another one."""
        before, self._now = self._told, snapshot
        self._told = changes(self._before, snapshot) if self._before is not None else ()
        return before != self._told

    def started(self, run: CommandRun) -> None:
        """From here on everything is this command's doing."""
        self._run, self._before, self._told = run, self._now, ()

    def finished(self, run: CommandRun) -> None:
        """How it ended."""
        if self._run is not None and (self._run.id, self._run.terminal) == (run.id, run.terminal):
            self._run = run

    def forget(self) -> None:
        """Another lab, which no command has changed."""
        self.__init__()  # type: ignore[misc]

    @property
    def count(self) -> int:
        """How much it changed, not counting what the kernel did by itself."""
        return sum(not one.by_itself for one in self._told)

    def lines(self, width: int, say: Say) -> list[Line]:
        """The command, and the list."""
        if self._run is None:
            return [Line((Span("  " if index else "", ""), *spans)) for index, spans in
                    enumerate(wrap([Span(say("network.no_command"), "dim")], width))]  # fmt: skip
        run = self._run
        lines = title_line(" ".join(run.text.split("\n")), width)
        place = run.terminal if run.namespace == HOST else f"{run.terminal}, {run.namespace}"
        state = say("network.runs") if run.exit is None else f"exit {run.exit}"
        note = Span(f"  {place} · {state}", "dim" if not run.exit else "bad")
        lines += [Line((note,)), Line()]
        own = [one for one in self._told if not one.by_itself]
        for one in own:
            lines += _told_lines(one, width, say)
        if not own:
            lines += [Line((Span("  "), *spans)) for spans in wrap([Span(say("network.no_change"), "dim")], width - 2)]
        rest = [one for one in self._told if one.by_itself]
        if rest:
            lines += [Line(), Line((Span(cut(f"  {say('network.by_itself')}", width), "dim"),))]
            for one in rest:
                lines += _told_lines(one, width, say, quiet=True)
        return lines


def _told_lines(one: Told, width: int, say: Say, *, quiet: bool = False) -> list[Line]:
    look = "gone strong" if one.sign == GONE else "changed strong"
    rows = wrap([Span(say("network.told", what=one.message), "dim" if quiet else "")], width - 2)
    return [Line((Span("  " if index else f"{one.sign} ", look), *row)) for index, row in enumerate(rows)]
