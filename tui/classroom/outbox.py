"""What a seat has told and the hub has not yet written down: told once more after a lost connection."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from engine.classroom.protocol import CommandRan, Fact, HintShown, ProgressKept, StepEnded, StepReached, encode

ONCE_MORE = (CommandRan, StepReached, StepEnded, HintShown)
"""Facts that happened once. Where the learner is now is told anew at each connection anyway."""
AT_MOST = 300
"""So many wait; then the oldest go. An hour alone is about that much."""


class Outbox:
    """Facts go in as they are told; :meth:`acknowledged` takes out what is safe; :meth:`payloads` are to be told again.

    A progress that was written down covers every fact that was told before it.
    """

    def __init__(self) -> None:
        self._facts: deque[tuple[int, bytes]] = deque(maxlen=AT_MOST)
        self._progress: tuple[int, bytes] | None = None
        self._number = 0

    def put(self, fact: Fact) -> bytes:
        """Keep it as long as it is needed; its payload."""
        payload = encode(fact)
        if isinstance(fact, ProgressKept):
            self._number = fact.number
            self._progress = (fact.number, payload)
        elif isinstance(fact, ONCE_MORE):
            self._facts.append((self._number + 1, payload))
        return payload

    def start_from(self, number: int) -> None:
        """That progress has been told and written down before."""
        self._number = max(self._number, number)

    def acknowledged(self, number: int) -> None:
        """The hub has written down the progress of that number, and what was told before it."""
        while self._facts and self._facts[0][0] <= number:
            self._facts.popleft()
        if self._progress is not None and self._progress[0] <= number:
            self._progress = None

    def payloads(self) -> Iterator[bytes]:
        """In the order in which they were told, the progress last: only its latest matters."""
        yield from (payload for _, payload in self._facts)
        if self._progress is not None:
            yield self._progress[1]
