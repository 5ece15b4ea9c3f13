"""What a learner sees of the classroom, and what their keys do there."""

from __future__ import annotations

import asyncio

import pytest
from textual.widgets import Button

from engine.classroom import protocol as p
from engine.messages import Message, render
from engine.session import events
from tests.tui.classroom.seats import sitting
from tui.classroom.bar import Bar
from tui.classroom.overlays import FreezeScreen, MirrorScreen
from tui.keys import CLASSROOM_KEYS, CLASSROOM_LETTERS, KEYS, LETTERS, MORE_KEYS
from tui.screens.notice import Notice


def test_the_classrooms_keys_clash_with_none() -> None:
    others = (*KEYS, *MORE_KEYS)
    assert not {key.key for key in CLASSROOM_KEYS} & {key.key for key in others}
    own = {key.letter for key in CLASSROOM_KEYS} | {letter for letter, _ in CLASSROOM_LETTERS}
    assert not own & ({key.letter for key in others} | {letter for letter, _ in LETTERS})


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_words_of_the_instructor_are_text_and_take_no_key(language: str, size: tuple[int, int]) -> None:
    hostile = "\x1b[31mred\x1b]0;title\x07 [b]bold[/b]\n\u202eright to left"
    async with sitting(language, size) as it:
        it.orders(p.Say(text=hostile))
        await it.sees("[31mred]0;title [b]bold[/b] right to left")
        await it.sees(render(Message("seat.says", {}), language).rstrip())
        await it.press(*"ls", "enter")
        assert it.shell.written == b"ls\r"
        await it.press("shift+f10")
        await it.sees_no("right to left")


async def test_a_long_message_leaves_room_for_work() -> None:
    async with sitting(size=(80, 24)) as it:
        it.orders(p.Say(text="word " * 400))
        await it.sees("…")
        assert it.app.screen.query_one(Bar).size.height <= 7
        it.orders(p.Say(text="second"))
        await it.sees("put away (1 more)")


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_hand_watchers_and_timer_are_in_the_header(language: str) -> None:
    async with sitting(language, (80, 24)) as it:
        it.orders(p.Watched(watchers=1), p.Timer(seconds=300, text="A second pair"))
        await it.press("shift+f12")
        for sign in ("watched", "hand"):
            await it.until(lambda sign=sign: render(Message(f"seat.sign.{sign}", {}), language) in it.rows()[0])
        await it.sees("◷ 4:5")
        await it.sees("A second pair")
        assert it.told(p.HandRaised) == [p.HandRaised(up=True)]
        it.orders(p.LowerHand(), p.Watched(watchers=0), p.Timer(seconds=None))
        await it.until(lambda: "▲" not in it.rows()[0] and "◉" not in it.rows()[0] and "◷" not in it.text())
        it.orders(p.Timer(seconds=0))
        await it.sees(render(Message("seat.timer.over", {}), language))


async def test_the_letter_does_what_the_key_does_but_not_while_one_types() -> None:
    async with sitting() as it:
        await it.press("j", "z")
        assert it.shell.written == b"jz"
        await it.press("ctrl+right_square_bracket", "j")
        await it.sees("hand up")
        await it.press("z")
        await it.sees("No work of yours waits.")


async def test_a_tablet_has_no_function_keys() -> None:
    """What the keys do can be touched: the hand in the bottom line, the answers in the bar."""
    async with sitting(size=(80, 24)) as it:
        it.orders(p.Say(text="hello"), p.OfferHelp())
        await it.sees("no, thanks")

        async def touch(text: str) -> None:
            row = next(y for y, line in enumerate(it.rows()) if text in line)
            await it.pilot.click(offset=(it.rows()[row].index(text) + 1, row))

        await touch("yes, please")
        await it.sees("end it")
        await touch("put away")
        await it.sees_no("hello")
        await touch("Raise hand")
        await it.sees("hand up")


async def test_help_needs_consent_and_one_key_ends_it() -> None:
    async with sitting() as it:
        await it.press("shift+f11")
        await it.sees("Nobody has offered to type with you.")
        it.orders(p.OfferHelp())
        await it.sees("offers to type here with you")
        await it.press("shift+f10")
        await it.sees_no("offers to type")
        it.orders(p.OfferHelp())
        await it.press("shift+f11")
        await it.sees("The instructor types here with you.")
        await it.press("shift+f11")
        await it.sees("The instructor types no more.")
        assert [one.consent for one in it.told(p.HelpAnswered)] == [False, True, False]


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_frozen_the_keyboard_does_nothing_and_the_lab_goes_on(language: str) -> None:
    async with sitting(language, (80, 24)) as it:
        shell = it.shell
        it.orders(p.Freeze(on=True, text="Look [b]here[/b]"))
        await it.sees("Look [b]here[/b]")
        await it.sees(render(Message("seat.freeze.title", {}), language))
        await it.press(*"ls", "enter", "f5", "f10", "escape")
        shell.say(b"still running\r\n")
        it.orders(p.Freeze(on=True, text="and here"))
        await it.sees("and here")
        it.orders(p.Freeze(on=False))
        await it.until(lambda: it.app.screen is it.main and it.main.focused is it.view)
        await it.sees("still running")
        assert shell.written == b""
        assert "next" not in it.session.calls
        await it.press("x")
        assert shell.written == b"x"


