"""The words of demo mode: the same keys and placeholders in both languages, each of them used."""

from __future__ import annotations

import re
import string
from pathlib import Path

import engine.session.autopilot
import tui.demo
from engine.messages import catalogue

COMPUTED = (
    "demo.viewer.late",
    "demo.viewer.early",
    "demo.keys.",
    "demo.help.",
    "demo.state.",
    "demo.option.",
    "demo.transcript.",
)
"""Looked up by a computed name."""


def words(language: str) -> dict[str, str]:
    return {key: text for key, text in catalogue(language).items() if key.startswith("demo.")}


def test_both_languages_have_the_same_keys_and_placeholders() -> None:
    english, chinese = words("en"), words("zh")
    assert english.keys() == chinese.keys()
    for key, text in english.items():
        names = [{name for _, name, _, _ in string.Formatter().parse(one) if name} for one in (text, chinese[key])]
        assert names[0] == names[1], key


def test_chinese_is_chinese() -> None:
    for key, text in words("zh").items():
        assert key == "demo.keys.language" or re.search(r"[\u4e00-\u9fff]", text), key


def test_every_message_is_used() -> None:
    folders = (Path(tui.demo.__file__).parent, Path(engine.session.autopilot.__file__).parent)
    files = [path for folder in folders for path in folder.glob("*.py")]
    files.append(folders[0].parent / "commands" / "demo_.py")
    sources = "".join(path.read_text(encoding="utf-8") for path in files)
    for key in words("en"):
        assert key.startswith(COMPUTED) or key.removeprefix("demo.") in sources, key
