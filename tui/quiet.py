"""Python's full garbage collections, at moments at which nobody waits for the screen.

Each walks through everything that the program holds: a frame or two, many on a busy machine, and they come in the midst
of work. So what is there after the start is kept out of them, and the others wait until the program has had nothing to
do for a moment; not for ever.
"""

from __future__ import annotations

import gc
from typing import Any

from textual.app import App

LOOK_SECONDS = 1.0
WAITING = 5
"""So many collections of middle-aged objects make a full one due (Python's own measure is ten)."""
MOST_WAITING = 60
"""After so many it is made at once."""


class QuietCollector:
    """Makes the collections of an application that has just started."""

    def __init__(self, app: App[Any]) -> None:
        gc.freeze()
        young, middle, _ = gc.get_threshold()
        gc.set_threshold(young, middle, MOST_WAITING)
        self._collections = self._count()
        app.set_interval(LOOK_SECONDS, self.look)

    def look(self) -> bool:
        """Collect if it is time and no young objects had to be collected since the last look; whether that was done."""
        before, self._collections = self._collections, self._count()
        if gc.get_count()[2] < WAITING or self._collections > before:
            return False
        gc.collect()
        return True

    @staticmethod
    def _count() -> int:
        return int(gc.get_stats()[0]["collections"])