async def test_in_ones_own_terminal_one_may_leave_even_then() -> None:
    async with sitting(own_terminal=True) as it:
        it.orders(p.Freeze(on=True))
        await it.until(lambda: isinstance(it.app.screen, FreezeScreen))
        await it.press("f10")
        await asyncio.wait_for(it.session.closed.wait(), 30)


async def test_what_comes_over_a_freeze_stays_when_it_ends() -> None:
    async with sitting() as it:
        it.orders(p.Freeze(on=True))
        await it.until(lambda: isinstance(it.app.screen, FreezeScreen))
        it.session.emit(events.LabLost(Message("tui.lost.silent", {})))
        await it.until(lambda: isinstance(it.app.screen, Notice))
        it.orders(p.Freeze(on=False))
        await it.until(lambda: not it.seat.state.frozen)
        await it.until(lambda: it.app.screen.query(Button) and it.app.screen.query_one("#yes").has_focus)
        await it.press("enter")
        await it.until(lambda: it.app.screen is it.main)
        await it.until(lambda: "reset" in it.session.calls)


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_the_demo_is_seen_and_not_touched(size: tuple[int, int]) -> None:
    async with sitting(size=size) as it:
        shell = it.shell
        it.orders(p.Mirror(on=True, columns=100, rows=30))
        await it.until(lambda: isinstance(it.app.screen, MirrorScreen))
        it.app.receive(p.MIRROR, b"\x1b[2J\x1b[H\x1b[32mhello from the instructor\x1b[30;1Hlast row")  # type: ignore[attr-defined]
        await it.sees("hello from the instructor")
        await it.press(*"rm -rf", "enter")
        if size == (80, 24):
            await it.press(*["pagedown"] * 2)
        await it.sees("last row")
        it.orders(p.Mirror(on=True, columns=60, rows=20))
        it.app.receive(p.MIRROR, b"\x1b[2J\x1b[Hsmaller now")  # type: ignore[attr-defined]
        await it.sees("smaller now")
        it.orders(p.Mirror(on=False))
        await it.until(lambda: it.app.screen is it.main and it.main.focused is it.view)
        assert shell.written == b""
        await it.press("x")
        assert shell.written == b"x"


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_taken_to_a_step_and_back_to_ones_own_work(language: str) -> None:
    async with sitting(language, (80, 24)) as it:
        it.orders(p.Take(step="addresses/host"), p.Take(step="no/such-step"))
        await it.until(lambda: it.session.step.id == "addresses/host")
        await it.sees("Ctrl-]")
        assert it.session.progress.aside[0].step == "veth/create-pair"
        await it.press("shift+f10", "ctrl+right_square_bracket", "z")
        await it.until(lambda: it.session.step.id == "veth/create-pair")
        await it.sees("4.1")


async def test_the_gate_says_so() -> None:
    async with sitting() as it:
        it.orders(p.Gate(last="veth/move-end"))
        await it.until(lambda: it.session.gate is not None)
        first, second = it.session.course.lessons[1].steps[0], it.session.course.steps[1]
        it.session.emit(events.GateHeld(first))
        await it.sees("The instructor has not opened lesson 5 yet.")
        it.session.emit(events.GateHeld(second))
        await it.sees("The instructor has not opened step 4.2 yet.")
        it.orders(p.Gate(last=None))
        await it.until(lambda: it.session.gate is None)


async def test_a_hint_is_pushed() -> None:
    async with sitting() as it:
        it.orders(p.PushHint())
        await it.sees("The instructor shows you a hint.")
        await it.sees("ip link add makes devices.")
        await it.until(lambda: it.session.hints_shown == 1)


async def test_the_help_has_the_classroom_only_in_a_classroom() -> None:
    async with sitting() as it:
        await it.press("f1", *"instructor")
        await it.sees("⇧F12")
        await it.press("escape")
        await it.press("f12")
        await it.sees("举手")


async def test_the_room_closes() -> None:
    async with sitting() as it:
        it.orders(p.RoomClosed())
        await asyncio.wait_for(it.session.closed.wait(), 30)


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_without_the_classroom_one_goes_on_alone(language: str) -> None:
    async with sitting(language, (80, 24), own_terminal=True) as it:
        it.seat.state.connection(False)
        await it.sees(render(Message("seat.sign.alone", {}), language))
        await it.press("x")
        assert it.shell.written == b"x"
        it.seat.state.connection(True)
        await it.sees_no(render(Message("seat.sign.alone", {}), language))


async def test_nonsense_from_the_hub_does_no_harm() -> None:
    async with sitting() as it:
        for payload in (b"", b"{}", b'{"type":"say"}', b"\xff", b'{"type":"freeze","on":"yes"}'):
            it.app.receive(p.ORDER, payload)  # type: ignore[attr-defined]
        it.app.receive(p.HELPER, b"rm\r")  # type: ignore[attr-defined]
        it.app.receive(p.MIRROR, b"x")  # type: ignore[attr-defined]
        it.orders(p.Gate(last="no/such-step"), p.Say(text="still here"))
        await it.sees("still here")
        assert it.shell.written == b""
