"""The board itself: the room in numbers, the causes, the seats by need, the chosen one, the keys."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input

from tui.classroom.board import table, top
from tui.classroom.board.footer import BoardFooter
from tui.classroom.board.helping import HelpingActions
from tui.classroom.board.keys import KEYS, bindings
from tui.classroom.board.leading import LeadingActions
from tui.classroom.board.picklist import PickList
from tui.classroom.board.view import View
from tui.lines import Line, LinesBlock
from tui.words import Say

LEAST_COLUMNS, LEAST_ROWS = 60, 16
TICK_SECONDS = 1.0
CAUSES, CAUSES_COMPACT = 6, 3
"""So many causes are in sight."""


class Block(LinesBlock):
    """Lines that are a function of the width."""

    def __init__(self, paint: Callable[[int], Sequence[Line]], *, id: str) -> None:
        super().__init__(id=id)
        self._paint_lines = paint

    def lines(self, width: int) -> Sequence[Line]:
        return self._paint_lines(width)


class BoardScreen(LeadingActions, HelpingActions):
    """See the module. ``app`` is a :class:`~tui.classroom.board.app.BoardApp`."""

    AUTO_FOCUS = "#seats"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(KEYS), Binding("escape", "everything", "", show=False)]

    def __init__(self, view: View, say: Say) -> None:
        super().__init__(view, say)
        self._told_at = time.monotonic()
        self._ready = False

    def compose(self) -> ComposeResult:
        view, say = self.view, self.say
        yield Block(lambda width: [top.header(view, width, say, time.monotonic() - self._told_at)], id="header")
        yield Block(lambda width: top.overview(view, width, say), id="overview")
        yield PickList(self._cause_lines, lambda: self.cause, id="causes")
        with Vertical(id="table"):
            yield Block(self._heading, id="heading")
            yield Input(placeholder=say("search"), id="search-seats")
            yield PickList(self._seat_lines, lambda: str(view.seat), id="seats")
        yield Block(self._details, id="details")
        yield Block(lambda width: top.too_small(width, say), id="too-small")
        yield BoardFooter(KEYS, say, id="footer")

    def on_mount(self) -> None:
        self._ready = True
        self.query_one("#search-seats").display = False
        self.set_interval(TICK_SECONDS, self._tick)
        self.show()

    def on_resize(self, event: events.Resize) -> None:
        small = event.size.width < LEAST_COLUMNS or event.size.height < LEAST_ROWS
        self.set_class(small, "-too-small")
        self.set_class(event.size.height < 30, "-compact")
        self.set_class(event.size.height < 20, "-low")
        self.show()

    # -- what is shown -------------------------------------------------------------------------------------------------

    def told(self) -> None:
        """The hub has told the room anew."""
        self._told_at = time.monotonic()
        self.show()

    def show(self) -> None:
        """Everything as it is now."""
        if not self._ready or not self.query("#header"):  # not composed yet, or going
            return
        causes = self.view.board.summary.causes
        if self.view.cause_of(self.cause) is None:
            self.cause = causes[0].id if causes else None
        list_of_causes = self.query_one("#causes")
        list_of_causes.set_class(not causes, "-empty")
        list_of_causes.styles.height = min(len(causes), CAUSES_COMPACT if self.has_class("-compact") else CAUSES)
        if not causes and self.causes_focused:
            self.focus_seats()
        for name in ("#header", "#overview", "#heading", "#details"):
            self.query_one(name, Block).changed()
        for name in ("#causes", "#seats"):
            self.query_one(name, PickList).changed()
        self._show_keys()

    def _show_keys(self) -> None:
        leading = self.view.board.leading
        labels = {
            "look": "look-cause" if self.causes_focused else "look",
            "freeze": "unfreeze" if leading.frozen else "freeze",
            "demo": "steer" if leading.demo else "demo",
            "timer": "timer-end" if leading.timer_seconds is not None else "timer",
        }
        self.query_one(BoardFooter).show(KEYS, labels)

    def _tick(self) -> None:
        """The clocks go on."""
        if self.view.board.leading.timer_seconds is not None:
            self.query_one("#header", Block).changed()

    def _heading(self, width: int) -> list[Line]:
        view = self.view
        shown, seats = len(view.rows()), len(view.board.rows)
        if view.filter == "all" and not view.query and view.cause is None:
            return [table.heading(width, self.say)]
        return [table.narrowed(self.say, width, view.filter, view.query, view.cause is not None, shown, seats)]

    def _details(self, width: int) -> list[Line]:
        rows = 1 if self.has_class("-compact") else 2
        return table.details(self.view.row(), width, self.say, self.language, rows)

    def _seat_lines(self, width: int) -> list[Line]:
        rows = self.view.rows()
        if not rows:
            return [table.nobody(self.view, self.say)]
        seat = self.view.seat
        return [table.row_line(row, width, self.say, self.language, chosen=row.seat == seat) for row in rows]

    def _cause_lines(self, width: int) -> list[Line]:
        focused = self.causes_focused
        return [
            top.cause_line(one, self.view, width, self.language, self.say, chosen=focused and one.id == self.cause)
            for one in self.view.board.summary.causes
        ]

    # -- choosing ------------------------------------------------------------------------------------------------------

    def on_pick_list_chosen(self, event: PickList.Chosen) -> None:
        if event.list.id == "seats":
            self.view.seat = int(event.name)
            self.query_one("#details", Block).changed()
        else:
            self.cause = event.name
        event.list.changed()

    def on_pick_list_picked(self) -> None:
        self.action_look()

    def on_descendant_focus(self) -> None:
        if self.query("#causes"):
            self.query_one("#causes", PickList).changed()
            self._show_keys()

    def action_other_list(self) -> None:
        """The causes, or the seats."""
        if self.causes_focused or not self.view.board.summary.causes:
            self.focus_seats()
        else:
            self.query_one("#causes").focus()

    def action_filter(self) -> None:
        self.view.next_filter()
        self.show()

    def action_search(self) -> None:
        box = self.query_one("#search-seats", Input)
        box.display = True
        box.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        self.view.search(event.value)
        self.show()

    def on_input_submitted(self) -> None:
        self._search_done()

    def _search_done(self) -> None:
        box = self.query_one("#search-seats", Input)
        box.display = bool(box.value)
        self.focus_seats()

    def action_everything(self) -> None:
        """Nothing is left out any more."""
        box = self.query_one("#search-seats", Input)
        box.value = ""
        self.view.everything()
        self._search_done()
        self.show()

    # -- the rest ------------------------------------------------------------------------------------------------------

    def action_language(self) -> None:
        self.app.other_language()

    def action_help(self) -> None:
        self.app.show_help()
