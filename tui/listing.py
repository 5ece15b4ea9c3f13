"""Everything that the program does, as one list made from the tables of keys: the help and the palette show it."""

from __future__ import annotations

from typing import NamedTuple

from tui.keys import (
    ACTIONS,
    CLASSROOM_KEYS,
    CLASSROOM_LETTERS,
    KEYS,
    LETTER_LABELS,
    LETTERS,
    MORE_KEYS,
    STATE_KEYS,
    STATE_LETTERS,
)

GROUPS = ("course", "classroom", "terminals", "network", "reading", "program")
_GROUP_OF = {
    "course": (
        *("hint", "solution", "next", "previous", "skip", "steps", "reset", "undo", "history", "free_play"),
        "stop_work",
    ),
    "terminals": ("switch", "terminal", "another_terminal", "split", "copy_mode"),
    "network": ("face", *(f"pane_{name}" for _, name in STATE_LETTERS), *(name for _, _, name in STATE_KEYS)),
    "classroom": (*(key.name for key in CLASSROOM_KEYS), *(name for _, name in CLASSROOM_LETTERS)),
    "reading": ("manual", "glossary", "tour", "summary", "answer", "leaf_back", "leaf_on"),
}
BRACKETS = ((-1, "[", "leaf_back"), (1, "]", "leaf_on"))


class Listed(NamedTuple):
    """One thing the program does. ``tui.names.NAME`` is what it is called, ``tui.help.NAME`` what it does."""

    name: str
    key: str
    """The label of its function key or chord; empty without one."""
    letter: str
    """What does the same in the lesson; empty without one."""
    action: str | None
    """The Textual action; ``None`` for what needs more than a name (an answer to a question)."""

    @property
    def group(self) -> str:
        """Where it stands in the help."""
        return next((group for group, names in _GROUP_OF.items() if self.name in names), "program")

    @property
    def label(self) -> str:
        """Both keys."""
        return "  ".join(one for one in (self.key, self.letter) if one)


def listed(*, classroom: bool = False) -> tuple[Listed, ...]:
    """All of it, by group, in the order of the tables; in a classroom what is done only there as well."""
    keys = (*KEYS, *MORE_KEYS, *(CLASSROOM_KEYS if classroom else ()))
    alone = (*LETTERS, *(CLASSROOM_LETTERS if classroom else ()))
    entries = [Listed(key.name, key.label, _letter(key.letter), f"screen.{key.action}") for key in keys]
    entries += [Listed(name, "", _letter(letter), ACTIONS.get(name, f"screen.{name}")) for letter, name in alone]
    entries += [Listed(name, "", bracket, f"screen.leaf({step})") for step, bracket, name in BRACKETS]
    entries += [Listed(f"pane_{name}", "", letter, f"screen.state_pane('{name}')") for letter, name in STATE_LETTERS]
    entries += [Listed(name, "", _letter(key), f"screen.{action}") for key, action, name in STATE_KEYS]
    entries.append(Listed("answer", "", "1…9", None))
    entries.append(Listed("stop_work", "Esc", "", "screen.stop_work"))
    return tuple(sorted(entries, key=lambda entry: GROUPS.index(entry.group)))


def _letter(letter: str | None) -> str:
    return LETTER_LABELS.get(letter or "", letter or "")
