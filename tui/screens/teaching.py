"""What the keys do that help one learn: take back, go back, play freely, and the end of a lesson."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from engine.course.model import Step
from engine.messages import Message, render
from engine.session import events
from tui.lesson.document import Reading
from tui.screens.finish import FinishScreen
from tui.screens.history import HistoryScreen

if TYPE_CHECKING:
    from textual.screen import Screen

    from engine.session.session import Session
    from tui.lesson.view import LessonView
    from tui.words import Say

    _Base = Screen[None]
else:
    _Base = object


PANELS = ("hint", "solution", "explanation", "recap", "docker")


class Teaching(_Base):
    """Mixed into the main screen's actions."""

    if TYPE_CHECKING:
        session: Session
        say: Say
        answers: dict[str, int]
        lesson: LessonView

        def ask(self, work: Coroutine[Any, Any, Any]) -> None: ...
        def note(self, text: str) -> None: ...
        def show_lesson(self) -> None: ...
        def show_checks(self) -> None: ...
        def show_standing(self) -> None: ...
        def next_step(self) -> Step | None: ...

    coaching = True
    """Whether somebody learns here: a word is said when there is something new to know."""
    _told_of_undo = False
    _over: frozenset[str] = frozenset()
    _celebrated: frozenset[str] = frozenset()

    def teach(self, key: str, **params: Any) -> str:
        """The message ``teaching.KEY`` in the language now in use."""
        return render(Message(f"teaching.{key}", params), self.session.language)

    # -- what is read ------------------------------------------------------------------------------------------

    def reading(self) -> Reading:
        """What the lesson pane shows."""
        session = self.session
        return Reading(
            step=session.step,
            language=session.language,
            states={step.id: session.step_state(step) for step in session.course.steps},
            hints=dict(session.progress.hints),
            answers=dict(self.answers),
            over=session.predictions.over,
            solutions=dict(session.progress.solutions),
            labels={
                **{name: self.say(f"panel.{name}") for name in PANELS},
                **{f"guess-{name}": self.teach(f"guess.{name}") for name in ("yours", "held", "missed")},
                "guess-": self.teach("guess.how") if self.coaching else "",
            },
        )

    # -- taking back -------------------------------------------------------------------------------------------

    def action_undo(self) -> None:
        """The lab as it was before the last change."""
        self.ask(self._undo())

    async def _undo(self) -> None:
        if self.session.busy:
            self.note(self.teach("history.busy"))
            return
        self._told_of_undo = True
        point = await self.session.history.undo()
        if point is None:
            self.note(self.teach("history.nothing"))
        else:
            key = "history.undone-end" if point.ends else "history.undone"
            self.note(self.teach(key, command=point.text.split("\n")[0]))

    def action_history(self) -> None:
        """Everything that changed the lab; from there to any point of it."""

        def chosen(number: int | None) -> None:
            if number is not None:
                self.ask(self._go_to(number))

        self.app.push_screen(HistoryScreen(self.session), chosen)

    async def _go_to(self, number: int) -> None:
        if await self.session.history.go_to(number):
            self.note(self.teach("history.moved"))

    # -- free play ---------------------------------------------------------------------------------------------

    def action_free_play(self) -> None:
        """Leave the lesson, or come back to it."""
        if self.session.free_play.on:
            self.ask(self._end_free_play())
        else:
            self.ask(self._begin_free_play())

    async def _begin_free_play(self) -> None:
        began = await self.session.free_play.begin()
        self.note(self.teach("free.began" if began else "history.busy"))

    async def _end_free_play(self) -> None:
        if await self.session.free_play.end():
            self.note(self.teach("free.ended"))

    def lesson_waits(self) -> bool:
        """In free play: says that the lesson waits."""
        if self.session.free_play.on:
            self.note(self.teach("free.not-here"))
        return self.session.free_play.on

    # -- the end of a lesson -----------------------------------------------------------------------------------

    def action_summary(self) -> None:
        """What was done so far."""
        self.app.push_screen(FinishScreen(self.session))

    def celebrate(self) -> bool:
        """At the end of a lesson, once, and at the end of the course: the screen that says so. Whether it was that."""
        session = self.session
        lesson = session.course.lesson_of(session.step)
        if self.next_step() is None:
            self.action_summary()
            return True
        if session.step is not lesson.steps[-1] or lesson.id in self._celebrated:
            return False
        self._celebrated |= {lesson.id}

        def closed(go_on: bool | None) -> None:
            if go_on:
                self.ask(session.next())
            else:
                self.set_focus(self.lesson)
                self.call_after_refresh(self.lesson.to_anchor, "docker", "docker/end")

        self.app.push_screen(FinishScreen(session, lesson), closed)
        return True

    # -- what the session says -----------------------------------------------------------------------------------

    def heard_teaching(self, event: events.Event) -> None:
        """Events that are about learning."""
        match event:
            case events.CommandStarted() | events.CommandFinished() | events.StepChanged():
                if self._over != (over := self.session.predictions.over):
                    self._over = over
                    self.show_lesson()
            case events.PredictionJudged(key, held):
                self.show_lesson()
                if self.coaching:
                    self.note(self.teach("guess.held" if held else "guess.missed"))
                    self.call_after_refresh(self.lesson.to_anchor, key, f"{key}/end")
            case events.JournalGrew():
                if self.coaching and not self._told_of_undo:
                    self._told_of_undo = True
                    self.note(self.teach("history.can-undo"))
            case events.FreePlayBegan() | events.FreePlayEnded():
                self.show_lesson()
                self.show_checks()
                self.show_standing()
