"""The colours can be told apart from what is behind them, in the dark and in the light."""

from __future__ import annotations

from typing import Any

import pytest
from rich.color import ColorType
from textual.app import App
from textual.color import Color
from textual.theme import Theme

from tests.tui.running import running
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


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"TERM": "linux"}, "ansi"),
        ({"TERM": "vt220"}, "ansi"),
        ({"TERM": "screen"}, "ansi"),
        ({"TERM": "xterm"}, "ansi"),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, "dark"),
        ({"TERM": "screen-256color"}, "dark"),
        ({"TERM": "tmux-256color", "COLORFGBG": "0;15"}, "light"),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, "ansi"),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, "dark"),
        ({"TERM": "linux", "NSTEPS_THEME": "dark"}, "dark"),
    ],
)
def test_which_theme_on_a_terminal(environment: dict[str, str], expected: str) -> None:
    assert theme.preferred(environment, terminal=True) == expected


def test_auto_asks_the_terminal_whatever_was_chosen_before() -> None:
    assert theme.preferred({"NSTEPS_THEME": "light"}, asked="auto", kept="light") == "dark"
    assert theme.preferred({"NSTEPS_THEME": "auto"}, kept="light") == "dark"
    assert theme.preferred({}, kept="light") == "light"


@pytest.mark.parametrize("one", [theme.ANSI_ON_DARK, theme.ANSI_ON_LIGHT])
def test_the_terminals_own_colours_are_nothing_else(one: Theme) -> None:
    assert one.ansi
    for name in (*TEXT, *BEHIND, "boost"):
        assert str(getattr(one, name)).startswith("ansi_"), name
    assert all("#" not in value for value in one.variables.values())


def test_the_background_decides_between_the_two() -> None:
    assert theme.named("ansi", {"COLORFGBG": "0;15"}) is theme.ANSI_ON_LIGHT
    assert theme.named("ansi", {}) is theme.ANSI_ON_DARK
    for name in theme.NAMES:
        assert theme.name_of(theme.named(name, {})) == name


def colours(app: App[Any]) -> set[ColorType]:
    """The kinds of colour that reach the terminal."""
    strips = app.screen._compositor.render_strips()
    styles = [style for strip in strips for _, style, _ in strip if style]
    return {colour.type for style in styles for colour in (style.color, style.bgcolor) if colour is not None}


async def test_every_theme_is_shown_and_is_what_it_says() -> None:
    async with running() as it:
        assert colours(it.app) == {ColorType.TRUECOLOR}
        for name, expected in (("ansi", {ColorType.DEFAULT, ColorType.STANDARD}), ("light", {ColorType.TRUECOLOR})):
            for screen in (None, "f1", "f8", "shift+f3"):
                if screen:
                    await it.press(screen)
                it.app.use_theme(name)
                await it.until(lambda expected=expected: colours(it.app) <= expected)  # type: ignore[misc]
                if screen:
                    await it.press("escape")


async def test_no_colour_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with running() as it:
        it.shell.say(b"\x1b[31mred\x1b[0m \x1b[48;2;1;2;3mblue\x1b[0m $ ")
        await it.sees("red blue $")
        assert colours(it.app) == {ColorType.DEFAULT}
        await it.press("ctrl+right_square_bracket", "d")
        await it.sees("NO_COLOR is set")
        assert colours(it.app) == {ColorType.DEFAULT}


async def test_an_empty_no_color_counts_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "")
    async with running() as it:
        assert not it.app.no_color
        assert colours(it.app) == {ColorType.TRUECOLOR}
