"""The catalogues hold exactly what the checks say, in both languages."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import pytest

import engine.verify
from engine.course.model import LANGUAGES
from engine.messages import catalogue


def said() -> dict[str, set[str]]:
    """Each key that ``engine/verify`` says, with its parameters, read from the source."""
    keys: dict[str, set[str]] = {}
    for path in Path(engine.verify.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say"):
                continue
            key = node.args[0]
            assert isinstance(key, ast.Constant), f"{path}:{node.lineno}: the key must stand there as it is"
            params = {word.arg for word in node.keywords}
            assert None not in params, f"{path}:{node.lineno}: the parameters must stand there by name"
            known = keys.setdefault(f"verify.{key.value}", {str(one) for one in params})
            assert known == params, f"{path}:{node.lineno}: {key.value} has other parameters elsewhere"
    return keys


def words(language: str) -> dict[str, str]:
    return {key: text for key, text in catalogue(language).items() if key.startswith("verify.")}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_has_what_is_said_and_nothing_else(language: str) -> None:
    assert set(words(language)) == set(said())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_parameter_is_used_and_every_placeholder_filled(language: str) -> None:
    for key, params in said().items():
        used = placeholders(words(language)[key])
        assert used == params, f"{key}: {params - used} is not said"


def test_both_languages_use_the_same_placeholders() -> None:
    english, chinese = words("en"), words("zh")
    for key, text in english.items():
        assert placeholders(chinese[key]) == placeholders(text), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_backticks_are_paired_and_sentences_end(language: str) -> None:
    for key, text in words(language).items():
        assert text.count("`") % 2 == 0, key
        if ".hint" in key:
            assert text.endswith((".", "?", "。", "？", "`")), key
