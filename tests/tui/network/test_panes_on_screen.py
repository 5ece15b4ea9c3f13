"""The state panes as part of the main screen: their keys, what they show, and what the last command changed."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from msgspec.structs import replace

from engine.lab import CommandRun
from engine.network.announcement import Announcement
from engine.network.snapshot import Address, Namespace, Route, Snapshot
from engine.session import events
from tests.tui.fakes import make_snapshot
from tests.tui.learner import learning
from tests.tui.running import Running, running
from tui.lines import plain
from tui.network.finding import NamespaceScreen
from tui.network.pane import NetworkPane, ending_together
from tui.network.state_view import step_in
from tui.terminal.widget import TerminalView

FACE, CHORD = "shift+f6", "ctrl+right_square_bracket"
TITLES = {
    "L": "$ ip -br link",
    "A": "$ ip -br addr",
    "R": "$ ip route",
    "N": "$ ip neigh",
    "I": "$ sudo iptables -vS",
    "Y": "$ sysctl net.ipv4.ip_forward",
    "D": "$ cat /etc/resolv.conf",
    "S": "$ sudo ss -tulnp",
    "E": "$ ip -ts monitor label",
    "C": "What the last command has changed",
    "O": "host ─────",
}


def tables(it: Running) -> NetworkPane:
    return it.main.network.tables


async def tables_in_focus(it: Running) -> None:
    """The lesson's letters lead to the panes; from there on the pane has the keyboard."""
    await it.press(CHORD, "R")
    await it.sees("$ ip route")
    tables(it).focus()
    await it.until(lambda: tables(it).view.has_focus, "the focus")


def run(**fields: object) -> CommandRun:
    return CommandRun(**{"id": 7, "terminal": "T2", "text": "sudo ip link add va", "cwd": None, **fields})  # type: ignore[arg-type]


async def settled(it: Running) -> None:
    """From now on changes are marked: the clock of the panes is past the lab's first second."""
    pane = tables(it)
    await it.until(lambda: pane._ledger.snapshot is not None, "a snapshot")
    pane._ledger._fresh_at = pane._overview._fresh_at = float("-inf")


def with_host(**fields: object) -> Snapshot:
    first, *others = make_snapshot().namespaces
    return Snapshot(sequence=5, namespaces=(replace(first, **fields), *others))  # type: ignore[arg-type]


async def test_each_letter_shows_its_pane_and_the_lesson_keeps_the_keyboard() -> None:
    async with running() as it:
        it.session.lab = None
        await it.press(CHORD)
        for letter, title in TITLES.items():
            await it.press(letter)
            await it.sees(title)
        assert it.main.focused is it.main.lesson
        await it.press("m")
        await it.sees("├╴ip_forward = 0")


@pytest.mark.parametrize(("language", "title"), [("en", "Route"), ("zh", "路由")])
async def test_in_the_pane_arrows_lead_on_and_tab_to_the_next_namespace(language: str, title: str) -> None:
    async with running(language) as it:
        await tables_in_focus(it)
        await it.sees(title)
        await it.press("right")
        await it.sees("$ ip neigh")
        await it.press("left", "left")
        await it.sees("$ ip -br addr")
        await it.press("tab")
        await it.sees("$ sudo ip netns exec netns_dustin ip -br addr")
        await it.press("shift+tab")
        await it.sees("$ ip -br addr")
        await it.press("full_stop")
        await it.sees("$ sudo ip netns exec netns_dustin ip -br addr")
        await it.press("comma")
        await it.sees("$ ip -br addr")


