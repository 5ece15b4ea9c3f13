"""Talks in real labs, for tests: an autopilot, what it told, and patience."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from engine.course import load_course
from engine.course.model import Course
from engine.lab import CommandRun
from engine.messages import Message
from engine.session.autopilot import events
from engine.session.autopilot.autopilot import Autopilot, Choices
from engine.session.autopilot.pacing import Clock, Pace
from engine.session.autopilot.store import ForgetfulStore
from engine.session.session import Session

PATIENCE_SECONDS = float(os.environ.get("P", "60"))


class Heard:
    """An autopilot and what it told."""

    def __init__(self, autopilot: Autopilot) -> None:
        self.autopilot = autopilot
        self.told: list[events.Event] = []
        autopilot.subscribe(self.told.append)

    def performed(self) -> list[str]:
        """The commands that were performed, in order."""
        return [one.performed.command.text for one in self.told if isinstance(one, events.CommandPerformed)]

    def begun(self) -> list[str]:
        return [one.step.number for one in self.told if isinstance(one, events.StepBegan)]

    def verified(self) -> list[str]:
        """The steps whose checks all passed, in order."""
        return [
            one.step.number
            for one in self.told
            if isinstance(one, events.StepVerified) and all(verdict.passed for verdict in one.verdicts)
        ]

    def pause_when(self, condition: Callable[[events.Event], bool]) -> None:
        """Pause as soon as such an event is told."""
        self.autopilot.subscribe(lambda event: self.autopilot.pause() if condition(event) else None)


class Talk(Heard):
    """A talk that is being given."""

    task: asyncio.Task[Message | None] | None = None

    @property
    def session(self) -> Session:
        return self.autopilot.session

    async def until(self, condition: Callable[[], object], what: str) -> None:
        """Wait until it is so; looked at whenever anything happens, and every 10 ms for what tells nobody."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not condition():
                assert self.task is None or not self.task.done() or condition(), f"over before {what}: {self.task}"
                await asyncio.sleep(0.01)

    async def phase(self, *phases: str, step: str | None = None) -> None:
        """Wait until it is there."""
        it = self.autopilot
        await self.until(lambda: it.phase in phases and step in (None, it.step.number), f"{phases} at {step}")

    async def run(self, terminal: str, text: str) -> CommandRun:
        """What the instructor types, once the keyboard is theirs."""
        shell = await self.session.terminal(terminal)
        return await shell.run(text)


def prepared(
    first: str,
    last: str,
    *,
    speed: float = 1.0,
    clock: Clock | None = None,
    course: Course | None = None,
    language: str = "en",
    **choices: object,
) -> Autopilot:
    """One for a talk from step to step, without pauses between them unless ``choices`` say otherwise."""
    course = course or load_course()
    order = [step.number for step in course.steps]
    steps = course.steps[order.index(first) : order.index(last) + 1]
    session = Session.open(course, store=ForgetfulStore(), language=language)
    how = {"pause": 0.0, **choices}
    return Autopilot(session, Choices(steps=steps, **how), pace=Pace(clock, speed=speed), seed=1)  # type: ignore[arg-type]


@asynccontextmanager
async def talk(first: str, last: str, *, paused_at: str | None = None, **how: object) -> AsyncIterator[Talk]:
    """A talk (see :func:`prepared`), given in the background until the block is left; ``paused_at`` a step's
    beginning."""
    it = Talk(prepared(first, last, **how))  # type: ignore[arg-type]
    it.pause_when(lambda event: isinstance(event, events.StepBegan) and event.step.number == paused_at)
    it.task = asyncio.ensure_future(it.autopilot.run())
    try:
        yield it
    finally:
        it.task.cancel()
        await asyncio.gather(it.task, return_exceptions=True)
        await it.session.close()
