"""Full garbage collections wait for a moment without work, and not for ever."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tui.quiet import MOST_WAITING, WAITING, QuietCollector


class FakeApp:
    def __init__(self) -> None:
        self.looks: list[Callable[[], object]] = []

    def set_interval(self, seconds: float, look: Callable[[], object]) -> None:
        self.looks.append(look)


@pytest.fixture(autouse=True)
def _collector_as_before() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.set_threshold(*thresholds)
    gc.unfreeze()


def test_it_is_done_only_when_due_and_nothing_is_going_on(monkeypatch: pytest.MonkeyPatch) -> None:
    app: Any = FakeApp()
    collector = QuietCollector(app)
    assert app.looks == [collector.look] and gc.get_threshold()[2] == MOST_WAITING
    young, waiting, done = [0], [0], []
    monkeypatch.setattr(collector, "_count", lambda: young[0])
    monkeypatch.setattr("tui.quiet.gc.get_count", lambda: (0, 0, waiting[0]))
    monkeypatch.setattr("tui.quiet.gc.collect", lambda: done.append(1))
    collector.look()
    assert not collector.look(), "nothing is due"
    waiting[0], young[0] = WAITING, 1
    assert not collector.look(), "the program is at work"
    assert collector.look() and done == [1]
