"""The network's place on the screen and its faces: the drawing, the tables, or, where there is room, both."""

from __future__ import annotations

import time
from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import Container
from textual.events import Resize
from textual.timer import Timer

from engine.network.snapshot import Snapshot
from engine.session.events import CommandFinished, CommandStarted, KernelAnnounced
from tui.network.pane import NetworkPane
from tui.network.topology import TopologyView
from tui.settings import remember
from tui.words import Say

FACES = ("drawing", "tables", "both")
SIDE_BY_SIDE = 114
"""From this width on both faces stand beside each other: a drawing with namespaces side by side needs 65 cells."""
ABOVE_EACH_OTHER = 30
"""From this height on both stand above each other."""


def faces(width: int, height: int) -> tuple[str, ...]:
    """The faces for which a place has room; the first is shown if none was chosen."""
    if width >= SIDE_BY_SIDE or height >= ABOVE_EACH_OTHER:
        return ("both", "drawing", "tables")
    return ("drawing", "tables")


SLOW_SECONDS, AFTER_SECONDS, SHARE = 0.01, 0.03, 4
"""A drawing that takes so long is made so long after the tables, and so many times its own duration after the last."""
HIDDEN_SECONDS = 0.2


class NetworkFaces(Container):
    """Takes what the session says and hands it to both faces."""

    DEFAULT_CSS = """
    NetworkFaces { layout: vertical; }
    NetworkFaces.-beside { layout: horizontal; }
    NetworkFaces > * { width: 1fr; height: 1fr; }
    NetworkFaces.-beside > TopologyView { width: 3fr; }
    NetworkFaces.-beside > NetworkPane { width: 2fr; }
    NetworkFaces.-drawing > NetworkPane, NetworkFaces.-tables > TopologyView { display: none; }
    """

    def __init__(self, say: Say, *, id: str | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(id=id, classes="-drawing")
        self.drawing = TopologyView(say, id="topology", clock=clock)
        self.tables = NetworkPane(say, id="tables", clock=clock)
        self.face = "drawing"
        self._snapshot: Snapshot | None = None
        self._planned: Timer | None = None
        self._drawing_seconds = 0.0
        self._wanted: str | None = None

    def compose(self) -> ComposeResult:
        yield self.drawing
        yield self.tables

    def show(self, snapshot: Snapshot | None) -> None:
        """A new snapshot; ``None``: the lab is gone.

        The tables are first. A drawing that takes longer than a frame (of fifty namespaces) waits until they have been
        painted, and is not drawn for more than a part of the time; one that is not seen hears of it now and then.
        """
        self.tables.show(snapshot)
        self._snapshot = snapshot
        hidden = self.face == "tables"
        if snapshot is None or (self._drawing_seconds < SLOW_SECONDS and not hidden):
            self._draw()
        elif self._planned is None:
            wait = HIDDEN_SECONDS if hidden else max(AFTER_SECONDS, SHARE * self._drawing_seconds)
            self._planned = self.set_timer(wait, self._draw)

    def _draw(self) -> None:
        if self._planned is not None:
            self._planned.stop()
            self._planned = None
        began = time.monotonic()
        self.drawing.show(self._snapshot)
        self._drawing_seconds = time.monotonic() - began

    def calm(self) -> None:
        """By the clock some time has passed: what is over vanishes."""
        self.drawing.move()
        self.drawing.calm()
        self.tables.calm()

    def translate(self) -> None:
        """The language is another one."""
        self.drawing.translate()
        self.tables.translate()

    def hear(self, event: CommandStarted | CommandFinished | KernelAnnounced) -> None:
        """A command has been started, or has ended; or the kernel has said what happened."""
        match event:
            case CommandStarted(command):
                self.drawing.command_started(command)
                self.tables.command_started(command)
            case CommandFinished(command):
                self.drawing.command_finished(command)
                self.tables.command_finished(command)
            case KernelAnnounced(announcements):
                self.tables.hear(announcements)

    def next_face(self) -> None:
        """The next of the faces for which there is room."""
        possible = faces(*self.size)
        at = possible.index(self.face) if self.face in possible else -1
        self._wanted = possible[(at + 1) % len(possible)]
        remember(self.app, face=self._wanted)
        had_the_keyboard = self.screen.focused in (self.drawing, self.tables.view)
        self._turn()
        if had_the_keyboard:
            self.focus_face()

    def want(self, face: str | None) -> None:
        """Show that face wherever there is room for it."""
        self._wanted = face
        self._turn()

    def show_tables(self) -> None:
        """They are wanted: alone where there is no room for both."""
        if "drawing" in (self.face, self._wanted):  # the second, if it was wanted while nothing was seen here
            self._wanted = "both" if "both" in faces(*self.size) else "tables"
            self._turn()

    def focus_face(self) -> None:
        """The keyboard goes to what is seen here."""
        (self.tables if self.face == "tables" else self.drawing).focus()

    def on_resize(self, event: Resize) -> None:
        self._turn()

    def _turn(self) -> None:
        width, height = self.size
        if not width or not height:
            return
        possible = faces(width, height)
        self.face = self._wanted if self._wanted in possible else possible[0]
        if self._planned is not None:
            self._draw()
        for face in FACES:
            self.set_class(face == self.face, f"-{face}")
        self.set_class(self.face == "both" and height < ABOVE_EACH_OTHER, "-beside")
