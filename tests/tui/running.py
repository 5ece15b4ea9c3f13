"""Runs the application without a terminal, for tests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from textual.pilot import Pilot

from tests.tui.fakes import FakeSession, FakeShell
from tui.app import NstepsApp, create_app
from tui.screens.main import MainScreen
from tui.settings import Preferences
from tui.terminal.widget import TerminalView

PATIENCE_SECONDS = 40.0


@dataclass
class Running:
    """The application, its pilot, and what a person sees of it."""

    app: NstepsApp
    pilot: Pilot[None]
    session: Any

    @property
    def main(self) -> MainScreen:
        return self.app.main

    @property
    def shell(self) -> FakeShell:
        """The shell of the terminal in front."""
        shell: FakeShell = self.session.terminals[self.main.deck.front]
        return shell

    @property
    def view(self) -> TerminalView:
        view = self.main.deck.view
        assert view is not None
        return view

    async def until(self, condition: Callable[[], object], what: str = "") -> None:
        """Wait until it is so."""
        deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        while not condition():
            assert asyncio.get_running_loop().time() < deadline, f"{what or 'it'} did not come\n{self.text()}"
            await self.pilot.pause()
            await asyncio.sleep(0.005)

    async def sees(self, text: str) -> None:
        """Wait until the text is on the screen."""
        await self.until(lambda: text in self.text(), repr(text))

    async def sees_no(self, text: str) -> None:
        await self.until(lambda: text not in self.text(), f"the end of {text!r}")

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    def rows(self) -> list[str]:
        """The rows of the screen as text, a wide character followed by nothing."""
        strips = self.app.screen._compositor.render_strips()
        return [strip.text.rstrip() for strip in strips if strip is not None]

    def text(self) -> str:
        return "\n".join(self.rows())


@asynccontextmanager
async def running(
    language: str = "en",
    size: tuple[int, int] = (120, 36),
    session: Any = None,
    started: bool = True,
    preferences: Preferences | None = None,
) -> AsyncIterator[Running]:
    """The application with a session (default: a fake one), started and with the focus in its terminal."""
    session = session or FakeSession(language)
    app = create_app(session, preferences=preferences)
    async with app.run_test(size=size) as pilot:
        it = Running(app, pilot, session)
        if started:
            await it.until(lambda: it.main.busy is None and isinstance(it.main.focused, TerminalView), "the start")
        yield it
