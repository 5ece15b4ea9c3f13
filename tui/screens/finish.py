"""The end of a lesson, and of the course: what one can do now, how it went, what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.widgets import Static

from engine.course.model import Lesson
from engine.messages import Message, render
from engine.refusal import reason
from engine.session.session import Session
from engine.session.summary import LessonSummary, Summary, as_markdown, as_svg, summarize
from engine.session.summary.data import duration, prediction_words, step_words
from tui.lesson.document import Panel, Section
from tui.lesson.layout import lay_out
from tui.lesson.markdown import parse
from tui.lines import Line, LinesView
from tui.wrap import Span, cut, padded, width_of, wrap

FILE_NAME = "nsteps-summary"
BAR_CELLS = 30
FRAME_LINES = 8
"""Of the box around the lines: its edge, title and foot."""
BOX_SHARE = 0.92
"""As much of the window's height as the box may take (``.box``)."""
TWO_COLUMNS = 76
"""From this width on the lessons stand in two columns."""


class FinishLines(LinesView):
    """What the screen says; as high as that is, or as there is room."""

    DEFAULT_CSS = "FinishLines { height: auto; }"

    def __init__(self, session: Session, lesson: Lesson | None) -> None:
        super().__init__(id="finish-lines")
        self._session = session
        self._lesson = lesson
        self._summary = summarize(session.course, session.progress)

    def _say(self, key: str, **params: Any) -> str:
        return self._tell(Message(f"teaching.{key}", params))

    def _tell(self, message: Message) -> str:
        return render(message, self._session.language)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self.lines(width - self.styles.scrollbar_size_vertical))

    def lines(self, width: int) -> Sequence[Line]:
        if self._lesson is not None:
            lines = self._of_lesson(self._lesson, self._summary.lesson(self._lesson.id), width)
        else:
            lines = self._of_course(self._summary, width)
        while lines and not lines[-1].text.strip():
            lines.pop()
        return lines

    def _of_lesson(self, lesson: Lesson, summary: LessonSummary, width: int) -> list[Line]:
        lines = self._facts(
            (
                ("steps", step_words(summary.done, summary.skipped, summary.steps)),
                ("time", duration(summary.seconds)),
                *((("predictions", prediction_words(summary.predictions)),) if summary.predictions.asked else ()),
            )
        )
        lines += [Line(), *self._recap(lesson, width)]
        lessons = self._session.course.lessons
        following = next((one for one in lessons if one.number > lesson.number), None)
        if following is not None:
            title = following.title.in_language(self._session.language)
            words = self._say("finish.next", number=following.number, title=title, minutes=following.minutes)
            lines += [Line(spans) for spans in wrap([Span(words, "strong")], width)]
        return lines

    def _of_course(self, summary: Summary, width: int) -> list[Line]:
        filled = BAR_CELLS * summary.percent // 100
        lines = [
            Line(
                (
                    Span("━" * filled, "good"),
                    Span("━" * (BAR_CELLS - filled), "rule"),
                    Span(f" {summary.percent}%", "strong"),
                )
            ),
            Line(),
            *self._facts(
                (
                    ("steps", step_words(summary.done, summary.skipped, summary.steps)),
                    ("time", duration(summary.seconds)),
                    ("predictions", prediction_words(summary.predictions)),
                )
            ),
            Line(),
        ]
        lines += self._lessons(summary.lessons, width)
        if summary.skipped_steps:
            words = self._say("finish.skipped", steps=", ".join(summary.skipped_steps))
            lines += [Line(), *(Line(spans) for spans in wrap([Span(words, "dim")], width))]
        if summary.finished:
            next_words = self._say("summary.next-finished").replace("`", "")
        else:
            title = summary.next_title.in_language(self._session.language) if summary.next_title else ""
            next_words = self._say("finish.going-on", number=summary.next_step, title=title)
        lines += [Line(), *(Line(spans) for spans in wrap([Span(next_words)], width))]
        if summary.finished:
            lines += [Line(), *self._recap(self._session.course.lessons[-1], width)]
        return lines

    def _lessons(self, lessons: Sequence[LessonSummary], width: int) -> list[Line]:
        if width < TWO_COLUMNS:
            return [self._lesson_line(lesson, width) for lesson in lessons]
        half = -(-len(lessons) // 2)
        column = (width - 4) // 2
        rows = []
        for index in range(half):
            spans = self._lesson_line(lessons[index], column).spans
            if half + index < len(lessons):
                spans += (Span("    "), *self._lesson_line(lessons[half + index], column).spans)
            rows.append(Line(spans))
        return rows

    def _lesson_line(self, lesson: LessonSummary, width: int) -> Line:
        begun = bool(lesson.done + lesson.skipped)
        mark, look = ("✓", "good") if lesson.finished else (("◐", "pending") if begun else ("·", "dim"))
        title = lesson.title.in_language(self._session.language)
        time = self._tell(duration(lesson.seconds)) if begun and lesson.seconds >= 60 else ""
        room = width - 6 - width_of([Span(time)]) - 1
        return Line(
            (
                Span(f"{mark} ", look),
                Span(f"{lesson.number:>2}  ", "dim"),
                Span(padded(cut(title, room), room), "" if begun else "dim"),
                Span(f" {time}", "dim"),
            )
        )

    def _facts(self, facts: Sequence[tuple[str, Message]]) -> list[Line]:
        labels = {key: self._say(f"summary.{key}") for key, _ in facts}
        room = max(width_of([Span(label)]) for label in labels.values()) + 2
        return [
            Line((Span(padded(labels[key], room), "dim"), Span(self._tell(message), "strong")))
            for key, message in facts
        ]

    def _recap(self, lesson: Lesson, width: int) -> list[Line]:
        recap = lesson.recap.in_language(self._session.language)
        if not recap.strip():
            return []
        panel = Panel("recap", self._say("finish.can"), parse(recap), "recap")
        return [line._replace(spans=line.spans[1:]) for line in lay_out([Section((panel,))], width)]


class FinishScreen(ModalScreen[bool]):
    """Gives ``True`` if the learner goes on to the next lesson. Without a lesson: the course, as far as it went."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,f5", "leave(True)", "", priority=True),
        Binding("escape,f10", "leave(False)", "", priority=True),
        Binding("m", "save('md')", "", priority=True),
        Binding("s", "save('svg')", "", priority=True),
    ]

    def __init__(self, session: Session, lesson: Lesson | None = None) -> None:
        super().__init__()
        self._session = session
        self._lesson = lesson

    def _say(self, key: str, **params: Any) -> str:
        return render(Message(f"teaching.finish.{key}", params), self._session.language)

    def compose(self) -> ComposeResult:
        lesson, language = self._lesson, self._session.language
        if lesson is not None:
            title = self._say("lesson-title", number=lesson.number, title=lesson.title.in_language(language))
            foot = self._say("lesson-foot")
        else:
            finished = summarize(self._session.course, self._session.progress).finished
            title, foot = self._say("course-title" if finished else "so-far-title"), self._say("course-foot")
        with Vertical(classes="box finish"):
            yield Static(title, classes="box-title", markup=False)
            yield FinishLines(self._session, lesson)
            yield Static(foot, classes="box-foot", id="finish-foot", markup=False)

    def on_mount(self) -> None:
        self.query_one(FinishLines).focus()

    def on_resize(self, event: events.Resize) -> None:
        self.query_one(FinishLines).styles.max_height = max(4, int(event.size.height * BOX_SHARE) - FRAME_LINES)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """After a lesson nothing is saved: letters that are typed ahead are meant for the shell."""
        return action != "save" or self._lesson is None

    def action_leave(self, go_on: bool) -> None:
        self.dismiss(go_on and self._lesson is not None)

    def action_save(self, kind: str) -> None:
        """Keep the summary as a file, in the directory the program was started in, else at home."""
        session = self._session
        summary = summarize(session.course, session.progress)
        text = (as_markdown if kind == "md" else as_svg)(summary, session.language)
        refused: Message | str = ""
        for folder in (Path.cwd(), Path.home()):
            path = folder / f"{FILE_NAME}.{kind}"
            try:
                path.write_text(text, encoding="utf-8")
            except OSError as error:
                refused = reason(error)
                continue
            self._tell("written", path=path)
            return
        self._tell("cannot-write", path=path, reason=refused)

    def _tell(self, key: str, **params: Any) -> None:
        words = render(Message(f"teaching.summary.{key}", params), self._session.language)
        self.query_one("#finish-foot", Static).update(words)
