"""The short ways of a key in and of a row out, and where they must not be taken."""

from __future__ import annotations

from textual import events
from textual.geometry import Region
from textual.strip import Strip
from textual.widgets import Static

from tests.tui.running import Running, running
from tui.terminal.deck import TerminalDeck
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


async def test_a_row_that_goes_out_directly_is_the_row_that_textual_shows() -> None:
    async with running() as it:
        it.shell.say("$ \x1b[1;32m网络\x1b[0m \x1b[44mnetns\x1b[0m plain".encode())
        await it.sees("plain")
        direct = it.view._direct
        await it.until(lambda: direct.place() is not None, "a screen at rest")
        place = direct.place()
        assert place is not None
        shown: list[Strip] = []
        it.app._display = lambda screen, rows: shown.extend(strip for _, _, strip in rows._rows)  # type: ignore[method-assign, attr-defined, assignment]
        direct.paint(place, [0, 1])
        assert shown == it.view.render_lines(Region(0, 0, place.width, 2))
        assert "netns" in shown[0].text


async def test_a_terminal_with_an_effect_is_left_to_textual() -> None:
    async with running() as it:
        await it.until(lambda: it.view._direct.place() is not None, "a screen at rest")
        it.main.query_one(TerminalDeck).set_locked(True)  # it is dimmed
        await it.until(lambda: it.view.styles.text_opacity < 1, "the effect")
        assert it.view._direct.place() is None
        it.main.query_one(TerminalDeck).set_locked(False)
        await it.until(lambda: it.view._direct.place() is not None, "a screen at rest")


async def test_rows_go_out_directly_unless_something_lies_over_them() -> None:
    async with running() as it:
        it.shell.say(b"$ ")
        await it.sees("$ ")
        ways: list[bool] = []
        place = it.view._direct.place

        def look() -> object:
            found = place()
            ways.append(found is not None)
            return found

        it.view._direct.place = look  # type: ignore[method-assign, assignment]

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
        assert True not in ways  # another screen is in front
        await it.press("escape")
        await it.sees("four")
