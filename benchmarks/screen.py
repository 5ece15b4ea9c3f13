"""How long it takes from the kernel's announcement until the change is on its way to the terminal, in the real program.

    python benchmarks/screen.py [CHANGES]

The tutorial runs in a real lab, the state panes large on a screen of 120 × 60; a script in the lab makes one change
after the other (addresses, routes, neighbours, devices, iptables rules; and routes once more for the pane of events),
each standing for a third of a second, at no beat. What the program writes to its terminal is looked at: a change is
seen when its own words (``10.99.7.1/32``) are written. The clock starts with the announcement, as ``ip -ts monitor``,
which runs beside, stamps it; of iptables, which is not announced there, with the command itself.

The baseline, in the same run, is an empty Textual application that paints one line: Textual paints at most sixty times
a second, so that a change waits for half a frame by itself. Aim: 33 ms, two frames, from announcement to screen at the
95th percentile, with three namespaces and with fifty. *Idle* is the part of one core that the program takes, lab and
agent included, while nothing happens.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from textual.app import App, ComposeResult
from textual.drivers.headless_driver import HeadlessDriver
from textual.widgets import Static

from engine.course import load_course
from engine.lab import Lab
from engine.network.sheets import in_namespace
from engine.network.snapshot import HOST
from engine.session.progress import ProgressStore
from engine.session.session import Session
from tui.app import NstepsApp, create_app
from tui.terminal.widget import TerminalView

SIZE = (120, 60)
STEP = "7.1"
AIM_MS = 33.0
IDLE_SECONDS = 6.0
PATIENCE_SECONDS = 60.0
STANDS_SECONDS = 0.4
"""A change stands so long at most: one that was never seen counts as having taken that."""
FIFTY = 50
INNER = "netns_dustin"


class Kind(NamedTuple):
    """A kind of change: its pane, the command with ``%`` for its number, and the words by which it is known."""

    name: str
    pane: str
    make: str
    words: str
    undo: str
    pause: str = "0.1"
    """Seconds between two, and some hundredths: as long as what is gone has room until its mark has faded."""
    space: str = HOST
    """The namespace in which it happens."""


KINDS = (
    Kind("address", "addresses", "ip addr add 10.99.%.1/32 dev lo", "10.99.%.1/32", "ip addr del 10.99.%.1/32 dev lo"),
    Kind("route", "routes", "ip route add 1.0.%.0/24 dev enp4s0", "1.0.%.0/24", "ip route del 1.0.%.0/24"),
    Kind("neighbour", "neighbours", "ip neigh add 10.97.0.% lladdr 02:00:00:00:00:01 dev enp4s0", "10.97.0.% ",
         "ip neigh del 10.97.0.% dev enp4s0"),
    Kind("device", "links", f"ip -n {INNER} link add x% type veth peer name y%", "x%@y%", f"ip -n {INNER} link del x%",
         "0.6", INNER),
    Kind("iptables", "iptables", "iptables -A FORWARD -s 10.96.0.% -j ACCEPT", "10.96.0.%/32",
         "iptables -D FORWARD -s 10.96.0.% -j ACCEPT"),
    Kind("event", "events", "ip route add 10.95.%.0/24 dev enp4s0", "10.95.%.0/24", "ip route del 10.95.%.0/24"),
)  # fmt: skip


class Terminal(HeadlessDriver):
    """Takes what is written as a terminal would, and notes when words that are waited for come by."""

    waited: ClassVar[dict[str, float | None]] = {}
    is_headless = False  # type: ignore[assignment]
    is_web = True  # type: ignore[assignment]
    """As there is no tty behind it that could hang up."""

    def write(self, data: str) -> None:
        now = time.time()
        for words, seen in self.waited.items():
            if seen is None and words in data:
                self.waited[words] = now


class Empty(App[None]):
    """One line."""

    def compose(self) -> ComposeResult:
        yield Static(id="line")


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition():  # noqa: ASYNC110 - a program that is measured is not changed for it
            await asyncio.sleep(0.02)


@asynccontextmanager
async def shown(app: App[Any]) -> AsyncIterator[None]:
    task = asyncio.create_task(app.run_async(size=SIZE))
    try:
        await until(lambda: app.is_running and app.screen.is_mounted)
        yield
    finally:
        await app.action_quit()
        await task


async def empty(changes: int) -> list[float]:
    """Milliseconds until a line of an empty application has been painted."""
    app = Empty(driver_class=Terminal)
    begun: dict[str, float] = {}
    async with shown(app):
        line = app.query_one("#line", Static)
        for number in range(changes):
            words = f"<{number}>"
            Terminal.waited = {words: None}
            begun[words] = time.time()
            line.update(words)
            await until(lambda words=words: Terminal.waited[words])
            begun[words] = ((Terminal.waited[words] or 0) - begun[words]) * 1000
            await asyncio.sleep(random.uniform(0.05, 0.1))
    return list(begun.values())


def script(kind: Kind, changes: int) -> str:
    """Makes the changes, and prints when each command was started."""
    make, undo = (command.replace("%", "$i") for command in (kind.make, kind.undo))
    return f"""
    {in_namespace(kind.space, "ip -ts monitor")} > /tmp/monitor & monitor=$!
    sleep 0.5
    for i in $(seq 1 {changes}); do
        echo $i $EPOCHREALTIME; {make}; sleep 0.3$((RANDOM % 10)); {undo}; sleep {kind.pause}$((RANDOM % 10))
    done
    kill $monitor; wait $monitor
    echo; cat /tmp/monitor
    """


def announced(monitor: str, words: str) -> float | None:
    """When ``ip monitor`` was told, in seconds since 1970."""
    found = re.search(rf"^\[([^]]+)\] (?!Deleted)[^\n]*{re.escape(words.strip())}", monitor, re.MULTILINE)
    return datetime.fromisoformat(found[1]).replace(tzinfo=UTC).timestamp() if found else None


async def measure(lab: Lab, kind: Kind, changes: int) -> tuple[list[float], list[float]]:
    """Milliseconds to the screen for each change: from the announcement, and from the command's start."""
    names = {number: kind.words.replace("%", str(number)) for number in range(1, changes + 1)}
    Terminal.waited = dict.fromkeys(names.values())
    output = (await lab.run(script(kind, changes), timeout_seconds=PATIENCE_SECONDS * 4)).output
    times, _, monitor = output.partition("\n\n")
    from_announcement, from_command = [], []
    for line in times.split("\n"):
        if not re.fullmatch(r"\d+ \d+\.\d+", line.strip()):
            continue
        number, started = line.split()
        seen = Terminal.waited[names[int(number)]] or float(started) + STANDS_SECONDS
        from_command.append((seen - float(started)) * 1000)
        told = announced(monitor, names[int(number)])
        if told is not None:
            from_announcement.append((seen - told) * 1000)
    if len(from_command) != changes:
        raise RuntimeError(f"only {len(from_command)} of {changes} changes were made:\n{output}")
    return from_announcement, from_command


