"""Lines that join, text over them, and what would be outside."""

from __future__ import annotations

from rich.cells import cell_len

from tui.network.canvas import DOUBLE, HEAVY, Canvas, trail


def rows(canvas: Canvas) -> list[str]:
    return [line.text for line in canvas.lines()]


def test_a_box_has_round_corners() -> None:
    canvas = Canvas(6)
    canvas.box(0, 0, 5, 2)
    assert rows(canvas) == ["╭────╮", "│    │", "╰────╯"]


def test_lines_join_where_they_meet_and_not_where_one_passes_behind() -> None:
    canvas = Canvas(5)
    canvas.line([(2, 0), (2, 4)])
    canvas.line([(0, 1), (4, 1)])
    canvas.line([(0, 3), (4, 3)], behind=True)
    assert rows(canvas) == ["  ╷", "╶─┼─╴", "  │", "╶─│─╴", "  ╵"]


def test_weights_meet() -> None:
    canvas = Canvas(7)
    canvas.line([(0, 0), (6, 0)], weight=DOUBLE)
    canvas.line([(3, 0), (3, 1)])
    assert rows(canvas)[0] == "═══╤═══"
    canvas.line([(3, 0), (3, 1)], weight=HEAVY)
    assert rows(canvas) == ["═══┳═══", "   ╹"], "a double line is a heavy one where it meets a heavy one"


def test_dashes_bend_in_plain_corners() -> None:
    canvas = Canvas(4)
    canvas.line([(0, 0), (3, 0), (3, 3)], dashed=True)
    assert rows(canvas) == ["╶┄┄╮", "   ┆", "   ┆", "   ╵"]


def test_a_line_over_a_dashed_one_is_whole() -> None:
    canvas = Canvas(3)
    canvas.line([(0, 0), (2, 0)], dashed=True)
    canvas.line([(0, 0), (2, 0)])
    assert rows(canvas) == ["╶─╴"]


def test_text_is_over_lines_and_wide_characters_take_two_cells() -> None:
    canvas = Canvas(10)
    canvas.line([(0, 0), (9, 0)])
    assert canvas.text(2, 0, "主机") == 6
    assert rows(canvas) == ["╶─主机───╴"]
    assert cell_len(rows(canvas)[0]) == 10


def test_what_would_be_outside_is_left_out() -> None:
    canvas = Canvas(5)
    canvas.text(3, 0, "abc")
    canvas.text(-1, 1, "abc")
    canvas.text(2, 2, "主机")
    canvas.line([(2, 3), (9, 3)])
    assert rows(canvas) == ["   ab", "bc", "  主", "  ╶──"]


def test_looks_are_kept() -> None:
    canvas = Canvas(8)
    canvas.line([(0, 0), (7, 0)], "wire")
    canvas.text(2, 0, "ab", "strong")
    (line,) = canvas.lines()
    assert [(span.text, span.look) for span in line.spans] == [("╶─", "wire"), ("ab", "strong"), ("───╴", "wire")]


def test_trail() -> None:
    assert list(trail([(0, 0), (2, 0), (2, 1)])) == [((0, 0), (1, 0)), ((1, 0), (1, 0)), ((2, 0), (0, 1))]
