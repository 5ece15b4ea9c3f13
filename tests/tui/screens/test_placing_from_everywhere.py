"""Whatever types for the learner goes one way: to the prompt, unexecuted, and never into what runs there unasked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from engine.course.model import Command, Text
from engine.messages import Message
from engine.session import events
from tests.tui.fakes import ADD, FakeSession, make_course
from tests.tui.learner import ENTER, SOLUTION, learning
from tests.tui.running import Running, running
from tests.tui.screens import test_glossary, test_placing
from tests.tui.screens.test_placing import CHORD, DISCARD, SERVER, occupied
from tui.network.inspect import InspectScreen
from tui.screens.choice import Choice
from tui.screens.glossary import GlossaryScreen
from tui.screens.palette import Palette

patient = test_placing._patient
TRIED = "ip link show type veth"
CTRL_C = Command(text="^C", terminal="T2")


async def by_the_key(it: Running) -> None:
    await it.press("f3")


async def by_its_letter(it: Running) -> None:
    await it.press(CHORD, "s")


async def by_the_palette(it: Running) -> None:
    await it.press("shift+f3")
    await it.until(lambda: isinstance(it.app.screen, Palette), "the palette")
    await it.press(*"put the")
    await it.sees("Put the next command at the prompt")
    await it.until(lambda: it.app.screen.query_one("CommandList").highlighted is not None, "what is found")  # type: ignore[attr-defined]
    await it.press("enter")


async def by_a_pane(it: Running) -> None:
    await it.press(CHORD, "R")
    await it.sees("$ ip route")
    it.main.network.tables.view.focus()
    await it.press("enter")


async def by_the_drawing(it: Running) -> None:
    await it.press("f6", "f6", "f6")
    await it.until(lambda: it.main.view == "network", "the drawing")
    await it.press("escape", "tab", "enter")
    await it.until(lambda: isinstance(it.app.screen, InspectScreen), "a page")
    await it.press("1")


async def by_the_glossary(it: Running) -> None:
    await it.press("shift+f2")
    await it.until(lambda: isinstance(it.app.screen, GlossaryScreen), "the glossary")
    await it.sees("A cable.")
    await it.press("f3")


WAYS: list[tuple[Callable[[Running], Awaitable[None]], str]] = [
    (by_the_key, ADD.text),
    (by_its_letter, ADD.text),
    (by_the_palette, ADD.text),
    (by_a_pane, "ip route"),
    (by_the_drawing, "ping -c 1 192.168.0.1"),
    (by_the_glossary, TRIED),
]


@pytest.mark.parametrize(("way", "text"), WAYS, ids=[way.__name__ for way, _ in WAYS])
async def test_it_comes_to_the_prompt_or_asks(way: Callable[[Running], Awaitable[None]], text: str) -> None:
    async with running(session=test_glossary.session()) as it:
        it.shell.written = b"half a line"
        await way(it)
        await it.until(lambda: DISCARD + text.encode() in it.shell.written and it.view.has_focus, "the command")
        assert it.main.deck.front == "T2" and it.main.view == "all" and b"\r" not in it.shell.written
        server = occupied(it)
        server.written = b""
        await way(it)
        await it.until(lambda: isinstance(it.app.screen, Choice), "the question")
        await it.sees(SERVER)
        await it.press("escape")
        await it.sees_no("T2 is busy")
        assert server.written == b"" and it.session.terminals["T1"].written == b""
        it.main.action_open_terminal("T2")  # where the learner was before
        await way(it)
        await it.sees("Use T1")
        await it.press("enter")
        free = it.session.terminals["T1"]
        await it.until(lambda: DISCARD + text.encode() in free.written and it.main.deck.front == "T1", "the command")
        assert server.written == b"" and b"\r" not in free.written


async def test_pressed_again_it_is_not_run() -> None:
    """Only a command that was pointed at is run by a double press: the key of the next one may be held down."""
    async with running() as it:
        await it.press("f3", "f3", "f3")
        await it.until(lambda: it.shell.written.startswith(DISCARD + ADD.text.encode()), "the command")
        await it.pilot.pause()
        assert b"\r" not in it.shell.written


async def test_the_solution_is_told_also_where_it_cannot_be_typed() -> None:
    async with running() as it:
        occupied(it)
        await it.press("f3")
        await it.sees("T2 is busy")
        await it.press("escape")
        await it.sees("The command, part by part")


@pytest.mark.parametrize(("way", "text"), WAYS[:1] + WAYS[3:5], ids=["key", "pane", "drawing"])
async def test_a_shell_that_has_ended_comes_back(way: Callable[[Running], Awaitable[None]], text: str) -> None:
    async with running() as it:
        ended = it.shell
        ended.end()
        await it.sees("This shell has ended")
        await way(it)
        await it.until(lambda: it.shell is not ended and DISCARD + text.encode() in it.shell.written, "a fresh shell")
        assert ended.written == b""


@pytest.mark.parametrize(("way", "text"), WAYS[:1] + WAYS[3:5], ids=["key", "pane", "drawing"])
async def test_a_lab_that_is_not_ready_is_not_typed_into(way: Callable[[Running], Awaitable[None]], text: str) -> None:
    async with running() as it:
        it.session.emit(events.Busy(Message("course.busy-rebuilding")))
        await it.sees("Building a fresh lab")
        await way(it)
        await it.sees("not ready yet. Nothing has been typed")
        assert it.shell.written == b""
        it.session.emit(events.Idle())
        await it.sees_no("Building a fresh lab")
        assert it.shell.written == b""


async def test_a_lab_that_is_rebuilt_while_it_is_asked() -> None:
    async with running() as it:
        server = occupied(it)
        await it.press("f3")
        await it.sees("T2 is busy")
        it.session.emit(events.Busy(Message("course.busy-rebuilding")))
        await it.until(lambda: it.main.busy, "the rebuilding")
        await it.press("right", "enter")
        await it.sees("Nothing has been typed")
        assert server.written == b""


async def test_a_shell_that_ctrl_c_ends_is_no_lost_lab() -> None:
    """As with ``exec python3 -m http.server``."""
    async with running() as it:
        server = occupied(it)
        write = server.write

        def ends(data: bytes) -> None:
            write(data)
            server.end()

        server.write = ends  # type: ignore[method-assign]
        await it.press("f3")
        await it.sees("T2 is busy")
        await it.press("right", "enter")
        await it.sees("This shell has ended")
        await it.until(lambda: it.app.screen is it.main and it.view.has_focus, "the terminal")
        assert server.written == b"\x03"
        await it.press("f3")
        await it.until(lambda: it.shell.written == DISCARD + ADD.text.encode(), "the command in a fresh shell")


def with_ctrl_c() -> FakeSession:
    made = FakeSession()
    course = make_course()
    step = replace(course.steps[0], commands=(CTRL_C,), body=Text("Stop it.\n\n```console T2\n$ ^C\n```\n", None))
    lesson = replace(course.lessons[0], steps=(step, *course.lessons[0].steps[1:]))
    made.course = replace(course, lessons=(lesson, *course.lessons[1:]))
    made.step = step
    return made


@pytest.mark.parametrize("keys", [("f3",), (CHORD, "enter")], ids=["the key", "in the lesson"])
async def test_ctrl_c_is_no_text(keys: tuple[str, ...]) -> None:
    async with running(session=with_ctrl_c()) as it:
        server = occupied(it)
        await it.press("f4")
        assert it.main.deck.front == "T1"
        await it.press(*keys)
        await it.sees("press Ctrl-C here, in T2")
        await it.until(lambda: it.main.deck.front == "T2" and it.view.has_focus, "the terminal")
        assert server.written == b""
        server.stops_at_interrupt = True
        await it.press("ctrl+c")
        assert server.written == b"\x03"
        await it.press(*keys)
        await it.sees("Nothing is running in T2")
        assert server.written == b"\x03"


async def test_a_double_click_presses_ctrl_c() -> None:
    async with running(session=with_ctrl_c()) as it:
        server = occupied(it)
        await it.pilot.click(offset=test_placing.where(it, "$ ^C"), times=2)
        await it.until(lambda: server.written == b"\x03", "Ctrl-C")


@pytest.mark.lab
async def test_a_pane_and_a_page_beside_a_real_server_and_a_real_editor(tmp_path: Path) -> None:
    async with learning(tmp_path) as learner:
        it = learner.it
        await learner.until(lambda: learner.shell("T1").at_prompt, "a prompt")
        await learner.type("half a line")
        await learner.type(SOLUTION)
        await it.sees(f"$ {SERVER}")
        await it.sees_no("half a line")
        await learner.type(ENTER)
        await learner.until(lambda: learner.session.step_state(learner.step) == "done", "the running server")
        await learner.type("\x1d" + "L")
        await it.sees("$ ip -br link")
        it.main.network.tables.view.focus()
        await learner.type(ENTER)
        await it.sees("T1 is busy")
        await it.sees("Use T2")
        await learner.type(ENTER)
        await learner.until(lambda: it.main.deck.front == "T2" and it.view.has_focus, "another terminal")
        await learner.until(lambda: it.text().count("ip -br link") > 1, "the command")
        assert learner.shell("T1").running is not None
        await learner.type(ENTER)
        await learner.until(lambda: learner.shell("T2").at_prompt, "a prompt")
        await learner.type("cat\r")
        await learner.until(lambda: learner.shell("T2").running is not None, "a program that reads")
        await learner.type("\x1d" + "R")
        await it.sees("$ ip route")
        it.main.network.tables.view.focus()
        await learner.type(ENTER)
        await it.sees("T2 is busy")
        await learner.type("\x1b[C" + ENTER)  # stop it
        await learner.until(lambda: learner.shell("T2").at_prompt, "a prompt")
        await learner.until(lambda: it.app.screen is it.main and it.text().count("ip route") > 1, "the command")
        await learner.type(ENTER)
        await it.sees("default via 192.168.0.1 dev enp4s0")
