"""The learner's screen in a classroom: the tutorial's, and what the instructor has to do with it."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType

from engine.course.model import Step
from engine.session import events
from tui.classroom.bar import Bar
from tui.classroom.link import Seat
from tui.classroom.words import sayer
from tui.keys import CLASSROOM_KEYS, classroom_bindings
from tui.screens.main import MainScreen, Said
from tui.status.header import clock
from tui.terminal.widget import TerminalView


class SeatScreen(MainScreen):
    """See the module."""

    BINDINGS: ClassVar[list[BindingType]] = classroom_bindings()
    classroom = True

    def __init__(self, seat: Seat) -> None:
        super().__init__(seat.session)
        self.seat = seat
        self.say_seat = sayer(lambda: seat.session.language)
        self.bar = Bar(seat.state, self.say_seat, id="classroom-bar")

    def on_mount(self) -> None:
        self.mount(self.bar, after=self.query_one("#header"))

    # -- showing -----------------------------------------------------------------------------------------------

    def show_classroom(self) -> None:
        """What has to do with the instructor, anew."""
        if self.is_mounted and self.bar.is_mounted:
            self.show_standing()
            self.show_keys()

    def show_standing(self) -> None:
        super().show_standing()
        if self.bar.is_mounted:
            self.bar.show()

    def signs(self) -> tuple[tuple[str, str], ...]:
        """In the header: who looks, the exercise's time, the hand, and whether the classroom is out of reach."""
        state = self.seat.state
        found = []
        if not state.connected:
            found.append((f"◌ {self.say_seat('sign.alone')}", "bad strong"))
        if state.watchers:
            found.append((f"◉ {self.say_seat('sign.watched')}", "pending strong"))
        if state.hand:
            found.append((f"▲ {self.say_seat('sign.hand')}", "question strong"))
        left = state.timer
        if left is not None:
            found.append((f"◷ {clock(left)}", "bad strong" if left == 0 else "strong"))
        return tuple(found)

    def keys_of_the_moment(self) -> list[tuple[str, str]]:
        state = self.seat.state
        key = CLASSROOM_KEYS[0]
        hand = (key.label, self.say_seat("keys.lower-hand" if state.hand else "keys.hand"))
        return [*super().keys_of_the_moment(), hand]

    # -- what the learner does -----------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Letters are for the panes in which nothing is typed."""
        if action == "classroom_letter":
            return self.focused is not None and not isinstance(self.focused, TerminalView)
        return super().check_action(action, parameters)

    async def action_classroom_letter(self, name: str) -> None:
        """A letter does what its key does."""
        await self.run_action(name)

    def action_hand(self) -> None:
        """Ask the instructor for help, or no longer."""
        self.seat.state.raise_or_lower_hand()
        self.note(self.say_seat("hand.up" if self.seat.state.hand else "hand.down"))

    def action_let_in(self) -> None:
        """Let the instructor type too; or no longer."""
        if not self.seat.state.consent_or_withdraw():
            self.note(self.say_seat("help.nobody"))
        elif self.seat.state.help == "none":
            self.note(self.say_seat("help.ended"))

    def action_put_away(self) -> None:
        """Decline what is offered, or put the message away."""
        if not self.seat.state.put_away():
            self.note(self.say_seat("nothing-to-put-away"))

    def action_own_work(self) -> None:
        """Back to one's own work, or from it to where the instructor took one."""
        if not self.session.aside.waiting:
            self.note(self.say_seat("own-work.none"))
        elif self.session.busy:
            self.note(self.teach("history.busy"))
        else:
            self.ask(self.session.aside.take_up())

    # -- what the instructor does --------------------------------------------------------------------------------

    async def take(self, step_id: str) -> None:
        """To that step, own work waiting. Raises ``LabError``."""
        try:
            step = self.session.course.step(step_id)
        except LookupError:
            return
        await self.session.aside.take(step)

    def pushed_hint(self) -> None:
        """One more hint, as if asked for."""
        shown = self.session.hints_shown
        self.action_hint()
        if self.session.hints_shown > shown:
            self.note(self.say_seat("hint-pushed"))

    # -- what the session says -----------------------------------------------------------------------------------

    async def on_said(self, message: Said) -> None:
        match message.event:
            case events.GateHeld(step):
                self.note(self._gate_words(step))
            case events.SetAside(step, kept):
                number, title = step.number, step.title.in_language(self.session.language)
                self.seat.state.remind(
                    self.say_seat("taken.kept" if kept else "taken.fresh", number=number, title=title)
                )
                self.set_view("all")
            case events.TakenUp():
                step = self.session.step
                title = step.title.in_language(self.session.language)
                again = "own-work.here-more" if self.session.aside.waiting else "own-work.here"
                self.note(self.say_seat(again, number=step.number, title=title))
            case events.LanguageChanged():
                self.show_classroom()

    def _gate_words(self, step: Step) -> str:
        lesson = self.session.course.lesson_of(step)
        if step is lesson.steps[0]:
            return self.say_seat("gate.lesson", number=lesson.number)
        return self.say_seat("gate.step", number=step.number)
