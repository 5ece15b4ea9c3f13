"""Keys, pastes and the terminal's answers out of what is typed, in however many pieces a slow line brings it.

Textual's reader waits equally long for every next character of a sequence and then takes what there is for typed text:
over a slow line ``Esc [ 2`` and, a little later, ``1 ~`` would be typed into the shell, and the end of a paste be
missed for ever. Only the first wait has to be short, the one that tells the key Esc from the beginning of a sequence.
So sequences are put together here (ECMA-48, 5.4 and 5.6) and Textual's reader gets each whole. An answer of the
terminal that nobody waits for, such as one to a question of the program before this one, is dropped.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

from textual import constants, events
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.message import Message

SPLIT_SECONDS = 0.3
"""How long ``Esc [`` or ``Esc O`` waits for the rest, and how late the rest of a sequence may come whose Esc has been
taken for the key."""
BEGINNING_SECONDS = 5.0
"""The terminal's answers to what a program asks at its start are most likely to be parted: till then Esc waits as well.
"""
LEARNED_SECONDS = 60.0
"""A line that has parted a sequence right after its Esc may do so again: for so long Esc waits like the others."""
REST_SECONDS = 5.0
"""How long a sequence waits that no keys have begun. Then it is dropped."""

ESC, BEL = "\x1b", "\x07"
_HEAD = 16
"""So many characters of a long answer tell what it is."""
_PERHAPS_ONE_KEY = re.compile(r"\x1b[]P_]?\Z")
_PERHAPS_KEYS = re.compile(r"\x1b(\[{1,2}|O\d*)\Z")
"""What somebody may have typed: Esc, Alt and a character; or Esc and what Vim takes after it."""
_CONTROL = re.compile(r"\x1b\[(\[|M.{0,2}|[ -?]*)\Z", re.DOTALL)
"""The beginning of a control sequence. ``CSI [`` begins a function key of Linux' console, ``CSI M`` a mouse report of
old."""
_CONTROL_WHOLE = re.compile(r"\x1b\[(\[.|M...|[ -?]*[@-LN-Z\\-~]|[ -?]+[@-~]|\d+\$)\Z", re.DOTALL)
"""rxvt ends a key with Shift by ``$``."""
_FUNCTION = re.compile(r"\x1bO\d*\Z")
_FUNCTION_WHOLE = re.compile(r"\x1bO\d*[A-Za-z]\Z")
_FUNCTION_LATE = "PQRS"
"""F1 to F4. Other such keys are not waited for: in Vim ``Esc`` and ``O`` begin a line above."""
_REST = re.compile(rf"\[|O[{_FUNCTION_LATE}]\Z")
"""How the rest of a sequence may begin whose Esc was taken for the key."""
_STRINGS = "]P_"
_STRING = re.compile(
    r"\x1b(\](\d{0,4}|\d{1,4};.*)|P(>|>\|.*|!|!\|.*|[01]|[01]?[$+]|[01]?[$+]r.*)?|_(G.*)?)\Z", re.DOTALL
)
"""The beginning of a colour, of the terminal's name, of a setting, of an answer about pictures."""
_ANSWER = re.compile(r"\x1b\[([?>=<].*[^Mmy]|[\d;]+[cnx]|(?!48;)[\d;]+t|[\d;]*\$y|\d+;\d+R)\Z")
"""Of a size only that in which the window changes (48) is asked for."""
_KEYS_THAT_LOOK_SO = re.compile(r"\x1b\[1;([2-9]|1[0-6])[Rtxy]\Z")
"""F3 with modifiers, and keys of a number pad."""
_ALIVE = "\x1b[0n"
_LATE = "_nsteps_late"


def is_late(event: events.Key) -> bool:
    """Whether the key's Esc came so much earlier that it was taken for the key Esc: what is sent now is the rest."""
    return getattr(event, _LATE, False)


class Sequences:
    """Feeds a parser of Textual's. ``alive`` is called at each answer to *are you there* (``CSI 5 n``); ``expecting``
    tells whether there may be one on its way, so that an Esc is rather its beginning."""

    def __init__(
        self,
        parser: XTermParser,
        *,
        alive: Callable[[], None] = lambda: None,
        expecting: Callable[[], bool] = lambda: False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._parser: Any = parser
        self._alive = alive
        self._expecting = expecting
        self._clock = clock
        self._begun = ""
        """What has come of a sequence."""
        self._last = 0.0
        """When its last piece came."""
        self._late_until = 0.0
        """Until then the rest of a sequence may come whose Esc was taken for the key."""
        self._is_late = False
        """The sequence's Esc is such a one."""
        self._parted = False
        """The sequence's Esc came by itself."""
        self._parts_until = clock() + BEGINNING_SECONDS
        self._paste: list[str] | None = None
        self._tail = ""
        """The last characters of what has come of a paste."""

    @property
    def at_rest(self) -> bool:
        """Whether what comes now is neither part of a sequence that has begun, nor late, nor pasted."""
        return not self._begun and self._paste is None and not self._late_until

    @property
    def until(self) -> float | None:
        """When :meth:`expire` is to be called, by the clock, unless more comes; ``None`` if nothing is waited for."""
        if not self._begun:
            return None
        if self._is_late or _PERHAPS_KEYS.match(self._begun):
            return self._last + SPLIT_SECONDS
        if not _PERHAPS_ONE_KEY.match(self._begun):
            return self._last + REST_SECONDS
        patient = self._last < self._parts_until or self._expecting()
        return self._last + (SPLIT_SECONDS if patient else float(constants.ESCAPE_DELAY))

    def feed(self, text: str) -> Iterator[Message]:
        """What a piece of the input makes whole."""
        now = self._clock()
        if not self._begun and now < self._late_until and _REST.match(text):
            self._begun, self._is_late, self._parted = ESC, True, True
        elif self._begun == ESC:
            self._parted = now > self._last + float(constants.ESCAPE_DELAY)
        elif (
            _FUNCTION.match(self._begun)
            and text[:1] not in _FUNCTION_LATE
            and now > self._last + float(constants.ESCAPE_DELAY)
        ):
            yield from self._as_keys()
        self._late_until, self._last = 0.0, now
        position = 0
        while position < len(text):
            if self._paste is not None:
                position, pasted = self._collect(text, position)
                if pasted is not None:
                    yield events.Paste(pasted.replace("\x00", ""))
            elif self._begun:
                yield from self._add(text[position])
                position += 1
            else:
                end = text.find(ESC, position)
                plain = text[position:] if end < 0 else text[position:end]
                if plain:
                    yield from self._parser.feed(plain)
                position += len(plain) + 1
                if end >= 0:
                    self._begun, self._parted = ESC, False

    def expire(self) -> Iterator[Message]:
        """Nothing more came in time: what has come is keys, or was cut off."""
        if self._begun == ESC:
            self._late_until = self._clock() + SPLIT_SECONDS
        if self._is_late or _PERHAPS_ONE_KEY.match(self._begun) or _PERHAPS_KEYS.match(self._begun):
            yield from self._as_keys()
        self._begun = ""

    # -- a sequence ------------------------------------------------------------------------------------------------

    def _add(self, character: str) -> Iterator[Message]:
        """One more character of the sequence that has begun."""
        begun, sequence = self._begun, self._begun + character
        kind = sequence[1]
        if kind in _STRINGS and len(begun) > 2 and _STRING.match(begun):
            if character == BEL or sequence.endswith("\x1b\\"):
                self._begun = ""  # an answer that nobody waits for
                return
            if begun.endswith(ESC):  # only with \ does it end the string
                self._begun = ESC
                yield from self._add(character)
                return
            if character == ESC or _STRING.match(sequence):
                self._begun = sequence[:_HEAD] + sequence[_HEAD:][-1:]
                return
        if _CONTROL_WHOLE.match(sequence) or _FUNCTION_WHOLE.match(sequence):
            self._begun = sequence
            yield from self._whole()
        elif _CONTROL.match(sequence) or _FUNCTION.match(sequence) or _STRING.match(sequence):
            self._begun = sequence
        elif len(begun) == 1 and character != ESC:
            self._begun = sequence
            yield from self._whole()
        else:  # nothing that a terminal sends
            if self._is_late or not (begun.startswith("\x1b[") and len(begun) > 2):
                yield from self._as_keys()
            self._begun = ESC if character == ESC else ""
            if character != ESC:
                yield from self._parser.feed(character)

    def _whole(self) -> Iterator[Message]:
        """What a whole sequence means."""
        sequence, late = self._begun, self._is_late
        self._begun, self._is_late = "", False
        if self._parted and len(sequence) > 2:
            self._parts_until = self._last + LEARNED_SECONDS
        if sequence == BRACKETED_PASTE_START:
            self._paste, self._tail = [], ""
        elif sequence == _ALIVE:
            self._alive()
        elif not _ANSWER.match(sequence) or _KEYS_THAT_LOOK_SO.match(sequence):
            found = list(self._parser.feed(sequence))
            if self._parser._timeout_time is None:
                for event in found if late else ():
                    setattr(event, _LATE, True)
            else:  # Textual does not know it
                found = self._give_up()
                if late:
                    found = list(self._parser.feed(sequence[1:]))
            yield from found

    def _as_keys(self) -> Iterator[Message]:
        """What has begun was typed."""
        begun, late = self._begun, self._is_late
        self._begun, self._is_late = "", False
        yield from self._parser.feed(begun[1:] if late else begun)
        if self._parser._timeout_time is not None:
            yield from self._give_up()

    def _give_up(self) -> list[Message]:
        """Textual's reader waits for more that does not come: what it then takes for keys."""
        self._parser._timeout_time = 0.0
        return list(self._parser.tick())

    # -- a paste ---------------------------------------------------------------------------------------------------

    def _collect(self, text: str, position: int) -> tuple[int, str | None]:
        """Take the text from there on, up to the end of the paste if it is in it: where the rest begins, and the
        paste."""
        assert self._paste is not None
        seen = self._tail + text[position:]
        end = seen.find(BRACKETED_PASTE_END)
        if end < 0:
            self._paste.append(text[position:])
            self._tail = seen[-len(BRACKETED_PASTE_END) + 1 :]
            return len(text), None
        stop = position + end + len(BRACKETED_PASTE_END) - len(self._tail)
        pasted = "".join([*self._paste, text[position:stop]])[: -len(BRACKETED_PASTE_END)]
        self._paste = None
        return stop, pasted
