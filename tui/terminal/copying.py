"""Reading a terminal with keys, as in tmux's copy mode: move, mark, copy, search, go from link to link. Pure.

The keys are those of Vi, less and tmux that most people know: arrows or ``hjkl``, ``w b 0 $ g G``, ``Space`` or ``v``
to mark, ``V`` for whole lines, ``Enter`` or ``y`` to copy, ``/ ? n N`` to search, ``Tab`` for the next link.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from rich.cells import cell_len

from tui.terminal.emulator import Emulator, Point, Stretch
from tui.terminal.links import link_at, next_link
from tui.terminal.selection import Selection

if TYPE_CHECKING:
    from tui.terminal.links import Link

COPY_KEYS = (
    *(("Space", "mark"), ("Enter", "copy"), ("/", "search"), ("n", "again"), ("Tab", "link"), ("q", "leave")),
    *(("V", "lines"), ("?", "back"), ("g G", "ends")),
)
SEARCH_KEYS = (("Enter", "go"), ("Esc", "give_up"))
"""What the bottom line names: the key, and its message (``tui.copy.NAME``)."""
COPY, LEAVE = "copy", "leave"
"""What :meth:`CopyMode.press` asks for: the text is to be copied and the mode left, or only left."""
NAMES = {
    "h": "left", "l": "right", "k": "up", "j": "down", "0": "home", "^": "first", "$": "end", "w": "word",
    "b": "word_back", "e": "word_end", "g": "top", "G": "bottom", "H": "view_top", "M": "view_middle",
    "L": "view_bottom", " ": "mark", "v": "mark", "V": "mark_lines", "/": "search", "?": "search_back", "n": "again",
    "N": "again_back", "y": "copy", "q": "leave",
    "ctrl+b": "pageup", "ctrl+f": "pagedown", "ctrl+u": "half_up", "ctrl+d": "half_down", "ctrl+c": "leave",
    "ctrl+p": "up", "ctrl+n": "down", "enter": "copy", "escape": "give_up", "tab": "link", "shift+tab": "link_back",
    "space": "mark",
}  # fmt: skip
"""By character or key; arrows and the like have their own names."""


class CopyMode:
    """A cursor in what a terminal shows and has shown. ``emulator`` must not be fed meanwhile."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        first, total = emulator.position()
        shown = emulator.cursor()
        self.x, self.row = (shown.x, first + shown.y) if shown else (0, min(first + emulator.rows, total) - 1)
        self.anchor: Point | None = None
        self.whole_lines = False
        self.typing: str | None = None
        """What is being searched for while it is typed; ``None`` when nothing is."""
        self.backwards = False
        self.wanted = ""
        self.matches: tuple[Stretch, ...] = ()
        self.current: int | None = None
        """Index of the match that was gone to last."""
        self.problem: str | None = None
        """Why the last key did nothing: ``not_found``, ``no_links``, ``nothing_marked``."""
        self._begun: tuple[Point, int] = (self.cursor, first)

    @property
    def cursor(self) -> Point:
        return self.x, self.row

    @property
    def link(self) -> Link | None:
        """The link under the cursor."""
        return link_at(self._emulator, self.x, self.row)

    @property
    def selection(self) -> Selection | None:
        """What is marked."""
        if self.anchor is None:
            return None
        if not self.whole_lines:
            return Selection(self.anchor, self._end_of_cell())
        (_, top), (_, bottom) = sorted((self.anchor, self.cursor), key=lambda point: point[1])
        return Selection((0, top), (self._emulator.columns - 1, bottom))

    def _end_of_cell(self) -> Point:
        """The cursor; on a wide character, when the mark runs forward, its second half."""
        anchor = self.anchor or self.cursor
        forward = (self.row, self.x) >= (anchor[1], anchor[0])
        wide = dict(self._cells(self.row)).get(self.x, 1) == 2
        return (self.x + 1, self.row) if wide and forward else self.cursor

    @property
    def text(self) -> str:
        """What is to be copied: what is marked, else the link under the cursor."""
        if self.selection is not None:
            return self._emulator.text_between(*self.selection.ordered)
        return self.link.target if self.link else ""

    def resized(self, behind: int) -> None:
        """The terminal has another size, and its lines are wrapped anew: stay that many rows before the end."""
        self.anchor = None
        self.matches, self.current = self._emulator.find(self.wanted) if self.matches else (), None
        self._go(self.x, self._emulator.position()[1] - behind)
        self._begun = (self.cursor, self._emulator.position()[0])

    # -- keys ------------------------------------------------------------------------------------------------------

    def press(self, key: str, character: str | None) -> str | None:
        """Do what the key means; :data:`COPY` or :data:`LEAVE` if the mode ends with it."""
        self.problem = None
        if self.typing is not None:
            self._type(key, character)
            return None
        name = NAMES.get(character or "") or NAMES.get(key) or key
        if name == "leave":
            return LEAVE
        if name == "give_up":
            if self.anchor is None and not self.matches:
                return LEAVE
            self.anchor, self.matches, self.current = None, (), None
        elif name == "copy":
            if self.text:
                return COPY
            self.problem = "nothing_marked"
        elif name in ("mark", "mark_lines"):
            self.whole_lines = name == "mark_lines"
            self.anchor = self.cursor if self.anchor is None else None
        elif name in ("search", "search_back"):
            self.typing, self.backwards = "", name == "search_back"
            self._begun = (self.cursor, self._emulator.position()[0])
        elif name in ("again", "again_back"):
            self._next_match(1 if (name == "again") != self.backwards else -1)
        elif name in ("link", "link_back"):
            link = next_link(self._emulator, self.x, self.row, 1 if name == "link" else -1)
            self.problem = None if link else "no_links"
            if link:
                self._go(*link.start)
        elif (move := self._moves().get(name)) is not None:
            move()
        return None

    def paste(self, text: str) -> None:
        """Pasted text is searched for, if a search is being typed."""
        if self.typing is not None:
            self.typing += "".join(one for one in text if one.isprintable())
            self._look()

    # -- searching -------------------------------------------------------------------------------------------------

    def _type(self, key: str, character: str | None) -> None:
        """A key of the search: what is found is shown while it is typed."""
        typing = self.typing or ""
        if key == "enter":
            self.typing = None
            self.problem = "not_found" if typing and not self.matches else None
        elif key in ("escape", "ctrl+c") or (key == "backspace" and not typing):
            self.typing, self.matches, self.current = None, (), None
            (self.x, self.row), first = self._begun
            self._emulator.scroll(first - self._emulator.position()[0])
        elif key in ("ctrl+u", "backspace"):
            self.typing = typing[:-1] if key == "backspace" else ""
            self._look()
        elif character and character.isprintable():
            self.typing = typing + character
            self._look()

    def _look(self) -> None:
        """Go to the first match from where the search began."""
        self.wanted = self.typing or ""
        self.matches = self._emulator.find(self.wanted)
        self.current = None
        (self.x, self.row), _ = self._begun
        if self.matches:
            self._next_match(-1 if self.backwards else 1, here=True)
        self._follow()

    def _next_match(self, way: int, here: bool = False) -> None:
        """The next match down (``way`` 1) or up; beyond the last one comes the first. ``here``: the one under the
        cursor counts."""
        if not self.matches and self.wanted:
            self.matches = self._emulator.find(self.wanted)
        if not self.matches:
            self.problem = "not_found"
            return
        place = (self.row, self.x)
        starts = [(start[1], start[0]) for start, _ in self.matches]
        if way > 0:
            beyond = [i for i, start in enumerate(starts) if start > place or (here and start == place)]
            self.current = beyond[0] if beyond else 0
        else:
            beyond = [i for i, start in enumerate(starts) if start < place or (here and start == place)]
            self.current = beyond[-1] if beyond else len(starts) - 1
        self._go(*self.matches[self.current][0])

    def found_in(self, row: int) -> list[tuple[int, int, bool]]:
        """The columns of a row that match, the second not included, and whether it is the current match."""
        result = []
        for index, ((x1, y1), (x2, y2)) in enumerate(self.matches):
            if y1 > row:
                break
            if y1 <= row <= y2:
                last = x2 + dict(self._cells(row)).get(x2, 1) if row == y2 else self._emulator.columns
                result.append((x1 if row == y1 else 0, last, index == self.current))
        return result

    # -- moving ----------------------------------------------------------------------------------------------------

    def _moves(self) -> dict[str, Callable[[], None]]:
        emulator = self._emulator
        first, total = emulator.position()
        rows = emulator.rows
        return {
            "left": lambda: self._sideways(-1),
            "right": lambda: self._sideways(1),
            "up": lambda: self._go(self.x, self.row - 1),
            "down": lambda: self._go(self.x, self.row + 1),
            "home": lambda: self._go(0, self.row),
            "first": lambda: self._go(next((x for x, c in self._characters(self.row) if c != " "), 0), self.row),
            "end": lambda: self._go(max((x for x, _ in self._cells(self.row)), default=0), self.row),
            "pageup": lambda: self._page(1 - rows),
            "pagedown": lambda: self._page(rows - 1),
            "half_up": lambda: self._page(-(rows // 2)),
            "half_down": lambda: self._page(rows // 2),
            "top": lambda: self._go(0, 0),
            "bottom": lambda: self._go(0, total - 1),
            "view_top": lambda: self._go(0, first),
            "view_middle": lambda: self._go(0, first + rows // 2),
            "view_bottom": lambda: self._go(0, first + rows - 1),
            "word": lambda: self._to_word(1),
            "word_back": lambda: self._to_word(-1),
            "word_end": lambda: self._to_word(1, ends=True),
        }

    def _page(self, lines: int) -> None:
        self._emulator.scroll(lines)
        self._go(self.x, self.row + lines)

    def _go(self, x: int, row: int) -> None:
        """There, or as near as there is text; the view follows."""
        total = self._emulator.position()[1]
        self.row = min(max(0, row), total - 1)
        self.x = min(max(0, x), self._emulator.columns - 1)
        at = [start for start, width in self._cells(self.row) if start <= self.x < start + width]
        self.x = at[0] if at else self.x
        self._follow()

    def _follow(self) -> None:
        first = self._emulator.position()[0]
        rows = max(1, self._emulator.rows - (self.typing is not None))  # the last one shows what is searched for
        if self.row < first:
            self._emulator.scroll(self.row - first)
        elif self.row >= first + rows:
            self._emulator.scroll(self.row - first - rows + 1)

    def _sideways(self, way: int) -> None:
        """A character on; beyond the end of the text the next row."""
        starts = [x for x, _ in self._cells(self.row)]
        if way > 0:
            after = [x for x in starts if x > self.x]
            total = self._emulator.position()[1]
            self._go(after[0], self.row) if after else self._go(0, self.row + 1) if self.row + 1 < total else None
        else:
            before = [x for x in starts if x < self.x]
            if before:
                self._go(before[-1], self.row)
            elif self.row > 0:
                self._go(max((x for x, _ in self._cells(self.row - 1)), default=0), self.row - 1)

    def _to_word(self, way: int, ends: bool = False) -> None:
        """The next beginning of a word, or end of one, in that direction."""
        row, total = self.row, self._emulator.position()[1]
        while 0 <= row < total:
            places = self._words(row, ends)
            if row == self.row:
                places = [x for x in places if (x > self.x if way > 0 else x < self.x)]
            if places:
                self._go(places[0] if way > 0 else places[-1], row)
                return
            row += way

    def _words(self, row: int, ends: bool) -> list[int]:
        """The columns in which words begin, or end."""
        characters = self._characters(row)
        text = [" ", *(character for _, character in characters), " "]
        beside = text[2:] if ends else text
        return [x for (x, here), other in zip(characters, beside, strict=False) if here != " " and other == " "]

    def _characters(self, row: int) -> list[tuple[int, str]]:
        """Each character of a row and its column."""
        x, result = 0, []
        for character in self._emulator.text_between((0, row), (self._emulator.columns - 1, row)):
            width = cell_len(character)
            if width:
                result.append((x, character))
            x += width
        return result

    def _cells(self, row: int) -> list[tuple[int, int]]:
        """Column and width of each character of a row."""
        return [(x, cell_len(character)) for x, character in self._characters(row)]
