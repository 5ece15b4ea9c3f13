"""What the kernel announced: how much is kept, and how long it is news."""

from __future__ import annotations

from engine.network.announcement import Announcement
from tests.tui.network.moments import say
from tui.network.chronicle import DROPPED, KEPT, Events
from tui.network.ledger import ADDED, MARK_SECONDS

SAY = say()


def told(number: int, namespace: str = "host") -> Announcement:
    return Announcement(1.8e9 + number, namespace, "ROUTE", f"10.9.{number}.0/24 dev enp4s0")


def test_the_oldest_go_some_at_a_time_and_each_namespace_keeps_its_own() -> None:
    events = Events(lambda: 0.0)
    events.take([told(0, "other")])
    starts = []
    for number in range(KEPT + 3 * DROPPED):
        events.take([told(number)])
        lines = events.lines("host", 80, SAY)
        assert min(number + 1, KEPT) <= len(lines) - 1 < KEPT + DROPPED
        assert lines[-1].text.endswith(f"[ROUTE]10.9.{number}.0/24 dev enp4s0")
        starts.append(lines[1].text)
    assert len(set(starts)) == 4, "all others move seldom"
    assert len(events.lines("other", 80, SAY)) == 2


def test_it_is_news_for_a_while() -> None:
    now = 0.0
    events = Events(lambda: now)
    assert (events.sign, events.calm()) == ("", None)
    events.take([told(1)])
    now = 1.0
    events.take([told(2)])
    assert events.sign == ADDED and events.calm() == MARK_SECONDS - 1
    now = MARK_SECONDS
    assert events.sign == ADDED and events.calm() == 1
    assert [line.anchor for line in events.lines("host", 80, SAY)[1:]] == [None, "changed"]
    now = MARK_SECONDS + 1
    assert (events.sign, events.calm()) == ("", None)
