"""Evaluating many checks: order, concurrency, lists of which any one will do."""

from __future__ import annotations

import asyncio

import pytest

from engine.verify import PROBE_KINDS, STATE_KINDS, evaluate, evaluate_state
from engine.verify.fields import FIELDS
from engine.verify.probe import Probe, ProbeResult
from tests.verify.picture import PAIR, Run, check, picture

THERE = picture(**PAIR)


def test_every_kind_is_of_one_sort() -> None:
    assert STATE_KINDS | PROBE_KINDS | {"ran"} == set(FIELDS)
    assert not STATE_KINDS & PROBE_KINDS


async def test_verdicts_come_in_order_and_probes_run_at_the_same_time() -> None:
    checks = [
        check("ping", id="a", to="10.0.0.10"),
        check("namespace", id="b", name="netns_dustin"),
        check("ping", id="c", to="10.0.0.11"),
        check("ran", id="d", program="ls"),
        check("ping", id="e", to="10.0.0.10"),
        check("ping", id="f", to="10.0.0.10", namespace="netns_none"),
    ]
    asked: list[Probe] = []
    together = asyncio.Barrier(2)

    async def probe(request: Probe) -> ProbeResult:
        asked.append(request)
        await together.wait()  # passes only when both are under way
        return ProbeResult(outcome="reply")

    verdicts = await asyncio.wait_for(evaluate(checks, THERE, [Run("ls")], probe), 10)
    assert [one.check for one in verdicts] == ["a", "b", "c", "d", "e", "f"]
    assert [one.passed for one in verdicts] == [True] * 5 + [False]
    assert verdicts[-1].diagnosis == "no-namespace"
    assert sorted(one.target for one in asked) == ["10.0.0.10", "10.0.0.11"]


async def test_what_a_probe_raises_is_passed_on() -> None:
    async def probe(request: Probe) -> ProbeResult:
        raise ConnectionError("the lab is gone")

    with pytest.raises(ConnectionError):
        await evaluate([check("ping", to="10.0.0.10")], THERE, [], probe)


def test_without_probes_the_others_are_judged() -> None:
    checks = [check("ping", id="a", to="x"), check("namespace", id="b", name="netns_dustin")]
    assert [one.check for one in evaluate_state(checks, THERE, [])] == ["b"]


async def test_of_a_list_any_one_will_do_and_of_absent_ones_all() -> None:
    def passes(**fields: object) -> bool:
        return evaluate_state([check("namespace", **fields)], THERE, [])[0].passed

    assert passes(name=["netns_none", "netns_dustin"])
    assert not passes(name=["netns_none", "netns_nobody"])
    assert passes(name=["netns_none", "netns_nobody"], absent=True)
    assert not passes(name=["netns_none", "netns_dustin"], absent=True)

    async def probe(request: Probe) -> ProbeResult:
        return ProbeResult(outcome="reply" if request.target == "b" else "no-reply")

    assert (await evaluate([check("ping", to=["a", "b"])], THERE, [], probe))[0].passed
    assert not (await evaluate([check("ping", to=["a", "c"])], THERE, [], probe))[0].passed
