"""The Textual application: starts the session, shows the main screen, ends both."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import termios
from typing import Any, ClassVar

from textual.app import App
from textual.binding import Binding, BindingType
from textual.driver import Driver

from engine.assets import assets_directory
from engine.lab import LabError
from engine.messages import Message, render
from engine.session.session import Session
from tui import theme
from tui.screens.main import MainScreen
from tui.screens.notice import Notice
from tui.terminal import input as terminal_input
from tui.terminal.emulator import EmulatorError
from tui.terminal.loading import preload

TERMINAL_CHECK_SECONDS = 5.0
HANG_UP_SECONDS = 10.0


def terminal_is_there() -> bool:
    """Whether the program's terminal has not been closed."""
    try:
        termios.tcgetattr(sys.__stdin__.fileno() if sys.__stdin__ else 0)
    except (termios.error, OSError, ValueError):
        return False
    return True


class NstepsApp(App[None], inherit_bindings=False):
    """One learner at one screen. Textual's own keys (Ctrl-Q, Ctrl-P …) are not taken: they belong to the shell."""

    ENABLE_COMMAND_PALETTE = False
    TITLE = "nsteps"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f10", "quit", "quit", show=False)]

    def __init__(self, session: Session, *, kept: bool = True, driver: type[Driver] | None = None) -> None:
        terminal_input.install()
        super().__init__(driver_class=driver, css_path=assets_directory() / "styles" / "nsteps.tcss")
        self.session = session
        self.failure: Message | None = None
        """Why there was no lab, if there was none."""
        self._kept = kept
        self._session_closed = False
        self.ansi_theme_dark = theme.DARK_TERMINAL
        self.ansi_theme_light = theme.LIGHT_TERMINAL
        for one in theme.THEMES.values():
            self.register_theme(one)
        self.theme = theme.THEMES[theme.preferred(os.environ)].name

    def get_default_screen(self) -> MainScreen:
        self.main = MainScreen(self.session)
        return self.main

    def on_mount(self) -> None:
        self._heed_signals()
        if self._kept:
            self.run_worker(self._start(), group="start")
        else:
            self._ask_whether_to_go_on()

    def _ask_whether_to_go_on(self) -> None:
        """Another program keeps the progress of this course."""

        def chosen(go_on: bool | None) -> None:
            if go_on:
                self.run_worker(self._start(), group="start")
            else:
                self.run_worker(self.action_quit())

        say = self.main.say
        words = (say("learn.open-elsewhere-title"), say("learn.open-elsewhere"), say("learn.go-on"), say("lost.quit"))
        self.push_screen(Notice(*words), chosen)

    def _heed_signals(self) -> None:
        """``kill`` ends the program as F10 does, a closed window without touching the terminal that is no more."""
        if self.is_headless:
            return
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            with contextlib.suppress(ValueError, RuntimeError, NotImplementedError):  # not in the main thread
                loop.add_signal_handler(number, self._told_to_end)
        if not self.is_web:
            self.set_interval(TERMINAL_CHECK_SECONDS, self._check_terminal)

    def _told_to_end(self) -> None:
        self.run_worker(self.action_quit() if self.is_web or terminal_is_there() else self._hung_up(), name="end")

    def _check_terminal(self) -> None:
        if not terminal_is_there():
            self.run_worker(self._hung_up(), name="end")

    async def _hung_up(self) -> None:
        """The terminal is gone. Textual would wait for it for ever: keep the progress, end the lab, and be gone too."""
        driver: Any = self._driver
        driver.write = lambda data: None
        driver.flush = lambda: None
        with contextlib.suppress(Exception):
            await asyncio.wait_for(self.end_session(), HANG_UP_SECONDS)
        os._exit(128 + signal.SIGHUP)

    async def _start(self) -> None:
        """Off the first paint: load the emulator, then make the lab."""
        say = self.main.say
        try:
            await preload()
            await self.session.start()
        except EmulatorError as error:
            self._give_up(say("failed.emulator"), str(error))
        except LabError as error:
            if self._session_closed:
                return
            self.failure = error.message
            self._give_up(say("failed.lab"), render(error.message, self.session.language))

    def _give_up(self, title: str, text: str) -> None:
        def chosen(_: bool | None) -> None:
            self.run_worker(self.action_quit())

        self.push_screen(Notice(title, text, self.main.say("lost.quit")), chosen)

    @property
    def crash(self) -> Exception | None:
        """The program's own mistake that ended it, if there was one."""
        return self._exception

    def _fatal_error(self) -> None:
        """Leave without Textual's traceback: whoever runs the application tells a person what happened."""
        self._close_messages_no_wait()

    def action_theme(self) -> None:
        """Dark colours, or light ones."""
        self.theme = (theme.LIGHT if self.theme == theme.DARK.name else theme.DARK).name

    async def action_quit(self) -> None:
        """Keep the progress, end the lab, leave."""
        await self.end_session()
        self.exit()

    async def end_session(self) -> None:
        """Close the session once."""
        if not self._session_closed:
            self._session_closed = True
            self.workers.cancel_group(self, "start")
            self.workers.cancel_group(self.main, "session")
            await self.session.close()

    async def on_unmount(self) -> None:
        await self.end_session()


def create_app(session: Session, *, kept: bool = True, driver: type[Driver] | None = None) -> NstepsApp:
    """The application for a session that is not started yet.

    ``kept``: its progress is written down. ``driver`` speaks to something else than the program's terminal.
    """
    return NstepsApp(session, kept=kept, driver=driver)
