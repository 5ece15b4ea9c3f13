"""Every screen in each language: no words of the other one, nothing cut off at the right, wide characters whole."""

from __future__ import annotations

import re
import string
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import pytest
from rich.cells import cell_len

from engine.course.model import LANGUAGES
from engine.lab import CommandRun
from engine.messages import Message, catalogue
from engine.verify import Verdict
from tests.tui.running import Running, running
from tui.keys import STATE_LETTERS

OTHER_SCREENS = ("f1", "f8", "shift+f8", "shift+f3", "shift+f2", "e", "L")
SWITCHES = ("中文 / English", "中文", "English")
"""The language's own name, where another can be chosen."""
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
SHORTEST = 12
"""Fewer letters may be a name or a command in both languages."""


def english_phrases() -> list[str]:
    """What is written in English: every part between placeholders that has some words."""
    found = set()
    for key, text in catalogue("en").items():
        if not key.startswith(("tui.", "teaching.", "topology.", "settings.", "state.", "verify.", "course.")):
            continue
        parts = [part for part, *_ in string.Formatter().parse(text)]
        found |= {" ".join(part.split()) for part in parts}
    return sorted(one for one in found if " " in one and len(re.findall("[A-Za-z]", one)) >= SHORTEST)


PHRASES = english_phrases()


def foreign(text: str, language: str) -> list[str]:
    """Words of the other language in ``text``."""
    for name in SWITCHES:
        text = text.replace(name, "")
    if language == "en":
        return CHINESE.findall(text)
    flat = " ".join(text.split())
    return [phrase for phrase in PHRASES if phrase in flat]


def looks_right(it: Running, language: str, where: str) -> None:
    """No foreign word, and every row as wide as the screen."""
    assert not foreign(it.text(), language), (where, foreign(it.text(), language), it.text())
    width = it.app.size.width
    for row in it.rows():
        assert cell_len(row) <= width, (where, row)


async def walk(it: Running, language: str, see: Callable[[str], Awaitable[None]]) -> None:
    """Go through the program's screens."""
    words: Any = Message("tui.terminal.copied")
    session = it.session

    async def refresh() -> None:
        """The counters are as they were."""

    session.lab = SimpleNamespace(refresh=refresh)
    session.commands = (CommandRun(id=1, terminal="T2", text="true", cwd=None, exit=0),)
    slip = Message("tui.told.no_hint")
    session.evaluate((Verdict(check="pair", passed=False, expected=words, observed=words, hint=slip),))
    await see("a slip")
    await it.press("f2")
    await see("a hint")
    for view in range(4):
        await it.press("f6")
        await see(f"view {view}")
    await it.press("shift+f6")
    await see("the tables")
    await it.press("ctrl+right_square_bracket")
    for letter, pane in STATE_LETTERS:
        await it.press(letter)
        await see(pane)
    for key in OTHER_SCREENS:
        main = it.app.screen
        await it.press(key)
        await see(key)
        if it.app.screen is not main:
            await it.press("escape")
            await it.until(lambda main=main: it.app.screen is main, f"the end of {key}")  # type: ignore[misc]
    it.main.lab_lost(Message("tui.lost.silent"))
    await see("the lab is lost")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [(80, 24), (200, 60)], ids=["80x24", "200x60"])
async def test_no_screen_mixes_languages(language: str, size: tuple[int, int]) -> None:
    async with running(language, size) as it:

        async def see(where: str) -> None:
            await it.pilot.pause()
            await it.pilot.pause()
            looks_right(it, language, where)

        await walk(it, language, see)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_nothing_stays_behind_when_the_language_changes(language: str) -> None:
    other = "zh" if language == "en" else "en"
    async with running(other) as it:
        await it.press("f2", "shift+f6", "f12")
        await it.until(lambda: not foreign(it.text(), language), "the other language")


def test_foreign_words_are_found() -> None:
    assert foreign("a 网 b", "en") == ["网"]
    assert "A command is running in that terminal. Press Ctrl-C there first." in foreign(
        "│ A command is running in that\n terminal. Press Ctrl-C there first.".replace("│", ""), "zh"
    )
