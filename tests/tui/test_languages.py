"""Every screen in each language: no words of the other one, nothing cut off at the right, wide characters whole."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
from rich.cells import cell_len

from engine.course.model import LANGUAGES
from engine.messages import catalogue
from tests.tui.running import Running, running
from tests.tui.walking import Manuals, Walk, learners_screens, session

SWITCHES = ("中文 / English", "中文", "English")
"""The language's own name, where another can be chosen."""
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
PROSE = re.compile(r"\b(?:the|is|are|was|of|and|or|not|no|you|your|this|that|has|have|it|its|here)\b(?!-)")
"""English, whoever wrote it: no command, no option and nothing that the lab's programs print has such a word."""
SHORTEST = 12
"""Fewer letters may be a name or a command in both languages."""


def english_phrases() -> list[str]:
    """What is written in English: every part between placeholders that has some words, commands not counted."""
    found = set()
    chinese = "\n".join(catalogue("zh").values())
    for text in catalogue("en").values():
        parts = [part for part, *_ in string.Formatter().parse(text)]
        found |= {" ".join(part.split()) for part in parts}
    long = (one for one in found if " " in one and len(re.findall("[A-Za-z]", one)) >= SHORTEST)
    return sorted(one for one in long if one not in chinese)


PHRASES = english_phrases()


def foreign(text: str, language: str) -> list[str]:
    """Words of the other language in ``text``."""
    for name in SWITCHES:
        text = text.replace(name, "")
    if language == "en":
        return CHINESE.findall(text)
    flat = " ".join(text.split())
    return [phrase for phrase in PHRASES if phrase in flat] + PROSE.findall(flat)


def looks_right(it: Running, language: str, where: str) -> None:
    """No foreign word, and every row as wide as the screen."""
    assert not foreign(it.text(), language), (where, foreign(it.text(), language), it.text())
    width = it.app.size.width
    for row in it.rows():
        assert cell_len(row) <= width, (where, row)


@pytest.mark.parametrize(
    ("language", "size"),
    [("en", (80, 24)), ("zh", (80, 24)), ("zh", (200, 60))],
    ids=["en", "zh", "zh-large"],
)
async def test_no_screen_mixes_languages(
    language: str, size: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every screen: a new one that the walk does not come to is missed here."""
    manuals = Manuals()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr("tui.screens.manual.look_up", manuals)
    for patience in ("MOMENT", "OPENING", "STOPPING"):
        monkeypatch.setattr(f"engine.session.placing.{patience}_SECONDS", 0.01)
    async with running(size=size, session=session(language)) as it:

        async def see(where: str) -> None:
            looks_right(it, language, where)

        walk = Walk(it, see)
        await walk.everywhere(manuals)
    assert learners_screens() <= walk.seen, learners_screens() - walk.seen


@pytest.mark.parametrize("language", LANGUAGES)
async def test_nothing_stays_behind_when_the_language_changes(language: str) -> None:
    other = "zh" if language == "en" else "en"
    async with running(other) as it:
        await it.press("f2", "shift+f6", "f12")
        await it.until(lambda: not foreign(it.text(), language), "the other language")


def test_foreign_words_are_found() -> None:
    assert foreign("a 网 b", "en") == ["网"]
    words = "This step is not done yet. F2 gives a hint, F3 the command, F7 skips it."
    assert words in foreign("  " + words.replace("yet. ", "yet.\n  "), "zh")
    assert foreign("课程 Nothing of the catalogue", "zh") == ["of", "the"]
    assert not foreign("运行 sudo ip -n netns_dustin addr add 10.0.0.11/24 dev veth_ns_dustin", "zh")
