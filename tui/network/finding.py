"""A namespace chosen from a list, by typing a part of its name: for labs with more of them than one steps through."""

from __future__ import annotations

from collections.abc import Sequence

from textual.widgets.option_list import Option

from engine.network.snapshot import HOST
from tui.screens.search import SearchScreen, has_all
from tui.words import Say


class NamespaceScreen(SearchScreen[str]):
    """Gives the namespace that was chosen, or ``None``."""

    def __init__(self, names: Sequence[str], here: str, say: Say) -> None:
        super().__init__(say("network.find"), say("network.find_search"), say("network.find_foot"), here=here)
        self._names = tuple(names)
        self._say = say

    def options(self, query: str) -> list[Option]:
        titles = {name: self._say("network.host") if name == HOST else name for name in self._names}
        return [
            Option(f"{'▸' if name == self._here else ' '} {title}", id=name)
            for name, title in titles.items()
            if has_all(query.split(), name, title)
        ]

    def result(self, chosen: str) -> str:
        return chosen
