"""The short ways of a key in and of a row out, and where they must not be taken."""

from __future__ import annotations

from textual import events
from textual.widgets import Static

from tests.tui.running import Running, running
from tui.terminal.quick import deliver


def key(name: str) -> events.Key:
    return events.Key(name, name if len(name) == 1 else None)


async def rest(it: Running) -> None:
    await it.until(lambda: it.app._message_queue.empty() and it.view._message_queue.empty())


async def test_a_key_is_with_the_shell_at_once() -> None:
    async with running() as it:
        await rest(it)
        deliver(it.app, key("x"))
        assert it.shell.written == b"x"


async def test_the_programs_own_keys_go_their_way_and_none_overtakes_another() -> None:
    async with running() as it:
        await rest(it)
        first, second = it.session.terminals["T2"], it.session.terminals["T1"]
        for name in ("a", "f4", "b", "c", "f4", "d"):  # F4: the next terminal
            deliver(it.app, key(name))
        assert first.written == b"a" and second.written == b""
        await it.until(lambda: first.written == b"ad")
        assert second.written == b"bc"


async def test_letters_in_the_lesson_are_its_own() -> None:
    async with running() as it:
        await it.press("ctrl+right_square_bracket")
        await rest(it)
        deliver(it.app, key("p"))
        await it.until(lambda: "previous" in it.session.calls)
        assert it.shell.written == b""


async def test_a_paste_keeps_its_place_between_keys() -> None:
    async with running() as it:
        await rest(it)
        for message in (key("a"), events.Paste("bc"), key("d")):
            deliver(it.app, message)
        await it.until(lambda: it.shell.written == b"abcd")


async def test_rows_go_out_directly_unless_something_lies_over_them() -> None:
    async with running() as it:
        it.shell.say(b"$ ")
        await it.sees("$ ")
        ways: list[bool] = []
        paint = it.view._direct.paint
        it.view._direct.paint = lambda rows: ways.append(paint(rows)) or ways[-1]  # type: ignore[method-assign, func-returns-value]

        async def says(text: str) -> bool:
            await it.until(lambda: not (it.main._layout_required or it.main._repaint_required), "a screen at rest")
            ways.clear()
            it.shell.say(text.encode())
            await it.sees(text)
            await it.until(lambda: ways, "a way")
            return ways[-1]

        assert await says("one")
        above = Static("above", id="above")
        above.styles.layer = "notice"
        above.styles.offset = (it.view.region.x + 5, it.view.region.y + 3)
        above.styles.width, above.styles.height = 10, 1
        await it.main.mount(above)
        await it.sees("above")
        assert not await says("two")
        assert "above" in it.text()
        await above.remove()
        await it.sees_no("above")
        assert await says("three")
        it.main.action_help()
        await it.until(lambda: it.app.screen is not it.main)
        ways.clear()
        it.shell.say(b"four")
        await it.pilot.pause()
        assert not ways  # another screen is in front
        await it.press("escape")
        await it.sees("four")
