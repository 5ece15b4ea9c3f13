"""Lets Esc and Alt through: Textual's reader of key presses guesses, and a shell needs what was typed.

Left alone it turns ``Alt-b`` into Ctrl-Left and ``Alt-1`` into ``¡``, drops the Alt of ``Alt-.``, and so also swallows
the Esc of a quick ``Esc :`` in Vim. Two-byte sequences of Esc and a character are therefore read here, as Alt and that
character, which :mod:`tui.terminal.keys` writes to the shell as the same two bytes. (Textual is pinned exactly.)
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from textual import constants, events
from textual._xterm_parser import XTermParser
from textual.keys import KEY_NAME_REPLACEMENTS, _character_to_key

ESCAPE_DELAY_SECONDS = 0.03
"""How long a lone Esc waits for the rest of a sequence, unless ``ESCDELAY`` (milliseconds) says otherwise."""

_INTRODUCERS = "[O]P_^X"
"""After Esc these begin a longer sequence."""

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
    return _original(self, sequence, alt)


def install() -> None:
    """Make it so for every driver. Does nothing the second time."""
    parser: Any = XTermParser
    parser._sequence_to_key_events = _sequence_to_key_events
    if "ESCDELAY" not in os.environ:
        settings: Any = constants
        settings.ESCAPE_DELAY = ESCAPE_DELAY_SECONDS
