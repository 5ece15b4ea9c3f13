"""F8: every step of the course, with a search; Enter goes there."""

from __future__ import annotations

from rich.text import Text as RichText
from textual.widgets.option_list import Option

from engine.course.model import Step
from engine.session.session import Session
from tui.screens.search import SearchScreen, has_all
from tui.words import Say

MARKS = {"done": "✓", "skipped": "↷", "todo": "·"}


def matching(session: Session, query: str) -> list[Step]:
    """Steps in whose number, title (in any language), id or lesson every word of the query occurs."""
    words, found = query.split(), []
    for step in session.course.steps:
        lesson = session.course.lesson_of(step)
        if has_all(words, step.title.en, step.title.zh, lesson.title.en, lesson.title.zh, step.id, step.number):
            found.append(step)
    return found


class StepsScreen(SearchScreen[Step]):
    """Gives the step that was chosen, or ``None``."""

    def __init__(self, session: Session, say: Say) -> None:
        super().__init__(say("steps.title"), say("steps.search"), say("steps.foot"), here=session.step.id)
        self._session = session

    def options(self, query: str) -> list[Option]:
        session, language = self._session, self._session.language
        options: list[Option] = []
        heading = None
        for step in matching(session, query):
            lesson = session.course.lesson_of(step)
            if lesson.id != heading:
                title = f"{lesson.number}  {lesson.title.in_language(language)}"
                options.append(Option(RichText(title, style="bold"), disabled=True))
                heading = lesson.id
            mark = "▸" if step is session.step else MARKS[session.step_state(step)]
            options.append(Option(RichText(f"  {mark} {step.number}  {step.title.in_language(language)}"), id=step.id))
        return options

    def result(self, chosen: str) -> Step:
        return self._session.course.step(chosen)
