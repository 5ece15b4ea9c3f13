"""Reads what somebody types at a keyboard that is elsewhere, and presses it here, as a terminal's driver does."""

from __future__ import annotations

from collections.abc import Callable

from textual._xterm_parser import XTermParser
from textual.driver import Driver
from textual.message import Message


class Typist:
    """One keyboard. What :meth:`type` is given at once was typed at once, so that a lone Esc is one without waiting.

    ``heeds`` tells whether an event may pass; by default all may.
    """

    def __init__(self, driver: Driver, heeds: Callable[[Message], bool] = lambda event: True) -> None:
        self._driver = driver
        self._heeds = heeds
        self._parser = XTermParser()

    def type(self, text: str) -> None:
        """Bytes that no terminal sends are forgotten, and the next key is read."""
        if not text:
            return  # to Textual's parser nothing means the end of everything
        parser = self._parser
        try:
            for event in parser.feed(text):
                self._press(event)
            if parser._timeout_time is not None:  # an Esc that might have begun a sequence: nothing follows it
                parser._timeout_time = 0.0
                for event in parser.tick():
                    self._press(event)
        except (ValueError, LookupError, StopIteration, RuntimeError):
            self._parser = XTermParser()

    def _press(self, event: Message) -> None:
        if self._heeds(event):
            self._driver.process_message(event)
