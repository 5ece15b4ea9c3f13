"""The state panes: what the tools print of each namespace, live, with what has just changed marked for a few seconds.

Two lines say which panes and which namespaces there are; below them stands what was chosen, or, where there is room,
the same pane of several namespaces side by side.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.timer import Timer

from engine.lab import CommandRun
from engine.network.announcement import Announcement
from engine.network.snapshot import HOST, Snapshot
from tui.lines import Line
from tui.network.chronicle import Events, LastCommand
from tui.network.ledger import Ledger
from tui.network.overview import Overview, beside
from tui.network.panes import NAMES, OF_A_NAMESPACE, namespace_line, pane_line
from tui.network.sheetlines import row_lines, title_line
from tui.network.state_view import Head, StateView, step_in
from tui.settings import kept, remember
from tui.words import Say
from tui.wrap import Span

BETWEEN_SECONDS = 0.02
"""Of a storm of snapshots the latest is shown that often, or as often as costs a third of the time."""
COLUMN_CELLS = 54
"""From this width on a namespace has a column of its own."""
BRIEF_CELLS = 96
"""In less ``ip -br link`` and ``ip -br addr`` are shown: the long forms would be broken in three."""
GAP = 3
CALM_SECONDS = 0.1
CATCH_UP_SECONDS, SHEETS_AT_ONCE = 0.04, 12


class NetworkPane(Vertical):
    """Shows the latest snapshot; what was chosen stays chosen, whatever becomes of the lab."""

    DEFAULT_CSS = "NetworkPane > StateView { height: 1fr; }"

    class Chosen(Message):
        """Another pane or namespace is shown."""

        def __init__(self, pane: str) -> None:
            super().__init__()
            self.pane = pane

    def __init__(
        self, say: Say, *, id: str | None = None, pane: str = "overview", clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(id=id)
        self._say = say
        self._clock = clock
        self.pane = pane if pane in NAMES else "overview"
        self.namespace = HOST
        """The chosen one; if it is gone, the host is shown until it is there again."""
        self._ledger = Ledger(clock)
        self._overview = Overview(say, clock)
        self._events = Events(clock)
        self._last_command = LastCommand()
        self._snapshot: Snapshot | None = None
        self._planned: Timer | None = None
        self._catching_up: Timer | None = None
        self._calming: Timer | None = None
        self._shown_at = float("-inf")
        self._pause = BETWEEN_SECONDS
        self._head_said: tuple[object, list[Line]] | None = None
        """What the lines above were made of, and they."""
        self._head = Head(self._head_lines)
        self.view = StateView(self._lines)

    def compose(self) -> ComposeResult:
        yield self._head
        yield self.view

    def focus(self, scroll_visible: bool = True) -> NetworkPane:
        self.view.focus(scroll_visible)
        return self

    # -- what the session says -----------------------------------------------------------------------------------------

    def show(self, snapshot: Snapshot | None) -> None:
        """Take a new snapshot; ``None`` when the lab is gone (the next one is then not compared with the last).

        The first after a pause is shown at once; of a storm of them the latest.
        """
        self._snapshot = snapshot
        if snapshot is None:
            for one in (self._ledger, self._overview, self._events, self._last_command):
                one.forget()
        wait = self._shown_at + self._pause - self._clock()
        if wait <= 0 or snapshot is None:
            self._take()
        elif self._planned is None:
            self._planned = self.set_timer(wait, self._take)

    def _take(self) -> None:
        if self._planned is not None:
            self._planned.stop()
            self._planned = None
        began = self._clock()
        snapshot, last = self._snapshot, self._ledger.snapshot
        news = snapshot is None or last is None
        if snapshot is not None and snapshot is not last:
            self._ledger.take(snapshot)
            news |= self._last_command.take(snapshot)
            self._catch_up_later()
        if news or self.pane not in ("events", "changes"):
            self._again(follow=snapshot is not None)
        else:  # a snapshot tells nothing new to these
            self._head_again()
        self._shown_at = self._clock() if snapshot is not None else float("-inf")
        self._pause = max(BETWEEN_SECONDS, 2 * (self._clock() - began))

    def _catch_up_later(self) -> None:
        """What is out of sight is written once that which is in sight has been painted."""
        if self._catching_up is None:
            self._catching_up = self.set_timer(CATCH_UP_SECONDS, self._catch_up)

    def _catch_up(self) -> None:
        self._catching_up = None
        if self._ledger.catch_up(SHEETS_AT_ONCE):
            self._catch_up_later()
        else:
            self._head_again()

    def hear(self, announcements: Sequence[Announcement]) -> None:
        """The kernel has said this."""
        self._events.take(announcements)
        if self.pane != "events":  # its sign may wait: a painting now would put off that of the snapshot behind it
            self._catch_up_later()
            return
        tail = self.view.at_end
        self._again()
        if tail:
            self.view.follow(tail=True)

    def command_started(self, run: CommandRun) -> None:
        """What changes from here on is this command's doing."""
        if self._snapshot is not None and self._snapshot is not self._ledger.snapshot:
            self._take()
        self._last_command.started(run)
        self._again()

    def command_finished(self, run: CommandRun) -> None:
        """How it ended."""
        self._last_command.finished(run)
        self._again()

    def translate(self) -> None:
        """The language is another one."""
        self._overview.forget()
        self._again()

    # -- choosing ------------------------------------------------------------------------------------------------------

    def choose(self, pane: str) -> None:
        """Show that pane."""
        self.pane = pane
        self._again()
        if pane == "events":
            self.call_after_refresh(self.view.follow, tail=True)
        else:
            self.view.scroll_to(y=0, animate=False)
        remember(self.app, panes={**kept(self.app).panes, "network": pane})
        self.post_message(self.Chosen(pane))

    def choose_next(self, step: int) -> None:
        """The pane after the chosen one; with ``step`` -1 the one before; round the end."""
        self.choose(NAMES[(NAMES.index(self.pane) + step) % len(NAMES)])

    def choose_namespace(self, name: str) -> None:
        """Show that namespace; the panes that are not about one give way to the addresses."""
        self.namespace = name
        self.choose(self.pane if self.pane in OF_A_NAMESPACE else "addresses")

    def step_namespace(self, step: int) -> None:
        """The namespace after the chosen one, or before it; round the end."""
        names = self.namespaces
        if names:
            here = names.index(self.namespace) if self.namespace in names else 0
            self.choose_namespace(names[(here + step) % len(names)])

    @property
    def namespaces(self) -> list[str]:
        """Those that there are."""
        return [space.name for space in self._snapshot.namespaces] if self._snapshot else []

    @property
    def command(self) -> str | None:
        """The command that prints what is shown."""
        if self.pane not in OF_A_NAMESPACE:
            return None
        name = next(iter(self._shown(self.view.scrollable_content_region.width)), HOST)
        if self.pane == "events":
            return self._events.command(name)
        brief = self._width_of_one() < BRIEF_CELLS
        return next((command for command, _ in self._ledger.shown(self.pane, name, brief=brief)), None)

    # -- what is seen --------------------------------------------------------------------------------------------------

    def _again(self, *, follow: bool = False) -> None:
        """Paint what is another line now."""
        if not self.display or not self.size.width:
            return
        self._head.again()
        self.view.changed()
        if follow and not self.view.has_focus and self.pane != "events":
            self.view.follow(tail=False)
        self._calm_later()

    def _head_again(self) -> None:
        if self.display and self.size.width:
            self._head.again()
            self._calm_later()

    def _calm_later(self) -> None:
        times = [one.calm() for one in (self._ledger, self._overview, self._events)]
        seconds = min((one for one in times if one is not None), default=None)
        if seconds is not None and self._calming is None:
            self._calming = self.set_timer(seconds + CALM_SECONDS, self.calm)

    def calm(self) -> None:
        """Marks whose time is over vanish."""
        self._calming = None
        self._again()

    def on_mount(self) -> None:
        wanted = kept(self.app).panes.get("network")
        self.pane = wanted if wanted in NAMES else self.pane

    def on_show(self) -> None:
        """While it was not seen it was not painted."""
        self._again()

    def on_resize(self) -> None:
        self._again()

    def _shown(self, width: int) -> list[str]:
        """The chosen namespace and those that there is room for beside it."""
        names = self.namespaces
        count = max(1, (width + GAP) // (COLUMN_CELLS + GAP))
        at = names.index(self.namespace) if self.namespace in names else 0
        at = max(0, min(at, len(names) - count))
        return names[at : at + count]

    def _width_of_one(self) -> int:
        width = self.view.scrollable_content_region.width
        count = max(1, len(self._shown(width)))
        return (width - GAP * (count - 1)) // count

    def _head_lines(self, width: int) -> list[Line]:
        marks = self._ledger.signs()

        def sign(pane: str) -> str:
            if pane == "events":
                return self._events.sign
            if pane == "changes":
                return str(min(9, self._last_command.count) or "")
            return marks.get((pane, ""), "")

        shown = self._shown(self.view.scrollable_content_region.width) if self.pane in OF_A_NAMESPACE else []
        names = self.namespaces
        panes = {name: sign(name) for name in NAMES}
        spaces = {name: marks.get((self.pane, name), "") for name in names}
        said = (self.pane, self._say("network.host"), width, tuple(shown), tuple(panes.items()), tuple(spaces.items()))
        if self._head_said is None or self._head_said[0] != said:
            first = pane_line(self.pane, panes.__getitem__, width, self._say)
            self._head_said = (said, [first, namespace_line(names, shown, spaces.__getitem__, width, self._say)])
        return self._head_said[1]

    def _lines(self, width: int) -> Sequence[Line]:
        if self._snapshot is None:
            return [Line((Span(self._say("network.none"), "dim"),))]
        if self.pane == "overview":
            self._overview.take(self._snapshot)
            return self._overview.lines(width)
        if self.pane == "changes":
            return self._last_command.lines(width, self._say)
        names = self._shown(width)
        one = (width - GAP * (len(names) - 1)) // len(names)
        columns = [self._column(name, one) for name in names]
        if self.pane == "events":
            columns = ending_together(columns, self.view.scrollable_content_region.height)
        return beside(columns, one) if len(columns) > 1 else columns[0]

    def _column(self, name: str, width: int) -> list[Line]:
        if self.pane == "events":
            return self._events.lines(name, width, self._say)
        lines: list[Line] = []
        for command, shown in self._ledger.shown(self.pane, name, brief=width < BRIEF_CELLS):
            lines += [Line()] if lines else []
            lines += title_line(command, width)
            lines += row_lines(shown, width) or [Line((Span(f"  {self._say('network.nothing')}", "dim"),))]
        return lines


def ending_together(columns: list[list[Line]], height: int) -> list[list[Line]]:
    """Columns that all end at, or a few lines before, the end of the longest, if that is longer than the view: the
    latest of each can then be seen. They seldom move against each other."""
    longest, step = max(map(len, columns)), step_in(height)
    if longest <= height:
        return columns
    return [[Line()] * ((longest - len(column)) // step * step) + column for column in columns]
