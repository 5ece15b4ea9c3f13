"""The board's screen: what it shows of a room, and what it asks the hub for."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from textual.widgets import Input, OptionList

from engine.classroom import desk
from engine.classroom.desk import Board, Leading, Target
from engine.messages import Message
from tests.classroom.board.fake_room import STEPS, changed, make_board
from tests.classroom.board.showing import EVERYONE, LINUS, ROW, SEATS, showing
from tui.classroom.board.connection import Lost
from tui.classroom.board.dialogs import Confirm, StepDialog, TextDialog
from tui.screens.help_box import HelpBox


async def test_the_room_is_shown_by_need_with_its_causes() -> None:
    async with showing() as room:
        text = room.text
        assert "K7QF-3MXA" in text and "28 of 30 here" in text
        assert "8 of 30   5.6   There is no route default via 10.0.0.10 in netns_dustin." in text
        order = [text.index(name) for name in ("Radia Perlman", "Donald", "Linus", "Ada ", "Tim ")]
        assert order == sorted(order)


async def test_names_are_text_whatever_they_contain() -> None:
    board = changed(make_board(), LINUS, name="[red]x[/]\x1b[2J\u202eevil\nline")
    async with showing(board) as room:
        assert "[bold red]Bobby[/]" in room.text
        assert "[red]x[/][2Jevil l" in room.text


@pytest.mark.parametrize(
    ("size", "language"), [((80, 24), "zh"), ((120, 36), "en"), ((200, 60), "zh"), ((60, 16), "en")]
)
async def test_every_line_fits_at_every_size(size: tuple[int, int], language: str) -> None:
    from rich.cells import cell_len

    leading = Leading(gate=STEPS[20].id, frozen=True, timer_seconds=65.0, demo=True)
    async with showing(make_board(leading), size=size, language=language) as room:
        lines = room.text.split("\n")
        assert max(cell_len(line.rstrip()) for line in lines) <= size[0]
        seats = room.app.screen.query_one("#seats")
        assert seats.size.height >= 3 and seats.region.bottom < size[1]
        header = lines[0]
        assert "1:0" in header and "5.6" in header


async def test_a_window_too_small_says_so() -> None:
    async with showing(size=(58, 20)) as room:
        assert room.text.strip() == "The board needs 60 columns and 16 rows."


async def test_the_chosen_seat_stays_chosen_when_the_order_changes() -> None:
    async with showing() as room:
        await room.press(*["down"] * ROW)
        assert room.app.view.seat == LINUS
        board = make_board()
        moved = [row for row in board.rows if row.seat == LINUS] + [row for row in board.rows if row.seat != LINUS]
        await room.told(replace(board, rows=tuple(moved)))
        assert room.app.view.seat == LINUS
        await room.press("end")
        assert room.app.view.seat == board.rows[-1].seat
        await room.press("home", "up")
        assert room.app.view.seat == LINUS


async def test_filter_search_and_causes_narrow_and_escape_shows_all() -> None:
    async with showing() as room:
        view = room.app.view
        await room.press("f", "f")
        assert [row.need for row in view.rows()] == ["hand", "hand"]
        await room.press("escape")
        assert len(view.rows()) == SEATS
        await room.press("slash", *"李雷", "enter")
        assert [row.name for row in view.rows()] == ["李雷"]
        await room.press("escape", "tab", "enter")
        assert {row.number for row in view.rows()} == {"5.6"} and len(view.rows()) == 8
        assert "One cause   8 of 30" in room.text
        await room.press("escape")
        assert len(view.rows()) == SEATS


async def test_words_go_to_a_seat_to_a_cause_and_to_all() -> None:
    async with showing() as room:
        await room.press("m", *"a", "enter")
        first = make_board().rows[0].seat
        assert room.asked() == [desk.SayTo(to=Target(seats=(first,)), text="a")]
        await room.press("tab", "down", "m", *"b", "enter")
        cause = room.app.view.board.summary.causes[1]
        assert room.asked() == [desk.SayTo(to=Target(cause=cause.id), text="b")]
        await room.press("h")
        assert room.asked() == [desk.PushHintTo(to=Target(cause=cause.id))]
        await room.press("M", *"c", "enter")
        assert room.asked() == [desk.SayTo(to=EVERYONE, text="c")]
        await room.press("m", "escape", "m", "enter")
        assert room.asked() == []


async def test_what_concerns_everybody_is_confirmed() -> None:
    async with showing() as room:
        for key in ("H", "E"):
            await room.press(key)
            assert isinstance(room.app.screen, Confirm)
            await room.press("enter")  # leaves it
            await room.press(key, "escape")
            assert room.asked() == []
        await room.press("H", "left", "enter")
        assert room.asked() == [desk.PushHintTo(to=EVERYONE)]
        await room.press("T")
        assert isinstance(room.app.screen, StepDialog)
        await room.press(*"6.1", "enter")
        assert isinstance(room.app.screen, Confirm) and room.asked() == []
        await room.press("left", "enter")
        assert room.asked() == [desk.TakeTo(to=EVERYONE, step="internet/no-way-out")]
        await room.press("x", "left", "enter")
        assert room.asked() == [desk.RemoveSeat(seat=make_board().rows[0].seat)]


async def test_gate_freeze_timer_and_their_ends() -> None:
    async with showing() as room:
        await room.press("g")
        dialog = room.app.screen
        assert isinstance(dialog, StepDialog)
        options = dialog.query_one(OptionList)
        assert options.highlighted is not None
        assert options.get_option_at_index(options.highlighted).id == "addresses/default-route"  # as far as anybody is
        await room.press("enter")
        assert room.asked() == [desk.SetGate(last="addresses/default-route")]
        await room.press("z", *"e y", "enter")
        assert room.asked() == [desk.SetFreeze(on=True, text="e y")]
        await room.press("c", *"2:30 x", "enter")
        assert room.asked() == [desk.SetTimer(seconds=150.0, text="x")]
        await room.press("c", "s", "enter")
        assert room.asked() == [] and "no time" in room.text
        await room.told(make_board(Leading(gate=STEPS[20].id, frozen=True, timer_seconds=-5.0)))
        assert "frozen" in room.text and "gate 5.6" in room.text and "timer -0:0" in room.text
        await room.press("z")
        assert room.asked() == [desk.SetFreeze(on=False)]
        await room.press("c", "left", "enter")
        assert room.asked() == [desk.SetTimer(seconds=None)]
        await room.press("g", "enter")
        assert room.asked() == [desk.SetGate(last=None)]


async def test_answers_of_the_hub_are_said() -> None:
    async with showing() as room:
        room.hub.tell(desk.Noted(message=Message("board.noted.said", {"count": 3})))
        await room.until(lambda: "Message sent to 3." in room.text)
        room.hub.tell(desk.Denied(message=Message("board.denied.nobody")))
        await room.until(lambda: "There is nobody to send it to." in room.text)


async def test_a_hub_that_has_died_ends_the_board() -> None:
    async with showing() as room:
        room.app._orphaned = lambda: True
        room.hub.hear(Lost(""))
        await room.until(lambda: not room.app.is_running)
        assert room.app.hub_gone and not room.app.room_ended


async def test_a_hand_is_lowered_and_only_a_raised_one() -> None:
    async with showing() as room:
        await room.press("u")
        assert room.asked() == [desk.LowerHandOf(seat=6)]
        await room.press("end", "u")
        assert room.asked() == []


async def test_the_language_changes_everything_but_names_and_commands() -> None:
    async with showing() as room:
        await room.press("l")
        assert "里没有路由" in room.text and "Radia Perlman" in room.text
        await room.press("question_mark")
        assert isinstance(room.app.screen, HelpBox) and "看板" in room.text
        await room.press("q")
        assert room.app.screen is room.app.board


async def test_leaving_the_board_is_not_the_rooms_end() -> None:
    async with showing() as room:
        await room.press("q", "enter")
        assert room.app.screen is room.app.board
        await room.press("q", "left", "enter")
        await room.until(lambda: not room.app.is_running)
        assert not room.app.room_ended and room.asked() == []


async def test_the_rooms_end_ends_the_board() -> None:
    async with showing() as room:
        await room.press("E", "left", "enter")
        assert room.asked() == [desk.EndRoom()]
        room.hub.end()
        await room.until(lambda: not room.app.is_running)
        assert room.app.room_ended


async def test_a_room_without_anybody_says_how_to_come() -> None:
    async with showing(Board(at=0.0)) as room:
        assert "Nobody has joined yet. Code K7QF-3MXA" in room.text
        await room.press("enter", "m", "h", "t", "x", "j", "n", "u", "tab")
        assert room.app.screen is room.app.board and room.asked() == []


async def test_a_search_for_words_is_typed_in_a_field() -> None:
    async with showing() as room:
        await room.press("m")
        assert isinstance(room.app.screen, TextDialog)
        assert room.app.screen.query_one(Input).has_focus
