"""The lesson pane: the document laid out at the pane's width, scrolled to the step that matters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from engine.course.model import Course, Lesson, Step
from tui.keys import letters
from tui.lesson.commands import Place, places, pointed_at, suggested
from tui.lesson.document import Question, Reading, body, document
from tui.lesson.layout import GUTTER, lay_out
from tui.lesson.terms import TermMarker, marked_in
from tui.lines import Line, LinesView

FIRST_STEP_LINES = 5
"""So much of a lesson's first step is seen below its opening at least: the heading and its first lines."""


class LessonView(LinesView):
    """The current lesson. :meth:`show` takes everything it depends on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *letters(),
        Binding("tab", "choose(1)", "", show=False),
        Binding("shift+tab", "choose(-1)", "", show=False),
        Binding("enter", "put", "", show=False),
    ]

    class Chosen(Message):
        """Another command is pointed at, or none."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lesson: Lesson | None = None
        self._reading: Reading | None = None
        self._place: tuple[str, int] | None = None
        """Where the reader is: an anchor, and how many lines below it the pane begins."""
        self._returning = False
        self._goal: Callable[[], None] | None = None
        """How to get to what is to be seen, until the reader scrolls: what stands around the pane grows and shrinks."""
        self._earlier: Lesson | None = None
        """An earlier lesson that is being read."""
        self._terms = TermMarker()
        self.is_done: Callable[[str, str], bool] = lambda terminal, text: False
        """Whether a command needs no typing any more, by its terminal and its text."""
        self.chosen: Place | None = None
        """The command that Enter puts at its prompt."""

    def show(self, course: Course, reading: Reading) -> None:
        """Show the lesson of ``reading.step``; scroll only if the step is another one."""
        before = self._reading
        self._terms.use(course.glossary, reading.language)
        self._lesson, self._reading = course.lesson_of(reading.step), reading
        if before is None or before.step.id != reading.step.id:
            self._earlier = self._goal = None
        if self.chosen is not None and before is not None and before.step.id != reading.step.id:
            self.chosen = None
            self.call_after_refresh(self._point_anew)
        self.changed()
        if before is None or before.step.id != reading.step.id:
            self.call_after_refresh(self._begin)
        else:
            self.call_after_refresh(self._to_goal)

    def lines(self, width: int) -> Sequence[Line]:
        if self._lesson is None or self._reading is None:
            return ()
        lines = lay_out(self._terms.mark(document(self._earlier or self._lesson, self._reading)), width)
        if self.chosen is None:
            return lines
        self.chosen = next((one for one in places(lines) if one.is_same(self.chosen)), None)
        return pointed_at(lines, self.chosen) if self.chosen else lines

    def render_line(self, y: int) -> Strip:
        """The last line seen points down while the current step goes on below it."""
        strip = super().render_line(y)
        region = self.scrollable_content_region
        below = self._lines[y + 1 + self.scroll_offset.y :]
        if y != region.height - 1 or not any(line.spans[:1] == (GUTTER,) for line in below):
            return strip
        pointer = Segment("▼ ", self.look("key"))
        return Strip.join([Strip([pointer]), strip.crop(cell_len(pointer.text), region.width)])

    # -- choosing a command with keys --------------------------------------------------------------------------

    def on_focus(self) -> None:
        """Point at what is to be typed next."""
        if self.chosen is None and self._reading is not None:
            start = self.anchor_line(self._reading.step.id) or 0
            self._choose(suggested(places(self._lines), start, self.is_done))

    def _point_anew(self) -> None:
        if self.has_focus:
            self.on_focus()

    def on_blur(self) -> None:
        self._choose(None)

    def _choose(self, place: Place | None) -> None:
        if place == self.chosen:
            return
        self.chosen = place
        self.changed()
        self.post_message(self.Chosen())

    def action_choose(self, way: int) -> None:
        """The command after the one pointed at, or before it; beyond the last one, the next pane."""
        found = places(self._lines)
        top = self.scroll_offset.y
        if self.chosen is not None and self.chosen in found:
            index = found.index(self.chosen) + way
        else:
            below = [index for index, one in enumerate(found) if one.first >= top]
            index = (below[0] if below else len(found)) - (way < 0)
        if not 0 <= index < len(found):
            self.screen.focus_next() if way > 0 else self.screen.focus_previous()
            return
        place = found[index]
        self._choose(place)
        height = self.scrollable_content_region.height
        if place.first < top or place.end > top + height:
            self._bring(max(0, place.first - height // 3))

    async def action_put(self) -> None:
        """Put the command at its prompt."""
        if self.chosen is not None:
            await self.run_action(self.chosen.action.replace("screen.command(", "screen.put_command("))

    def leaf(self, course: Course, lessons: int) -> Lesson | None:
        """Show the lesson that many before (negative) or after the one shown, up to the current one; what is shown."""
        if self._lesson is None:
            return None
        shown = self._earlier or self._lesson
        index = course.lessons.index(shown) + lessons
        if not 0 <= index <= course.lessons.index(self._lesson):
            return shown
        self._goal = None
        self._earlier = course.lessons[index] if course.lessons[index] is not self._lesson else None
        self.changed()
        self.call_after_refresh(self._bring, 0) if self._earlier else self.call_after_refresh(self.to_step)
        return self._earlier or self._lesson

    def read(self, course: Course, step: Step) -> bool:
        """Show that step, which is the current one or came before it; whether it did."""
        if self._reading is None or course.steps.index(step) > course.steps.index(self._reading.step):
            return False
        lesson = course.lesson_of(step)
        self._earlier = lesson if lesson is not self._lesson else None
        self.changed()
        self.call_after_refresh(lambda: self._bring(self.anchor_line(step.id) or 0))
        return True

    def terms_in_sight(self) -> list[str]:
        """Ids of the glossary's terms that are marked in what is seen, then of those marked elsewhere in the lesson."""
        top = self.scroll_offset.y
        seen = marked_in(self._lines[top : top + self.scrollable_content_region.height])
        return list(dict.fromkeys([*seen, *marked_in(self._lines)]))

    def open_question(self) -> Question | None:
        """The first question of the current step that is not answered yet; else one that may still be answered anew."""
        if self._reading is None:
            return None
        items = body(self._reading.step, self._reading)
        open_ones = [item for item in items if isinstance(item, Question) and not item.over]
        return next((item for item in open_ones if item.answer is None), next(iter(open_ones), None))

    def _begin(self) -> None:
        if self._goal is None:  # else something of the new step has been asked for meanwhile
            self.to_step()

    def to_step(self) -> None:
        """Bring the current step's heading to the top; at the lesson's first step as much of its opening as there is
        room for above the step's first command."""
        if self._lesson is None or self._reading is None:
            return
        self._goal = None
        step = self._reading.step
        heading = self.anchor_line(step.id) or 0
        if step.id == self._lesson.steps[0].id:
            height = self.scrollable_content_region.height
            command = next((one.end for one in places(self._lines) if one.first > heading), 0)
            heading = max(0, max(heading + FIRST_STEP_LINES, min(command, heading + height)) - height)
        self._bring(heading)

    def to_anchor(self, anchor: str, *ends: str) -> None:
        """Scroll no further than needed to see the lines from ``anchor`` to the last of ``ends`` that is there."""
        owner = anchor.partition("#")[0].partition("?")[0]
        if self._reading is None or owner not in (anchor, self._reading.step.id):
            return  # of a step that has been left meanwhile
        if self._earlier is not None:
            self._earlier = None
            self.changed()
        self._goal = lambda: self._to_anchor(anchor, *ends)
        self._goal()

    def _to_anchor(self, anchor: str, *ends: str) -> None:
        start = self.anchor_line(anchor)
        if start is None:
            return
        last = max([start, *(line for end in ends if (line := self.anchor_line(end)) is not None)])
        height = self.scrollable_content_region.height
        top = self.scroll_offset.y
        if start < top or last >= top + height:
            self._bring(min(start, max(0, last - height + 2)) if last - start < height else start)

    def reveal(self, step: str, *ends: str) -> None:
        """Show what has come below that step, if it is the current one still, as far as nothing of the step itself is
        carried out of sight."""
        if self._reading is None or self._reading.step.id != step:
            return
        self._goal = lambda: self._reveal(*ends)
        self._goal()

    def _reveal(self, *ends: str) -> None:
        if self._reading is None or self._earlier is not None:
            return
        heading = self.anchor_line(self._reading.step.id)
        last = max((line for end in ends if (line := self.anchor_line(end)) is not None), default=None)
        if heading is None or last is None:
            return
        line = min(last - self.scrollable_content_region.height + 2, heading)
        if line > self.scroll_offset.y:
            self._bring(line)

    def _to_goal(self) -> None:
        if self._goal is not None:
            self._goal()

    def _forget_goal(self) -> None:
        self._goal = None

    on_key = on_mouse_scroll_up = on_mouse_scroll_down = on_scroll_to = _forget_goal

    def _bring(self, line: int) -> None:
        """Scroll there. ``force``: lines that have only just come may not have their scroll bar yet, and without one
        Textual does not scroll."""
        self.scroll_to(y=line, animate=False, immediate=True, force=True)

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
        self.call_after_refresh(self._to_goal)

    def _return(self) -> None:
        self._returning = False
        if self._place is not None and (line := self.anchor_line(self._place[0])) is not None:
            above = self.scrollable_content_region.height // 3
            self._bring(line + max(-above, min(self._place[1], 3)))
