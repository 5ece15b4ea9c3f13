"""The demo's screen with a real lab and real keys, for tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from engine.session.autopilot.autopilot import Autopilot
from tests.autopilot.talks import Heard, prepared
from tests.tui.learner import Learner
from tests.tui.running import Running
from tui.demo.app import DemoApp
from tui.terminal import input as terminal_input

HELP, TOGGLE, PREVIOUS, REPLAY = "\x1bOP", "\x1bOQ", "\x1bOR", "\x1bOS"
NEXT, VIEW, KEYBOARD, STEPS, PROJECTOR, BLANK, LANGUAGE = (f"\x1b[{number}~" for number in (15, 17, 18, 19, 20, 23, 24))


class Instructor(Learner, Heard):
    """Presses keys and looks at the screen."""

    def __init__(self, it: Running, autopilot: Autopilot) -> None:
        Learner.__init__(self, it)
        Heard.__init__(self, autopilot)


@asynccontextmanager
async def demonstrating(
    first: str,
    last: str,
    monkeypatch: pytest.MonkeyPatch,
    directory: Path,
    *,
    size: tuple[int, int] = (120, 36),
    starts: bool = True,
    **how: object,
) -> AsyncIterator[Instructor]:
    """A demo on the screen from step to step (see :func:`tests.autopilot.talks.prepared`); it is paused before
    anything is said unless it ``starts``."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(directory))
    terminal_input.install()
    autopilot = prepared(first, last, patient=True, **how)  # type: ignore[arg-type]
    if not starts:
        autopilot.pause()
    app = DemoApp(autopilot)
    async with app.run_test(size=size) as pilot:
        yield Instructor(Running(app, pilot, autopilot.session), autopilot)
