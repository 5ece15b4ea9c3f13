"""The application of demo mode: the tutorial's, with the autopilot as the one who plays."""

from __future__ import annotations

import os
from contextlib import AsyncExitStack
from typing import ClassVar

from textual import events as textual_events
from textual.binding import BindingType
from textual.driver import Driver

from engine.assets import assets_directory
from engine.lab import LabError
from engine.messages import Message, render
from engine.session.autopilot import events
from engine.session.autopilot.autopilot import Autopilot
from engine.session.autopilot.pacing import QuickClock
from engine.session.autopilot.recording import Recording
from engine.session.autopilot.remote import NotesServer, UnsafeDirectory
from tui import theme
from tui.app import NstepsApp
from tui.demo.recording import tap, without_terminal
from tui.demo.screen import DemoScreen
from tui.terminal.emulator import EmulatorError
from tui.terminal.loading import preload


class DemoApp(NstepsApp):
    """Gives a talk. ``recording``: everything that is painted goes there as well. ``unseen``: there is no terminal;
    the application ends with the talk."""

    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self, autopilot: Autopilot, *, recording: Recording | None = None, unseen: bool = False) -> None:
        super().__init__(autopilot.session, colours=theme.preferred(os.environ, terminal=not unseen))
        self.css_path = [*self.css_path, assets_directory() / "styles" / "demo.tcss"]
        self.autopilot = autopilot
        self.stopped: Message | None = None
        """Why the talk stopped before its end."""
        self.over = False
        """Whether the talk has come to its end, or stopped by itself."""
        self._recording = recording
        self._unseen = unseen
        if unseen:
            without_terminal(self)
            self.animation_level = "none"
        if recording is not None:
            autopilot.subscribe(self._mark)

    def get_default_screen(self) -> DemoScreen:
        self.main = self.demo = DemoScreen(self.autopilot)
        clock = self.autopilot.pace.clock
        if isinstance(clock, QuickClock):
            clock.ticked = self.demo.show_time
        return self.demo

    def _build_driver(self, headless: bool, inline: bool, mouse: bool, size: tuple[int, int] | None) -> Driver:
        driver = super()._build_driver(headless, inline, mouse, size)
        if self._recording is not None:
            tap(driver, self._recording)
        return driver

    def _heed_signals(self) -> None:
        if not self._unseen:
            super()._heed_signals()

    def on_resize(self, event: textual_events.Resize) -> None:
        if self._recording is not None:
            self._recording.resized(*event.size)

    def _mark(self, event: events.Event) -> None:
        """Each step is a marker in the recording."""
        if isinstance(event, events.StepBegan) and self._recording is not None:
            title = event.step.title.in_language(self.session.language)
            self._recording.marker(f"{event.step.number} {title}")

    async def _start(self) -> None:
        """Off the first paint: load the emulator, open the door for the notes, give the talk."""
        say = self.main.say
        try:
            await preload()
            async with AsyncExitStack() as stack:
                if not self._unseen:
                    try:
                        await stack.enter_async_context(NotesServer(self.autopilot))
                    except (OSError, UnsafeDirectory) as error:
                        self.notify(self.demo.say_demo("no-notes", reason=str(error)), timeout=8)
                self.stopped = await self.autopilot.run()
                self.over = True
        except EmulatorError as error:
            self._failed(say("failed.emulator"), Message("demo.no-emulator", {"reason": str(error)}))
            return
        except LabError as error:
            if not self._session_closed:
                self._failed(say("failed.lab"), error.message)
            return
        if self._unseen:
            self.run_worker(self.action_quit())  # which ends this worker

    def _failed(self, title: str, reason: Message) -> None:
        self.failure = reason
        if self._unseen:
            self.run_worker(self.action_quit())
        else:
            self._give_up(title, render(reason, self.session.language))

    async def action_quit(self) -> None:
        """The recording ends with the last picture of the talk."""
        if self._recording is not None:
            self._recording.close()
        await super().action_quit()
