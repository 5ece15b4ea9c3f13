"""What a demo costs over ``nsteps verify``'s own playing of the same steps, and whether a loop grows.

    python benchmarks/demo.py            the whole course, three times each way, one after the other in turn
    python benchmarks/demo.py loop 100   so many rounds of lessons 4 and 5 at full speed, in a fresh lab each

The first prints the ratio of the medians; aim: at most 1.5. The second prints resident memory and open descriptors of
the program and of its nursery after every tenth round; aim: no growth after the first ten.
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
GROWTH = 1.05
"""Memory after the last round over memory after the tenth that still counts as steady."""


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


async def loop(rounds: int) -> None:
    course = load_course()
    steps = tuple(step for lesson in course.lessons[3:5] for step in lesson.steps)
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
                flush=True,
            )
        if event.round >= rounds:
            over.set()

    autopilot.subscribe(told)
    started = time.monotonic()
    task = asyncio.ensure_future(autopilot.run())
    await asyncio.wait({task, asyncio.ensure_future(over.wait())}, return_when=asyncio.FIRST_COMPLETED)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await session.close()
    if len(sizes) < rounds:
        raise SystemExit(f"stopped after {len(sizes)} rounds: {autopilot.reason}")
    early, late = sizes[min(9, len(sizes) - 1)], sizes[-1]
    steady = (
        late[0] <= early[0] * GROWTH and late[2] <= early[2] * GROWTH and late[1] <= early[1] and late[3] <= early[3]
    )
    print(f"{rounds} rounds in {time.monotonic() - started:.0f} s: {'steady' if steady else 'GROWING'}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["loop"]:
        asyncio.run(loop(int(sys.argv[2]) if sys.argv[2:] else 100))
    else:
        asyncio.run(compare())
