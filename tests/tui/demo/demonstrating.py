"""The demo's screen with a real lab and real keys, for tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from engine.course import load_course
from engine.session.autopilot import events
from engine.session.autopilot.autopilot import Autopilot, Choices
from engine.session.autopilot.pacing import Clock, Pace
from engine.session.autopilot.store import ForgetfulStore
from engine.session.session import Session
from tests.tui.learner import Learner
from tests.tui.running import Running
from tui.demo.app import DemoApp
from tui.terminal import input as terminal_input

TOGGLE, PREVIOUS, REPLAY, NEXT, VIEW, KEYBOARD, STEPS, PROJECTOR, BLANK, LANGUAGE = (
    "\x1bOQ", "\x1bOR", "\x1bOS", "\x1b[15~", "\x1b[17~", "\x1b[18~", "\x1b[19~", "\x1b[20~", "\x1b[23~", "\x1b[24~",
)  # fmt: skip


class Instructor(Learner):
    """Presses keys and looks at the screen."""

    def __init__(self, it: Running, autopilot: Autopilot) -> None:
        super().__init__(it)
        self.autopilot = autopilot
        self.told: list[events.Event] = []
        autopilot.subscribe(self.told.append)

    def begun(self) -> list[str]:
        return [one.step.number for one in self.told if isinstance(one, events.StepBegan)]

    def verified(self) -> list[str]:
        return [
            one.step.number
            for one in self.told
            if isinstance(one, events.StepVerified) and all(verdict.passed for verdict in one.verdicts)
        ]


@asynccontextmanager
async def demonstrating(
    first: str,
    last: str,
    monkeypatch: pytest.MonkeyPatch,
    directory: Path,
    *,
    speed: float = 1.0,
    clock: Clock | None = None,
    language: str = "en",
    size: tuple[int, int] = (120, 36),
    **choices: object,
) -> AsyncIterator[Instructor]:
    """A demo on the screen from step to step."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(directory))
    terminal_input.install()
    course = load_course()
    order = [step.number for step in course.steps]
    steps = course.steps[order.index(first) : order.index(last) + 1]
    session = Session.open(course, store=ForgetfulStore(), language=language)
    how = {"patient": True, "pause": 0.0, **choices}
    autopilot = Autopilot(session, Choices(steps=steps, **how), pace=Pace(clock, speed=speed), seed=1)  # type: ignore[arg-type]
    app = DemoApp(autopilot)
    async with app.run_test(size=size) as pilot:
        yield Instructor(Running(app, pilot, session), autopilot)
