"""Every key of the board, in one table: bindings, footer and help are made from it.

Nothing is typed on the board itself, so letters do everything; function keys only what they do everywhere.
"""

from __future__ import annotations

from typing import NamedTuple

from textual.binding import Binding, BindingType

from tui.keys import CHORD, CHORD_LABEL


class Key(NamedTuple):
    """``name`` finds its label and its help (``board.keys.NAME``, ``board.help.NAME``); so is its action."""

    keys: tuple[str, ...]
    name: str
    rank: int
    """The lower, the longer it stays in a narrow footer."""
    group: str

    @property
    def label(self) -> str:
        return LABELS.get(self.keys[0], self.keys[0])


LABELS = {
    "enter": "⏎", "slash": "/", "question_mark": "?", "tab": "⇥",
    "escape": "Esc", "f1": "F1", "f10": "F10", CHORD: CHORD_LABEL,
}  # fmt: skip
KEYS = (
    Key(("enter",), "look", 0, "seat"),
    Key(("m",), "say", 1, "seat"),
    Key(("h",), "hint", 3, "seat"),
    Key(("u",), "lower", 8, "seat"),
    Key(("j",), "journal", 6, "seat"),
    Key(("n",), "network", 7, "seat"),
    Key(("t",), "take", 10, "seat"),
    Key(("x",), "remove", 20, "seat"),
    Key(("M",), "say_all", 5, "room"),
    Key(("g",), "gate", 4, "room"),
    Key(("z",), "freeze", 9, "room"),
    Key(("c",), "timer", 11, "room"),
    Key(("d",), "demo", 12, "room"),
    Key(("T",), "take_all", 13, "room"),
    Key(("H",), "hint_all", 19, "room"),
    Key(("E",), "end", 21, "room"),
    Key(("tab",), "other_list", 14, "board"),
    Key(("f",), "filter", 15, "board"),
    Key(("slash",), "search", 16, "board"),
    Key(("l",), "language", 18, "board"),
    Key(("question_mark", "f1"), "help", 2, "board"),
    Key(("q", "f10"), "leave", 17, "board"),
)
GROUPS = ("seat", "room", "board", "shoulder")
SHOULDER = (
    Key(("o",), "offer", 0, "shoulder"),
    Key((CHORD,), "keyboard", 1, "shoulder"),
    Key(("m",), "say", 2, "shoulder"),
    Key(("h",), "hint", 3, "shoulder"),
    Key(("u",), "lower", 4, "shoulder"),
    Key(("j",), "journal", 5, "shoulder"),
    Key(("n",), "network", 6, "shoulder"),
    Key(("escape", "q", "f10"), "back", 0, "shoulder"),
)
"""While one looks over a shoulder. The chord is the only key of the program while one types there."""
TYPING = ("keyboard",)


def bindings(keys: tuple[Key, ...]) -> list[BindingType]:
    """The chord before everything else."""
    return [Binding(one, key.name, key.name, show=False, priority=one == CHORD) for key in keys for one in key.keys]
