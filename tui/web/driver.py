"""Textual's driver for a screen that is in a browser: keys come from, and the picture goes to, the web server.

Textual brings one that speaks over standard input and output and goes on when they have ended. This one has a socket of
its own, so that no program's stray word gets into the picture; ends the application when the server is gone; wakes up
only for packets; and knows that what one packet brings was typed at once, so that a lone Esc is one without waiting.
"""

from __future__ import annotations

import threading
from typing import Any, ClassVar

from textual import events, messages
from textual.app import App
from textual.driver import Driver
from textual.geometry import Size

from tui.web.channel import Channel
from tui.web.packets import DATA, META, Focus, OpenUrl, PacketError, Quit, Resize, packet, understood
from tui.web.typist import Typist

MODES = (
    "\x1b[?1049h",  # the alternate screen
    "\x1b[?25l",  # no cursor
    "\x1b[?1000h",  # mouse buttons
    "\x1b[?1003h",  # every movement of the mouse
    "\x1b[?1006h",  # reported in the form without a limit of columns
    "\x1b[?2004h",  # bracketed paste
)
"""Set at the start, each in a packet of its own: the page takes the first of more than ten bytes for a picture."""
POINTER_SHAPE = "\x1b]22;"
"""The page's terminal knows no shapes of the mouse pointer, and would take the first for the picture."""


class BrowserDriver(Driver):
    """See the module; :func:`driver_for` makes the class for one channel."""

    channel: ClassVar[Channel]
    first_size: ClassVar[tuple[int, int]]

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size or self.first_size)
        self._thread = threading.Thread(target=self._listen, name="browser", daemon=True)
        self._stopped = False

    @property
    def is_web(self) -> bool:
        return True

    def write(self, data: str) -> None:
        """Paint."""
        if data.startswith(POINTER_SHAPE):
            return
        self.channel.send(packet(DATA, data.encode("utf-8", "replace")))

    def start_application_mode(self) -> None:
        """The screen's modes, the first size, and from now on the keys."""
        for mode in MODES:
            self.write(mode)
        self._resize(*(self._size or self.first_size))
        self._thread.start()

    def disable_input(self) -> None:
        """Nothing to do: the page is thrown away with the application."""

    def stop_application_mode(self) -> None:
        """No more keys. Nothing to undo: the page is thrown away with the application."""
        self._stopped = True

    def open_url(self, url: str, new_tab: bool = True) -> None:
        """In the learner's browser, always in a tab of its own: this one holds the lab."""
        self.channel.tell(OpenUrl(url))

    def _resize(self, columns: int, rows: int) -> None:
        self._size = (columns, rows)
        size = Size(columns, rows)
        self.send_message(events.Resize(size, size))

    def _listen(self) -> None:
        """In a thread of its own, until the server is gone; then the application ends as at :class:`Quit`."""
        page = Typist(self)
        for kind, payload in self.channel.packets():
            if self._stopped:
                return
            if kind == DATA:
                page.type(payload.decode("utf-8", "replace"))
            elif kind == META:
                self._told(payload)
            else:
                self.received(kind, payload)
        if not self._stopped:
            self.send_message(messages.ExitApp())

    def received(self, kind: bytes, payload: bytes) -> None:
        """A packet of a kind that only a classroom has; called in the listening thread."""

    def _told(self, payload: bytes) -> None:
        try:
            what = understood(payload)
        except PacketError:
            return
        match what:
            case Resize(columns, rows):
                self._resize(columns, rows)
            case Focus(gained):
                self.send_message(events.AppFocus() if gained else events.AppBlur())
            case Quit():
                self.send_message(messages.ExitApp())
            case _:
                return


def driver_for(channel: Channel, columns: int, rows: int) -> type[BrowserDriver]:
    """The driver class for :class:`textual.app.App` that speaks over ``channel``."""
    return type("BrowserDriver", (BrowserDriver,), {"channel": channel, "first_size": (columns, rows)})
