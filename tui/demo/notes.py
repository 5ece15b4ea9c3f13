"""``nsteps demo --notes``: what the instructor sees and the room does not; steers the demo it is connected to."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Sequence
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.driver import Driver

from engine.assets import assets_directory
from engine.course.model import LANGUAGES
from engine.session.autopilot.events import Standing
from engine.session.autopilot.remote import Action, NotesClient, connect
from tui import theme
from tui.app import TERMINAL_CHECK_SECONDS, terminal_is_there
from tui.demo.bar import state_line
from tui.demo.words import sayer
from tui.lesson.document import Section
from tui.lesson.layout import lay_out
from tui.lesson.markdown import parse
from tui.lines import Line, LinesBlock, LinesView
from tui.output import outlive_terminal
from tui.status.header import clock
from tui.words import Say
from tui.wrap import Span, cut, wrap

RECONNECT_SECONDS = 1.0
ORDERS: tuple[tuple[str, str, Action], ...] = (
    ("space,enter,f2", "go", "toggle"),
    ("n,right,pagedown,f5", "next", "next"),
    ("p,left,pageup,f3", "previous", "previous"),
    ("r,f4", "replay", "replay"),
    ("plus,equals_sign", "faster", "faster"),
    ("minus", "slower", "slower"),
    ("b,full_stop,f11", "blank", "blank"),
    ("t,f7", "keyboard", "take-over"),
)
LABELS = {
    "go": "␣", "next": "n", "previous": "p", "replay": "r", "faster": "+", "slower": "-", "blank": "b", "keyboard": "t",
}  # fmt: skip


def notes_lines(standing: Standing | None, width: int, say: Say, language: str) -> list[Line]:
    """Step, times, the next command, and the notes."""
    if standing is None:
        return [Line(), *_paragraph(say("viewer.waiting"), "dim", width)]
    title = f"{standing.number}  {standing.title.in_language(language)}"
    lines = [
        Line((Span(f" {standing.lesson_number} {standing.lesson.in_language(language)}", "dim"),)),
        Line((Span(f" {cut(title, width - 2)}", "title"),)),
        Line(),
        *_times(standing, width, say),
        Line(),
    ]
    if standing.reason is not None:
        lines += [*_paragraph(standing.reason.in_language(language), "bad strong", width), Line()]
    lines += [Line((Span(f" {say('viewer.command')}", "subheading"),)), *_command(standing, width, say)]
    lines += [Line(), Line((Span(f" {say('viewer.notes')}", "subheading"),)), Line()]
    notes = standing.notes.in_language(language)
    if notes.strip():
        return [*lines, *lay_out((Section(tuple(parse(notes))),), width - 1)]
    return [*lines, Line((Span(f"   {say('viewer.no-notes')}", "dim"),))]


def _paragraph(text: str, look: str, width: int) -> list[Line]:
    return [Line((Span(" "), *spans)) for spans in wrap([Span(text, look)], width - 2)]


def _command(standing: Standing, width: int, say: Say) -> list[Line]:
    """The next command behind the badge of its terminal."""
    if not standing.next_command:
        return [Line((Span(f"   {say('viewer.no-command')}", "dim"),))]
    rows = [
        spans for text in standing.next_command.split("\n") for spans in wrap([Span(text, "command strong")], width - 8)
    ]
    badge = Span(f" {standing.terminal} ", f"badge badge-{standing.terminal}")
    return [Line((Span(" "), badge if not index else Span("    "), Span(" "), *row)) for index, row in enumerate(rows)]


def _times(standing: Standing, width: int, say: Say) -> list[Line]:
    late = standing.elapsed - standing.planned
    look = "bad" if late > 60 else "good" if late < 5 else "pending"
    spans = [Span(f" {clock(standing.elapsed)}", "strong"), Span(f" / {clock(standing.total)}", "dim")]
    if not standing.manual and standing.speed is not None:
        key = "late" if late >= 0 else "early"
        spans.append(Span("   " + say(f"viewer.{key}", time=clock(abs(late)), planned=clock(standing.planned)), look))
    return [Line(row) for row in wrap(spans, width - 1)]


class NotesLines(LinesView):
    def __init__(self, app: NotesApp) -> None:
        super().__init__(id="notes")
        self._notes = app

    def lines(self, width: int) -> Sequence[Line]:
        return notes_lines(self._notes.standing, width, self._notes.say, self._notes.language)


class NotesBar(LinesBlock):
    """The state, and the keys."""

    def __init__(self, app: NotesApp) -> None:
        super().__init__(id="steering")
        self._notes = app

    def lines(self, width: int) -> Sequence[Line]:
        say, standing = self._notes.say, self._notes.standing
        spans: list[Span] = [Span(" ")]
        for _, name, action in ORDERS:
            label = name
            if name == "keyboard":
                label = "give_back" if standing and standing.taken else "take_over"
            elif name == "go":
                label = "pause" if standing and not standing.paused and not standing.wants_key else "resume"
            run = f"app.order('{action}')"
            spans += [Span(LABELS[name], "key", run), Span(f"\u00a0{say(f'keys.{label}')}  ", "", run)]
        spans += [Span("q", "key", "app.quit"), Span(f"\u00a0{say('keys.quit')}", "", "app.quit")]
        state = state_line(standing, width, say, self._notes.language) if standing else Line()
        return [state, *(Line((Span(" "), *one)) for one in wrap(spans, width - 2))]


class NotesApp(App[None], inherit_bindings=False):
    """Connects again when the demo was started anew."""

    ENABLE_COMMAND_PALETTE = False
    CSS_PATH: ClassVar = [assets_directory() / "styles" / "nsteps.tcss", assets_directory() / "styles" / "demo.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(keys, f"order('{action}')", name, show=False) for keys, name, action in ORDERS),
        Binding("q,escape,f10,ctrl+c", "quit", "quit", show=False),
        Binding("l,f12", "language", "language", show=False),
    ]

    def __init__(self, client: NotesClient, language: str) -> None:
        super().__init__()
        self.standing: Standing | None = None
        self.language = language
        self.say = sayer(lambda: self.language)
        self._client: NotesClient | None = client
        for one in theme.EVERY_THEME:
            self.register_theme(one)
        self.theme = theme.named(theme.preferred(os.environ, terminal=True), os.environ).name

    def compose(self) -> ComposeResult:
        yield NotesLines(self)
        yield NotesBar(self)

    def on_mount(self) -> None:
        self.query_one(NotesLines).focus()
        self.run_worker(self._follow())
        if not self.is_headless:
            self.set_interval(TERMINAL_CHECK_SECONDS, self._check_terminal)

    async def _follow(self) -> None:
        while True:
            if self._client is not None:
                async for standing in self._client.standings():
                    self.standing = standing
                    self._paint()
                self._client.close()
            self.standing = self._client = None
            self._paint()
            await asyncio.sleep(RECONNECT_SECONDS)
            self._client = await connect()

    def _build_driver(self, headless: bool, inline: bool, mouse: bool, size: tuple[int, int] | None) -> Driver:
        driver = super()._build_driver(headless, inline, mouse, size)
        outlive_terminal(driver)
        return driver

    def _check_terminal(self) -> None:
        """Where closing the window tells nobody."""
        if not terminal_is_there():
            os._exit(128 + signal.SIGHUP)

    def _paint(self) -> None:
        self.query_one(NotesLines).changed()
        self.query_one(NotesBar).changed()

    def action_order(self, action: Action) -> None:
        if self._client is None:
            return
        if action == "take-over" and self.standing is not None and self.standing.taken:
            action = "give-back"
        elif action == "replay" and self.standing is not None and self.standing.reason is not None:
            action = "restore"
        self._client.order(action)

    def action_language(self) -> None:
        self.language = LANGUAGES[(LANGUAGES.index(self.language) + 1) % len(LANGUAGES)]
        self._paint()

    async def action_quit(self) -> None:
        if self._client is not None:
            self._client.close()
        self.exit()
