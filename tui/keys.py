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
    Key("shift+f4", "w", "split", "split", 15),
    Key("shift+f5", "c", "copy_mode", "copy_mode", 16),
    Key("shift+f1", "i", "manual", "manual", 17),
    Key("shift+f2", "a", "glossary", "glossary", 18),
    Key("shift+f3", "colon", "palette", "palette", 19),
)
"""The same, without a place in the footer."""
CLASSROOM_KEYS = (
    Key("shift+f12", "j", "hand", "hand", 2),
    Key("shift+f11", "y", "let_in", "let_in", 20),
    Key("shift+f10", "x", "put_away", "put_away", 21),
)
"""In a classroom only."""
CLASSROOM_LETTERS = (("z", "own_work"),)
LETTER_LABELS = {"question_mark": "?", "colon": ":", "comma": ",", "full_stop": ".", "slash": "/"}
LETTERS = (("p", "previous"), ("o", "another_terminal"), ("d", "theme"), ("e", "summary"), ("T", "tour"))
"""Done by a letter alone: the letter, and the name of its help."""
STATE_LETTERS = (
    *(("O", "overview"), ("L", "links"), ("A", "addresses"), ("R", "routes"), ("N", "neighbours"), ("I", "iptables")),
    *(("Y", "sysctls"), ("D", "dns"), ("S", "sockets"), ("E", "events"), ("C", "changes")),
)
"""Choose a state pane: the letter, and the pane. Their help is ``tui.help.pane_PANE``."""
STATE_KEYS = (
    *(("comma", "state_step(-1)", "namespace_back"), ("full_stop", "state_step(1)", "namespace_on")),
    ("slash", "state_find", "namespace_find"),
)
"""Choose the namespace that they show."""
ACTIONS = {"theme": "app.theme"}
"""Actions that are not called by that name."""


def bindings() -> list[BindingType]:
    """The main screen's: the function keys and the chord, before everything else."""
    keys = (*KEYS, *MORE_KEYS)
    return [Binding(key.key, key.action, key.name, priority=True, show=False) for key in keys]


def classroom_bindings() -> list[BindingType]:
    """What the main screen has besides in a classroom. ``classroom_letter`` does nothing while somebody types."""
    result: list[BindingType] = [
        Binding(key.key, key.action, key.name, priority=True, show=False) for key in CLASSROOM_KEYS
    ]
    named = [(key.letter, key.name) for key in CLASSROOM_KEYS if key.letter] + list(CLASSROOM_LETTERS)
    return result + [Binding(letter, f"classroom_letter('{name}')", name, show=False) for letter, name in named]


def letters() -> list[BindingType]:
    """Those of the panes in which nothing is typed. Where nothing has the focus (no shell is there yet) a letter does
    nothing: whoever types ahead means the shell."""
    result: list[BindingType] = [
        Binding(key.letter, f"screen.{key.action}", key.name, show=False) for key in (*KEYS, *MORE_KEYS) if key.letter
    ]
    result += [Binding(letter, ACTIONS.get(name, f"screen.{name}"), name, show=False) for letter, name in LETTERS]
    for bracket, lessons in (("left_square_bracket", -1), ("right_square_bracket", 1)):
        result.append(Binding(bracket, f"screen.leaf({lessons})", "leaf", show=False))
    result += [Binding(letter, f"screen.state_pane('{name}')", name, show=False) for letter, name in STATE_LETTERS]
    result += [Binding(key, f"screen.{action}", name, show=False) for key, action, name in STATE_KEYS]
    result += [Binding(str(digit), f"screen.answer_number({digit})", "answer", show=False) for digit in range(1, 10)]
    return result
