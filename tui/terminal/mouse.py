"""From a mouse event to the bytes a program that asked for the mouse gets. Pure."""

from __future__ import annotations

from tui.terminal.emulator import Modes

WHEEL_UP, WHEEL_DOWN = 4, 5
"""Button numbers of the wheel, as X11 counts; 1 left, 2 middle, 3 right."""


def encode(
    action: str,
    button: int,
    x: int,
    y: int,
    modes: Modes,
    *,
    shift: bool = False,
    alt: bool = False,
    ctrl: bool = False,
) -> bytes | None:
    """The report of a mouse ``action`` (``press``, ``release`` or ``move``) at a cell counted from 0.

    ``None`` if the program did not ask for this one. ``button`` 0 is none (a move without a button held).
    """
    if not _wanted(action, button, modes.mouse):
        return None
    wheel = button >= WHEEL_UP
    if wheel:
        code = 64 + button - WHEEL_UP
    elif button:
        code = button - 1
    else:
        code = 3
    if action == "move":
        code += 32
    if modes.mouse != "press":
        code += 4 * shift + 8 * alt + 16 * ctrl
    if modes.mouse_sgr:
        return b"\x1b[<%d;%d;%d%s" % (code, x + 1, y + 1, b"m" if action == "release" else b"M")
    if action == "release":
        code = (code & ~3) | 3
    if x > 222 or y > 222:  # the old encoding has no bytes for these
        return None
    return b"\x1b[M" + bytes((code + 32, x + 33, y + 33))


def _wanted(action: str, button: int, mode: str) -> bool:
    if mode == "none":
        return False
    if button >= WHEEL_UP:
        return action == "press"
    if mode == "press":
        return action == "press"
    if action == "move":
        return mode == "motion" or (mode == "drag" and button > 0)
    return True
