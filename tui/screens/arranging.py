"""What the keys do to the panes: which terminal is in front, two of them at once, one pane over the whole screen."""

from __future__ import annotations

import time
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from tui.keys import CHORD_AGAIN_SECONDS, CHORD_BYTE
from tui.settings import remember
from tui.terminal.panes import SMALLEST_COLUMNS
from tui.terminal.widget import TerminalView

if TYPE_CHECKING:
    from textual.screen import Screen
    from textual.widget import Widget

    from engine.session.session import Session
    from tui.lesson.view import LessonView
    from tui.network.faces import NetworkFaces
    from tui.terminal.deck import TerminalDeck
    from tui.words import Say

    _Base = Screen[None]
else:
    _Base = object

VIEWS_WIDE = ("all", "terminal", "lesson", "network")
VIEWS_COMPACT = ("all", "network", "terminal", "lesson")


class Arranging(_Base):
    """Mixed into the main screen's actions."""

    if TYPE_CHECKING:
        session: Session
        say: Say
        busy: str | None
        lesson: LessonView
        deck: TerminalDeck
        network: NetworkFaces

        def ask(self, work: Coroutine[Any, Any, Any]) -> None: ...
        def note(self, text: str) -> None: ...

    view = "all"
    """Which panes are seen: all of them, or the one that is named."""
    _views: tuple[str, ...] = ()
    """The order in which the views come."""
    _making_room = False
    """The terminals are about to get the whole screen, so that there may be room for two."""
    _zoomed_from: Widget | None = None
    """What had the focus when one pane was made large."""
    _chord_at = 0.0

    # -- terminals ---------------------------------------------------------------------------------------------

    def action_terminal(self) -> None:
        name = self.deck.next()
        if name is not None:
            self.action_open_terminal(name)

    def action_open_terminal(self, name: str) -> None:
        self.deck.bring(name)
        if self.view in ("lesson", "network"):
            self.set_view("all")
        self.focus_terminal()

    def action_another_terminal(self) -> None:
        """One more terminal than the lesson needs."""
        name = self.deck.unused()
        if name is not None and not self.busy and self.session.lab is not None:
            self.ask(self._another(name))

    async def _another(self, name: str) -> None:
        await self.session.terminal(name)
        self.call_after_refresh(self.action_open_terminal, name)

    def action_split(self) -> None:
        """Two terminals at once, or one again; where there is no room for two, the terminals get the whole screen."""
        if self.deck.how is not None:
            self.deck.split(False)
            return
        if len(self.deck.names) < 2:
            self.ask(self._second_terminal())
        else:
            self._show_two()

    async def _second_terminal(self) -> None:
        name = self.deck.unused()
        if name is not None and not self.busy and self.session.lab is not None:
            front = self.deck.front
            await self.session.terminal(name)
            self.call_after_refresh(self._show_two, front)

    def _show_two(self, front: str | None = None) -> None:
        if front is not None:
            self.deck.bring(front)
        if self.view in ("lesson", "network"):
            self.set_view("all")
        if self.deck.split(True):
            self.focus_terminal()
        elif self.view != "terminal":
            self._making_room = True
            self._views = (*(name for name in VIEWS_WIDE if name != "terminal"), "terminal")  # so that F6 leads back
            self._zoomed_from = self.focused
            self.set_view("terminal")
        else:
            self._say_if_too_small()

    def _say_if_too_small(self) -> None:
        """After the terminals have the whole screen: whether that was enough."""
        self._making_room = False
        if self.deck.how is None:
            self.deck.split(False)
            self.note(self.say("told.no_room_for_two", columns=SMALLEST_COLUMNS))
        else:
            self.note(self.say("told.two_are_large"))

    def action_copy_mode(self) -> None:
        """Read what the terminal in front has shown, with keys; again: back."""
        view = self.deck.view
        if view is not None:
            if self.view in ("lesson", "network"):
                self.set_view("all")
            self.focus_terminal()
            view.begin_copying()

    def focus_terminal(self) -> None:
        if self.deck.view is not None:
            self.set_focus(self.deck.view)

    # -- panes -------------------------------------------------------------------------------------------------

    def action_switch(self) -> None:
        """To the lesson and back; twice at once sends the chord itself to the shell."""
        now = time.monotonic()
        again = now - self._chord_at < CHORD_AGAIN_SECONDS
        self._chord_at = now
        if isinstance(self.focused, TerminalView):
            if self.view in ("terminal", "network"):
                self.set_view("all")
            self.set_focus(self.lesson)
            return
        if self.view == "lesson" or (self.view == "network" and not self.has_class("-compact")):
            self.set_view("all")
        self.focus_terminal()
        if again and self.deck.view is not None:
            self._chord_at = 0.0
            self.deck.view.type(CHORD_BYTE)

    def action_view(self) -> None:
        """The pane that has the focus over the whole screen, then the others, then all of them again."""
        views: tuple[str, ...] = VIEWS_COMPACT if self.has_class("-compact") else VIEWS_WIDE
        if self.view == "all":
            self._views = (*views[:1], *self._from_focus(views[1:]))
            self._zoomed_from = self.focused
        views = self._views if set(self._views) == set(views) else views
        self.set_view(views[(views.index(self.view) + 1) % len(views)])
        remember(self.app, view=self.view)
        if self.view == "all" and self._zoomed_from is not None and self._zoomed_from.is_attached:
            self.call_after_refresh(self.set_focus, self._zoomed_from)

    def _from_focus(self, views: tuple[str, ...]) -> tuple[str, ...]:
        """The views, the one first that shows the pane with the focus large, unless it is a small screen's."""
        pane = next((name for name in views if self._pane(name).has_pseudo_class("focus-within")), views[0])
        if self.has_class("-compact") and pane == "terminal":
            return views
        index = views.index(pane)
        return (*views[index:], *views[:index])

    def _pane(self, view: str) -> Widget:
        return {"terminal": self.deck, "lesson": self.lesson, "network": self.network}[view]

    def set_view(self, view: str) -> None:
        """Which panes are seen: all of them, or one large."""
        for name in VIEWS_WIDE:
            self.set_class(name == view, f"-view-{name}")
        self.view = view
        if view == "lesson":
            self.set_focus(self.lesson)
        elif view == "network" and not self.has_class("-compact"):
            self.call_after_refresh(self.network.focus_face)
        elif view == "terminal" or (view in ("all", "network") and self.focused is None):
            self.call_after_refresh(self.focus_terminal)
