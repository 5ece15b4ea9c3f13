"""The terminals of the lab as tabs: one line of badges, and the terminal in front."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import ContentSwitcher

from engine.lab import Shell
from tui.lines import Line, LinesBlock
from tui.terminal.widget import TerminalView
from tui.words import Say
from tui.wrap import Span

MORE_TERMINALS = tuple(f"T{number}" for number in range(1, 7))


class Tabs(LinesBlock):
    """``T1  T2 •  T3 ▸``: • there is something new in it, ▸ a command runs, ✕ its shell has ended."""

    def __init__(self, deck: TerminalDeck) -> None:
        super().__init__(id="tabs")
        self._deck = deck

    def lines(self, width: int) -> Sequence[Line]:
        deck = self._deck
        spans: list[Span] = []
        for name in deck.names:
            look = f"badge badge-{name}" if name == deck.front else f"bar badge-{name}"
            spans += [Span(f" {name} ", look, f"screen.open_terminal('{name}')"), Span(deck.mark(name) + " ", "dim")]
        if spans:
            spans.append(Span(" + ", "dim", "screen.another_terminal"))
        return [Line(tuple(spans))]


class Screens(ContentSwitcher):
    """Where the terminal in front is seen."""

    class Resized(Message):
        """There is room for that many columns and rows."""

        def __init__(self, columns: int, rows: int) -> None:
            super().__init__()
            self.columns, self.rows = columns, rows

    def on_resize(self) -> None:
        self.post_message(self.Resized(*self.content_size))


class TerminalDeck(Vertical):
    """Holds a :class:`TerminalView` for each shell of the session."""

    class Resized(Message):
        """Terminals have that many columns and rows now."""

        def __init__(self, columns: int, rows: int) -> None:
            super().__init__()
            self.columns, self.rows = columns, rows

    def __init__(self, say: Say, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._say = say
        self._tabs = Tabs(self)
        self._views: dict[str, TerminalView] = {}
        self._shells: dict[str, Shell] = {}
        self._unread: set[str] = set()
        self.front: str | None = None
        self.locked = False
        """While the lab is being rebuilt nothing is typed."""
        self._terminal_size = (80, 24)

    def compose(self) -> ComposeResult:
        yield self._tabs
        yield Screens(id="screens")

    @property
    def names(self) -> list[str]:
        return sorted(self._views)

    @property
    def view(self) -> TerminalView | None:
        """The terminal in front."""
        return self._views.get(self.front) if self.front else None

    def mark(self, name: str) -> str:
        """One sign for the tab: ended, something new, running, or nothing."""
        shell = self._shells.get(name)
        if shell is not None and shell.ended:
            return "✕"
        if name in self._unread:
            return "•"
        return "▸" if shell is not None and shell.running is not None else " "

    def adopt(self, shell: Shell) -> None:
        """Take what a new shell prints from its first byte on; :meth:`attach` puts it on the screen."""
        name = shell.name
        view = self._views.get(name)
        if view is None:
            view = self._views[name] = TerminalView(name=name, id=f"terminal-{name}")
            view.set_size(*self._terminal_size)
        else:
            view.fresh()
        self._shells[name] = shell
        view.send = lambda data: self._send(shell, data)
        shell.on_output.append(lambda data: self._output(shell, data))
        shell.on_ended.append(lambda: self.ended(name, shell))

    async def attach(self, shell: Shell) -> None:
        """Show a shell that was adopted."""
        name = shell.name
        view = self._views[name]
        if not view.is_attached:
            view.display = False
            await self.query_one(Screens).mount(view)
        if not shell.ended and self._shells.get(name) is shell:
            shell.resize(*self._terminal_size)
        if self.front in (None, name):
            self.bring(name)
        self.update()

    def clear(self) -> None:
        """The lab is gone: what its terminals showed stays to be read until new shells come."""
        self._shells.clear()
        self._unread.clear()
        self.update()

    async def tidy(self) -> None:
        """Take away terminals whose shell went with an earlier lab."""
        gone = [name for name in self._views if name not in self._shells]
        if not self._shells or not gone:
            return
        if self.front in gone:
            self.bring(sorted(self._shells)[0])
        for name in gone:
            view = self._views.pop(name)
            if view.is_attached:
                await view.remove()
        self.update()

    def _send(self, shell: Shell, data: bytes) -> None:
        if not self.locked and not shell.ended and self._shells.get(shell.name) is shell:
            shell.write(data)

    def on_screens_resized(self, message: Screens.Resized) -> None:
        """Every terminal, those behind as well: a program there sees the right size at once."""
        message.stop()
        size = (message.columns, message.rows)
        if size == self._terminal_size or min(size) < 2:
            return
        self._terminal_size = size
        for view in self._views.values():
            view.set_size(*size)
        for shell in self._shells.values():
            if not shell.ended:
                shell.resize(*size)
        self.post_message(self.Resized(*size))

    def _output(self, shell: Shell, data: bytes) -> None:
        name = shell.name
        if self._shells.get(name) is not shell:
            return
        self._views[name].feed(data)
        if name != self.front and name not in self._unread:
            self._unread.add(name)
            self.update()

    def ended(self, name: str, shell: Shell) -> None:
        """Say so in the terminal itself; Enter there asks for a fresh shell."""
        view = self._views.get(name)
        if view is None or self._shells.get(name) is not shell or view.ended:
            return
        view.end(self._say("terminal.ended"))
        self.update()

    def bring(self, name: str) -> None:
        """Put that terminal in front."""
        if name not in self._views:
            return
        had_focus = self.view is not None and self.view.has_focus
        self.front = name
        self._unread.discard(name)
        if not self._views[name].is_attached:
            return
        self.query_one(Screens).current = f"terminal-{name}"
        if had_focus:
            self._views[name].focus()
        self.update()

    def unused(self) -> str | None:
        """A name for one more terminal; ``None`` when there are enough."""
        return next((name for name in MORE_TERMINALS if name not in self._views), None)

    def next(self) -> str | None:
        """The terminal after the one in front."""
        names = self.names
        if not names:
            return None
        return names[(names.index(self.front) + 1) % len(names)] if self.front in names else names[0]

    def update(self) -> None:
        """The tabs may have changed."""
        if self._tabs.is_attached:
            self._tabs.changed()