async def test_a_namespace_is_found_by_a_part_of_its_name() -> None:
    async with running() as it:
        names = [f"blue{number:02}" for number in range(50)]
        spaces = (Namespace(name=name, inode=10 + at) for at, name in enumerate(names))
        it.session.emit(events.SnapshotTaken(Snapshot(namespaces=(*make_snapshot().namespaces, *spaces))))
        await tables_in_focus(it)
        await it.press("slash")
        await it.until(lambda: isinstance(it.app.screen, NamespaceScreen), "the list")
        await it.press("e", "3", "7", "enter")
        await it.sees("$ sudo ip netns exec blue37 ip route")
        await it.sees("52")
        await it.press("slash")
        await it.until(lambda: isinstance(it.app.screen, NamespaceScreen), "the list")
        await it.press("escape")
        await it.until(lambda: it.app.screen is it.main, "the end of it")
        assert tables(it).namespace == "blue37"


async def test_the_choice_outlives_a_namespace_a_face_and_a_language() -> None:
    async with running() as it:
        await tables_in_focus(it)
        await it.press("tab")
        await it.sees("netns_dustin ip route")
        it.session.emit(events.SnapshotTaken(Snapshot(namespaces=make_snapshot().namespaces[:1])))
        await it.sees("$ ip route")
        it.session.emit(events.LabStarted())
        await it.sees("The lab's network appears here")
        it.session.emit(events.SnapshotTaken(make_snapshot()))
        await it.sees("netns_dustin ip route")
        await it.press(FACE, FACE, "l")
        await it.sees("路由")
        await it.sees("netns_dustin ip route")


async def test_enter_puts_the_command_at_the_prompt() -> None:
    async with running() as it:
        await tables_in_focus(it)
        await it.press("tab", "enter")
        await it.until(lambda: it.shell.written.endswith(b"sudo ip netns exec netns_dustin ip route"), "the command")
        assert isinstance(it.main.focused, TerminalView)


async def test_changes_are_marked_in_place_and_on_the_tabs_and_calm() -> None:
    async with running() as it:
        await tables_in_focus(it)
        await settled(it)
        routes = make_snapshot().namespaces[0].routes
        it.session.emit(events.SnapshotTaken(with_host(routes=(routes[1], Route(to="10.9.0.0/16", link="enp4s0")))))
        await it.sees("− default via 192.168.0.1 dev enp4s0")
        await it.sees("+ 10.9.0.0/16 dev enp4s0")
        await it.sees("Route~")
        rows = it.text().split("\n")
        at = next(index for index, line in enumerate(rows) if "− default" in line)
        assert "192.168.0.0/24" in rows[at + 1], "what is gone stands where it stood"
        pane = tables(it)
        pane._ledger._clock = lambda: float("inf")
        pane.calm()
        await it.sees_no("− default")
        await it.sees("  10.9.0.0/16 dev enp4s0")
        await it.sees_no("Route~")


async def test_what_the_last_command_changed() -> None:
    async with running() as it:
        await tables_in_focus(it)
        await it.press("C")
        it.session.emit(events.CommandStarted(run()))
        await it.sees("still running")
        addresses = make_snapshot().namespaces[0].addresses
        own = Address(link="enp4s0", address="10.5.0.1", prefix=24)
        it.session.emit(events.SnapshotTaken(with_host(addresses=(*addresses, own))))
        it.session.emit(events.CommandFinished(run(exit=0)))
        await it.sees("$ sudo ip link add va")
        await it.sees("T2 · exit 0")
        await it.sees("+ enp4s0 on the host has the address 10.5.0.1/24")
        await it.sees("Chg1")
        await it.press("l")
        await it.sees("+ 主机上的 enp4s0 有了地址 10.5.0.1/24")
        it.session.emit(events.CommandStarted(run(id=8, text="ls")))
        it.session.emit(events.CommandFinished(run(id=8, text="ls", exit=2)))
        await it.sees("这条命令没有改变网络")
        await it.sees("exit 2")


