"""The board as a program: hears what the hub tells, shows it, and asks the hub for what the instructor wants."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable
from typing import ClassVar

from textual.app import App
from textual.binding import BindingType
from textual.driver import Driver
from textual.screen import Screen

from engine.assets import assets_directory
from engine.classroom import desk
from engine.course.model import LANGUAGES
from engine.messages import render
from tui import theme
from tui.app import TERMINAL_CHECK_SECONDS, terminal_is_there
from tui.classroom.board.connection import Connection, Heard, Lost, Picture
from tui.classroom.board.dialogs import Confirm
from tui.classroom.board.help import help_lines
from tui.classroom.board.pages import JournalScreen, NetworkScreen, SeatPage
from tui.classroom.board.screen import BoardScreen
from tui.classroom.board.shoulder import ShoulderScreen
from tui.classroom.board.view import View
from tui.classroom.board.words import board_sayer
from tui.output import outlive_terminal
from tui.screens.help_box import HelpBox
from tui.terminal import input as terminal_input
from tui.terminal.emulator import EmulatorError
from tui.terminal.loading import preload


class BoardApp(App[None], inherit_bindings=False):
    """``connection`` is the only way to the room. ``room_ended`` tells afterwards whether the room is over, or the
    instructor has only left the board; ``hub_gone``, that the hub has died. ``orphaned`` tells whether it has, when it
    cannot be reached: it does not come back for this board then."""

    ENABLE_COMMAND_PALETTE = False
    TITLE = "nsteps"
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(
        self,
        connection: Connection,
        language: str,
        *,
        driver: type[Driver] | None = None,
        colours: str | None = None,
        orphaned: Callable[[], bool] = lambda: False,
    ) -> None:
        terminal_input.install()
        styles = assets_directory() / "styles"
        colourless = bool(os.environ.get("NO_COLOR"))
        if not colourless:
            os.environ.pop("NO_COLOR", None)  # Textual heeds an empty one as well
        super().__init__(
            driver_class=driver,
            css_path=[styles / "nsteps.tcss", styles / "board.tcss"],
            ansi_color=True if colourless else None,  # so that no colour is sent at all, instead of greys
        )
        self.connection = connection
        self.language = language
        self.room_ended = False
        self.hub_gone = False
        self._orphaned = orphaned
        self.say = board_sayer(lambda: self.language)
        self.view = View(self.say)
        self.board = BoardScreen(self.view, self.say)
        self.ansi_theme_dark = theme.DARK_TERMINAL
        self.ansi_theme_light = theme.LIGHT_TERMINAL
        for one in theme.EVERY_THEME:
            self.register_theme(one)
        self.theme = theme.named(colours or theme.preferred(os.environ), os.environ).name

    def get_default_screen(self) -> BoardScreen:
        return self.board

    def on_mount(self) -> None:
        if not self.is_headless:
            for number in (signal.SIGTERM, signal.SIGHUP):
                with contextlib.suppress(ValueError, RuntimeError, NotImplementedError):  # not in the main thread
                    asyncio.get_running_loop().add_signal_handler(number, self._told_to_end)
            if not self.is_web:
                self.set_interval(TERMINAL_CHECK_SECONDS, self._check_terminal)
        self.run_worker(self._load(), group="load")
        self.run_worker(self._listen(), group="listen")

    def _build_driver(self, headless: bool, inline: bool, mouse: bool, size: tuple[int, int] | None) -> Driver:
        driver = super()._build_driver(headless, inline, mouse, size)
        outlive_terminal(driver)
        return driver

    def _told_to_end(self) -> None:
        if not self.is_web:
            self._check_terminal()
        self.exit()

    def _check_terminal(self) -> None:
        """Textual would wait for ever for a terminal that is gone."""
        if not terminal_is_there():
            os._exit(128 + signal.SIGHUP)

    async def _load(self) -> None:
        """The emulator, off the first paint."""
        try:
            await preload()
        except EmulatorError as error:
            self.note(self.say("no-emulator", reason=str(error)), "bad strong")

    # -- what the hub tells --------------------------------------------------------------------------------------------

    async def _listen(self) -> None:
        async for heard in self.connection.heard():
            self._hear(heard)
        self.exit()

    def _hear(self, heard: Heard) -> None:
        match heard:
            case Picture(seat, data):
                if shoulder := self._shoulder(seat):
                    shoulder.feed(data)
            case desk.BoardTold(board=board):
                self.view.show(board)
                self._told()
            case desk.RoomTold():
                back = self.view.away is not None
                self.view.room, self.view.away = heard, None
                self._told()
                if back and (shoulder := self._shoulder()):
                    shoulder.ask()
            case Lost(reason):
                self.view.away = reason
                self._told()
                if self._orphaned():
                    self.hub_gone = True
                    self.exit()
            case desk.ScreenSized(seat=seat, columns=columns, rows=rows):
                if shoulder := self._shoulder(seat):
                    shoulder.sized(columns, rows)
            case desk.WatchEnded(seat=seat):
                if shoulder := self._shoulder(seat):
                    shoulder.ended()
            case desk.JournalTold(seat=seat, entries=entries):
                page = self.screen
                if isinstance(page, JournalScreen) and page.seat == seat:
                    page.show(entries)
            case desk.NetworkTold(seat=seat, snapshot=snapshot):
                page = self.screen
                if isinstance(page, NetworkScreen) and page.seat == seat:
                    page.show(snapshot)
            case desk.Noted(message=message):
                self.note(render(message, self.language), "good strong")
            case desk.Denied(message=message):
                self.note(render(message, self.language), "bad strong")
            case desk.RoomEnded():
                self.room_ended = True

    def _told(self) -> None:
        self.board.told()
        for screen in self.screen_stack:
            if isinstance(screen, ShoulderScreen | SeatPage):
                screen.told()

    def _shoulder(self, seat: int | None = None) -> ShoulderScreen | None:
        """The screen on which a seat is watched."""
        return next(
            (one for one in self.screen_stack if isinstance(one, ShoulderScreen) and seat in (None, one.seat)), None
        )

    def note(self, text: str, look: str = "strong") -> None:
        """A word in the footer of the screen that can show one."""
        for screen in reversed(self.screen_stack):
            if isinstance(screen, BoardScreen | ShoulderScreen | SeatPage) and screen.query("#footer"):
                screen.note(text, look)
                return

    # -- what the screens ask for --------------------------------------------------------------------------------------

    def look_at(self, seat: int) -> None:
        """Look over that seat's shoulder."""
        row = self.view.row(seat)
        if seat != desk.DEMO and row is not None and not row.connected:
            self.note(self.say("denied.away"))
        elif seat != desk.DEMO and row is not None and not row.here:
            self.note(self.say("not-here"))
        elif self._shoulder() is None:
            self.push_screen(ShoulderScreen(seat, self.view, self.say))

    def show_journal(self, seat: int) -> None:
        self._page(JournalScreen(seat, self.view, self.say))

    def show_network(self, seat: int) -> None:
        self._page(NetworkScreen(seat, self.view, self.say))

    def _page(self, page: Screen[None]) -> None:
        if not isinstance(self.screen, SeatPage):
            self.push_screen(page)

    def show_help(self) -> None:
        self.push_screen(HelpBox(self.say, help_lines))

    def other_language(self) -> None:
        """The next one; names and commands are what they are."""
        self.language = LANGUAGES[(LANGUAGES.index(self.language) + 1) % len(LANGUAGES)]
        self._told()

    def ask_about_demo(self, leave: Callable[[], None]) -> None:
        """End it, or only leave its screen."""

        def chosen(end: bool | None) -> None:
            if end:
                self.connection.request(desk.StopDemo())
            leave()

        say = self.say
        words = (say("confirm.demo-title"), say("confirm.demo"), say("confirm.demo-yes"), say("confirm.demo-no"))
        self.push_screen(Confirm(*words), chosen)

    # -- its end -------------------------------------------------------------------------------------------------------

    @property
    def crash(self) -> Exception | None:
        """The program's own mistake that ended it, if there was one."""
        return self._exception

    def _fatal_error(self) -> None:
        """Leave without Textual's traceback: whoever runs the application tells a person what happened."""
        self._close_messages_no_wait()
