"""The lesson pane: the document laid out at the pane's width, scrolled to the step that matters."""

from __future__ import annotations

from collections.abc import Sequence

from engine.course.model import Course, Lesson
from tui.lesson.document import Question, Reading, body, document
from tui.lesson.layout import lay_out
from tui.lines import Line, LinesView


class LessonView(LinesView):
    """The current lesson. :meth:`show` takes everything it depends on."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lesson: Lesson | None = None
        self._reading: Reading | None = None
        self._place: tuple[str, int] | None = None
        """Where the reader is: an anchor, and how many lines below it the pane begins."""
        self._returning = False

    def show(self, course: Course, reading: Reading) -> None:
        """Show the lesson of ``reading.step``; scroll only if the step is another one."""
        before = self._reading
        self._lesson, self._reading = course.lesson_of(reading.step), reading
        self.changed()
        if before is None or before.step.id != reading.step.id:
            self.call_after_refresh(self.to_step, animate=before is not None)

    def lines(self, width: int) -> Sequence[Line]:
        if self._lesson is None or self._reading is None:
            return ()
        return lay_out(document(self._lesson, self._reading), width)

    def open_question(self) -> Question | None:
        """The first question of the current step that is not answered yet."""
        if self._reading is None:
            return None
        items = body(self._reading.step, self._reading)
        return next((item for item in items if isinstance(item, Question) and item.answer is None), None)

    def to_step(self, animate: bool = True) -> None:
        """Bring the current step's heading to the top; the lesson's first step shows the lesson's opening."""
        if self._lesson is None or self._reading is None:
            return
        step = self._reading.step
        first = step.id == self._lesson.steps[0].id
        self._bring(0 if first else (self.anchor_line(step.id) or 0), animate)

    def to_anchor(self, anchor: str, end: str | None = None) -> None:
        """Scroll no further than needed to see the lines from ``anchor`` to ``end``."""
        start = self.anchor_line(anchor)
        if start is None:
            return
        last = (self.anchor_line(end) if end else None) or start
        height = self.scrollable_content_region.height
        top = self.scroll_offset.y
        if start < top or last >= top + height:
            self._bring(min(start, max(0, last - height + 2)) if last - start < height else start, animate=True)

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
