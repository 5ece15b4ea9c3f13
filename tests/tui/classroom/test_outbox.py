"""What is told once more after a lost connection."""

from __future__ import annotations

from engine.classroom import protocol as p
from engine.session.progress import Progress
from tui.classroom.outbox import AT_MOST, Outbox


def command(text: str) -> p.CommandRan:
    return p.CommandRan(step="a/b", terminal="T1", namespace="host", text=text, exit=0)


def kept(number: int) -> p.ProgressKept:
    return p.ProgressKept(number=number, progress=Progress(step="a/b"))


def waiting(outbox: Outbox) -> list[p.Fact]:
    return [p.fact(payload) for payload in outbox.payloads()]


def test_a_written_progress_covers_what_was_told_before_it() -> None:
    outbox = Outbox()
    for told in (command("one"), kept(1), command("two"), kept(2), command("three")):
        outbox.put(told)
    assert waiting(outbox) == [command("one"), command("two"), command("three"), kept(2)]
    outbox.acknowledged(1)
    assert waiting(outbox) == [command("two"), command("three"), kept(2)]
    outbox.acknowledged(2)
    assert waiting(outbox) == [command("three")]
    outbox.put(kept(3))
    outbox.acknowledged(3)
    assert waiting(outbox) == []


def test_it_goes_on_from_a_number() -> None:
    outbox = Outbox()
    outbox.start_from(7)
    outbox.put(command("one"))
    outbox.acknowledged(7)
    assert waiting(outbox) == [command("one")]
    outbox.put(kept(8))
    outbox.acknowledged(8)
    assert waiting(outbox) == []


def test_where_one_is_now_is_told_anew_anyway() -> None:
    outbox = Outbox()
    outbox.put(p.StandingTold(step="a/b", state="todo", percent=0, step_seconds=1))
    outbox.put(p.HandRaised(up=True))
    outbox.put(p.HelpAnswered(consent=True))
    outbox.put(p.NetworkSeen(snapshot=None))
    assert waiting(outbox) == []


def test_it_does_not_grow_without_end() -> None:
    outbox = Outbox()
    for number in range(AT_MOST + 10):
        outbox.put(command(str(number)))
    assert len(waiting(outbox)) == AT_MOST
    assert waiting(outbox)[-1] == command(str(AT_MOST + 9))
