"""What the room should see of the lesson: words whole, and the command that is typed with what stands below it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui.lesson.document import Section
from tui.lesson.layout import lay_out
from tui.lesson.markdown import Words, parse

if TYPE_CHECKING:
    from textual.screen import Screen

    from engine.session.session import Session
    from tui.lesson.view import LessonView

    _Base = Screen[None]
else:
    _Base = object

BEGINNING = 14
"""So many characters tell where in the lesson a paragraph begins."""
EDGE_CELLS = 3
"""What stands at the left of the current step's words."""
BELOW = 6
"""Lines below a command that should be seen with it."""


class Sight(_Base):
    """Mixed into the demo's screen: scrolls the lesson, no further than needed."""

    if TYPE_CHECKING:
        session: Session
        lesson: LessonView

    def has_room_for(self, words: str) -> bool:
        """Whether they can be seen whole in the lesson's pane as it is."""
        region = self.lesson.scrollable_content_region
        return not region.height or self._rows(words) <= region.height

    def to_command(self, text: str) -> None:
        """Scroll so that the command and what stands below it are in sight."""
        wanted = text.split("\n")[0].split()

        def shows(line: str) -> bool:
            words = line.split()
            typed = words[words.index("$") + 1 :] if "$" in words else []
            return bool(typed) and typed == wanted[: len(typed)]

        self._bring_into_sight(shows, min(BELOW, self.lesson.scrollable_content_region.height // 2) + 1)

    def to_words(self, words: str) -> None:
        """Scroll so that these words are in sight, from their first line on."""
        first = next((block for block in parse(words) if isinstance(block, Words)), None)
        beginning = "".join(span.text for span in first.spans)[:BEGINNING] if first else ""
        if beginning:
            self._bring_into_sight(lambda line: beginning in line, self._rows(words))

    def _rows(self, words: str) -> int:
        width = self.lesson.scrollable_content_region.width - EDGE_CELLS
        return len(lay_out((Section(tuple(parse(words))),), max(1, width)))

    def _bring_into_sight(self, wanted: Callable[[str], bool], rows: int) -> None:
        lines = self.lesson._lines
        start = self.lesson.anchor_line(self.session.step.id) or 0
        top, height = self.lesson.scroll_offset.y, self.lesson.scrollable_content_region.height
        index = next((index for index in range(start, len(lines)) if wanted(lines[index].text)), None)
        if index is not None and not top <= index <= top + height - min(rows, height):
            above = min(height // 3, max(0, height - rows))
            self.lesson.scroll_to(y=max(0, index - above), duration=0.25, force=True)
