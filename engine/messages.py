"""Messages: a key and its parameters, turned into words of a language only where a person reads them.

The words are in ``assets/messages/*.en.yaml`` and ``*.zh.yaml``: nested mappings whose path is the key
(``tui.header.step``), the leaves format strings with ``{named}`` parameters.
"""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import msgspec

from engine.assets import assets_directory
from engine.course.model import Text


class Message(msgspec.Struct, frozen=True):
    """What is to be said. A parameter may itself be a :class:`Message` or a :class:`~engine.course.model.Text`."""

    key: str
    params: dict[str, Any] = {}

    def __post_init__(self) -> None:
        """A message that comes from JSON has its parameters back as what they were."""
        for name, value in self.params.items():
            if type(value) is dict:
                self.params[name] = _revived(value)

    def __hash__(self) -> int:
        return hash((self.key, tuple(sorted((name, str(value)) for name, value in self.params.items()))))


def _revived(value: dict[str, Any]) -> object:
    kind = {frozenset(("key", "params")): Message, frozenset(("en", "zh")): Text}.get(frozenset(value))
    return value if kind is None else msgspec.convert(value, kind)


def render(message: Message, language: str) -> str:
    """The words of ``message``. Raises ``KeyError`` for a key that no catalogue has: a bug, and a test finds it."""
    words = catalogue(language).get(message.key)
    if words is None:
        words = catalogue("en")[message.key]
    params = {name: _parameter(value, language) for name, value in message.params.items()}
    return _spaced(words, params) if language == "zh" else words.format(**params)


def _spaced(words: str, params: Mapping[str, object]) -> str:
    """``words`` with ``params`` filled in, and the blank that Chinese typography wants wherever a parameter brings
    Chinese and Latin together (``在`` and a name: ``在 veth_dustin``)."""
    text, after_param = "", False
    for literal, field, spec, _ in string.Formatter().parse(words):
        text += " " if after_param and _touch(text, literal) else ""
        text += literal
        after_param = field is not None
        if field is not None:
            value = format(params[field], spec or "")
            text += (" " if _touch(text, value) else "") + value
    return text


def _touch(before: str, after: str) -> bool:
    return bool(_CHINESE_THEN_LATIN.search(before[-1:] + after[:1]))


_CHINESE_THEN_LATIN = re.compile(r"[\u4e00-\u9fff][A-Za-z0-9`/]|[A-Za-z0-9`/][\u4e00-\u9fff]")


def _parameter(value: object, language: str) -> object:
    if isinstance(value, Message):
        return render(value, language)
    if isinstance(value, Text):
        return value.in_language(language)
    return value


@lru_cache(maxsize=8)
def catalogue(language: str) -> Mapping[str, str]:
    """Every message of a language by its key."""
    import yaml  # here: the screen's first paint needs no words

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    words: dict[str, str] = {}
    for path in sorted((assets_directory() / "messages").glob(f"*.{language}.yaml")):
        with path.open(encoding="utf-8") as file:
            _flatten(yaml.load(file, Loader=loader) or {}, "", words)
    return words


def _flatten(tree: Mapping[str, Any], prefix: str, words: dict[str, str]) -> None:
    for name, value in tree.items():
        if isinstance(value, Mapping):
            _flatten(value, f"{prefix}{name}.", words)
        else:
            words[f"{prefix}{name}"] = str(value)
