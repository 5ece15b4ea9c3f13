"""Everything the lab may say is there in both languages."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

import engine.lab
from engine.messages import catalogue

SOURCE = Path(engine.lab.__file__).parent
KEYS = {
    f"lab.{key}"
    for path in SOURCE.glob("*.py")
    for key in re.findall(r'LabError\(\s*"([a-z-]+)"|Message\("lab\.([a-z.-]+)"', path.read_text())
    for key in key
    if key
}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_key_of_the_code_has_words(language: str) -> None:
    words = catalogue(language)
    assert len(KEYS) > 10
    for key in KEYS | {"lab.lost.restarted", "lab.lost.powered-off", "lab.lost.ended"}:
        assert words[key].strip()


def test_both_languages_have_the_same_keys_and_parameters() -> None:
    def parameters(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    english = {key: parameters(text) for key, text in catalogue("en").items() if key.startswith("lab.")}
    chinese = {key: parameters(text) for key, text in catalogue("zh").items() if key.startswith("lab.")}
    assert english == chinese
