"""The colours can be told apart from what is behind them, in the dark and in the light."""

from __future__ import annotations

import pytest
from textual.color import Color
from textual.theme import Theme

from tui import theme

TEXT = ("primary", "secondary", "accent", "success", "warning", "error", "foreground")
BEHIND = ("background", "surface", "panel")
SMALLEST_CONTRAST = 4.5
"""WCAG 2.1, 1.4.3, level AA."""


def luminance(colour: Color) -> float:
    parts = [part / 255 for part in colour.rgb]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(Color.parse(one)), luminance(Color.parse(other))), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", theme.THEMES)
@pytest.mark.parametrize("behind", BEHIND)
def test_text_is_readable(name: str, behind: str) -> None:
    one: Theme = theme.THEMES[name]
    colours = {text: getattr(one, text) for text in TEXT} | {"quiet": one.variables["quiet"]}
    for text, colour in colours.items():
        assert contrast(colour, getattr(one, behind)) >= SMALLEST_CONTRAST, (text, behind)


@pytest.mark.parametrize("name", theme.THEMES)
def test_text_is_readable_on_the_green_of_a_passed_step(name: str) -> None:
    one = theme.THEMES[name]
    for text in ("foreground", "success", "accent"):
        assert contrast(getattr(one, text), one.variables["good-background"]) >= SMALLEST_CONTRAST, text


@pytest.mark.parametrize("terminal, behind", [(theme.DARK_TERMINAL, theme.DARK), (theme.LIGHT_TERMINAL, theme.LIGHT)])
def test_the_terminals_colours_are_readable(terminal: object, behind: Theme) -> None:
    for number in (*range(1, 7), *range(9, 15)):
        colour = terminal.ansi_colors[number].hex  # type: ignore[attr-defined]
        assert contrast(colour, str(behind.background)) >= SMALLEST_CONTRAST, number


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "dark"),
        ({"COLORFGBG": "0;15"}, "light"),
        ({"COLORFGBG": "15;0"}, "dark"),
        ({"COLORFGBG": "0;15", "NSTEPS_THEME": "dark"}, "dark"),
        ({"NSTEPS_THEME": "light"}, "light"),
    ],
)
def test_which_theme(environment: dict[str, str], expected: str) -> None:
    assert theme.preferred(environment) == expected
