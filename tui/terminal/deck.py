"""The terminals of the lab as tabs: one line of badges, and the terminal in front, or two at once."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message

from engine.lab import Shell
from tui.lines import Line, LinesBlock
from tui.terminal.panes import Screens, arrangement, terminal_size
from tui.terminal.widget import TerminalView
from tui.words import Say
from tui.wrap import Span

MORE_TERMINALS = tuple(f"T{number}" for number in range(1, 7))


class Tabs(LinesBlock):
    """``T1  T2 •  T3 …``: • there is something new in it, … a command runs, ✕ its shell has ended."""

    def __init__(self, deck: TerminalDeck) -> None:
        super().__init__(id="tabs")
        self._deck = deck

    def lines(self, width: int) -> Sequence[Line]:
        deck = self._deck
        spans: list[Span] = []
        for name in deck.names:
            look = f"badge badge-{name}" if name == deck.front else f"bar badge-{name}"
            if name in deck.shown and name != deck.front:
                look += " link"
            spans += [Span(f" {name} ", look, f"screen.open_terminal('{name}')"), Span(deck.mark(name) + " ", "dim")]
        if spans:
            spans.append(Span(" + ", "dim", "screen.another_terminal"))
        return [Line(tuple(spans))]


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
        self.holding = False
        """What is typed while locked is for the first shells of the program: they get it when they are ready."""
        self._held: list[tuple[Shell, bytes]] = []
        self._terminal_size = (80, 24)
        self._room = (80, 24)
        self._touched: set[str] = set()
        self._split = False
        self._beside: str | None = None
        """The terminal seen together with the one in front, or that was seen before it."""
        self.how: str | None = None
        """``beside`` or ``stacked`` while two terminals are seen."""

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
        return "…" if self.running(name) else " "

    def adopt(self, shell: Shell) -> None:
        """Take what a new shell prints from its first byte on; :meth:`attach` puts it on the screen."""
        name = shell.name
        view = self._views.get(name)
        if view is None:
            view = self._views[name] = TerminalView(name=name, id=f"terminal-{name}")
            view.words = self._say
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
            await self.query_one(Screens).add(self, view)
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
            await self.query_one(Screens).drop(self._views.pop(name))
        self._arrange()
        self.update()

    def _send(self, shell: Shell, data: bytes) -> None:
        if self.locked:
            if self.holding:
                self._held.append((shell, data))
        elif not shell.ended and self._shells.get(shell.name) is shell:
            self._touched.add(shell.name)
            shell.write(data)

    def touch(self, name: str, touched: bool) -> None:
        """Whether what stands at that prompt is the learner's own typing."""
        (self._touched.add if touched else self._touched.discard)(name)

    def untouched(self, name: str) -> bool:
        """What the program put at that prompt still stands there as it was."""
        shell = self._shells.get(name)
        return shell is not None and shell.at_prompt and not shell.ended and name not in self._touched

    def set_locked(self, locked: bool, *, holding: bool = False) -> None:
        """Let nothing be typed, or let it again; then comes what was held."""
        self.locked, self.holding = locked, holding
        self.set_class(locked and not holding, "-busy")
        held, self._held = self._held, []
        for shell, data in held:
            self._send(shell, data)

    def on_screens_resized(self, message: Screens.Resized) -> None:
        message.stop()
        self._room = (message.columns, message.rows)
        self._arrange()

    def _arrange(self) -> None:
        """Show one terminal or two. Every one gets the size, those behind as well: a program there sees the right
        size at once."""
        if min(self._room) < 2:
            return
        self.how = arrangement(*self._room) if self._split and len(self._views) > 1 else None
        if self.how and (self._beside is None or self._beside not in self._views or self._beside == self.front):
            self._beside = next((name for name in self.names if name != self.front), None)
        if self._unread.intersection(self.shown):
            self._unread.difference_update(self.shown)
            self.update()
        if self.front is not None and self.is_attached:
            self.query_one(Screens).show(self.shown, self.how)
        size = terminal_size(*self._room, self.how)
        if size == self._terminal_size:
            return
        self._terminal_size = size
        for view in self._views.values():
            view.set_size(*size)
        for shell in self._shells.values():
            if not shell.ended:
                shell.resize(*size)
        self.post_message(self.Resized(*size))

    @property
    def shown(self) -> list[str]:
        """The terminals that are seen."""
        return sorted({name for name in (self.front, self._beside if self.how else None) if name is not None})

    def split(self, on: bool) -> bool:
        """Show two terminals at once, or one again; whether there is room for it."""
        self._split = on
        self._arrange()
        self.update()
        return not on or self.how is not None

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The terminal that is typed into is the one in front."""
        view = event.widget
        if isinstance(view, TerminalView) and view.name in self._views and self.screen.focused is view:  # still
            self.bring(view.name)

    def _output(self, shell: Shell, data: bytes) -> None:
        name = shell.name
        if self._shells.get(name) is not shell:
            return
        self._views[name].feed(data)
        if name not in self._unread and name not in self.shown:
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
        had_focus = self.is_attached and self.screen.focused in self._views.values()  # ``has_focus`` comes later
        if name != self.front:
            both = self.front is not None and self._beside is not None and name not in (self.front, self._beside)
            if not (both and self._is_free(str(self._beside)) < self._is_free(str(self.front))):
                self._beside = self.front
            self.front = name
        self._unread.discard(name)
        if not self._views[name].is_attached:
            return
        self._arrange()
        if had_focus:
            self.screen.set_focus(self._views[name])
        self.update()

    def _is_free(self, name: str) -> bool:
        """Nothing runs there: it may go out of sight when a third terminal is wanted."""
        return not self.running(name)

    def running(self, name: str) -> str:
        """The command that runs in that terminal, or nothing."""
        shell = self._shells.get(name)
        run = shell.running if shell is not None and not shell.at_prompt else None
        return run.text if run is not None else ""

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
            for pane in self.query_one(Screens).panes():
                if self.how and pane.display:
                    pane.title.changed()
