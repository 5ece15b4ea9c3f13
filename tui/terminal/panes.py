"""Where terminals are seen: one, or two at once, beside each other or one above the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.message import Message

from tui.lines import Line, LinesBlock
from tui.terminal.widget import TerminalView
from tui.wrap import Span, cropped

if TYPE_CHECKING:
    from tui.terminal.deck import TerminalDeck

COMFORTABLE_COLUMNS = 80
"""From this width on two terminals stand beside each other rather than one above the other."""
SMALLEST_COLUMNS, SMALLEST_ROWS = 40, 5
"""Below that a terminal is of no use."""
ARRANGEMENTS = ("beside", "stacked")


def arrangement(columns: int, rows: int) -> str | None:
    """How two terminals are shown in that room; ``None`` if there is too little of it."""
    width = terminal_size(columns, rows, "beside")[0]
    if width >= COMFORTABLE_COLUMNS and rows > SMALLEST_ROWS:
        return "beside"
    if terminal_size(columns, rows, "stacked")[1] >= SMALLEST_ROWS and columns >= SMALLEST_COLUMNS:
        return "stacked"
    if width >= SMALLEST_COLUMNS and rows > SMALLEST_ROWS:
        return "beside"
    return None


def terminal_size(columns: int, rows: int, how: str | None) -> tuple[int, int]:
    """Columns and rows of each terminal: a line between them or above each is not theirs."""
    if how == "beside":
        return (columns - 1) // 2, rows - 1
    if how == "stacked":
        return columns, rows // 2 - 1
    return columns, rows


class PaneTitle(LinesBlock):
    """Above each of two terminals: which one it is, and what runs there."""

    DEFAULT_CSS = "PaneTitle { display: none; height: 1; }"

    def __init__(self, deck: TerminalDeck, terminal: str) -> None:
        super().__init__()
        self._deck, self._terminal = deck, terminal

    def lines(self, width: int) -> Sequence[Line]:
        name = self._terminal
        in_front = name == self._deck.front
        badge = Span(f" {name} ", f"badge badge-{name}" if in_front else f"bar badge-{name}")
        running = self._deck.running(name)
        words = (Span(f" {self._deck.mark(name)} ", "dim"), Span(running.split("\n")[0], "dim"))
        return [Line(cropped((badge, *words), width))]


class Pane(Vertical):
    """One terminal with its title."""

    def __init__(self, deck: TerminalDeck, view: TerminalView) -> None:
        super().__init__(id=f"pane-{view.name}")
        self.title = PaneTitle(deck, view.name or "")
        self.view = view

    def compose(self) -> ComposeResult:
        yield self.title
        yield self.view


class Screens(Container):
    """The terminals; :meth:`show` says which are seen."""

    DEFAULT_CSS = """
    Screens { layout: vertical; }
    Screens.-beside { layout: horizontal; }
    Screens > Pane { width: 1fr; height: 1fr; }
    Screens.-beside PaneTitle, Screens.-stacked PaneTitle { display: block; }
    """

    class Resized(Message):
        """There is room for that many columns and rows."""

        def __init__(self, columns: int, rows: int) -> None:
            super().__init__()
            self.columns, self.rows = columns, rows

    def on_resize(self) -> None:
        self.post_message(self.Resized(*self.content_size))

    def panes(self) -> list[Pane]:
        """All of them, in the order of their names."""
        return list(self.query_children(Pane))

    async def add(self, deck: TerminalDeck, view: TerminalView) -> None:
        """Take in a terminal, out of sight."""
        pane = Pane(deck, view)
        pane.display = False
        after = next((one for one in self.panes() if (one.view.name or "") > (view.name or "")), None)
        await self.mount(pane, before=after)

    async def drop(self, view: TerminalView) -> None:
        """Take a terminal away."""
        for pane in self.panes():
            if pane.view is view:
                await pane.remove()

    def show(self, names: Sequence[str], how: str | None) -> None:
        """Show those terminals in that arrangement."""
        for one in ARRANGEMENTS:
            self.set_class(one == how, f"-{one}")
        for pane in self.panes():
            pane.display = pane.view.name in names
            pane.set_class(pane.view.name == names[-1] and len(names) > 1, "-second")
