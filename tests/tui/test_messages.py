"""The words of the screen: the same keys and placeholders in both languages."""

from __future__ import annotations

import re
import string

from engine.messages import catalogue


def tui_words(language: str) -> dict[str, str]:
    return {key: text for key, text in catalogue(language).items() if key.startswith("tui.")}


def test_both_languages_have_the_same_keys_and_placeholders() -> None:
    english, chinese = tui_words("en"), tui_words("zh")
    assert english.keys() == chinese.keys()
    for key, text in english.items():
        names = [{name for _, name, _, _ in string.Formatter().parse(one) if name} for one in (text, chinese[key])]
        assert names[0] == names[1], key


def test_chinese_is_chinese() -> None:
    for key, text in tui_words("zh").items():
        if key not in (
            "tui.header.lesson",
            "tui.header.step",
            "tui.keys.language",
            "tui.network.dns",
            "tui.network.told",
        ):
            assert re.search(r"[\u4e00-\u9fff]", text), key


def test_every_message_is_used() -> None:
    from pathlib import Path

    import tui

    sources = "".join(path.read_text() for path in Path(tui.__file__).parent.rglob("*.py"))
    by_name = (
        "tui.keys.",
        "tui.help.",
        "tui.copy.",
        "tui.help-groups.",
        "tui.names.",
        "tui.theme.",
        "tui.panel.",
        "tui.network.",
        "tui.learn.",
    )  # looked up by a computed name
    for key in tui_words("en"):
        assert key.startswith(by_name) or key.removeprefix("tui.") in sources, key
