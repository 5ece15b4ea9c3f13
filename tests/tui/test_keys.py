"""The table of the program's own keys."""

from __future__ import annotations

from textual.binding import Binding

from engine.messages import catalogue
from tui.keys import KEYS, LETTERS, bindings


def test_only_function_keys_and_one_chord_are_taken_from_the_shell() -> None:
    taken = {binding.key for binding in bindings() if isinstance(binding, Binding) and binding.priority}
    functions = {f"f{number}" for number in (*range(1, 11), 12)} | {f"shift+f{number}" for number in range(1, 10)}
    assert taken == functions | {"ctrl+right_square_bracket"}


def test_every_key_has_a_label_and_a_help_in_both_languages() -> None:
    for language in ("en", "zh"):
        words = catalogue(language)
        for key in KEYS:
            assert f"tui.help.{key.name}" in words
            if key.name != "switch":
                assert f"tui.keys.{key.name}" in words
        for _, name in LETTERS:
            assert f"tui.help.{name}" in words


def test_no_key_and_no_letter_is_given_twice() -> None:
    keys = [binding.key for binding in bindings() if isinstance(binding, Binding)]
    assert len(keys) == len(set(keys))
