"""The words of the board, the room and the report: the same in both languages, and all of them used."""

from __future__ import annotations

import re
import string
from pathlib import Path

import engine.classroom
import tui.classroom.board
import tui.commands
from engine.messages import catalogue
from tui.classroom.board.keys import KEYS, SHOULDER
from tui.classroom.board.view import FILTERS

BY_NAME = (
    "keys.",
    "help.",
    "help-group.",
    "need.",
    "details.",
    "filter.",
    "dialog.",
    "confirm.",
    "journal.",
    "shoulder.",
)
"""Looked up by a computed name."""


def words(language: str) -> dict[str, str]:
    return {key.removeprefix("board."): text for key, text in catalogue(language).items() if key.startswith("board.")}


def test_both_languages_have_the_same_keys_and_placeholders() -> None:
    english, chinese = words("en"), words("zh")
    assert english.keys() == chinese.keys()
    for key, text in english.items():
        names = [{name for _, name, _, _ in string.Formatter().parse(one) if name} for one in (text, chinese[key])]
        assert names[0] == names[1], key


def test_chinese_is_chinese() -> None:
    for key, text in words("zh").items():
        if key != "keys.language":
            assert re.search(r"[\u4e00-\u9fff]", text), key


def test_every_key_of_the_board_has_a_name_and_a_help() -> None:
    known = words("en")
    for key in (*KEYS, *SHOULDER):
        assert f"keys.{key.name}" in known and f"help.{key.group}.{key.name}" in known, key.name
    assert all(f"filter.{name}" in known for name in FILTERS if name != "all")


def test_every_message_is_used() -> None:
    folders = [Path(str(package.__file__)).parent for package in (engine.classroom, tui.classroom.board, tui.commands)]
    sources = "".join(path.read_text() for folder in folders for path in folder.rglob("*.py"))
    for key in words("en"):
        if not key.startswith(BY_NAME):
            last = key.rsplit(".", 1)[-1]
            assert re.search(rf"""["'.]{re.escape(last)}["']""", sources), key
