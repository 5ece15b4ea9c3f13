"""The tutorial's screen with the autopilot at the keyboard: it types, the instructor steers, and may take over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

from textual import events as textual_events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message

from engine import messages
from engine.course.model import Step
from engine.session.autopilot import events
from engine.session.autopilot.autopilot import Autopilot
from engine.session.autopilot.pacing import QuickClock
from engine.session.autopilot.script import Advance, Ask, Explain, Perform, Read, Reveal, Verify
from tui.demo.bar import SteeringBar
from tui.demo.blank import BlankScreen
from tui.demo.help import help_lines
from tui.demo.keys import bindings
from tui.demo.sight import Sight
from tui.demo.words import sayer
from tui.lesson.checklist import Checks
from tui.lesson.document import Reading
from tui.screens.help_box import HelpBox
from tui.screens.main import MainScreen
from tui.screens.steps import StepsScreen
from tui.settings import kept
from tui.status.header import Header, Standing
from tui.terminal.widget import TerminalView

TICK_SECONDS = 0.25
BROAD = 150
"""From this width on the projector's layout has terminal and drawing side by side: a drawing needs 65 cells, what
``ip`` prints 80."""
LEARNERS = frozenset({
    "hint", "solution", "skip", "reset", "undo", "history", "free_play", "summary", "palette", "terminal", "switch",
})  # fmt: skip
"""Actions of the tutorial's panes that would change the session behind the autopilot's back, or are of no use here."""


class Told(Message):
    """The autopilot told something."""

    def __init__(self, event: events.Event) -> None:
        super().__init__()
        self.event = event


class DemoScreen(Sight, MainScreen, inherit_bindings=False):
    """See the module."""

    BINDINGS: ClassVar[list[BindingType]] = bindings()
    coaching = False
    stoppable = False

    def __init__(self, autopilot: Autopilot) -> None:
        super().__init__(autopilot.session)
        self.autopilot = autopilot
        self.clock = autopilot.pace.clock.now
        self.say_demo = sayer(lambda: self.session.language)
        self._explaining = False
        self._own_view = False
        self._shown_beat: object = None
        self._blank: BlankScreen | None = None
        autopilot.subscribe(self._hear_autopilot)

    def compose(self) -> ComposeResult:
        yield from super().compose()
        yield SteeringBar(self.say_demo, id="steering")

    def on_mount(self) -> None:
        super().on_mount()
        self.set_interval(TICK_SECONDS, self.show_time)
        self.show_bar()

    def on_resize(self, event: textual_events.Resize) -> None:
        super().on_resize(event)
        self.set_class(event.size.width >= BROAD, "-broad")

    def _hear_autopilot(self, event: events.Event) -> None:
        self.post_message(Told(event))

    # -- showing -----------------------------------------------------------------------------------------------

    def show_bar(self) -> None:
        self.query_one(SteeringBar).show(self.autopilot.standing, self.session.language)

    def show_time(self) -> None:
        """A moment has passed."""
        if self.is_mounted:
            if isinstance(self.autopilot.pace.clock, QuickClock):
                self.network.calm()  # real time is too slow for its own clocks
            self.show_standing()
            self.show_bar()

    def show_all(self) -> None:
        super().show_all()
        self.show_bar()

    def reading(self) -> Reading:
        """Its explanation stays away until it is said; an answer is shown right or wrong as soon as it is."""
        reading = super().reading()
        return replace(
            reading,
            states={**reading.states, reading.step.id: "done" if self._explaining else "todo"},
            over=None,
            labels={name: words for name, words in reading.labels.items() if not name.startswith("guess-")},
        )

    def checks(self) -> Checks:
        """A step is done when it has been played and its checks were looked at, not when they begin to hold; and what
        has not been typed yet is no slip, unless the talk has stopped over it or somebody else types."""
        checks = replace(super().checks(), led=True)
        autopilot = self.autopilot
        if autopilot.over:
            return checks
        return replace(checks, state="todo", tried=checks.tried and (autopilot.taken or autopilot.phase == "stopped"))

    def show_standing(self) -> None:
        """The talk's clock and its place in the course, in the header."""
        super().show_standing()
        session = self.session
        lesson = session.course.lesson_of(session.step)
        self.query_one(Header).show(
            Standing(
                lesson_number=lesson.number,
                lesson=lesson.title.in_language(session.language),
                step_number=session.step.number,
                step=session.step.title.in_language(session.language),
                percent=session.percent,
                seconds=self.autopilot.elapsed,
                busy=self.busy,
            )
        )

    def step_passed(self, step: Step) -> None:
        """The checks turn green; what is explained, is when its time has come."""
        self.show_checks()
        self.show_standing()
        self.checklist.add_class("-passed")
        self.set_timer(1.2, lambda: self.checklist.remove_class("-passed"))

    def on_told(self, message: Told) -> None:
        """What the autopilot does, as pixels."""
        match message.event:
            case events.Changed():
                self._lock()
                self.show_checks()
                self._show_blank()
            case events.StepBegan(step):
                self._explaining = False
                for key in [key for key in self.answers if key.startswith(f"{step.id}?")]:
                    del self.answers[key]
                self.show_lesson()
            case events.BeatBegan(step, beat):
                self._show_beat(step, beat)
            case events.CommandPerformed(_, _, performed):
                if not performed.command.look:
                    self._auto_view("network")
            case events.StepVerified() | events.Stopped():
                self.show_checks()
        self.show_bar()

    def _show_beat(self, step: Step, beat: object) -> None:
        if not isinstance(beat, Reveal | Verify | Advance):  # those leave in sight what is there
            self._shown_beat = beat
        language = self.session.language
        lesson = self.session.course.lesson_of(step)
        match beat:
            case Read(text):
                words = text.in_language(language)
                self.present(words, self.lesson.to_step if text is lesson.intro else lambda: self.to_words(words))
            case Ask(index):
                self._auto_view("all")
                self.call_after_refresh(self.lesson.to_anchor, f"{step.id}?{index}", f"{step.id}?{index}/end")
            case Reveal(index, prediction):
                self.answers[f"{step.id}?{index}"] = prediction.right
                self.show_lesson()
            case Perform(_, command):
                self._auto_view("all")
                self.deck.bring(command.terminal)
                self.call_after_refresh(self.to_command, command.text)
            case Explain(text):
                self._explaining = True
                self.show_lesson()
                anchor = f"{step.id}#explanation"
                if text is not step.explanation:
                    anchor = "recap" if text is lesson.recap else "docker"
                self.present(text.in_language(language), lambda: self.lesson.to_anchor(anchor, f"{anchor}/end"))

    def present(self, words: str, place: Callable[[], None]) -> None:
        """Have words seen whole, by ``place``: on a small screen the lesson takes the terminal's room if it must."""
        beat = self._shown_beat
        self._auto_view("all")

        def fit() -> None:
            if self._shown_beat is not beat:
                return
            if not self.has_class("-projector") and not self.has_room_for(words):
                self._auto_view("lesson")
                self.call_after_refresh(place)
            else:
                place()

        self.call_after_refresh(fit)

    def _auto_view(self, view: str) -> None:
        """On a small screen what changes and what is read take turns, unless the instructor chose a view."""
        if self.has_class("-compact") and not self._own_view and self.view != view and not self.autopilot.taken:
            self.set_view(view)

    def set_view(self, view: str) -> None:
        super().set_view(view)
        if not self.autopilot.taken:
            self.set_focus(None)

    # -- whose keyboard it is ----------------------------------------------------------------------------------

    def focus_terminal(self) -> None:
        if self.autopilot.taken:
            super().focus_terminal()

    def set_busy(self, message: messages.Message | None) -> None:
        super().set_busy(message)
        self._lock()

    def _lock(self) -> None:
        """Only who has the keyboard types."""
        taken = self.autopilot.taken
        self.deck.locked = self.busy is not None or not taken
        if taken and not isinstance(self.focused, TerminalView):
            if self.view in ("lesson", "network"):
                self.set_view("all")
            self.focus_terminal()
        elif not taken and self.focused is not None:
            self.set_focus(None)

    def on_descendant_focus(self) -> None:
        if not self.autopilot.taken:
            self.set_focus(None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Letters steer only while nobody types; nothing of the tutorial's happens behind the autopilot's back."""
        if action in LEARNERS:
            return False
        if action == "letter":
            return not self.autopilot.taken and not self.autopilot.choices.by_key
        return super().check_action(action, parameters)

    def on_key(self, event: textual_events.Key) -> None:
        """Where the instructor's keys type the commands, any of them does."""
        if self.autopilot.choices.by_key and not self.autopilot.taken and (event.is_printable or event.key == "enter"):
            event.stop()
            self.autopilot.press(event.key)

    # -- steering ----------------------------------------------------------------------------------------------

    def action_letter(self, name: str) -> None:
        self.action_demo(name)

    def action_next(self) -> None:
        """Clicked below the checks."""
        self.action_demo("next")

    def action_previous(self) -> None:
        self.action_demo("previous")

    def action_steps(self) -> None:
        self.action_demo("steps")

    def action_help(self) -> None:
        self.action_demo("help")

    def action_demo(self, name: str) -> None:
        """What a key of :data:`tui.demo.keys.KEYS` does."""
        autopilot = self.autopilot
        match name:
            case "toggle":
                autopilot.toggle()
            case "next":
                autopilot.next()
            case "previous":
                autopilot.previous()
            case "replay":
                autopilot.restore() if autopilot.reason is not None else autopilot.replay()
            case "keyboard":
                self.run_worker(self._keyboard(), group="keyboard")
            case "faster":
                autopilot.faster()
            case "slower":
                autopilot.slower()
            case "view":
                self._own_view = True
                if self.has_class("-projector"):
                    self._toggle_projector()
                else:
                    self.action_view()
            case "face":
                self.action_face()
            case "projector":
                self._toggle_projector()
            case "blank":
                autopilot.blank(True)
            case "steps":
                autopilot.cover(True)
                self.app.push_screen(StepsScreen(self.session, self.say), self._chosen)
            case "help":
                autopilot.cover(True)
                self.app.push_screen(HelpBox(self.say_demo, help_lines), lambda _: autopilot.cover(False))
            case "language":
                self.action_language()
            case "theme":
                self.app.run_worker(self.app.run_action("theme"))
            case "quit":
                self.action_quit()
        self.show_bar()

    async def _keyboard(self) -> None:
        if self.autopilot.taken:
            await self.autopilot.give_back()
        else:
            self.autopilot.take_over()
            if not self.autopilot.taken:
                self.app.bell()

    def _toggle_projector(self) -> None:
        """The terminal and the drawing, and nothing else; again: as before."""
        projector = not self.has_class("-projector")
        self.set_class(projector, "-projector")
        self.network.want("drawing" if projector else kept(self.app).face)
        self.set_view("all")

    def _show_blank(self) -> None:
        """Whoever wished it, here or at the notes."""
        wanted = self.autopilot.pace.held("blank")
        if wanted and self._blank is None:
            self._blank = BlankScreen()
            self.app.push_screen(self._blank, lambda _: self._seen_again())
        elif not wanted and self._blank is not None and self._blank.is_current:
            self._blank.dismiss(None)

    def _seen_again(self) -> None:
        self._blank = None
        self.autopilot.blank(False)

    def _chosen(self, step: Step | None) -> None:
        self.autopilot.cover(False)
        if step is not None:
            self.autopilot.goto(step)

    def note(self, text: str) -> None:
        self.app.notify(text, timeout=6)

    def lab_lost(self, reason: messages.Message) -> None:
        """The autopilot stops with the reason, and the bar offers a fresh lab."""
        self.show_bar()
