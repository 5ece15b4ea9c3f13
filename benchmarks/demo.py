"""What a demo costs over ``nsteps verify``'s own playing of the same steps, and whether a loop grows.

    python benchmarks/demo.py            the whole course, three times each way, one after the other in turn
    python benchmarks/demo.py loop 200   so many rounds of lesson 4 at full speed, in a fresh lab each
    python benchmarks/demo.py screen 200 the same with the screen, painted for a terminal that is not there

The first prints the ratio of the medians; aim: at most 1.5. The others print resident memory and open descriptors of
the program and of its nursery after every tenth round, then how much a round of the second half adds (the slope of the
line through its points); aim: nothing.
"""

from __future__ import annotations

import asyncio
import math
import os
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from engine.course import load_course
from engine.course.model import Course, Step
from engine.lab import Lab, warm_up
from engine.session.autopilot import events
from engine.session.autopilot.autopilot import Autopilot, Choices
from engine.session.autopilot.pacing import Pace
from engine.session.autopilot.store import ForgetfulStore
from engine.session.proof import _play
from engine.session.session import Session

TIMES = 3
SIZE = (120, 36)
LESSON = "veth"
STEADY_KIB = 1.0
"""What a round may add to resident memory and still count as nothing: a quarter of a page."""

CLOCKS = 4096
"""So many lengths of texts rich remembers. A talk at a person's pace shows more clocks than that in its first round; at
full speed it would take a thousand rounds, which would look like a leak, so they are filled in beforehand."""


async def demo(course: Course, steps: tuple[Step, ...]) -> float:
    """Seconds for a demo of the steps at full speed."""
    session = Session.open(course, store=ForgetfulStore(), language="en")
    autopilot = Autopilot(session, Choices(steps=steps), pace=Pace(speed=math.inf))
    started = time.monotonic()
    try:
        reason = await autopilot.run()
        if reason is not None:
            raise SystemExit(f"the demo stopped: {reason}")
        return time.monotonic() - started
    finally:
        await session.close()


async def verify(course: Course, steps: tuple[Step, ...]) -> float:
    """Seconds for the proof's own playing of them: commands, checks before and after, nothing else."""
    started = time.monotonic()
    problems, _, _ = await _play(course, steps, None, lambda step: None, whole=False)
    if any(problems.values()):
        raise SystemExit(f"not proved: {problems}")
    return time.monotonic() - started


async def compare() -> None:
    course = load_course()
    async with await Lab.start() as lab:  # both find everything warm
        await lab.refresh()
    plain, shown = [], []
    for _ in range(TIMES):
        plain.append(await verify(course, course.steps))
        shown.append(await demo(course, course.steps))
    ratio = statistics.median(shown) / statistics.median(plain)
    print(f"verify's playing   {statistics.median(plain):6.2f} s")
    print(f"demo --speed max   {statistics.median(shown):6.2f} s")
    print(f"ratio              {ratio:6.2f}     (aim: at most 1.5)")


def size(pid: int) -> tuple[int, int]:
    """KiB resident and open descriptors of a process."""
    status = Path(f"/proc/{pid}/status").read_text()
    resident = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(resident.split()[1]), len(os.listdir(f"/proc/{pid}/fd"))  # noqa: PTH208


def slope(values: list[int]) -> float:
    """How much each value adds to the one before it: of the straight line that is nearest to them."""
    return statistics.linear_regression(range(len(values)), values).slope


async def on_screen(autopilot: Autopilot) -> None:
    from rich.cells import cell_len

    from tui.demo.app import DemoApp

    for number in range(CLOCKS):
        cell_len(f"{number:8}")
    await DemoApp(autopilot, unseen=True).run_async(size=SIZE)


async def loop(rounds: int, *, screen: bool) -> None:
    course = load_course()
    steps = next(lesson.steps for lesson in course.lessons if lesson.id == LESSON)
    session = Session.open(course, store=ForgetfulStore(), language="en")
    autopilot = Autopilot(session, Choices(steps=steps, loop=True), pace=Pace(speed=math.inf))
    sizes: list[tuple[int, int, int, int]] = []
    over = asyncio.Event()

    def told(event: events.Event) -> None:
        if not isinstance(event, events.RoundFinished):
            return
        sizes.append((*size(os.getpid()), *size(warm_up().pid)))
        if event.round % 10 == 0:
            memory, files, nursery_memory, nursery_files = sizes[-1]
            print(
                f"round {event.round:4}   program {memory:7} KiB, {files:3} files   "
                f"nursery {nursery_memory:7} KiB, {nursery_files:3} files",
                file=sys.__stdout__,
                flush=True,
            )
        if event.round >= rounds:
            over.set()

    autopilot.subscribe(told)
    started = time.monotonic()
    task: asyncio.Task[object] = asyncio.ensure_future(on_screen(autopilot) if screen else autopilot.run())
    await asyncio.wait({task, asyncio.ensure_future(over.wait())}, return_when=asyncio.FIRST_COMPLETED)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await session.close()
    if len(sizes) < rounds:
        raise SystemExit(f"stopped after {len(sizes)} rounds: {autopilot.reason}")
    print(f"{rounds} rounds in {time.monotonic() - started:.0f} s; a round of the second half adds")
    columns = [list(column) for column in zip(*sizes, strict=True)]
    steady = True
    for name, memory, files in (("program", *columns[:2]), ("nursery", *columns[2:])):
        kib, descriptors = slope(memory[rounds // 2 :]), slope(files[rounds // 2 :])
        steady = steady and kib <= STEADY_KIB and max(files[rounds // 2 :]) <= max(files[: rounds // 2])
        print(f"   {name}   {kib:+7.2f} KiB   {descriptors:+7.3f} files")
    print("steady" if steady else "GROWING")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["loop" | "screen" as kind, *rest]:
            asyncio.run(loop(int(rest[0]) if rest else 200, screen=kind == "screen"))
        case _:
            asyncio.run(compare())
