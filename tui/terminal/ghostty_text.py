"""The text that Ghostty's core keeps, scrollback included: moving the view, marking, searching, links."""

from __future__ import annotations

import re
from typing import Any

from pyghostty import GhosttyError, Terminal, ffi, lib
from rich.cells import cell_len

from tui.terminal import ghostty_types
from tui.terminal.emulator import Stretch

_WORD = re.compile(r"[^\s'\"`|<>(){}\[\],;]+")

# The library takes this tagged union by value; cffi cannot pass unions by value. A struct of the same layout has the
# same call ABI (pyghostty does the same for points).
ffi.cdef("typedef struct { int32_t tag; int64_t value; uint64_t padding; } NstepsScroll;")
ghostty_types.learn(ffi)


class GhosttyText:
    """The part of :class:`~tui.terminal.ghostty.GhosttyEmulator` that is about text. Rows count from the start of the
    scrollback."""

    def __init__(self, terminal: Terminal, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self._terminal = terminal
        self._handle = terminal._t[0]
        self._scroll = ffi.cast("void(*)(GhosttyTerminal, NstepsScroll)", lib.ghostty_terminal_scroll_viewport)

    def _get(self, key: str, ctype: str) -> Any:
        return self._terminal.get(key, ctype)

    # -- the view ------------------------------------------------------------------------------------------------

    def scroll(self, lines: int) -> None:
        self._move_view(lib.GHOSTTY_SCROLL_VIEWPORT_DELTA, lines)

    def scroll_to_end(self) -> None:
        self._move_view(lib.GHOSTTY_SCROLL_VIEWPORT_BOTTOM, 0)

    def _move_view(self, tag: int, value: int) -> None:
        behaviour = ffi.new("NstepsScroll*", {"tag": tag, "value": value})
        self._scroll(self._handle, behaviour[0])

    def position(self) -> tuple[int, int]:
        bar = self._get("SCROLLBAR", "GhosttyTerminalScrollbar")
        return bar.offset, bar.total

    # -- marking -------------------------------------------------------------------------------------------------

    def text_between(self, start: tuple[int, int], end: tuple[int, int]) -> str:
        if (start[1], start[0]) > (end[1], end[0]):
            start, end = end, start
        selection = ffi.new("GhosttySelection*")
        selection.size = ffi.sizeof("GhosttySelection")
        try:
            selection.start = self._terminal.ref(*start, tag="screen")[0]
            selection.end = self._terminal.ref(*end, tag="screen")[0]
            return str(self._terminal._format_sel(selection, unwrap=True))
        except GhosttyError:  # the rows have left the scrollback meanwhile
            return ""

    def word_at(self, x: int, row: int) -> tuple[int, int]:
        columns: list[int] = []
        line = ""
        text = self.text_between((0, row), (self.columns - 1, row))
        for character in text:
            columns.append(cell_len(line))
            line += character
        for match in _WORD.finditer(text):
            first, last = columns[match.start()], columns[match.end() - 1]
            if first <= x <= last + cell_len(text[match.end() - 1]) - 1:
                return first, last
        return x, x

    # -- searching -----------------------------------------------------------------------------------------------

    def find(self, text: str) -> tuple[Stretch, ...]:
        if not text:
            return ()
        needle = text.encode()
        search = ffi.new("GhosttySearch*")
        if lib.ghostty_search_new(ffi.NULL, search, self._handle):
            return ()
        try:
            buffer = ffi.from_buffer(needle)
            wanted = ffi.new("GhosttyString*", {"ptr": ffi.cast("uint8_t*", buffer), "len": len(needle)})
            lib.ghostty_search_set(search[0], lib.GHOSTTY_SEARCH_OPT_NEEDLE, wanted)
            lib.ghostty_search_run(search[0])
            total = ffi.new("size_t*")
            lib.ghostty_search_get(search[0], lib.GHOSTTY_SEARCH_DATA_TOTAL_MATCHES, total)
            found = ffi.new("GhosttySelection[]", max(1, total[0]))
            for one in found:
                one.size = ffi.sizeof("GhosttySelection")
            matches = ffi.new("GhosttySelectionBuffer*", {"ptr": found, "cap": total[0]})
            if lib.ghostty_search_get(search[0], lib.GHOSTTY_SEARCH_DATA_MATCHES, matches):
                return ()
            stretches = [(self._point(found[i].start), self._point(found[i].end)) for i in range(matches.len)]
        finally:
            lib.ghostty_search_free(search[0])
        return tuple(sorted(stretches, key=lambda one: (one[0][1], one[0][0])))

    def _point(self, ref: Any) -> tuple[int, int]:
        point = ffi.new("GhosttyPointCoordinate*")
        own = ffi.new("GhosttyGridRef*", ref)
        lib.ghostty_terminal_point_from_grid_ref(self._handle, own, lib.GHOSTTY_POINT_TAG_SCREEN, point)
        return point.x, point.y

    # -- lines and links -----------------------------------------------------------------------------------------

    def line_rows(self, row: int) -> tuple[int, int]:
        first = last = row
        while first > 0 and self._row_flag(first, lib.GHOSTTY_ROW_DATA_WRAP_CONTINUATION):
            first -= 1
        while self._row_flag(last, lib.GHOSTTY_ROW_DATA_WRAP) and self._row_flag(
            last + 1, lib.GHOSTTY_ROW_DATA_WRAP_CONTINUATION
        ):
            last += 1
        return first, last

    def has_hyperlinks(self, row: int) -> bool:
        return self._row_flag(row, lib.GHOSTTY_ROW_DATA_HYPERLINK)

    def _row_flag(self, row: int, flag: int) -> bool:
        try:
            ref = self._terminal.ref(0, row, tag="screen")
        except GhosttyError:
            return False
        value, answer = ffi.new("GhosttyRow*"), ffi.new("bool*")
        lib.ghostty_grid_ref_row(ref, value)
        lib.ghostty_row_get(value[0], flag, answer)
        return bool(answer[0])

    def hyperlink(self, x: int, row: int) -> str | None:
        try:
            ref = self._terminal.ref(x, row, tag="screen")
        except GhosttyError:
            return None
        length = ffi.new("size_t*")
        lib.ghostty_grid_ref_hyperlink_uri(ref, ffi.NULL, 0, length)
        if not length[0]:
            return None
        buffer = ffi.new("uint8_t[]", length[0])
        lib.ghostty_grid_ref_hyperlink_uri(ref, buffer, length[0], length)
        return bytes(ffi.buffer(buffer, length[0])).decode("utf-8", "replace")
