"""Every key of demo mode, in one table: bindings, steering bar, help and notes viewer are made from it.

Function keys and the chord always belong to the program. Plain letters steer while nobody types: not during a
take-over, and not where the instructor's own keys type the commands.
"""

from __future__ import annotations

from typing import NamedTuple

from textual.binding import Binding, BindingType

from tui.keys import CHORD, CHORD_LABEL


class Key(NamedTuple):
    """One thing. ``name`` finds its label and its help (``demo.keys.NAME``, ``demo.help.NAME``); so is its action."""

    key: str | None
    letters: tuple[str, ...]
    name: str
    rank: int
    """The lower, the longer it stays in a narrow bar."""

    @property
    def label(self) -> str:
        return (
            self.key.upper().replace("SHIFT+", "⇧") if self.key else LETTER_LABELS.get(self.letters[0], self.letters[0])
        )


KEYS = (
    Key("f1", ("question_mark",), "help", 9),
    Key("f2", ("space", "enter"), "toggle", 0),
    Key("f3", ("p", "left", "pageup"), "previous", 3),
    Key("f4", ("r",), "replay", 4),
    Key("f5", ("n", "right", "pagedown"), "next", 1),
    Key("f6", ("v",), "view", 8),
    Key("shift+f6", ("m",), "face", 15),
    Key("f7", ("t",), "keyboard", 2),
    Key("f8", ("g",), "steps", 5),
    Key("f9", ("z",), "projector", 7),
    Key("f10", ("q",), "quit", 6),
    Key("f11", ("b", "full_stop"), "blank", 10),
    Key("f12", ("l",), "language", 12),
    Key(None, ("plus", "equals_sign"), "faster", 11),
    Key(None, ("minus",), "slower", 13),
    Key(None, ("d",), "theme", 14),
)
LETTER_LABELS = {
    "question_mark": "?", "space": "␣", "enter": "⏎", "left": "←", "right": "→", "pageup": "PgUp", "pagedown": "PgDn",
    "full_stop": ".", "plus": "+", "equals_sign": "=", "minus": "-",
}  # fmt: skip
TAKEN = ("keyboard", "replay", "next", "previous", "steps", "help", "quit")
"""What the bar shows while the instructor has the keyboard."""
CHORD_KEY = CHORD_LABEL


def bindings() -> list[BindingType]:
    """Function keys before everything else; letters through ``letter``, which may refuse."""
    result: list[BindingType] = [
        Binding(key.key, f"demo('{key.name}')", key.name, priority=True, show=False) for key in KEYS if key.key
    ]
    result.append(Binding(CHORD, "demo('keyboard')", "keyboard", priority=True, show=False))
    result += [Binding(letter, f"letter('{key.name}')", key.name, show=False) for key in KEYS for letter in key.letters]
    return result
