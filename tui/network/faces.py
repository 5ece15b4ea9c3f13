"""The network's place on the screen and its faces: the drawing, the tables, or, where there is room, both."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Container
from textual.events import Resize

from engine.network.snapshot import Snapshot
from engine.session.events import CommandFinished, CommandStarted
from tui.network.pane import NetworkPane
from tui.network.topology import TopologyView
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

    def __init__(self, say: Say, *, id: str | None = None) -> None:
        super().__init__(id=id, classes="-drawing")
        self.drawing = TopologyView(say, id="topology")
        self.tables = NetworkPane(say, id="tables")
        self.face = "drawing"
        self._wanted: str | None = None

    def compose(self) -> ComposeResult:
        yield self.drawing
        yield self.tables

    def show(self, snapshot: Snapshot | None) -> None:
        """A new snapshot; ``None``: the lab is gone."""
        self.drawing.show(snapshot)
        self.tables.show(snapshot)

    def translate(self) -> None:
        """The language is another one."""
        self.drawing.translate()
        self.tables.translate()

    def hear(self, event: CommandStarted | CommandFinished) -> None:
        """A command has been started, or has ended."""
        if isinstance(event, CommandStarted):
            self.drawing.command_started(event.command)
        else:
            self.drawing.command_finished(event.command)

    def next_face(self) -> None:
        """The next of the faces for which there is room."""
        possible = faces(*self.size)
        at = possible.index(self.face) if self.face in possible else -1
        self._wanted = possible[(at + 1) % len(possible)]
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
        for face in FACES:
            self.set_class(face == self.face, f"-{face}")
        self.set_class(self.face == "both" and height < ABOVE_EACH_OTHER, "-beside")
