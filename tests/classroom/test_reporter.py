"""Session events become facts: each once, where the learner is not too often."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from engine.classroom import protocol as p
from engine.classroom import reporter
from engine.classroom.reporter import Reporter
from engine.course.model import Text
from engine.lab import CommandRun
from engine.messages import Message
from engine.session import events
from engine.verify import Verdict
from tests.tui.classroom.seats import SeatSession

PATIENCE_SECONDS = 20


class Reporting:
    """A fake session with a reporter, and the facts."""

    def __init__(self) -> None:
        self.session: Any = SeatSession()
        self.facts: list[p.Fact] = []
        self.told = asyncio.Event()
        self.reporter = Reporter(self.session, self._take, own_terminal=True)
        self.reporter.start()

    def _take(self, fact: p.Fact) -> None:
        self.facts.append(fact)
        self.told.set()

    def of(self, kind: type[Any]) -> list[Any]:
        return [one for one in self.facts if isinstance(one, kind)]

    async def until(self, kind: type[Any], count: int) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(self.of(kind)) < count:
                self.told.clear()
                await self.told.wait()


@pytest.fixture
async def it() -> Any:
    reporting = Reporting()
    yield reporting
    reporting.reporter.close()


@pytest.fixture
def _at_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(reporter, "RUNNING_SECONDS", 0.0)
    return None


def ran(number: int, text: str, code: int | None) -> CommandRun:
    return CommandRun(id=number, terminal="T2", text=text, namespace="netns_dustin", exit=code)


def verdict(check: str, passed: bool) -> Verdict:
    says = None if passed else Message("verify.link.missing", {"name": check})
    what = Message("verify.link.there", {})
    return Verdict(check=check, passed=passed, expected=what, observed=what, hint=says, diagnosis=says and "missing")


async def test_where_the_learner_is_comes_first(it: Reporting) -> None:
    assert [type(one) for one in it.facts] == [p.StepReached, p.StandingTold]
    assert it.facts[0] == p.StepReached(step="veth/create-pair")
    assert it.of(p.StandingTold)[0].own_terminal


async def test_many_events_make_few_standings(it: Reporting) -> None:
    for number in range(50):
        it.session.commands = (*it.session.commands, ran(number, "true", 0))
        it.session.emit(events.CommandFinished(it.session.commands[-1]))
    await it.until(p.StandingTold, 2)
    assert len(it.of(p.CommandRan)) == 50
    assert [one.tried for one in it.of(p.StandingTold)] == [0, 50]
    it.session.emit(events.ChecksEvaluated((), ()))  # nothing has changed
    it.session.step_seconds += 100
    it.reporter.looked_at(80, 24)
    await it.until(p.StandingTold, 3)
    last = it.of(p.StandingTold)[-1]
    assert (last.columns, last.rows, last.step_seconds) == (80, 24, 112.0)


async def test_a_command_is_told_when_it_ends(it: Reporting) -> None:
    it.session.emit(events.CommandStarted(ran(1, "ip link", None)))
    it.session.emit(events.CommandFinished(ran(1, "ip link", 1)))
    [told] = it.of(p.CommandRan)
    assert told == p.CommandRan(
        step="veth/create-pair", terminal="T2", namespace="netns_dustin", text="ip link", exit=1
    )


@pytest.mark.usefixtures("_at_once")
async def test_one_that_goes_on_running_is_told_as_such(it: Reporting) -> None:
    it.session.emit(events.CommandStarted(ran(1, "python3 -m http.server", None)))
    await it.until(p.CommandRan, 1)
    it.session.emit(events.CommandStarted(ran(2, "sleep 9", None)))
    it.session.emit(events.LabStarted())  # another lab: nobody waits for the old one's commands
    it.session.emit(events.CommandFinished(ran(1, "python3 -m http.server", 130)))
    assert [(one.text, one.exit) for one in it.of(p.CommandRan)] == [
        ("python3 -m http.server", None),
        ("python3 -m http.server", 130),
    ]


async def test_what_fails_and_why(it: Reporting) -> None:
    it.session.evaluate((verdict("pair", False), verdict("seen", True)), (verdict("earlier", False),))
    await it.until(p.StandingTold, 2)
    failing = it.of(p.StandingTold)[-1].failing
    assert [(one.check, one.diagnosis, one.undone) for one in failing] == [
        ("pair", "missing", False),
        ("earlier", "missing", True),
    ]
    assert p.fact(p.encode(it.of(p.StandingTold)[-1])) == it.of(p.StandingTold)[-1]


async def test_a_step_ends_once(it: Reporting) -> None:
    it.session.commands = (ran(1, "a", 0), ran(2, "b", 0))
    it.session.progress.hints["veth/create-pair"] = 1
    it.session.pass_step()
    it.session.emit(events.ChecksEvaluated((), ()))
    assert it.of(p.StepEnded) == [
        p.StepEnded(step="veth/create-pair", state="done", seconds=12.0, hints=1, tries=2),
    ]
    await it.session.next()
    await it.session.skip()
    assert [one.step for one in it.of(p.StepReached)] == ["veth/create-pair", "veth/move-end"]
    assert [one.state for one in it.of(p.StepEnded)] == ["done", "skipped"]


async def test_hints_are_seen_when_the_progress_is_kept(it: Reporting) -> None:
    it.session.hint()
    it.reporter.saved()
    it.reporter.saved()
    it.session.progress.solutions["veth/create-pair"] = 1
    it.reporter.saved()
    assert it.of(p.HintShown) == [
        p.HintShown(step="veth/create-pair", hints=1),
        p.HintShown(step="veth/create-pair", hints=1, solution=True),
    ]


async def test_a_new_hub_is_told_again(it: Reporting) -> None:
    it.reporter.again()
    assert len(it.of(p.StandingTold)) == 2
    it.reporter.network()
    assert it.of(p.NetworkSeen) == [p.NetworkSeen(snapshot=None)]


async def test_at_the_end_nothing_waits_to_be_told(it: Reporting) -> None:
    it.session.free_play._session.progress.free = []
    it.session.emit(events.FreePlayBegan())
    it.reporter.close()
    assert it.of(p.StandingTold)[-1].free_play
    it.session.emit(events.Idle())
    assert len(it.of(p.StandingTold)) == 2


def test_words_within_words_come_back_from_json() -> None:
    """A hint names what it is about by another message, or by words in each language."""
    hint = Message("verify.x", {"what": Message("verify.y", {"name": "veth"}), "title": Text("pair", "对"), "count": 2})
    told = p.StandingTold(
        step="a/b", state="todo", percent=0, step_seconds=1, failing=(p.Failing(check="pair", hint=hint),)
    )
    assert p.fact(p.encode(told)) == told
