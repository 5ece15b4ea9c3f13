"""What a check answers with."""

from __future__ import annotations

import msgspec

from engine.messages import Message


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of one check, in words a learner can use."""

    check: str
    """The check's id in its step."""
    passed: bool
    expected: Message
    """What must hold."""
    observed: Message
    """What is there."""
    hint: Message | None = None
    """The likeliest slip, from the lab's actual state; ``None`` when passed."""
    diagnosis: str | None = None
    """A key of the table "says" in ``lessons/README.md``; ``None`` when passed."""


class Finding(msgspec.Struct, frozen=True):
    """What judging one check came to, before it is put together with what was expected."""

    observed: Message
    diagnosis: str | None = None
    hint: Message | None = None

    @property
    def passed(self) -> bool:
        return self.diagnosis is None
