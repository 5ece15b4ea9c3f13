"""Pictures as fast as the terminal takes them, and a good end: over a slow line the newest picture is what is wanted.

While the terminal still has to take what was written (:mod:`tui.terminal.flow`) nothing is painted; what has changed
meanwhile is remembered, and painted as it is then. And before the program gives the terminal back it waits until that
has heard so: a report of the mouse on its way would be typed into the shell. (Textual is pinned exactly.)
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import os
import select
import time
from typing import Any
from weakref import WeakSet

from textual.app import App, ScreenStackError
from textual.drivers.linux_driver import LinuxDriver
from textual.screen import Screen

from tui.terminal.flow import ANSWER
from tui.terminal.writer import QuickWriter

LOOK_AGAIN_SECONDS = 0.5
LAST_ANSWER_SECONDS = 3.0
"""How long the program waits for the terminal when it ends."""

_watched: WeakSet[QuickWriter] = WeakSet()
"""Those that are looked at from time to time."""
_refresh = Screen._compositor_refresh
_stop = LinuxDriver.stop_application_mode


def may_paint(app: App[Any]) -> bool:
    """Whether what is painted now is shown before long. If not, the screen is painted once it would be."""
    writer = getattr(app._driver, "_writer_thread", None)
    if not isinstance(writer, QuickWriter) or not writer.congested:
        return True
    loop, context = asyncio.get_running_loop(), contextvars.copy_context()

    def again() -> None:
        with contextlib.suppress(RuntimeError):  # the loop has been closed
            loop.call_soon_threadsafe(_paint_now, app, context=context)

    writer.when_free(again)
    if writer not in _watched:
        _watched.add(writer)
        loop.call_later(LOOK_AGAIN_SECONDS, _look_again, app, writer)
    return False


def _look_again(app: App[Any], writer: QuickWriter) -> None:
    """The terminal may have stopped answering."""
    if writer.waited_for and app._running and writer.congested:
        asyncio.get_running_loop().call_later(LOOK_AGAIN_SECONDS, _look_again, app, writer)
        return
    _watched.discard(writer)
    writer.free()


def _paint_now(app: App[Any]) -> None:
    if app._running and not app._batch_count:
        with contextlib.suppress(ScreenStackError):
            app.screen._compositor_refresh()


def _compositor_refresh(self: Screen[Any]) -> None:
    if self is not self.app.screen or may_paint(self.app):
        _refresh(self)


def _stop_application_mode(self: LinuxDriver) -> None:
    _take_leave(self)
    _stop(self)


def _take_leave(driver: LinuxDriver) -> None:
    """Have the terminal report nothing any more, and wait until it has heard so. What it sent before is lost."""
    writer = driver._writer_thread
    if not isinstance(writer, QuickWriter) or not os.isatty(driver.fileno) or not writer.flow.may_answer:
        return
    driver._disable_bracketed_paste()
    driver._disable_in_band_window_resize()
    driver._disable_mouse_support()
    driver.write("\x1b[?1004l\x1b[<u")
    driver.write(writer.flow.ask())
    missing = writer.flow.open_questions
    until, answers = time.monotonic() + LAST_ANSWER_SECONDS, b""
    with contextlib.suppress(OSError):  # the terminal is gone
        while answers.count(ANSWER.encode()) < missing and (left := until - time.monotonic()) > 0:
            if select.select([driver.fileno], [], [], left)[0]:
                data = os.read(driver.fileno, 4096)
                if not data:
                    break
                answers += data


def install() -> None:
    """Make it so for every terminal. Does nothing the second time."""
    screen: Any = Screen
    screen._compositor_refresh = _compositor_refresh
    driver: Any = LinuxDriver
    driver.stop_application_mode = _stop_application_mode
