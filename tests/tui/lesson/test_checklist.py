"""The checklist: marks, the likeliest slip, what comes next."""

from __future__ import annotations

import dataclasses

import msgspec
import pytest

from engine.messages import Message, render
from engine.verify import Verdict
from tui.lesson.checklist import Checks, checklist
from tui.words import sayer
from tui.wrap import width_of

SAY = sayer(lambda: "en")


def word(text: str) -> Message:
    """Any text as a message."""
    return Message("tui.checks.next", {"title": text})


def verdict(
    passed: bool, expected: str = "a link veth_dustin", hint: str | None = None, diagnosis: str | None = None
) -> Verdict:
    return Verdict(
        check="c",
        passed=passed,
        expected=word(expected),
        observed=word("nothing"),
        hint=word(hint) if hint else None,
        diagnosis=diagnosis,
    )


def texts(checks: Checks, width: int = 60, compact: bool = False) -> list[str]:
    lines = checklist(checks, width, SAY, "en", compact)
    assert all(width_of(line.spans) <= width for line in lines)
    return [line.text for line in lines]


def test_before_anything_was_evaluated() -> None:
    found = texts(Checks(expected=2))
    assert found[0].startswith("Checks 0/2") and found[1].startswith("…")


def test_marks() -> None:
    found = texts(Checks(verdicts=(verdict(True, "one"), verdict(False, "two")), expected=2))
    assert found[0].startswith("Checks 1/2")
    assert found[1].startswith("✓ ") and "one" in found[1]
    assert found[2].startswith("○ ") and "two" in found[2]


def test_the_slip_is_told_only_after_the_learner_has_tried() -> None:
    verdicts = (verdict(False, "one", "it is on the host"), verdict(False, "two", "another"))
    assert not any("on the host" in text for text in texts(Checks(verdicts=verdicts)))
    found = texts(Checks(verdicts=verdicts, tried=True))
    assert [text.startswith("  ✗ ") for text in found] == [False, False, True, False]
    assert "on the host" in found[2]


def test_of_two_commands_the_first_is_no_slip() -> None:
    """It ran here, and the other one is to run elsewhere."""
    here = msgspec.structs.replace(verdict(True), check="here")
    there = msgspec.structs.replace(verdict(False, "two", "that ran on the host", "ran-elsewhere"), check="there")
    checks = Checks(verdicts=(here, there), tried=True, runs=frozenset({"here", "there"}))
    assert not any("on the host" in text for text in texts(checks))
    assert any("on the host" in text for text in texts(dataclasses.replace(checks, expecting=True)))
    other = dataclasses.replace(checks, runs=frozenset({"there"}))  # what holds is no command that was run
    assert any("on the host" in text for text in texts(other))


def test_that_something_is_not_there_yet_is_no_slip_before_all_was_typed() -> None:
    verdicts = (
        verdict(False, "one", "it is not there", "not-there"),
        verdict(False, "two", "wrong place", "wrong-place"),
    )
    assert any("wrong place" in text for text in texts(Checks(verdicts=verdicts, tried=True)))
    only = verdicts[:1]
    assert not any("it is not there" in text for text in texts(Checks(verdicts=only, tried=True)))
    assert any("it is not there" in text for text in texts(Checks(verdicts=only, tried=True, expecting=True)))


@pytest.mark.parametrize("compact", [False, True])
@pytest.mark.parametrize(("state", "mark"), [("done", "✓"), ("skipped", "↷")])
def test_a_passed_step_offers_the_next(state: str, mark: str, compact: bool) -> None:
    found = texts(Checks(verdicts=(verdict(True),), state=state, next_title="Move one end"), compact=compact)
    assert found[0].startswith(mark)
    assert "F5" in found[1] and "Move one end" in found[1]


def test_the_last_step_says_so() -> None:
    assert render(Message("tui.checks.last"), "en") in texts(Checks(state="done"))[1]


def test_compact_is_a_summary_with_what_is_missing_and_the_slip() -> None:
    found = texts(Checks(verdicts=(verdict(True), verdict(False, "its peer", "no peer")), tried=True), compact=True)
    assert len(found) == 2
    assert "✓○ 1/2" in found[0] and "its peer" in found[0]
    assert found[1].startswith("✗ ") and "no peer" in found[1]


def test_an_earlier_step_undone_is_named() -> None:
    for state in ("todo", "done"):
        found = texts(Checks(undone=(verdict(False, hint="lo is down"),), state=state))
        assert any(text.startswith("! ") and "lo is down" in text for text in found)


def test_where_somebody_else_does_the_step_no_keys_are_told() -> None:
    head, onward, *_ = texts(Checks(state="done", next_title="Switch it on", led=True))
    assert (head, onward) == ("✓ Step done", "  Next: Switch it on")
