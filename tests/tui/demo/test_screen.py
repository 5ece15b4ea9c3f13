"""The demo on the screen, with a real lab and real keys."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from engine.session.autopilot import events
from engine.session.autopilot.remote import connect
from engine.session.autopilot.script import Explain, Perform, Read, script
from tests.tui.demo.demonstrating import (
    BLANK,
    HELP,
    KEYBOARD,
    LANGUAGE,
    NEXT,
    PREVIOUS,
    PROJECTOR,
    REPLAY,
    STEPS,
    TOGGLE,
    demonstrating,
)
from tui.terminal.widget import TerminalView

pytestmark = pytest.mark.lab


async def test_it_types_stops_in_the_midst_of_a_word_and_goes_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with demonstrating("4.1", "4.1", monkeypatch, tmp_path, speed=4) as it:
        await it.until(lambda: it.autopilot.phase == "typing", "typing")
        await it.it.sees("$ sudo ip l")
        await it.type(" ")
        await it.it.sees("❚❚ paused")
        assert it.autopilot.pace.held("paused") and it.autopilot.phase == "typing"
        assert not it.session.commands
        await it.type("+")
        await it.type(TOGGLE)
        it.autopilot.pace.set_speed(math.inf)
        await it.it.sees("the end")
        assert it.verified() == ["4.1"]
        await it.it.sees("Step done")
        await it.it.sees("What happened")


async def test_letters_never_reach_the_shell_while_it_drives(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    async with demonstrating("4.1", "4.1", monkeypatch, tmp_path, speed=0.25) as it:
        await it.it.sees("▶ read")
        await it.type("\x1bOQ")
        await it.it.sees("paused")
        for key in ("x", "\x03", "e", "\r"):
            await it.type(key)
        await it.until(lambda: it.it.main.deck.view is not None, "the terminal")
        assert not isinstance(it.it.main.focused, TerminalView)
        assert it.it.main.deck.locked


async def test_back_across_the_border_of_a_lesson(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    async with demonstrating("3.3", "4.2", monkeypatch, tmp_path) as it:
        await it.it.sees("▶ read")
        await it.type(NEXT)
        await it.it.sees("4.1")
        await it.until(lambda: it.begun()[-1] == "4.1", "step 4.1")
        await it.it.sees("Create a veth pair")
        await it.type(PREVIOUS)
        await it.until(lambda: it.begun()[-1] == "3.3", "step 3.3")
        await it.it.sees("Two localhosts")
        assert it.session.step.number == "3.3"


async def test_take_over_break_it_give_it_back_and_restore(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    async with demonstrating("4.2", "4.3", monkeypatch, tmp_path, speed=4) as it:
        await it.until(lambda: it.autopilot.phase == "typing", "typing")
        await it.type(KEYBOARD)
        await it.it.sees("your keyboard")
        await it.until(lambda: isinstance(it.it.main.focused, TerminalView), "the focus")
        shell = it.shell("T2")
        ended: list[object] = []
        shell.on_finished.append(ended.append)
        await it.type("sudo ip netns delete netns_dustin\r")
        await it.until(lambda: ended, "the command's end")
        await it.type(KEYBOARD)
        await it.it.sees("does not hold any more")
        await it.it.sees("F4 Restore the lab")
        await it.it.sees("your keyboard")
        await it.type(REPLAY)
        await it.until(lambda: it.begun() == ["4.2", "4.2"], "the step from its beginning")
        await it.it.sees_no("does not hold any more")
        it.autopilot.pace.set_speed(math.inf)
        await it.it.sees("the end")
        assert it.verified() == ["4.2", "4.3"]


async def test_taken_over_by_the_chord_and_given_back_it_goes_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with demonstrating("4.2", "4.2", monkeypatch, tmp_path, speed=4) as it:
        await it.until(lambda: it.autopilot.phase == "typing", "typing")
        await it.type("\x1d")
        await it.until(lambda: isinstance(it.it.main.focused, TerminalView), "the focus")
        await it.type("echo to the room: $((6*7))\r")
        await it.it.sees("to the room: 42")
        await it.type("\x1d")
        await it.until(lambda: not it.autopilot.taken, "its turn")
        it.autopilot.pace.set_speed(math.inf)
        await it.it.sees("the end")
        assert it.verified() == ["4.2"] and it.begun() == ["4.2"]


async def test_a_question_is_asked_and_its_answer_shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    async with demonstrating("1.3", "1.3", monkeypatch, tmp_path, manual=True) as it:
        await it.it.sees("a key shows the answer")
        assert "✓  The second" not in it.it.text()
        await it.type(" ")
        await it.it.sees("✓  The second is turned away")
        await it.it.sees("a key types in T3")
        await it.type("\r")
        await it.it.sees("Address already in use")
        await it.it.sees("the end")


async def test_whatever_keys_are_pressed_the_command_is_typed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    async with demonstrating("1.2", "1.2", monkeypatch, tmp_path, by_key=True) as it:
        await it.it.sees("your keys type in T2")
        for _ in range(len("curl localhost:8080")):
            await it.type("q")
        await it.it.sees("$ curl localhost:8080")
        assert not it.session.commands
        await it.type("\r")
        await it.it.sees("the end")
        assert it.verified() == ["1.2"]


async def test_blank_and_back(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    async with demonstrating("4.1", "4.1", monkeypatch, tmp_path) as it:
        await it.it.sees("▶ read")
        await it.type(BLANK)
        await it.until(lambda: not it.it.text().strip(), "an empty screen")
        assert it.autopilot.pace.held("blank")
        await it.type("x")
        await it.it.sees("▶ read")
        assert not it.autopilot.pace.held("blank")


async def test_blanked_and_shown_again_from_the_notes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    async with demonstrating("4.1", "4.1", monkeypatch, tmp_path) as it:
        await it.it.sees("▶ read")
        notes = await connect(tmp_path / "nsteps")
        assert notes is not None
        notes.order("blank")
        await it.until(lambda: not it.it.text().strip(), "an empty screen")
        notes.order("blank")
        await it.it.sees("▶ read")
        notes.close()


async def test_the_help_page_holds_the_talk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    async with demonstrating("4.1", "4.1", monkeypatch, tmp_path) as it:
        await it.it.sees("▶ read")
        await it.type(HELP)
        await it.it.sees("Take the keyboard to show something")
        assert it.autopilot.pace.held("covered")
        await it.type("\x1b")
        await it.it.sees("▶ read")
        assert not it.autopilot.pace.held("covered")


async def test_a_step_is_done_only_when_it_has_been_played(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    async with demonstrating("4.1", "4.1", monkeypatch, tmp_path, speed=math.inf, starts=False) as it:
        last = [beat for beat in script(it.session.course, it.autopilot.step) if isinstance(beat, Read)][-1]
        it.pause_when(lambda event: isinstance(event, events.BeatBegan) and event.beat == last)
        it.autopilot.resume()
        await it.until(lambda: it.session.step_state(it.session.step) == "done", "checks that hold")
        await it.it.sees("Checks 3/3")
        assert "Step done" not in it.it.text()
        it.autopilot.resume()
        await it.it.sees("Step done")
        await it.it.sees("What happened")


async def test_what_is_still_to_be_typed_is_no_slip(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    async with demonstrating("4.4", "4.4", monkeypatch, tmp_path, speed=math.inf, starts=False) as it:
        second = [beat for beat in script(it.session.course, it.autopilot.step) if isinstance(beat, Perform)][1]
        it.pause_when(lambda event: isinstance(event, events.BeatBegan) and event.beat == second)
        it.autopilot.resume()
        await it.until(lambda: any(verdict.hint for verdict in it.session.verdicts), "a check that fails")
        await it.it.sees("Checks 0/3")
        assert "✗" not in it.it.text()
        await it.type(KEYBOARD)
        await it.it.sees("✗ veth_ns_dustin in netns_dustin is down.")


async def test_long_words_have_the_whole_of_a_small_screen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    async with demonstrating("2.4", "2.4", monkeypatch, tmp_path, size=(80, 24), speed=math.inf, starts=False) as it:
        docker = it.session.course.lesson_of(it.autopilot.step).docker
        it.pause_when(lambda event: isinstance(event, events.BeatBegan) and event.beat == Explain(docker))
        it.autopilot.resume()
        for words in ("Each container gets", "enters the network namespace"):
            assert words in docker.en
        await it.until(
            lambda: "Each container gets" in it.it.text() and "enters the network namespace" in it.it.text(),
            "all of it",
        )
        await it.it.sees_no("you@lab")
        await it.type(PROJECTOR)
        await it.it.sees("you@lab")
        await it.it.sees("router 192.168.0.1")


async def test_what_is_the_learners_cannot_be_clicked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    async with demonstrating("4.1", "4.2", monkeypatch, tmp_path) as it:
        await it.it.sees("▶ read")
        for action in ("screen.skip", "screen.undo", "screen.free_play", "screen.put_command('T2', 'ls')"):
            await it.it.app.run_action(action)
        assert not it.session.busy and not it.session.free_play.on
        await it.it.app.run_action("screen.next")
        await it.until(lambda: it.begun()[-1] == "4.2", "step 4.2")
        assert "ls" not in [run.text for run in it.session.commands]


async def test_jump_to_a_step_and_projector_and_language(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    async with demonstrating("4.1", "5.1", monkeypatch, tmp_path) as it:
        await it.it.sees("▶ read")
        await it.type(STEPS)
        await it.it.sees("Go to a step")
        await it.type("4.3\r")
        await it.until(lambda: it.begun()[-1] == "4.3", "step 4.3")
        await it.it.sees("Carry one end over")
        await it.type(PROJECTOR)
        await it.until(lambda: not it.it.main.lesson.is_on_screen, "the projector's layout")
        await it.it.sees("F9 Projector")
        await it.type(PROJECTOR)
        await it.type(LANGUAGE)
        await it.it.sees("阅读")
        await it.it.sees("接管")


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_other_sizes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, size: tuple[int, int]) -> None:
    async with demonstrating("4.1", "4.1", monkeypatch, tmp_path, speed=math.inf, language="zh", size=size) as it:
        await it.it.sees("演示结束")
        rows = it.it.rows()
        assert len(rows) == size[1] and "F2" in rows[-1] and "1/1" in rows[-2]
        assert it.verified() == ["4.1"]
