"""What the live drawing costs: one drawing, and following fifty snapshots a second.

    python benchmarks/topology.py

Three labs: the end of lesson 9 (three namespaces), the same with packets moving, and fifty namespaces. For each: the
time of one drawing, the time from a snapshot's arrival to the lines on their way to the terminal (95th percentile; aim:
33 ms, two frames), and the part of one core that fifty snapshots a second take.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from msgspec.structs import replace
from textual.app import App, ComposeResult

from engine.assets import assets_directory
from engine.network.snapshot import Snapshot
from tests.network.picture import host, picture, space
from tests.tui.network.moments import load, say
from tui import theme
from tui.network.drawing import draw
from tui.network.scene import Scene, graph_of
from tui.network.topology import TopologyView

SIZE = (118, 40)
PER_SECOND = 50
SECONDS = 4


class Board(App[None]):
    CSS_PATH = assets_directory() / "styles" / "nsteps.tcss"

    def __init__(self) -> None:
        super().__init__()
        self.register_theme(theme.DARK)
        self.theme = theme.DARK.name
        self.view = TopologyView(say())

    def compose(self) -> ComposeResult:
        yield self.view


def counted(snapshot: Snapshot, packets: int) -> Snapshot:
    """The same lab after that many packets through every device."""
    spaces = tuple(
        replace(one, links=tuple(replace(two, sent_packets=packets, received_packets=packets) for two in one.links))
        for one in snapshot.namespaces
    )
    return replace(snapshot, namespaces=spaces)


def flipped(snapshot: Snapshot, number: int) -> Snapshot:
    """The same lab with one of its devices up or down in turn."""
    first, *others = snapshot.namespaces
    links = [*first.links]
    links[-1] = replace(links[-1], up=bool(number % 2), carrier=bool(number % 2))
    return replace(snapshot, namespaces=(replace(first, links=tuple(links)), *others))


def one_drawing(snapshot: Snapshot) -> float:
    graph = graph_of(snapshot)
    times = []
    for _ in range(20):
        began = time.perf_counter()
        list(draw(Scene(graph, say()), SIZE[0] - 1).lines)
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1000


async def follow(snapshot: Snapshot, *, moving: bool) -> tuple[float, float]:
    """Milliseconds from a changed snapshot to its lines (95th percentile), and the per cent of a core."""
    app = Board()
    async with app.run_test(size=SIZE) as pilot:
        app.view.show(snapshot)
        await pilot.pause(1.2)  # the first second of a lab is not marked
        lags = []
        for number in range(30):
            await asyncio.sleep(0.05)
            began = time.perf_counter()
            app.view.show(flipped(snapshot, number))
            await asyncio.sleep(0)
            lags.append((time.perf_counter() - began) * 1000)
        began, used = time.perf_counter(), time.process_time()
        for number in range(PER_SECOND * SECONDS):
            app.view.show(counted(snapshot, number) if moving else replace(snapshot, sequence=number))
            await asyncio.sleep(max(0.0, began + (number + 1) / PER_SECOND - time.perf_counter()))
        share = (time.process_time() - used) / (time.perf_counter() - began) * 100
        return sorted(lags)[int(len(lags) * 0.95)], share


async def main() -> None:
    names = [f"n{number:02}" for number in range(50)]
    fifty = picture(host(*names), *(space(name, at) for at, name in enumerate(names, 1)))
    for title, snapshot, moving in (
        ("three namespaces", load("lesson-09"), False),
        ("three, packets moving", load("lesson-09"), True),
        ("fifty namespaces", fifty, False),
    ):
        lag, share = await follow(snapshot, moving=moving)
        drawing = one_drawing(snapshot)
        print(f"{title:24} one drawing {drawing:5.1f} ms   to its lines {lag:5.1f} ms   {share:4.1f} % of a core")


if __name__ == "__main__":
    asyncio.run(main())
