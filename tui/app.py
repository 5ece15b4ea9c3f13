"""The Textual application: starts the session, shows the main screen, ends both."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import termios
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App
from textual.binding import Binding, BindingType
from textual.driver import Driver

from engine.assets import assets_directory
from engine.messages import Message, render
from tui import theme
from tui.output import outlive_terminal
from tui.settings import Preferences
from tui.terminal import input as terminal_input

if TYPE_CHECKING:  # what the first paint does not need is loaded after it
    from engine.session import events
    from engine.session.session import Session
    from tui.screens.main import MainScreen

TERMINAL_CHECK_SECONDS = 5.0
HANG_UP_SECONDS = 10.0


def terminal_is_there() -> bool:
    """Whether the program's terminal has not been closed."""
    try:
        termios.tcgetattr(sys.__stdin__.fileno() if sys.__stdin__ else 0)
    except (termios.error, OSError, ValueError):
        return False
    return True


def style_sheet() -> Path:
    """The looks of everything."""
    return assets_directory() / "styles" / "nsteps.tcss"


class NstepsApp(App[None], inherit_bindings=False):
    """One learner at one screen. Textual's own keys (Ctrl-Q, Ctrl-P …) are not taken: they belong to the shell."""

    ENABLE_COMMAND_PALETTE = False
    TITLE = "nsteps"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f10", "quit", "quit", show=False)]

    def __init__(
        self,
        session: Session | None,
        *,
        kept: bool = True,
        driver: type[Driver] | None = None,
        preferences: Preferences | None = None,
        colours: str | None = None,
    ) -> None:
        terminal_input.install()
        colourless = bool(os.environ.get("NO_COLOR"))
        if not colourless:
            os.environ.pop("NO_COLOR", None)  # Textual heeds an empty one as well
        super().__init__(
            driver_class=driver,
            css_path=style_sheet() if session else None,
            ansi_color=True if colourless else None,  # so that no colour is sent at all, instead of greys
        )
        self.preferences = preferences or Preferences()
        self.failure: Message | None = None
        """Why there was no lab, if there was none."""
        self.tour = False
        """Show the parts of the screen as soon as the lab is there."""
        self._session_closed = True
        """There is none that would have to be closed."""
        self.ansi_theme_dark = theme.DARK_TERMINAL
        self.ansi_theme_light = theme.LIGHT_TERMINAL
        for one in theme.EVERY_THEME:
            self.register_theme(one)
        self.theme = theme.named(colours or theme.preferred(os.environ), os.environ).name
        if session is not None:
            self.use(session, kept=kept)

    def use(self, session: Session, *, kept: bool) -> None:
        """The session that is shown."""
        self.session = session
        self.kept = kept
        """Whether the progress is written down."""
        self._session_closed = False
        session.subscribe(self._hear)

    def make_main(self) -> MainScreen:
        """The screen that shows it."""
        from tui.screens.main import MainScreen

        self.main = MainScreen(self.session)
        return self.main

    def get_default_screen(self) -> MainScreen:
        return self.make_main()

    def on_mount(self) -> None:
        self._heed_signals()
        if not self._session_closed:
            self.begin()

    def begin(self) -> None:
        """Start the session, off the first paint."""
        if self.kept:
            self.run_worker(self._start(), group="start")
        else:
            self._ask_whether_to_go_on()
        for problem in self.preferences.problems:
            self.call_after_refresh(self.main.note, render(problem, self.session.language))

    def _ask_whether_to_go_on(self) -> None:
        """Another program keeps the progress of this course."""

        def chosen(go_on: bool | None) -> None:
            if go_on:
                self.run_worker(self._start(), group="start")
            else:
                self.run_worker(self.action_quit())

        from tui.screens.notice import Notice

        say = self.main.say
        words = (say("learn.open-elsewhere-title"), say("learn.open-elsewhere"), say("learn.go-on"), say("lost.quit"))
        self.push_screen(Notice(*words), chosen)

    def _build_driver(self, headless: bool, inline: bool, mouse: bool, size: tuple[int, int] | None) -> Driver:
        driver = super()._build_driver(headless, inline, mouse, size)
        outlive_terminal(driver)
        return driver

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
        """Load the emulator, then make the lab."""
        from engine.lab import LabError
        from tui.quiet import QuietCollector
        from tui.terminal.emulator import EmulatorError
        from tui.terminal.loading import preload

        say = self.main.say
        try:
            await preload()
            QuietCollector(self)
            await self.session.start()
            if self.tour:
                self.main.action_tour()
                self.remember(tour_seen=True)
        except EmulatorError as error:
            self._give_up(say("failed.emulator"), str(error))
        except LabError as error:
            if self._session_closed:
                return
            self.failure = error.message
            self._give_up(say("failed.lab"), render(error.message, self.session.language))

    def _give_up(self, title: str, text: str) -> None:
        from tui.screens.notice import Notice

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

    def remember(self, **choices: Any) -> None:
        """Keep what the learner has chosen (see :class:`~tui.settings.Settings`) for the next start."""
        problem = self.preferences.remember(**choices)
        if problem is not None:
            self.main.note(render(problem, self.session.language))

    def _hear(self, event: events.Event) -> None:
        from engine.session import events

        if isinstance(event, events.LanguageChanged):
            self.remember(language=event.language)

    def action_theme(self) -> None:
        """The next one: dark colours, light ones, the terminal's own."""
        now = theme.NAMES.index(theme.name_of(self.current_theme))
        self.use_theme(theme.NAMES[(now + 1) % len(theme.NAMES)])

    def use_theme(self, name: str) -> None:
        """Show everything in the theme of that name, and keep the choice."""
        if self.no_color:
            self.main.note(self.main.say("told.no_colour"))
            return
        self.theme = theme.named(name, os.environ).name
        self.main.note(self.main.say(f"theme.{name}"))
        self.remember(theme=name)

    async def action_quit(self) -> None:
        """Keep the progress, end the lab, leave."""
        await self.end_session()
        self.exit()

    async def end_session(self) -> None:
        """Close the session once."""
        if not self._session_closed:
            self._session_closed = True
            self.workers.cancel_group(self, "start")
            if hasattr(self, "main"):
                self.workers.cancel_group(self.main, "session")
            await self.session.close()

    async def on_unmount(self) -> None:
        await self.end_session()


def create_app(
    session: Session,
    *,
    kept: bool = True,
    driver: type[Driver] | None = None,
    preferences: Preferences | None = None,
    colours: str | None = None,
) -> NstepsApp:
    """The application for a session that is not started yet.

    ``kept``: its progress is written down. ``driver`` speaks to something else than the program's terminal.
    ``preferences`` are the learner's; without them nothing is remembered. ``colours``: ``dark``, ``light`` or ``ansi``.
    """
    return NstepsApp(session, kept=kept, driver=driver, preferences=preferences, colours=colours)
