"""The drawing as part of the main screen: its key, the keyboard's way to it, commands at the prompt, a real ping."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.lab import CommandRun
from engine.session import events
from tests.tui.fakes import make_snapshot
from tests.tui.learner import learning
from tests.tui.running import running
from tui.network.inspect import InspectScreen
from tui.network.topology import TopologyView
from tui.terminal.widget import TerminalView

FACE, VIEW, CHORD = "shift+f6", "f6", "ctrl+right_square_bracket"


async def test_one_key_turns_from_the_drawing_to_the_tables_and_back() -> None:
    async with running() as it:
        await it.sees("├╴ip_forward = 0")
        await it.sees("⇧F6 Drawing")
        await it.press(FACE)
        await it.sees("netns_dustin ──")
        await it.press(CHORD, "m")
        await it.sees("├╴ip_forward = 0")
        await it.press("f1", *"tables")
        await it.sees("as a drawing, as tables")


async def test_where_no_face_is_seen_the_key_shows_one_and_a_letter_the_tables() -> None:
    async with running(size=(80, 24)) as it:
        face = it.main.network.face
        await it.press(FACE)
        await it.until(lambda: it.main.view == "network" and it.main.network.size.area, "the network")
        assert it.main.network.face == face
        await it.press(FACE)
        await it.until(lambda: it.main.network.face != face, "the other face")
        it.main.network.want("drawing")
        it.main.set_view("all")
        await it.press(CHORD, "R")
        await it.sees("$ ip route")
        await it.until(lambda: it.main.network.tables.view.has_focus, "the focus")


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_tall_screen_shows_both(language: str) -> None:
    async with running(language, size=(200, 60)) as it:
        await it.sees("├╴ip_forward = 0")
        await it.sees("FORWARD  policy DROP")


async def test_the_large_drawing_has_the_keyboard_and_gives_it_back() -> None:
    async with running() as it:
        await it.press(VIEW, VIEW, VIEW)
        await it.until(lambda: it.main.view == "network" and isinstance(it.main.focused, TopologyView), "the focus")
        await it.press("tab", "tab", "tab", "enter")
        await it.until(lambda: isinstance(it.app.screen, InspectScreen), "the page")
        await it.press("escape", CHORD)
        await it.until(lambda: isinstance(it.main.focused, TerminalView) and it.main.view == "all", "the terminal")


class FakeLab:
    """Counts how often it was looked at."""

    def __init__(self) -> None:
        self.looks = 0

    async def refresh(self) -> None:
        self.looks += 1


async def test_commands_reach_the_drawing_and_counters_are_looked_at() -> None:
    async with running() as it:
        it.session.lab = lab = FakeLab()
        run = CommandRun(id=3, terminal="T1", text="ping -c 1 192.168.0.1", cwd=None)
        it.session.emit(events.SnapshotTaken(make_snapshot(pair=True, sequence=2)))
        it.session.emit(events.CommandStarted(run))
        view = it.main.query_one(TopologyView)
        await it.until(lambda: view._probe is not None and view._probe.worked is None, "the start")
        it.session.emit(events.CommandFinished(CommandRun(id=3, terminal="T1", text=run.text, cwd=None, exit=0)))
        await it.until(lambda: view._probe is not None and view._probe.worked, "the end")
        await it.until(lambda: lab.looks, "a look")


@pytest.mark.lab
async def test_a_real_ping_is_followed_from_hop_to_hop(tmp_path: Path) -> None:
    async with learning(tmp_path, at="6.8") as learner:
        shell = await learner.go_to_terminal("T2")
        await learner.until(lambda: shell.at_prompt, "a prompt")
        await learner.type("sudo ip netns exec netns_dustin ping -c 2 114.114.114.114\r")
        for hop in ("1● veth_ns_dustin", "2● veth_dustin", "3● enp4s0"):
            await learner.it.sees(hop)
        await learner.until(lambda: shell.at_prompt, "the end")
        view = learner.it.main.query_one(TopologyView)
        view.choose(("device", "netns_dustin", "veth_ns_dustin"))
        view.action_inspect()
        await learner.it.until(lambda: isinstance(learner.it.app.screen, InspectScreen), "the page")
        await learner.it.press("1")
        await learner.it.sees("sudo ip -n netns_dustin addr show dev veth_ns")
        await learner.type("\r")
        await learner.it.sees("inet 10.0.0.11/24")