async def test_events_come_with_their_time_and_the_latest_stays_in_sight() -> None:
    async with running() as it:
        await tables_in_focus(it)
        await it.press("E")
        await it.sees("nothing has happened yet")
        for number in range(40):
            one = Announcement(1_800_000_000.25 + number, "host", "ROUTE", f"10.9.{number}.0/24 dev enp4s0")
            it.session.emit(events.KernelAnnounced((one,)))
        await it.sees(".250000] [ROUTE]10.9.39.0/24 dev enp4s0")
        await it.sees_no("10.9.1.0/24")
        view = tables(it).view
        seen = sum(" [ROUTE]" in line.text for line in view._lines[view.scroll_offset.y :])
        assert seen > view.size.height * 2 // 3, "what has happened fills the pane, but for a little room for more"
        await it.press("home")
        await it.sees("10.9.1.0/24")
        it.session.emit(events.KernelAnnounced((Announcement(1.8e9, "host", "ROUTE", "10.10.0.0/16 dev enp4s0"),)))
        await it.press("tab")
        await it.sees("netns_dustin ip -ts monitor label")
        await it.sees("nothing has happened yet")


def test_the_latest_of_every_namespace_is_near_the_end_of_what_is_longer_than_the_view() -> None:
    for long, short in itertools.product(range(20, 80, 7), range(1, 80, 5)):
        columns = [[plain(f"{name}{number}") for number in range(count)] for name, count in (("a", long), ("b", short))]
        levelled = ending_together(columns, 50)
        longest = max(long, short)
        assert max(map(len, levelled)) == longest
        assert longest <= 50 or min(map(len, levelled)) > longest - step_in(50)
        assert [[line for line in column if line.spans] for column in levelled] == columns


async def test_a_wide_screen_shows_namespaces_side_by_side() -> None:
    async with running(size=(200, 60)) as it:
        await tables_in_focus(it)
        line = next(line for line in it.text().split("\n") if "$ ip route" in line)
        assert "│ $ sudo ip netns exec netns_dustin ip route" in line


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_small_screen_shows_the_pane_below_the_terminal(language: str) -> None:
    async with running(language, size=(80, 24)) as it:
        it.session.lab = None
        await it.press(CHORD, "R")
        await it.until(lambda: it.main.view == "network", "the network")
        await it.sees("$ ip route")
        await it.sees("  default via 192.168.0.1 dev enp4s0")
        await it.until(lambda: tables(it).view.has_focus, "the focus")
        for letter in ("L", "A", "Y", "S"):
            await it.press(letter)
            await it.sees(TITLES[letter])
        assert not it.shell.written
        await it.press(CHORD)
        await it.until(lambda: isinstance(it.main.focused, TerminalView), "the terminal")


async def test_another_look_is_taken_at_the_counters() -> None:
    class Lab:
        looks = 0

        async def refresh(self) -> None:
            self.looks += 1

    async with running() as it:
        it.session.lab = lab = Lab()
        await it.press(CHORD, "R", "I")
        await it.until(lambda: lab.looks == 1, "a look")


@pytest.mark.lab
async def test_a_real_command_is_seen_in_every_pane_that_it_touches(tmp_path: Path) -> None:
    async with learning(tmp_path, at="6.8") as learner:
        it = learner.it
        shell = await learner.go_to_terminal("T2")
        await learner.until(lambda: shell.at_prompt, "a prompt")
        await settled(it)
        it.main.action_state_pane("addresses")
        await learner.type("sudo ip addr add 10.77.0.1/24 dev veth_dustin\r")
        await it.sees("10.0.0.10/24 10.77.0.1/24")
        it.main.action_state_pane("changes")
        await it.sees("+ veth_dustin on the host has the address 10.77.0.1/24")
        await it.sees("+ A route on the host: 10.77.0.0/24")
        it.main.action_state_pane("events")
        await it.sees("inet 10.77.0.1/24")
        await learner.until(lambda: shell.at_prompt, "a prompt")
        await learner.type("sudo iptables -A FORWARD -j LOG\r")
        await it.sees("[XTABLES]-t filter -A FORWARD -j LOG")
        it.main.action_state_pane("iptables")
        await it.sees("-A FORWARD -c 0 0 -j LOG")
