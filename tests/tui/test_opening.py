"""The first paint comes before everything else, and what goes wrong behind it is told."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from typing import Any

import pytest

from tests.tui.fakes import FakeSession
from tests.tui.running import Running
from tui.opening import Curtain, Opened, OpeningApp
from tui.settings import Preferences
from tui.terminal.widget import TerminalView

BEFORE_THE_PAINT = """
import sys
import tui.start, tui.commands.basics, tui.commands.learn_
heavy = {"click", "yaml", "markdown_it", "pyghostty", "pyroute2", "aiohttp"}
heavy |= {"engine.course.loader", "engine.session.session", "tui.screens.main", "tui.terminal.widget"}
print(sorted(heavy & set(sys.modules)))
"""


class FakeLab:
    closed = 0

    @classmethod
    async def start(cls) -> FakeLab:
        return cls()

    async def close(self) -> None:
        type(self).closed += 1


class Expecting(FakeSession):
    """A session that is handed the lab."""

    async def close(self) -> None:
        await super().close()
        await (await self.coming).close()

    def expect(self, lab: Any) -> None:
        self.coming = lab


@pytest.fixture(autouse=True)
def no_lab(monkeypatch: pytest.MonkeyPatch) -> None:
    FakeLab.closed = 0
    monkeypatch.setattr("engine.lab.Lab", FakeLab)
    monkeypatch.setattr("engine.lab.warm_up", lambda: None)


def opening(opener: Any) -> OpeningApp:
    return OpeningApp(opener, driver=None, preferences=Preferences(), colours="dark")


async def test_the_frame_is_there_before_the_lesson_is_loaded() -> None:
    go_on = threading.Event()
    session: Any = Expecting()

    def opener() -> Opened:
        assert go_on.wait(30)
        return Opened(session, kept=True, tour=False)

    app = opening(opener)
    async with app.run_test(size=(120, 36)) as pilot:
        it = Running(app, pilot, session)
        await it.until(lambda: isinstance(app.screen, Curtain) and "nsteps" in it.text())
        await it.press("x", "f1")  # nothing that could be done yet
        go_on.set()
        await it.until(lambda: app.opened and it.main.busy is None and isinstance(it.main.focused, TerminalView))
        await it.sees("Create both ends at once")
        await it.press("y")
        assert it.shell.written == b"y"
        await it.press("f10")
        await it.until(lambda: "close" in session.calls)
    assert FakeLab.closed == 1


async def test_what_cannot_be_opened_ends_the_program_and_the_lab() -> None:
    def opener() -> Opened:
        raise LookupError("no such course")

    app = opening(opener)
    async with app.run_test() as pilot:
        await Running(app, pilot, None).until(lambda: not app.is_running)
    assert isinstance(app.refusal, LookupError)
    assert FakeLab.closed == 1 and not app.opened


async def test_quit_while_it_opens() -> None:
    go_on = threading.Event()

    def opener() -> Opened:
        go_on.wait(30)
        return Opened(Expecting(), kept=True, tour=False)  # type: ignore[arg-type]

    app = opening(opener)
    async with app.run_test() as pilot:
        await pilot.press("f10")
        go_on.set()
        await Running(app, pilot, None).until(lambda: not app.is_running)
    await asyncio.sleep(0)
    assert FakeLab.closed == 1


def test_nothing_heavy_is_loaded_before_the_first_paint() -> None:
    output = subprocess.run([sys.executable, "-c", BEFORE_THE_PAINT], capture_output=True, text=True, check=True)
    assert output.stdout.strip() == "[]"
