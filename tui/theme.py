"""The colours, for a dark and for a light room. Every text colour stands at least 4.5 : 1 against what is behind it.

``NSTEPS_THEME`` (``dark`` or ``light``) decides; without it what the terminal tells of itself in ``COLORFGBG``.
"""

from __future__ import annotations

from collections.abc import Mapping

from rich.terminal_theme import TerminalTheme
from textual.theme import Theme

DARK = Theme(
    name="nsteps-dark",
    primary="#86b3e6",
    secondary="#9fb0c3",
    accent="#e8b36a",
    success="#85c78a",
    warning="#e3c06b",
    error="#f08b85",
    foreground="#d9dde3",
    background="#13161a",
    surface="#191d23",
    panel="#242a33",
    dark=True,
    variables={"line": "#39414d", "quiet": "#9aa3af", "good-background": "#1d3325"},
)
LIGHT = Theme(
    name="nsteps-light",
    primary="#1f5aa6",
    secondary="#4c5a6b",
    accent="#8f4d00",
    success="#22692f",
    warning="#745000",
    error="#ad2018",
    foreground="#23272e",
    background="#fcfbf8",
    surface="#f4f2ed",
    panel="#e6e3db",
    dark=False,
    variables={"line": "#bdb8ab", "quiet": "#5a6069", "good-background": "#dcefdd"},
)
THEMES = {"dark": DARK, "light": LIGHT}

_DARK_COLOURS = (
    (0x2B, 0x31, 0x3A), (0xEF, 0x7F, 0x79), (0x85, 0xC7, 0x8A), (0xE3, 0xC0, 0x6B),
    (0x7F, 0xAE, 0xE6), (0xC7, 0x9B, 0xDD), (0x74, 0xC4, 0xC4), (0xD9, 0xDD, 0xE3),
)  # fmt: skip
_DARK_BRIGHT = (
    (0x8A, 0x94, 0xA1), (0xFF, 0x9D, 0x97), (0xA5, 0xE0, 0xA9), (0xF5, 0xD8, 0x8B),
    (0xA3, 0xC9, 0xF7), (0xDD, 0xB9, 0xF0), (0x96, 0xDE, 0xDE), (0xFF, 0xFF, 0xFF),
)  # fmt: skip
_LIGHT_COLOURS = (
    (0x23, 0x27, 0x2E), (0xAD, 0x20, 0x18), (0x22, 0x69, 0x2F), (0x74, 0x50, 0x00),
    (0x1F, 0x5A, 0xA6), (0x7B, 0x3A, 0x93), (0x0F, 0x66, 0x6B), (0xD9, 0xD5, 0xCB),
)  # fmt: skip
_LIGHT_BRIGHT = (
    (0x5A, 0x60, 0x69), (0xC9, 0x30, 0x27), (0x2C, 0x80, 0x3B), (0x8A, 0x60, 0x00),
    (0x2A, 0x6A, 0xC0), (0x91, 0x4A, 0xAB), (0x14, 0x77, 0x7D), (0xFF, 0xFF, 0xFF),
)  # fmt: skip
DARK_TERMINAL = TerminalTheme((0x13, 0x16, 0x1A), (0xD9, 0xDD, 0xE3), list(_DARK_COLOURS), list(_DARK_BRIGHT))
LIGHT_TERMINAL = TerminalTheme((0xFC, 0xFB, 0xF8), (0x23, 0x27, 0x2E), list(_LIGHT_COLOURS), list(_LIGHT_BRIGHT))
"""What the sixteen colours of programs in the lab look like."""


def preferred(environment: Mapping[str, str]) -> str:
    """``dark`` or ``light``."""
    wanted = environment.get("NSTEPS_THEME", "")
    if wanted in THEMES:
        return wanted
    background = environment.get("COLORFGBG", "").split(";")[-1]
    return "light" if background in ("7", "15") else "dark"
