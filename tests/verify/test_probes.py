"""``ping``, ``curl``, ``dig``, ``connect``: results against expectations."""

from __future__ import annotations

import pytest

from engine.messages import render
from tests.verify.picture import check, picture
from tests.verify.probing import LESSON_6, MASQUERADE, PING_OUT, WORLD, probed, routed
from tests.verify.telling import says


@pytest.mark.parametrize(
    ("kind", "expect", "outcomes"),
    [
        ("ping", None, {"reply"}),
        ("ping", "no-reply", {"no-reply", "timeout", "unreachable"}),
        ("ping", "no-route", {"no-route"}),
        ("ping", "unknown-name", {"unknown-name"}),
        ("ping", "failure", {"no-reply", "timeout", "unreachable", "no-route", "unknown-name", "refused", "failed"}),
        ("ping", ["no-route", "unknown-name"], {"no-route", "unknown-name"}),
        ("curl", None, {"ok"}),
        ("curl", "refused", {"refused"}),
        ("curl", "timeout", {"no-reply", "timeout", "unreachable"}),
        ("dig", None, {"answer"}),
        ("connect", None, {"open"}),
        ("connect", "refused", {"refused"}),
    ],
)
async def test_what_an_expectation_takes(kind: str, expect: object, outcomes: set[str]) -> None:
    fields = {"ping": {"to": WORLD}, "curl": {"url": WORLD}, "dig": {"name": "x"}, "connect": {"to": WORLD, "port": 80}}
    success = {"ping": "reply", "curl": "ok", "dig": "answer", "connect": "open"}[kind]
    asked = check(kind, **fields[kind], **({"expect": expect} if expect else {}))
    for outcome in ("no-reply", "timeout", "unreachable", "no-route", "unknown-name", "refused", "failed", success):
        verdict = await probed(asked, picture(), outcome)
        assert verdict.passed is (outcome in outcomes), outcome
        if outcome == success and expect:
            assert verdict.diagnosis == "works-already"


async def test_what_lets_it_through_already() -> None:
    asked = check("ping", to=WORLD, namespace="netns_dustin", expect="no-reply")
    verdict = await probed(asked, routed(*LESSON_6, MASQUERADE), "reply")
    assert verdict.diagnosis == "works-already"
    assert "the rule `-A FORWARD -i veth_dustin -o enp4s0 -j ACCEPT` lets it through" in (says(verdict) or "")
    plain = await probed(check("curl", url="localhost:8080", expect="failure"), picture(), "ok")
    assert says(plain) == (
        "`curl localhost:8080` works already; here you should see it fail first. "
        "Undo what made it work, or reset the step."
    )


async def test_the_answer_of_a_name_server() -> None:
    asked = check("dig", name="www.baidu.com", server=WORLD, address="220.181.38.150")
    assert (await probed(asked, picture(), "answer", "www.a.shifen.com, 220.181.38.150")).passed
    verdict = await probed(asked, picture(), "answer", "10.9.9.9")
    assert (verdict.diagnosis, says(verdict)) == (
        "wrong-address",
        "The answer is 10.9.9.9; this step needs 220.181.38.150.",
    )
    assert render(verdict.expected, "en") == f"`dig @{WORLD} www.baidu.com` from the host answers 220.181.38.150"


async def test_what_is_expected_in_words() -> None:
    verdict = await probed(PING_OUT, routed(), "no-reply")
    assert render(verdict.expected, "en") == "`ping 114.114.114.114` from `netns_dustin` is answered"
    assert render(verdict.observed, "zh") == "从 `netns_dustin` 执行 `ping 114.114.114.114`：没有回应"
