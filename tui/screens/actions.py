"""What the keys do. Each action asks the session; what comes of it arrives as an event."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from engine.course.model import LANGUAGES, Step
from engine.lab import LabError
from engine.messages import Message, render
from tui.screens.arranging import Arranging
from tui.screens.explaining import Explaining
from tui.screens.help import HelpScreen
from tui.screens.notice import Notice
from tui.screens.palette import Palette
from tui.screens.placing import Placing
from tui.screens.steps import StepsScreen
from tui.screens.teaching import Teaching
from tui.screens.working import Working
from tui.status.footer import Footer

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


class Actions(Working, Teaching, Placing, Arranging, Explaining, _Base):
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

    classroom = False
    """Whether an instructor leads."""
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
        """The step's next command, part by part in the lesson, and at its prompt."""
        if self.lesson_waits() or not self.may_type():
            return
        command = self.session.solution()
        if command is None:
            self.note(self.say("told.no_solution"))
            return
        self.show_lesson()
        anchor = f"{self.session.step.id}#solution"
        self.call_after_refresh(self.lesson.to_anchor, anchor, f"{anchor}/end")
        self.put(command.terminal, command.text)

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
        self.app.push_screen(HelpScreen(self.say, classroom=self.classroom))

    def action_palette(self) -> None:
        self.app.push_screen(Palette(self.say))

    def action_language(self) -> None:
        language = self.session.language
        self.session.set_language(LANGUAGES[(LANGUAGES.index(language) + 1) % len(LANGUAGES)])

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
