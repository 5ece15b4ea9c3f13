"""The main screen: lesson, terminals, state of the network; draws what the session says and asks it to do things."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import ClassVar

from textual import events as textual_events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from engine.course.model import Step
from engine.session import events
from engine.session.session import Session
from tui.keys import bindings
from tui.lesson.checklist import Checklist, Checks
from tui.lesson.view import LessonView
from tui.network.asking import NetworkActions
from tui.network.faces import NetworkFaces
from tui.screens.actions import Actions
from tui.settings import kept
from tui.status.footer import Footer
from tui.status.header import Header, Standing
from tui.terminal.copying import COPY_KEYS, SEARCH_KEYS
from tui.terminal.deck import TerminalDeck
from tui.terminal.widget import TerminalView
from tui.words import sayer
from tui.wrap import cut

SMALLEST = (80, 24)
WIDE = (110, 28)
"""From this size on the lesson stands beside the terminal."""
TALL_ROWS = 45
"""From here on the network has more room than the terminal."""


class Said(Message):
    """The session said something."""

    def __init__(self, event: events.Event) -> None:
        super().__init__()
        self.event = event


class MainScreen(Actions, NetworkActions, Screen[None]):
    """See the module. Actions of the keys are in :mod:`tui.screens.actions`."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(), Binding("escape", "stop_work", "", priority=True, show=False)]
    AUTO_FOCUS = ""

    def __init__(self, session: Session) -> None:
        super().__init__(id="main")
        self.session = session
        self.say = sayer(lambda: session.language)
        self.answers: dict[str, int] = session.progress.answers
        self.busy: str | None = None
        self.clock: Callable[[], float] = time.monotonic
        """Seconds, as what fades has them."""
        self.hovered: str | None = None
        """Where the link leads that the mouse is on."""
        self._hidden: Widget | None = None
        """What had the focus when the window became too small."""
        self._shown_state = "todo"
        self._shown_step: Step | None = None
        self.deck = TerminalDeck(self.say, id="deck")
        self._unsubscribe = session.subscribe(self._hear)

    def compose(self) -> ComposeResult:
        yield Header(self.say, id="header")
        with Horizontal(id="body"):
            with Vertical(id="left"):
                yield LessonView(id="lesson")
                yield Checklist(self.say, id="checklist")
            with Vertical(id="right"):
                yield self.deck
                yield NetworkFaces(self.say, id="network", clock=self.clock)
        yield Static(id="too-small")
        yield Footer(self.say, id="footer")

    def on_mount(self) -> None:
        self.lesson = self.query_one(LessonView)
        self.lesson.is_done = self.session.is_done
        self.checklist = self.query_one(Checklist)
        self.network = self.query_one(NetworkFaces)
        self.network.want(kept(self.app).face)
        self.set_view(kept(self.app).view)
        self.show_all()
        self.set_interval(1.0, self.show_standing)

    def on_unmount(self) -> None:
        self._unsubscribe()

    # -- showing -----------------------------------------------------------------------------------------------

    def show_all(self) -> None:
        """Everything anew: at the start, and when the language has changed."""
        self.show_lesson()
        self.show_checks()
        self.show_standing()
        self.show_keys()
        self.network.translate()
        self.query_one("#too-small", Static).update(self.say("small", columns=SMALLEST[0], rows=SMALLEST[1]))

    def show_lesson(self) -> None:
        reading = self.reading()
        self._shown_state = reading.states[reading.step.id]
        self.lesson.show(self.session.course, reading)

    def show_checks(self) -> None:
        self.checklist.show(self.checks(), self.session.language, self.has_class("-compact"))

    def checks(self) -> Checks:
        """What the checklist shows."""
        session = self.session
        following = self.next_step()
        title = session.step.title.in_language(session.language)
        return Checks(
            verdicts=session.verdicts,
            undone=session.undone,
            expected=len(session.step.checks),
            tried=bool(session.commands),
            runs=frozenset(check.id for check in session.step.checks if check.kind == "ran"),
            expecting=len(session.commands) >= len(session.step.commands),
            state=session.step_state(session.step),
            next_title=following.title.in_language(session.language) if following else None,
            waiting_step=f"{session.step.number} {title}" if session.free_play.on else None,
        )

    def show_standing(self) -> None:
        session = self.session
        lesson = session.course.lesson_of(session.step)
        self.query_one(Header).show(
            Standing(
                lesson_number=lesson.number,
                lesson=lesson.title.in_language(session.language),
                step_number=session.step.number,
                step=session.step.title.in_language(session.language),
                percent=session.percent,
                seconds=session.elapsed_seconds,
                busy=self.busy_words or (self.teach("free.title") if session.free_play.on else None),
                signs=self.signs(),
            )
        )

    def signs(self) -> tuple[tuple[str, str], ...]:
        """More for the header: words and their looks."""
        return ()

    def show_keys(self) -> None:
        in_terminal = isinstance(self.focused, TerminalView)
        ready = self.session.passed and self.next_step() is not None
        self.query_one(Footer).show(in_terminal=in_terminal, ready=ready, aside=self.keys_of_the_moment())

    def keys_of_the_moment(self) -> list[tuple[str, str]]:
        """Keys that mean something where the focus is just now."""
        if self.focused is self.lesson and self.lesson.chosen is not None:
            return [("Enter", self.say("keys.put", terminal=self.lesson.chosen.terminal))]
        if isinstance(self.focused, TerminalView) and self.focused.copying is not None:
            keys = SEARCH_KEYS if self.focused.copying.typing is not None else COPY_KEYS
            return [(label, self.say(f"copy.{name}")) for label, name in keys]
        if self.hovered is not None:
            return [(cut(self.hovered, self.size.width // 2), self.say("copy.link_here"))]
        return []

    def on_reading_copy_mode_changed(self) -> None:
        if isinstance(self.focused, TerminalView) and self.focused.copying is not None:
            self.query_one(Footer).forget()  # its keys are needed now
        self.show_keys()

    def on_reading_noted(self, message: TerminalView.Noted) -> None:
        self.note(self.say(f"copy.{message.key}"))

    def on_pointing_hovered(self, message: TerminalView.Hovered) -> None:
        self.hovered = message.target and "".join(one for one in message.target if one.isprintable())
        self.show_keys()

    def on_lesson_view_chosen(self) -> None:
        self.show_keys()

    def next_step(self) -> Step | None:
        """The step after the current one."""
        steps = self.session.course.steps
        index = next(i for i, step in enumerate(steps) if step.id == self.session.step.id)
        return steps[index + 1] if index + 1 < len(steps) else None

    # -- what the session says ---------------------------------------------------------------------------------

    def _hear(self, event: events.Event) -> None:
        """Called by the session. Only what cannot wait is done at once: a shell's first output must not be missed."""
        match event:
            case events.TerminalOpened(shell):
                self.deck.adopt(shell)
            case events.LabStarted():
                self.deck.clear()
        self.post_message(Said(event))

    async def on_said(self, message: Said) -> None:
        """The one place where facts become pixels."""
        self.heard_teaching(message.event)
        match message.event:
            case events.Busy(what):
                self.set_busy(what)
            case events.Idle():
                self.set_busy(None)
                await self.deck.tidy()
            case events.TerminalOpened(shell):
                await self.deck.attach(shell)
                if self.focused is None and shell.name == self.deck.front:
                    self.focus_terminal()
            case events.TerminalEnded():
                self.deck.update()
            case events.SnapshotTaken(snapshot):
                self.network.show(snapshot)
            case events.KernelAnnounced() as event:
                self.network.hear(event)
            case events.CommandStarted() | events.CommandFinished() as event:
                self.network.hear(event)
                self.deck.update()
                self.show_checks()
            case events.ChecksEvaluated():
                if self.session.step_state(self.session.step) == self._shown_state:
                    self.show_checks()
                else:
                    self.step_passed(self.session.step)
            case events.StepPassed(step):
                self.step_passed(step)
            case events.StepChanged(step):
                self.step_changed(step)
            case events.LabStarted():
                self.network.show(None)
            case events.LabLost(reason):
                self.lab_lost(reason)
            case events.LabRestored(reason):
                self.tell(reason)
            case events.LanguageChanged():
                self.show_all()

    def step_passed(self, step: Step) -> None:
        """The explanation appears below the step; what is being read stays in sight."""
        self.show_lesson()
        self.show_checks()
        self.show_standing()
        self.show_keys()
        self.checklist.add_class("-passed")
        self.set_timer(1.2, lambda: self.checklist.remove_class("-passed"))
        self.call_after_refresh(self.lesson.reveal, step.id, f"{step.id}#explanation/end", "recap/end", "docker/end")

    def step_changed(self, step: Step) -> None:
        """Another step: its text, and the terminal that its first command belongs in."""
        self.show_lesson()
        self.show_checks()
        self.show_standing()
        self.show_keys()
        if self.session.snapshot is not None:
            self.network.show(self.session.snapshot)
        if step.commands and step is not self._shown_step:
            self.deck.bring(step.commands[0].terminal)
        self._shown_step = step

    # -- size and focus ----------------------------------------------------------------------------------------

    def on_resize(self, event: textual_events.Resize) -> None:
        width, height = event.size
        small = width < SMALLEST[0] or height < SMALLEST[1]
        if small and not self.has_class("-too-small"):
            self._hidden = self.focused  # what is not seen has no focus
        elif not small and self.has_class("-too-small"):
            self.call_after_refresh(self._come_back)
        self.set_class(small, "-too-small")
        self.set_class(height >= TALL_ROWS, "-tall")
        compact = width < WIDE[0] or height < WIDE[1]
        if compact != self.has_class("-compact"):
            self.set_class(compact, "-compact")
            self.set_view(kept(self.app).view)
            if self.is_mounted and hasattr(self, "checklist"):
                self.show_checks()

    def _come_back(self) -> None:
        """The window is large enough again: the focus is where it was."""
        if self.focused is None:
            self.focus_terminal() if self._hidden is None or not self._hidden.is_attached else self._hidden.focus()

    def on_descendant_focus(self) -> None:
        self.show_keys()

    def on_descendant_blur(self) -> None:
        self.call_after_refresh(self.show_keys)

    def on_terminal_deck_resized(self, message: TerminalDeck.Resized) -> None:
        self.session.set_size(message.columns, message.rows)
        if self._making_room:
            self._say_if_too_small()

    async def on_terminal_view_restart_wanted(self, message: TerminalView.RestartWanted) -> None:
        if message.view.name and not self.busy and self.session.lab is not None:
            self.ask(self.session.terminal(message.view.name))

    def on_pointing_copied(self) -> None:
        self.note(self.say("terminal.copied"))
