"""What the keys do. Each action asks the session; what comes of it arrives as an event."""

from __future__ import annotations

import time
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from engine.course.model import LANGUAGES, Step
from engine.lab import LabError
from engine.messages import Message, render
from tui.keys import CHORD_AGAIN_SECONDS, CHORD_BYTE
from tui.screens.help import HelpScreen
from tui.screens.notice import Notice
from tui.screens.steps import StepsScreen
from tui.screens.teaching import Teaching
from tui.status.footer import Footer
from tui.terminal.widget import TerminalView

if TYPE_CHECKING:
    from textual.screen import Screen

    from engine.session.session import Session
    from tui.lesson.view import LessonView
    from tui.network.faces import NetworkFaces
    from tui.terminal.deck import TerminalDeck
    from tui.words import Say

    _Base = Screen[None]
else:
    _Base = object

VIEWS_WIDE = ("all", "terminal", "lesson", "network")
VIEWS_COMPACT = ("all", "network", "terminal", "lesson")


class Actions(Teaching, _Base):
    """Mixed into the main screen."""

    if TYPE_CHECKING:
        session: Session
        say: Say
        answers: dict[str, int]
        busy: str | None
        lesson: LessonView
        deck: TerminalDeck
        network: NetworkFaces

        def show_lesson(self) -> None: ...
        def show_standing(self) -> None: ...
        def next_step(self) -> Step | None: ...

    view = "all"
    _chord_at = 0.0
    _lost_told = False

    # -- asking the session ------------------------------------------------------------------------------------

    def ask(self, work: Coroutine[Any, Any, Any]) -> None:
        """Do it without holding up the screen; a failure of the lab is told, not raised."""
        self.run_worker(self._told(work), group="session", exit_on_error=True)

    async def _told(self, work: Coroutine[Any, Any, Any]) -> None:
        try:
            await work
        except LabError as error:
            self.lab_lost(error.message)
        except (TimeoutError, ConnectionError):
            self.lab_lost(Message("tui.lost.silent"))

    def tell(self, message: Message) -> None:
        """Something the learner should know before going on."""
        words = render(message, self.session.language)
        self.app.push_screen(Notice(self.say("restored.title"), words, self.say("restored.go-on")))

    def note(self, text: str) -> None:
        """A word on what a key did not do, in the bottom line, where it covers nothing that is read or typed."""
        self.query_one(Footer).say_for_a_while(text)

    def set_busy(self, message: Message | None) -> None:
        """While something takes a moment nothing is typed, and the top line says what it is."""
        self.busy = render(message, self.session.language) if message else None
        self.deck.locked = message is not None
        self.deck.set_class(message is not None, "-busy")
        self.show_standing()

    # -- the course --------------------------------------------------------------------------------------------

    def action_next(self) -> None:
        if self.lesson_waits():
            return
        if self.session.passed:
            if not self.celebrate():
                self.ask(self.session.next())
        else:
            self.note(self.say("told.not_passed"))

    def action_previous(self) -> None:
        self.ask(self.session.previous())

    def action_hint(self) -> None:
        if self.lesson_waits():
            return
        hint = self.session.hint()
        if hint is None:
            self.note(self.say("told.no_hint"))
            return
        self.show_lesson()
        anchor = f"{self.session.step.id}#hint{self.session.hints_shown - 1}"
        if self.view in ("terminal", "network"):
            self.set_view("all")
        self.call_after_refresh(self.lesson.to_anchor, anchor, f"{anchor}/end")

    def action_solution(self) -> None:
        if not self.lesson_waits():
            self.ask(self._solution())

    async def _solution(self) -> None:
        name = await self.session.show_solution()
        if name is None:
            self.note(self.say("told.no_solution" if not self.session.step.commands else "told.terminal_busy"))
            return
        self.deck.bring(name)
        self.focus_terminal()
        self.show_lesson()
        anchor = f"{self.session.step.id}#solution"
        self.call_after_refresh(self.lesson.to_anchor, anchor, f"{anchor}/end")

    def action_skip(self) -> None:
        if not self.lesson_waits():
            self.ask(self.session.skip())

    def action_reset(self) -> None:
        self.ask(self.session.reset())

    def action_steps(self) -> None:
        def chosen(step: Step | None) -> None:
            if step is not None:
                self.ask(self.session.goto(step))

        self.app.push_screen(StepsScreen(self.session, self.say), chosen)

    def action_answer(self, key: str, index: int) -> None:
        """Keep a guess; another may take its place until the command has been run."""
        step_id, _, number = key.rpartition("?")
        self.session.predictions.answer(self.session.course.step(step_id), int(number), index)
        self.show_lesson()

    def action_answer_number(self, number: int) -> None:
        """Answer the first open question of the current step."""
        question = self.lesson.open_question()
        if question is not None and number <= len(question.prediction.answers):
            self.action_answer(question.key, number - 1)

    def action_leaf(self, lessons: int) -> None:
        """Read an earlier lesson; the lab stays as it is."""
        shown = self.lesson.leaf(self.session.course, lessons)
        if shown is not None and shown is not self.session.course.lesson_of(self.session.step):
            self.note(self.say("told.earlier_lesson", number=shown.number))

    # -- the screen --------------------------------------------------------------------------------------------

    def action_help(self) -> None:
        self.app.push_screen(HelpScreen(self.say))

    def action_language(self) -> None:
        language = self.session.language
        self.session.set_language(LANGUAGES[(LANGUAGES.index(language) + 1) % len(LANGUAGES)])

    def action_terminal(self) -> None:
        name = self.deck.next()
        if name is not None:
            self.action_open_terminal(name)

    def action_open_terminal(self, name: str) -> None:
        self.deck.bring(name)
        if self.view in ("lesson", "network"):
            self.set_view("all")
        self.focus_terminal()

    def action_another_terminal(self) -> None:
        """One more terminal than the lesson needs."""
        name = self.deck.unused()
        if name is not None and not self.busy and self.session.lab is not None:
            self.ask(self._another(name))

    async def _another(self, name: str) -> None:
        await self.session.terminal(name)
        self.call_after_refresh(self.action_open_terminal, name)

    def focus_terminal(self) -> None:
        if self.deck.view is not None:
            self.set_focus(self.deck.view)

    def action_switch(self) -> None:
        """To the lesson and back; twice at once sends the chord itself to the shell."""
        now = time.monotonic()
        again = now - self._chord_at < CHORD_AGAIN_SECONDS
        self._chord_at = now
        if isinstance(self.focused, TerminalView):
            if self.view in ("terminal", "network"):
                self.set_view("all")
            self.set_focus(self.lesson)
            return
        if self.view == "lesson" or (self.view == "network" and not self.has_class("-compact")):
            self.set_view("all")
        self.focus_terminal()
        if again and self.deck.view is not None:
            self._chord_at = 0.0
            self.deck.view.type(CHORD_BYTE)

    def action_view(self) -> None:
        views = VIEWS_COMPACT if self.has_class("-compact") else VIEWS_WIDE
        self.set_view(views[(views.index(self.view) + 1) % len(views)])

    def set_view(self, view: str) -> None:
        """Which panes are seen: all of them, or one large."""
        for name in VIEWS_WIDE:
            self.set_class(name == view, f"-view-{name}")
        self.view = view
        if view == "lesson":
            self.set_focus(self.lesson)
        elif view == "network" and not self.has_class("-compact"):
            self.call_after_refresh(self.network.focus_face)
        elif view == "terminal" or (view in ("all", "network") and self.focused is None):
            self.call_after_refresh(self.focus_terminal)

    def lab_lost(self, reason: Message) -> None:
        """Say why, and offer a fresh lab at this step."""
        if self._lost_told:
            return
        self._lost_told = True

        def chosen(fresh: bool | None) -> None:
            self._lost_told = False
            if fresh:
                self.ask(self.session.reset())
            else:
                self.app.run_worker(self.app.action_quit())

        words = render(reason, self.session.language)
        notice = Notice(self.say("lost.title"), words, self.say("lost.fresh"), self.say("lost.quit"))
        self.app.push_screen(notice, chosen)

    def action_quit(self) -> None:
        self.app.run_worker(self.app.action_quit())
