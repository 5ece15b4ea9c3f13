"""The pages around the screen."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

import tui
from engine.messages import catalogue
from tui.web.pages import Pages, static_files
from tui.web.seat import Ending


def web_words(language: str) -> dict[str, str]:
    return {key: text for key, text in catalogue(language).items() if key.startswith("web.")}


def test_both_languages_have_the_same_keys_and_placeholders() -> None:
    english, chinese = web_words("en"), web_words("zh")
    assert english.keys() == chinese.keys()
    for key, text in english.items():
        names = [{name for _, name, _, _ in string.Formatter().parse(one) if name} for one in (text, chinese[key])]
        assert names[0] == names[1], key
        assert re.search(r"[\u4e00-\u9fff]", chinese[key]), key


def test_every_message_is_used() -> None:
    sources = "".join(path.read_text() for path in (Path(tui.__file__).parent / "web").glob("*.py"))
    for key in web_words("en"):
        _, group, name = key.split(".", 2)
        assert f'"{name.split(".")[0]}"' in sources or f'"{group}.{name}"' in sources, key


@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_points_to_the_outside(language: str) -> None:
    pages = Pages(lambda: language)
    made = [pages.main(), pages.entrance(), pages.refusal("host", host="a"), pages.missing()]
    texts = [str(page.text) for page in made]
    texts += [path.read_text() for name, path in static_files().items() if name.endswith(".css")]
    for text in texts:
        text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
        assert "@import" not in text
        for found in re.findall(r"""(?:(?:src|href)=|url\()["']?([^"')\s>]+)""", text):
            assert re.match(r"/[^/]", found), found
        assert "//" not in text


def test_what_the_pages_load_is_there_and_served() -> None:
    loaded = set()
    for page in (Pages(lambda: "en").main(), Pages(lambda: "en").missing()):
        loaded |= set(re.findall(r"/static/([\w.-]+)", str(page.text)))
    loaded |= set(re.findall(r"/static/([\w.-]+)", static_files()["page.css"].read_text()))
    assert loaded == static_files().keys()
    assert all(path.is_file() for path in static_files().values())


def test_words_are_text() -> None:
    page = Pages(lambda: "en").refusal("host", host="<script>alert(1)</script>")
    assert "<script>" not in str(page.text)


def test_what_the_program_said_last_is_told() -> None:
    pages = Pages(lambda: "en")
    assert pages.ending(Ending("left", "Bye."))["text"] == "Bye."
    for reason in ("left", "failed", "moved", "broken", "closed"):
        assert set(pages.ending(Ending(reason))) == {"reason", "title", "text", "button"}
