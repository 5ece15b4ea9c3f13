"""Every key the program itself takes, in one table: bindings, footer and help are made from it.

Keys belong to the shell. The program takes function keys and one chord, ``Ctrl-]``, which goes to the lesson and back;
in the lesson plain letters do the same as the function keys, for terminals that keep those to themselves.
"""

from __future__ import annotations

from typing import NamedTuple

from textual.binding import Binding, BindingType

CHORD = "ctrl+right_square_bracket"
CHORD_BYTE = b"\x1d"
CHORD_LABEL = "^]"
CHORD_AGAIN_SECONDS = 1.0
"""Pressed twice within this time the chord goes through to the shell."""


class Key(NamedTuple):
    """One thing the program does. ``name`` finds its label and its help (``tui.keys.NAME``, ``tui.help.NAME``)."""

    key: str
    letter: str | None
    action: str
    name: str
    rank: int
    """The lower, the longer it stays in the footer of a narrow screen."""

    @property
    def label(self) -> str:
        return CHORD_LABEL if self.key == CHORD else self.key.upper().replace("SHIFT+", "⇧")


KEYS = (
    Key("f1", "question_mark", "help", "help", 3),
    Key("f2", "h", "hint", "hint", 2),
    Key("f3", "s", "solution", "solution", 4),
    Key("f4", "t", "terminal", "terminal", 5),
    Key("f5", "n", "next", "next", 0),
    Key("f6", "v", "view", "view", 6),
    Key("f7", "k", "skip", "skip", 9),
    Key("f8", "g", "steps", "steps", 7),
    Key("f9", "r", "reset", "reset", 10),
    Key("f10", "q", "quit", "quit", 8),
    Key("shift+f6", "m", "face", "face", 7),
    Key("f12", "l", "language", "language", 11),
    Key(CHORD, None, "switch", "switch", 1),
)
MORE_KEYS = (
    Key("shift+f9", "u", "undo", "undo", 12),
    Key("shift+f8", "b", "history", "history", 13),
    Key("shift+f7", "f", "free_play", "free_play", 14),
)
"""The same, without a place in the footer."""
LETTER_LABELS = {"question_mark": "?"}
LETTERS = (("p", "previous"), ("o", "another_terminal"), ("d", "theme"), ("e", "summary"))
"""Done by a letter alone: the letter, and the name of its help."""
ACTIONS = {"theme": "app.theme"}
"""Actions that are not called by that name."""


def bindings() -> list[BindingType]:
    """The main screen's: the function keys and the chord, before everything else."""
    keys = (*KEYS, *MORE_KEYS)
    return [Binding(key.key, key.action, key.name, priority=True, show=False) for key in keys]


def letters() -> list[BindingType]:
    """Those of the panes in which nothing is typed. Where nothing has the focus (no shell is there yet) a letter does
    nothing: whoever types ahead means the shell."""
    result: list[BindingType] = [
        Binding(key.letter, f"screen.{key.action}", key.name, show=False) for key in (*KEYS, *MORE_KEYS) if key.letter
    ]
    result += [Binding(letter, ACTIONS.get(name, f"screen.{name}"), name, show=False) for letter, name in LETTERS]
    for bracket, lessons in (("left_square_bracket", -1), ("right_square_bracket", 1)):
        result.append(Binding(bracket, f"screen.leaf({lessons})", "leaf", show=False))
    result += [Binding(str(digit), f"screen.answer_number({digit})", "answer", show=False) for digit in range(1, 10)]
    return result