async def fifty(lab: Lab) -> None:
    """Fifty namespaces more, each joined to the host."""
    lines = (
        f"ip netns add n{i}; ip link add v{i} type veth peer name w{i} netns n{i}; ip addr add 10.9.{i}.1/24 dev v{i};"
        f" ip link set v{i} up; ip -n n{i} link set w{i} up; ip -n n{i} link set lo up;"
        f" ip -n n{i} addr add 10.9.{i}.2/24 dev w{i}"
        for i in range(FIFTY)
    )
    await lab.run("\n".join(lines))
    await lab.refresh()
    await asyncio.sleep(5)  # IPv6 looks for duplicates of its addresses for a while, which is announced


def used_seconds() -> float:
    """CPU time of this process and of everything below it."""
    parents: dict[int, int] = {}
    used: dict[int, float] = {}
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            try:
                fields = (path / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(path.name)] = int(fields[1])
            used[int(path.name)] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    family = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= more
    return sum(used[pid] for pid in family if pid in used and pid != os.getpid()) + time.process_time()


async def idle() -> float:
    """Per cent of one core."""
    before, began = used_seconds(), time.monotonic()
    await asyncio.sleep(IDLE_SECONDS)
    return (used_seconds() - before) / (time.monotonic() - began) * 100


def quantiles(figures: list[float]) -> tuple[float, float]:
    return statistics.median(figures), sorted(figures)[int(len(figures) * 0.95)]


def say(text: str) -> None:
    """Textual keeps what is printed while it runs."""
    print(text, file=sys.__stdout__, flush=True)


def tell(name: str, figures: list[float], baseline: float) -> None:
    half, most = quantiles(figures)
    say(f"  {name:32} p50 {half:5.1f} ms   p95 {most:5.1f} ms   p95 {most / baseline:4.1f} × the empty application's")


async def panes(app: NstepsApp, lab: Lab, changes: int, baseline: float) -> list[float]:
    """Every kind of change with its pane in view; the figures from announcement to screen."""
    every: list[float] = []
    for kind in KINDS:
        app.main.action_state_namespace(kind.space)
        app.main.action_state_pane(kind.pane)
        await asyncio.sleep(0.5)
        from_announcement, from_command = await measure(lab, kind, changes)
        every += from_announcement
        if from_announcement:
            tell(f"{kind.name}, announced → screen", from_announcement, baseline)
        else:
            tell(f"{kind.name}, command → screen", from_command, baseline)
    return every


async def lesson(changes: int, baseline: float) -> None:
    with tempfile.TemporaryDirectory() as home:
        course = load_course()
        session = Session.open(course, store=ProgressStore(Path(home)), language="en")
        session.begin_at(course.step(STEP))
        app = create_app(session, driver=Terminal)
        async with shown(app):
            await until(lambda: app.main.busy is None and isinstance(app.main.focused, TerminalView))
            assert session.lab is not None
            app.main.set_view("network")
            app.main.network.want("tables")
            steps: tuple[tuple[str, Callable[[Lab], Awaitable[None]] | None], ...] = (
                ("the lab of lesson 7", None),
                ("the same and fifty namespaces", fifty),
            )
            for title, prepare in steps:
                if prepare:
                    await prepare(session.lab)
                count = len(session.snapshot.namespaces) if session.snapshot else 0
                say(f"{title} ({count} namespaces)")
                every = await panes(app, session.lab, changes, baseline)
                half, most = quantiles(every)
                verdict = "within" if most <= AIM_MS else "BEYOND"
                say(f"  all: p50 {half:.1f} ms, p95 {most:.1f} ms: {verdict} {AIM_MS:.0f} ms")
                app.main.action_state_pane("overview")
                await asyncio.sleep(7)
                say(f"  idle: {await idle():.1f} % of one core")


async def main(changes: int) -> None:
    figures = await empty(max(40, changes))
    half, baseline = quantiles(figures)
    say(f"an empty Textual application, change → screen: p50 {half:.1f} ms, p95 {baseline:.1f} ms")
    await lesson(changes, baseline)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 40))
