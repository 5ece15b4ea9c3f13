"""Jumping to the course's longest step and taking back a change, against the raw commands alone.

    python benchmarks/jump.py [ROUNDS]

Every round makes a fresh lab and times the plain script of the commands before step 9.10 in it (no servers, no
terminals), then lets a session jump there and take back the last change. Aim: a jump in under half a second where the
raw commands take no longer than a quarter of one; printed are the medians and their ratio to the raw commands.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from engine.course import load_course
from engine.lab import Lab
from engine.session.progress import ProgressStore, live
from engine.session.replay import entries_before, script
from engine.session.session import Session

STEP = "bridge/third-namespace"


async def measure(rounds: int) -> None:
    course = load_course()
    step = course.step(STEP)
    text = script(live(entries_before(course, step)))
    raw, jumps, undos = [], [], []
    with tempfile.TemporaryDirectory() as directory:
        session = Session.open(course, store=ProgressStore(Path(directory)), language="en")
        await session.start()
        for _ in range(rounds):
            async with await Lab.start() as lab:
                await lab.refresh()
                raw.append(await _seconds(lab.run(text)))
            jumps.append(await _seconds(session.goto(step)))
            undos.append(await _seconds(session.history.undo()))
        await session.close()
    base = statistics.median(raw)
    for name, figures in (("raw commands", raw), ("jump", jumps), ("undo", undos)):
        middle = statistics.median(figures)
        every = ", ".join(f"{1000 * one:.0f}" for one in figures)
        print(f"{name:<14} {1000 * middle:6.0f} ms   {middle / base:4.2f}×   ({every})")


async def _seconds(work) -> float:  # type: ignore[no-untyped-def]
    begun = time.perf_counter()
    await work
    return time.perf_counter() - begun


if __name__ == "__main__":
    asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 7))
