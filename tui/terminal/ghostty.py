"""Ghostty's terminal core as an :class:`~tui.terminal.emulator.Emulator`.

Reading the screen goes through the library's render state: one update call, then only the rows it marks dirty, each as
one array of 64-bit cells. A cell value is decoded once by the library and remembered, so a full screen costs about a
millisecond. Importing this module loads a 10 MB library: do it off the first paint (:func:`tui.terminal.loading.load`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from pyghostty import GhosttyError, Terminal, ffi, lib

from tui.terminal.emulator import PLAIN, CellStyle, Colour, Cursor, Modes, Row, Run
from tui.terminal.ghostty_text import GhosttyText

SCROLLBACK_LINES = 10_000
_MEMORY_LIMIT = 65_536
"""How many distinct cell values are remembered before starting anew."""

_CELL_BYTES = 8
_NARROW, _WIDE, _TAIL = 0, 1, 2
_CODEPOINT, _GRAPHEME, _BACKGROUND_PALETTE, _BACKGROUND_RGB = 0, 1, 2, 3
_SHAPES = {0: "bar", 1: "block", 2: "underline", 3: "block"}
_MOUSE_MODES = ((1003, "motion"), (1002, "drag"), (1000, "click"), (9, "press"))


class _Cell(NamedTuple):
    text: str
    wide: int
    style_id: int
    content: int
    colour: Colour


class GhosttyEmulator(GhosttyText):
    """See :class:`~tui.terminal.emulator.Emulator`."""

    def __init__(self, columns: int = 80, rows: int = 24) -> None:
        super().__init__(Terminal(columns, rows, scrollback=SCROLLBACK_LINES), columns, rows)
        self._memory: dict[int, _Cell] = {}
        self._state = ffi.new("GhosttyRenderState*")
        self._iterator = ffi.new("GhosttyRenderStateRowIterator*")
        self._cells = ffi.new("GhosttyRenderStateRowCells*")
        for result in (
            lib.ghostty_render_state_new(ffi.NULL, self._state),
            lib.ghostty_render_state_row_iterator_new(ffi.NULL, self._iterator),
            lib.ghostty_render_state_row_cells_new(ffi.NULL, self._cells),
        ):
            if result:
                raise GhosttyError(f"render state: {result}")
        self._view = ffi.new("GhosttyCellsView*")
        self._y = ffi.new("uint16_t*")
        self._dirty = ffi.new("GhosttyRenderStateDirty*")
        self._style = ffi.new("GhosttyStyle*")
        self._style.size = ffi.sizeof("GhosttyStyle")
        self._cursor = ffi.new("GhosttyRenderStateCursor*")
        self._cursor.size = ffi.sizeof("GhosttyRenderStateCursor")

    def on_reply(self, callback: Callable[[bytes], None]) -> None:
        self._terminal.on_reply(callback)

    def feed(self, data: bytes) -> None:
        self._terminal.feed(data)

    def resize(self, columns: int, rows: int) -> None:
        self.columns, self.rows = max(1, columns), max(1, rows)
        self._terminal.resize(self.columns, self.rows)

    def close(self) -> None:
        if self._state is None:
            return
        lib.ghostty_render_state_row_cells_free(self._cells[0])
        lib.ghostty_render_state_row_iterator_free(self._iterator[0])
        lib.ghostty_render_state_free(self._state[0])
        self._state = None
        self._terminal.close()

    # -- reading the screen ------------------------------------------------------------------------------------

    def changed_rows(self) -> dict[int, Row]:
        state, dirty = self._state[0], self._dirty
        lib.ghostty_render_state_update(state, self._handle)
        lib.ghostty_render_state_get(state, lib.GHOSTTY_RENDER_STATE_DATA_DIRTY, dirty)
        if dirty[0] == lib.GHOSTTY_RENDER_STATE_DIRTY_FALSE:
            return {}
        lib.ghostty_render_state_get(state, lib.GHOSTTY_RENDER_STATE_DATA_ROW_ITERATOR, self._iterator)
        iterator, rows = self._iterator[0], {}
        if dirty[0] == lib.GHOSTTY_RENDER_STATE_DIRTY_FULL:
            y = 0
            while lib.ghostty_render_state_row_iterator_next(iterator):
                rows[y] = self._read_row(iterator)
                y += 1
        else:
            while lib.ghostty_render_state_row_iterator_next_dirty(iterator, self._y):
                rows[self._y[0]] = self._read_row(iterator)
        lib.ghostty_render_state_clean(state)
        return rows

    def _read_row(self, iterator: Any) -> Row:
        """The row the iterator stands at, neighbouring cells of one style joined."""
        lib.ghostty_render_state_row_get(iterator, lib.GHOSTTY_RENDER_STATE_ROW_DATA_CELLS_RAW, self._view)
        columns = self._view.len
        used = -(-len(ffi.buffer(self._view.ptr, _CELL_BYTES * columns)[:].rstrip(b"\0")) // _CELL_BYTES)
        values = ffi.unpack(self._view.ptr, used)
        memory, decode = self._memory, self._decode
        styles: dict[int, CellStyle] = {0: PLAIN}
        runs: list[Run] = []
        text: list[str] = []
        current, start, selected = PLAIN, 0, False
        for x, value in enumerate(values):
            cell = memory.get(value) or decode(value)
            if cell.wide == _TAIL:
                continue
            style = styles.get(cell.style_id)
            if (style is None or cell.content == _GRAPHEME) and not selected:
                lib.ghostty_render_state_row_get(iterator, lib.GHOSTTY_RENDER_STATE_ROW_DATA_CELLS, self._cells)
                selected = True
            if style is None:
                style = styles[cell.style_id] = self._read_style(x)
            if cell.content >= _BACKGROUND_PALETTE:
                style = PLAIN._replace(background=cell.colour)
            if style != current:
                if text:
                    runs.append(Run("".join(text), x - start, current))
                text, current, start = [], style, x
            text.append(self._read_grapheme(x) if cell.content == _GRAPHEME else cell.text)
        if used < columns:  # nothing was ever written there
            if text and current != PLAIN:
                runs.append(Run("".join(text), used - start, current))
                text, start = [], used
            text.append(" " * (columns - used))
            current = PLAIN
        if text:
            runs.append(Run("".join(text), columns - start, current))
        return tuple(runs)

    def _decode(self, value: int) -> _Cell:
        """What a cell value means, asked of the library once for each distinct value."""
        if len(self._memory) > _MEMORY_LIMIT:
            self._memory.clear()

        def get(key: int, ctype: str) -> Any:
            out = ffi.new(ctype + "*")
            lib.ghostty_cell_get(value, key, out)
            return out[0]

        content = get(lib.GHOSTTY_CELL_DATA_CONTENT_TAG, "GhosttyCellContentTag")
        colour: Colour = None
        codepoint = 0
        if content == _BACKGROUND_PALETTE:
            colour = get(lib.GHOSTTY_CELL_DATA_COLOR_PALETTE, "GhosttyColorPaletteIndex")
        elif content == _BACKGROUND_RGB:
            rgb = get(lib.GHOSTTY_CELL_DATA_COLOR_RGB, "GhosttyColorRgb")
            colour = (rgb.r, rgb.g, rgb.b)
        else:
            codepoint = get(lib.GHOSTTY_CELL_DATA_CODEPOINT, "uint32_t")
        cell = _Cell(
            text=chr(codepoint) if codepoint else " ",
            wide=get(lib.GHOSTTY_CELL_DATA_WIDE, "GhosttyCellWide"),
            style_id=get(lib.GHOSTTY_CELL_DATA_STYLE_ID, "GhosttyStyleId"),
            content=content,
            colour=colour,
        )
        self._memory[value] = cell
        return cell

    def _read_style(self, x: int) -> CellStyle:
        """The style of the cell in column ``x`` of the selected row."""
        lib.ghostty_render_state_row_cells_select(self._cells[0], x)
        style = self._style
        lib.ghostty_render_state_row_cells_get(self._cells[0], lib.GHOSTTY_RENDER_STATE_ROW_CELLS_DATA_STYLE, style)
        return CellStyle(
            foreground=_colour(style.fg_color),
            background=_colour(style.bg_color),
            bold=style.bold,
            dim=style.faint,
            italic=style.italic,
            underline=bool(style.underline),
            blink=style.blink,
            reverse=style.inverse,
            invisible=style.invisible,
            strike=style.strikethrough,
        )

    def _read_grapheme(self, x: int) -> str:
        """All code points of the cell in column ``x``: a letter with its accents, an emoji with its joiners."""
        cells = self._cells[0]
        lib.ghostty_render_state_row_cells_select(cells, x)
        length = ffi.new("uint32_t*")
        lib.ghostty_render_state_row_cells_get(cells, lib.GHOSTTY_RENDER_STATE_ROW_CELLS_DATA_GRAPHEMES_LEN, length)
        buffer = ffi.new("uint32_t[]", max(1, length[0]))
        lib.ghostty_render_state_row_cells_get(cells, lib.GHOSTTY_RENDER_STATE_ROW_CELLS_DATA_GRAPHEMES_BUF, buffer)
        return "".join(chr(code) for code in buffer if code) or " "

    def cursor(self) -> Cursor | None:
        cursor = self._cursor
        lib.ghostty_render_state_get(self._state[0], lib.GHOSTTY_RENDER_STATE_DATA_CURSOR, cursor)
        if not (cursor.visible and cursor.viewport_has_value):
            return None
        x = cursor.viewport_x - (1 if cursor.wide_tail else 0)
        return Cursor(x, cursor.viewport_y, _SHAPES.get(cursor.visual_style, "block"))

    # -- what the program asked for ----------------------------------------------------------------------------

    def modes(self) -> Modes:
        mode = self._terminal.mode
        mouse = next((name for number, name in _MOUSE_MODES if mode(number)), "none")
        return Modes(
            application_cursor=mode(1),
            bracketed_paste=mode(2004),
            focus_reports=mode(1004),
            alternate_screen=self._get("ACTIVE_SCREEN", "GhosttyTerminalScreen") != 0,
            alternate_scroll=mode(1007),
            mouse=mouse,
            mouse_sgr=mode(1006),
        )

    def title(self) -> str:
        text = self._get("TITLE", "GhosttyString")
        return bytes(ffi.buffer(text.ptr, text.len)).decode("utf-8", "replace") if text.len else ""


def _colour(colour: Any) -> Colour:
    if colour.tag == lib.GHOSTTY_STYLE_COLOR_PALETTE:
        return int(colour.value.palette)
    if colour.tag == lib.GHOSTTY_STYLE_COLOR_RGB:
        rgb = colour.value.rgb
        return (rgb.r, rgb.g, rgb.b)
    return None
