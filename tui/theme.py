"""The colours: for a dark and for a light room, every text at least 4.5 : 1 against what is behind it; and ``ansi``,
which uses nothing but the sixteen colours that the terminal itself was set up with, on its own background.

What decides, in this order: ``--theme``, ``NSTEPS_THEME``, ``NO_COLOR`` (no colours at all, whatever the theme), what
was chosen on the screen before, and what the terminal tells of itself: ``ansi`` where ``TERM`` promises no more than
sixteen colours, else dark or light by ``COLORFGBG``.
"""

from __future__ import annotations

from collections.abc import Mapping

from rich.terminal_theme import TerminalTheme
from textual.theme import BUILTIN_THEMES, Theme

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
_DEFAULT = "ansi_default"
_ANSI_VARIABLES = {"line": _DEFAULT, "quiet": _DEFAULT, "good-background": _DEFAULT}
ANSI_ON_DARK = Theme(
    name="nsteps-ansi-dark",
    primary="ansi_bright_cyan",
    secondary="ansi_cyan",
    accent="ansi_bright_yellow",
    success="ansi_bright_green",
    warning="ansi_yellow",
    error="ansi_bright_red",
    foreground=_DEFAULT,
    background=_DEFAULT,
    surface=_DEFAULT,
    panel=_DEFAULT,
    boost=_DEFAULT,
    dark=True,
    ansi=True,
    variables=BUILTIN_THEMES["ansi-dark"].variables | _ANSI_VARIABLES,
)
ANSI_ON_LIGHT = Theme(
    name="nsteps-ansi-light",
    primary="ansi_blue",
    secondary="ansi_blue",
    accent="ansi_magenta",
    success="ansi_green",
    warning="ansi_magenta",
    error="ansi_red",
    foreground=_DEFAULT,
    background=_DEFAULT,
    surface=_DEFAULT,
    panel=_DEFAULT,
    boost=_DEFAULT,
    dark=False,
    ansi=True,
    variables=BUILTIN_THEMES["ansi-light"].variables | _ANSI_VARIABLES,
)
THEMES = {"dark": DARK, "light": LIGHT}
"""Those with colours of their own."""
EVERY_THEME = (DARK, LIGHT, ANSI_ON_DARK, ANSI_ON_LIGHT)
NAMES = ("dark", "light", "ansi")
"""What people call them."""

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


def preferred(
    environment: Mapping[str, str], *, asked: str | None = None, kept: str = "auto", terminal: bool = False
) -> str:
    """``dark``, ``light`` or ``ansi``.

    ``asked``: on the command line; ``kept``: chosen before; ``terminal``: shown on the terminal that ``TERM`` names.
    """
    for wanted in (asked, environment.get("NSTEPS_THEME"), "ansi" if environment.get("NO_COLOR") else None, kept):
        if wanted in NAMES:
            return wanted
        if wanted == "auto":
            break
    if terminal and not _many_colours(environment):
        return "ansi"
    return "light" if _light_behind(environment) else "dark"


def named(name: str, environment: Mapping[str, str]) -> Theme:
    """The theme of that name, on the background that the terminal seems to have."""
    if name == "ansi":
        return ANSI_ON_LIGHT if _light_behind(environment) else ANSI_ON_DARK
    return THEMES[name]


def name_of(theme: Theme) -> str:
    """What people call it."""
    return "ansi" if theme.ansi else "dark" if theme.dark else "light"


def _light_behind(environment: Mapping[str, str]) -> bool:
    return environment.get("COLORFGBG", "").split(";")[-1] in ("7", "15")


def _many_colours(environment: Mapping[str, str]) -> bool:
    if environment.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return True
    term = environment.get("TERM", "")
    return term.endswith(("-256color", "-kitty"))
