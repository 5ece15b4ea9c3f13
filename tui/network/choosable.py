"""A drawing in which things can be chosen, with the mouse and with keys, and a page about each."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType

from tui.keys import letters
from tui.lines import LinesView
from tui.network.canvas import Key, Region
from tui.network.choosing import at, beside, following
from tui.network.details import Details
from tui.network.inspect import InspectScreen
from tui.words import Say


class ChoosableView(LinesView):
    """Whoever draws keeps ``_regions`` right, and answers what there is to know of a thing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(way, f"choose_beside('{way}')", "", show=False) for way in ("up", "down", "left", "right")),
        Binding("tab", "choose_next(1)", "", show=False),
        Binding("shift+tab", "choose_next(-1)", "", show=False),
        Binding("enter", "inspect", "", show=False),
        Binding("escape", "choose_nothing", "", show=False),
        *letters(),
    ]

    def __init__(self, say: Say, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._say = say
        self._regions: tuple[Region, ...] = ()
        self._chosen: Key | None = None
        self._page: InspectScreen | None = None

    def details_of(self, key: Key) -> Details | None:
        """All about a thing; ``None`` if it is no more."""
        raise NotImplementedError

    def want(self, command: str) -> None:
        """A command was chosen on a page."""
        raise NotImplementedError

    def refresh_drawing(self) -> None:
        """Draw anew what is seen."""
        if self.display:
            self.changed()

    def choose(self, key: Key | None) -> None:
        """Choose that thing, and bring it into sight."""
        self._chosen = key
        self.refresh_drawing()
        region = next((one for one in self._regions if one.key == key), None)
        top, height = self.scroll_offset.y, self.scrollable_content_region.height
        if region is not None and not top <= region.top < top + height:
            self.scroll_to(y=max(0, region.top - height // 3), animate=False)

    def action_choose_beside(self, way: str) -> None:
        self.choose(beside(self._regions, self._chosen, way))

    def action_choose_next(self, step: int) -> None:
        self.choose(following(self._regions, self._chosen, step))

    def action_choose_nothing(self) -> None:
        self.choose(None)

    def on_click(self, event: events.Click) -> None:
        """Choose what was clicked and tell all about it."""
        offset = event.get_content_offset(self)
        if offset is None or event.button != 1 or self.text_selection is not None:
            return
        key = at(self._regions, offset.x, offset.y + self.scroll_offset.y)
        self.choose(key)
        if key is not None:
            self.action_inspect()

    def action_inspect(self) -> None:
        """The page about what is chosen."""
        key = self._chosen
        if key is None:
            self.action_choose_next(1)
            return
        if self.details_of(key) is None or self._page is not None:
            return

        def ended(command: str | None) -> None:
            self._page = None
            if command is not None:
                self.want(command)

        self._page = InspectScreen(lambda: self.details_of(key), self._say)
        self.app.push_screen(self._page, ended)
