"""From a Textual key to the bytes xterm would send. Pure: a name, a character and two modes in, bytes out.

Ctrl, Alt and Shift are encoded as xterm does without any keyboard protocol: that is what every program understands.
"""

from __future__ import annotations

import unicodedata

from textual.keys import KEY_NAME_REPLACEMENTS, _character_to_key

_SIMPLE = {
    "enter": b"\r",
    "return": b"\r",
    "tab": b"\t",
    "escape": b"\x1b",
    "backspace": b"\x7f",
    "space": b" ",
}
_CURSOR = {"up": b"A", "down": b"B", "right": b"C", "left": b"D", "end": b"F", "home": b"H"}
"""``CSI x`` or, in application mode, ``SS3 x``; with modifiers ``CSI 1 ; m x``."""
CURSOR_KEYS = frozenset(_CURSOR)
"""What is encoded by the mode."""
_SS3_FUNCTION = {"f1": b"P", "f2": b"Q", "f3": b"R", "f4": b"S"}
_TILDE = {
    "insert": 2, "delete": 3, "pageup": 5, "pagedown": 6,
    "f5": 15, "f6": 17, "f7": 18, "f8": 19, "f9": 20, "f10": 21, "f11": 23, "f12": 24,
}  # fmt: skip
_CONTROL = {
    "@": 0, " ": 0, "2": 0, "[": 27, "3": 27, "\\": 28, "4": 28, "]": 29, "5": 29,
    "^": 30, "6": 30, "~": 30, "_": 31, "7": 31, "/": 31, "-": 31, "?": 127, "8": 127,
}  # fmt: skip
_MODIFIERS = {"shift": 1, "alt": 2, "ctrl": 4}
_NAMES = {_character_to_key(chr(code)): chr(code) for code in range(33, 127)}
_NAMES |= {short: _NAMES[long] for long, short in KEY_NAME_REPLACEMENTS.items() if long in _NAMES}
_NAMES |= {"space": " ", "at": "@", "newline": "\n"}


def encode(key: str, character: str | None, *, application_cursor: bool = False) -> bytes | None:
    """The bytes for one key press; ``None`` for a key that a terminal does not send (a bare modifier, a media key)."""
    if "+" in key[:-1]:
        *modifiers, name = key.split("+") if not key.endswith("++") else [*key[:-2].split("+"), "+"]
    else:
        modifiers, name = [], key
    held = {modifier for modifier in modifiers if modifier in _MODIFIERS}
    if len(held) != len(modifiers):  # super, hyper, meta: the window manager's
        return None
    code = 1 + sum(_MODIFIERS[modifier] for modifier in held)

    if name in _CURSOR:
        return _cursor(_CURSOR[name], code, application_cursor)
    if name in _SS3_FUNCTION:
        return b"\x1bO" + _SS3_FUNCTION[name] if code == 1 else b"\x1b[1;%d" % code + _SS3_FUNCTION[name]
    if name in _TILDE:
        return b"\x1b[%d~" % _TILDE[name] if code == 1 else b"\x1b[%d;%d~" % (_TILDE[name], code)
    if name == "tab" and "shift" in held:
        return _alt(b"\x1b[Z", held)
    if name == "backspace" and ("ctrl" in held or character == "\x08"):
        return _alt(b"\x08", held)
    if name in _SIMPLE and not (name == "space" and "ctrl" in held):
        return _alt(_SIMPLE[name], held)
    return _text(name, character, held)


def _cursor(final: bytes, code: int, application: bool) -> bytes:
    if code > 1:
        return b"\x1b[1;%d" % code + final
    return (b"\x1bO" if application else b"\x1b[") + final


def _text(name: str, character: str | None, held: set[str]) -> bytes | None:
    """A character, perhaps with Ctrl or Alt."""
    if not held and character:
        return character.encode("utf-8", "surrogateescape")
    letter = _letter(name, character)
    if letter is None:
        return None
    if "ctrl" in held:
        control = _control(letter)
        if control is None:
            return None
        return _alt(control, held)
    if "shift" in held:
        letter = letter.upper()
    return _alt(letter.encode(), held)


def _letter(name: str, character: str | None) -> str | None:
    """The character that a key name stands for: ``full_stop`` is ``.``"""
    if len(name) == 1:
        return name
    if name in _NAMES:
        return _NAMES[name]
    try:
        return unicodedata.lookup(name.replace("_", " "))
    except KeyError:
        return character if character and character.isprintable() else None


def _control(letter: str) -> bytes | None:
    lower = letter.lower()
    if "a" <= lower <= "z":
        return bytes([ord(lower) - 96])
    if letter in _CONTROL:
        return bytes([_CONTROL[letter]])
    return None


def _alt(data: bytes, held: set[str]) -> bytes:
    return b"\x1b" + data if "alt" in held else data


def paste(text: str, *, bracketed: bool) -> bytes:
    """Pasted text as the program gets it: line ends as Enter, nothing in it that could end the brackets early."""
    data = text.replace("\r\n", "\r").replace("\n", "\r")
    data = "".join(one for one in data if one in "\t\r" or (ord(one) >= 32 and one != "\x7f"))
    encoded = data.encode("utf-8", "surrogateescape")
    return b"\x1b[200~" + encoded + b"\x1b[201~" if bracketed else encoded
