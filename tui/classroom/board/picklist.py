"""A list of lines one of which is chosen: by arrow keys, by the mouse, and kept chosen when the list changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from tui.lines import Line, LinesView

Painted = Callable[[int], Sequence[Line]]


class PickList(LinesView):
    """``paint`` gives the lines at a width; each has its entry's name as its anchor. Whoever holds it says by
    :meth:`choose` what is chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "", show=False),
        Binding("down", "move(1)", "", show=False),
        Binding("pageup", "page(-1)", "", show=False),
        Binding("pagedown", "page(1)", "", show=False),
        Binding("home", "move(-100000)", "", show=False),
        Binding("end", "move(100000)", "", show=False),
    ]

    class Chosen(Message):
        """Another entry is chosen."""

        def __init__(self, list_: PickList, name: str) -> None:
            super().__init__()
            self.list = list_
            self.name = name

    class Picked(Message):
        """The chosen entry was clicked again: do what Enter does."""

        def __init__(self, list_: PickList, name: str) -> None:
            super().__init__()
            self.list = list_
            self.name = name

    def __init__(self, paint: Painted, chosen: Callable[[], str | None], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._paint_lines = paint
        self._chosen = chosen

    def lines(self, width: int) -> Sequence[Line]:
        return self._paint_lines(width)

    def changed(self) -> None:
        """The lines are others now; what is chosen stays in sight."""
        super().changed()
        self._follow()

    def action_move(self, lines: int) -> None:
        names = [line.anchor for line in self._lines if line.anchor]
        if not names:
            return
        now = self._chosen()
        index = names.index(now) + lines if now in names else 0
        self._choose(names[max(0, min(len(names) - 1, index))])

    def action_page(self, pages: int) -> None:
        self.action_move(pages * max(1, self.scrollable_content_region.height - 1))

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None:
            return
        index = offset.y + self.scroll_offset.y
        name = self._lines[index].anchor if index < len(self._lines) else None
        if name is not None:
            if name == self._chosen():
                self.post_message(self.Picked(self, name))
            else:
                self._choose(name)

    def _choose(self, name: str) -> None:
        if name != self._chosen():
            self.post_message(self.Chosen(self, name))

    def _follow(self) -> None:
        index = next((i for i, line in enumerate(self._lines) if line.anchor == self._chosen()), None)
        top, height = self.scroll_offset.y, self.scrollable_content_region.height
        if index is None or not height:
            return
        if index < top:
            self.scroll_to(y=index, animate=False)
        elif index >= top + height:
            self.scroll_to(y=index - height + 1, animate=False)
