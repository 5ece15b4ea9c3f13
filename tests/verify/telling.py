"""Judging one check at a time, and reading what the learner would read."""

from __future__ import annotations

from collections.abc import Sequence

from engine.course.model import LANGUAGES, Check
from engine.messages import render
from engine.network.snapshot import Snapshot
from engine.verify import Verdict, evaluate_state
from tests.verify.picture import Run

LONGEST_HINT = 150
"""Columns: a little over three lines of 45."""


def judged(check: Check, snapshot: Snapshot, *commands: Run, others: Sequence[Check] = ()) -> Verdict:
    """The verdict of ``check``, whose words are all there and short in both languages."""
    verdict = next(one for one in evaluate_state([check, *others], snapshot, list(commands)) if one.check == check.id)
    readable(verdict)
    return verdict


def says(verdict: Verdict) -> str | None:
    """The English hint."""
    return render(verdict.hint, "en") if verdict.hint else None


def readable(verdict: Verdict) -> None:
    """Fails unless all that ``verdict`` says can be said in every language, and a failed one has a short hint."""
    assert verdict.passed == (verdict.hint is None) == (verdict.diagnosis is None)
    for language in LANGUAGES:
        for message in (verdict.expected, verdict.observed, verdict.hint):
            if message is None:
                continue
            words = render(message, language)
            assert words and "{" not in words.replace("{{", "")
            if message is verdict.hint:
                width = sum(2 if ord(letter) > 0x2E80 else 1 for letter in words)
                assert width <= LONGEST_HINT, words
