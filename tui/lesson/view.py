"""The lesson pane: the document laid out at the pane's width, scrolled to the step that matters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType

from engine.course.model import Course, Lesson
from tui.keys import letters
from tui.lesson.document import Question, Reading, body, document
from tui.lesson.layout import lay_out
from tui.lines import Line, LinesView

FIRST_STEP_LINES = 5
"""So much of a lesson's first step is seen below its opening: the heading and its first lines."""


class LessonView(LinesView):
    """The current lesson. :meth:`show` takes everything it depends on."""

    BINDINGS: ClassVar[list[BindingType]] = letters()

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lesson: Lesson | None = None
        self._reading: Reading | None = None
        self._place: tuple[str, int] | None = None
        """Where the reader is: an anchor, and how many lines below it the pane begins."""
        self._returning = False
        self._earlier: Lesson | None = None
        """An earlier lesson that is being read."""

    def show(self, course: Course, reading: Reading) -> None:
        """Show the lesson of ``reading.step``; scroll only if the step is another one."""
        before = self._reading
        self._lesson, self._reading = course.lesson_of(reading.step), reading
        if before is None or before.step.id != reading.step.id:
            self._earlier = None
        self.changed()
        if before is None or before.step.id != reading.step.id:
            self.call_after_refresh(self.to_step, animate=before is not None)

    def lines(self, width: int) -> Sequence[Line]:
        if self._lesson is None or self._reading is None:
            return ()
        return lay_out(document(self._earlier or self._lesson, self._reading), width)

    def leaf(self, course: Course, lessons: int) -> Lesson | None:
        """Show the lesson that many before (negative) or after the one shown, up to the current one; what is shown."""
        if self._lesson is None:
            return None
        shown = self._earlier or self._lesson
        index = course.lessons.index(shown) + lessons
        if not 0 <= index <= course.lessons.index(self._lesson):
            return shown
        self._earlier = course.lessons[index] if course.lessons[index] is not self._lesson else None
        self.changed()
        self.call_after_refresh(self._bring, 0, False) if self._earlier else self.call_after_refresh(
            self.to_step, False
        )
        return self._earlier or self._lesson

    def open_question(self) -> Question | None:
        """The first question of the current step that is not answered yet; else one that may still be answered anew."""
        if self._reading is None:
            return None
        items = body(self._reading.step, self._reading)
        open_ones = [item for item in items if isinstance(item, Question) and not item.over]
        return next((item for item in open_ones if item.answer is None), next(iter(open_ones), None))

    def to_step(self, animate: bool = True) -> None:
        """Bring the current step's heading to the top; at the lesson's first step as much of its opening as there is
        room for."""
        if self._lesson is None or self._reading is None:
            return
        step = self._reading.step
        heading = self.anchor_line(step.id) or 0
        if step.id == self._lesson.steps[0].id:
            heading = max(0, heading + FIRST_STEP_LINES - self.scrollable_content_region.height)
        self._bring(heading, animate)

    def to_anchor(self, anchor: str, *ends: str) -> None:
        """Scroll no further than needed to see the lines from ``anchor`` to the last of ``ends`` that is there."""
        if self._earlier is not None:
            self._earlier = None
            self.changed()
        start = self.anchor_line(anchor)
        if start is None:
            return
        last = max([start, *(line for end in ends if (line := self.anchor_line(end)) is not None)])
        height = self.scrollable_content_region.height
        top = self.scroll_offset.y
        if start < top or last >= top + height:
            self._bring(min(start, max(0, last - height + 2)) if last - start < height else start, animate=True)

    def reveal(self, *ends: str) -> None:
        """Show what has come below the current step, as far as nothing of the step itself is carried out of sight."""
        if self._reading is None or self._earlier is not None:
            return
        heading = self.anchor_line(self._reading.step.id)
        last = max((line for end in ends if (line := self.anchor_line(end)) is not None), default=None)
        if heading is None or last is None:
            return
        line = min(last - self.scrollable_content_region.height + 2, heading)
        if line > self.scroll_offset.y:
            self._bring(line, animate=True)

    def _bring(self, line: int, animate: bool) -> None:
        self.scroll_to(y=line, animate=animate, duration=0.25 if animate else None)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if not self._returning and self._lines_width == self.scrollable_content_region.width:
            self._place = self._place_at(round(new_value))

    def _place_at(self, top: int) -> tuple[str, int] | None:
        """The current step's heading if it is in sight, else the last anchor above."""
        step = self._reading.step.id if self._reading else ""
        heading = self.anchor_line(step)
        if heading is not None and top <= heading < top + self.scrollable_content_region.height:
            return step, top - heading
        above = [(line.anchor, top - index) for index, line in enumerate(self._lines[: top + 1]) if line.anchor]
        return above[-1] if above else None

    def on_resize(self) -> None:
        """Keep the place in the text while its lines change."""
        if self._lines_width != self.scrollable_content_region.width and self._place is not None:
            self._returning = True
            self.call_after_refresh(self._return)
        super().on_resize()

    def _return(self) -> None:
        self._returning = False
        if self._place is not None and (line := self.anchor_line(self._place[0])) is not None:
            above = self.scrollable_content_region.height // 3
            self.scroll_to(y=line + max(-above, min(self._place[1], 3)), animate=False)
