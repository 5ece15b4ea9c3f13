"""Lets Esc and Alt through: Textual's reader of key presses guesses, and a shell needs what was typed.

Left alone it turns ``Alt-b`` into Ctrl-Left and ``Alt-1`` into ``¡``, drops the Alt of ``Alt-.``, and so also swallows
the Esc of a quick ``Esc :`` in Vim. Two-byte sequences of Esc and a character are therefore read here, as Alt and that
character, which :mod:`tui.terminal.keys` writes to the shell as the same two bytes. (Textual is pinned exactly.)

Most terminals send Shift with a function key as the number plus twelve was sent of old, and Textual calls Shift-F9
``f21``. Here it is ``shift+f9``, as Textual calls it too where the terminal speaks kitty's protocol.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from typing import Any

from textual import _xterm_parser, constants, events
from textual._xterm_parser import XTermParser
from textual.keys import KEY_NAME_REPLACEMENTS, _character_to_key

from tui.terminal import pacing, quick, writer
from tui.terminal import reader as loop_reader

ESCAPE_DELAY_SECONDS = 0.03
"""How long a lone Esc waits for the rest of a sequence, unless ``ESCDELAY`` (milliseconds) says otherwise."""

_INTRODUCERS = "[O]P_^X"
"""After Esc these begin a longer sequence."""

_NEVER = re.compile("(?!)")
"""A report of the cursor's position looks like Shift-F3. Nobody here asks for one, so that key it is."""
_SHIFTED = {f"f{number + 12}": f"f{number}" for number in range(1, 13)}

_original = XTermParser._sequence_to_key_events


def _name(character: str) -> str | None:
    if character == "\x7f":
        return "backspace"
    if character == "\r":
        return "enter"
    if character == " ":
        return "space"
    if not character.isprintable():
        return None
    if character.isalnum():
        return f"shift+{character.lower()}" if character.isupper() else character
    name = _character_to_key(character)
    return KEY_NAME_REPLACEMENTS.get(name, name)


def _sequence_to_key_events(self: XTermParser, sequence: str, alt: bool = False) -> Iterable[events.Key]:
    typed = sequence if alt else sequence[1:] if len(sequence) == 2 and sequence[0] == "\x1b" else ""
    if len(typed) == 1 and (alt or typed not in _INTRODUCERS):
        name = _name(typed)
        if name is not None:
            return [events.Key(f"alt+{name}", None)]
    return [_shifted(event) for event in _original(self, sequence, alt)]


def _shifted(event: events.Key) -> events.Key:
    """The same key press, Shift-F1 to Shift-F12 by name."""
    held, plus, name = event.key.rpartition("+")
    if name in _SHIFTED:
        return events.Key(f"{held}{plus}shift+{_SHIFTED[name]}", event.character)
    return event


def install() -> None:
    """Make it so for every driver. Does nothing the second time."""
    quick.install()
    loop_reader.install()
    writer.install()
    pacing.install()
    parser: Any = XTermParser
    parser._sequence_to_key_events = _sequence_to_key_events
    reader: Any = _xterm_parser
    reader._re_cursor_position = _NEVER
    if "ESCDELAY" not in os.environ:
        settings: Any = constants
        settings.ESCAPE_DELAY = ESCAPE_DELAY_SECONDS
