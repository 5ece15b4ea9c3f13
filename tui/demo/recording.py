"""Records what the screen writes to its terminal; without a terminal, what it would have written."""

from __future__ import annotations

from typing import Any

from rich.color import ColorSystem
from rich.terminal_theme import TerminalTheme
from textual.app import App
from textual.driver import Driver
from textual.drivers.headless_driver import HeadlessDriver

from engine.session.autopilot.recording import Recording


class RecordingDriver(HeadlessDriver):
    """A terminal that nobody sees: Textual paints it as any other."""

    @property
    def is_headless(self) -> bool:
        """Textual writes nothing to a driver that says so."""
        return False

    def start_application_mode(self) -> None:
        self.write("\x1b[?1049h\x1b[?25l")
        super().start_application_mode()


def tap(driver: Driver, recording: Recording) -> None:
    """Have everything that ``driver`` writes go into the recording as well."""
    write = driver.write

    def tapped(data: str) -> None:
        recording.output(data)
        write(data)

    driver.write = tapped  # type: ignore[method-assign]


def without_terminal(app: App[Any]) -> None:
    """Have the application paint in all colours for a terminal that is not there."""
    app.driver_class = RecordingDriver
    app.console._color_system = ColorSystem.TRUECOLOR


def theme_of(theme: TerminalTheme) -> dict[str, str]:
    """The recording's colours, as its header has them."""
    palette = [theme.ansi_colors[index] for index in range(16)]
    return {
        "fg": _hex(theme.foreground_color),
        "bg": _hex(theme.background_color),
        "palette": ":".join(_hex(colour) for colour in palette),
    }


def _hex(colour: Any) -> str:
    red, green, blue = colour
    return f"#{red:02x}{green:02x}{blue:02x}"
