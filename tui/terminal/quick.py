"""A short way for keys: from the terminal outside to the one inside, past the queues that a key has no need of.

Textual hands a key from its reading thread to the loop as a task, which puts it into the application's queue, whose
task puts it into the widget's queue, whose task takes it. Where all of these are at rest, and the key is none of the
program's own, the terminal that has the focus takes it at once. (Textual is pinned exactly.)
"""

from __future__ import annotations

import threading
from typing import Any

from textual import events
from textual.app import App, ScreenStackError
from textual.driver import Driver
from textual.message import Message

_on_event = App.on_event
_BUSY = "_nsteps_events_underway"


async def _on_event_counted(self: App[Any], event: events.Event) -> None:
    """The application's own handler; while it waits for something no key may overtake the one it handles."""
    setattr(self, _BUSY, getattr(self, _BUSY, 0) + 1)
    try:
        await _on_event(self, event)
    finally:
        setattr(self, _BUSY, getattr(self, _BUSY) - 1)


def deliver(app: App[Any], message: Message) -> None:
    """Give the message to the application; a key at once to the widget with the focus, if that has a ``take_key`` and
    nothing came before it."""
    if isinstance(message, events.Key) and app._message_queue.empty() and not getattr(app, _BUSY, 0):
        try:
            screen = app.screen
        except ScreenStackError:  # it is just starting, or ending
            app.post_message(message)
            return
        widget: Any = screen.focused
        take_key = getattr(widget, "take_key", None)
        if (
            take_key is not None
            and widget._message_queue.empty()
            and message.key not in app._bindings.key_to_bindings
            and message.key not in screen._bindings.key_to_bindings
        ):
            take_key(message)
            return
    app.post_message(message)


def _send_message(self: Driver, message: Message) -> None:
    """In the loop, or in a reading thread."""
    if self._app._thread_id == threading.get_ident():
        deliver(self._app, message)
    else:
        self._loop.call_soon_threadsafe(deliver, self._app, message)


def install() -> None:
    """Make it so for every driver. Does nothing the second time."""
    driver: Any = Driver
    application: Any = App
    driver.send_message = _send_message
    application.on_event = _on_event_counted
