"""How much is on its way, over lines that the test makes, by its clock."""

from __future__ import annotations

from collections import deque

from tui.terminal.flow import BETWEEN_QUESTIONS, LEAST, QUESTION, SILENT_SECONDS, Flow

FRAME = 2000


class Line:
    """Delivers so many characters a second after so many seconds, in order, and answers."""

    def __init__(self, rate: float, round_trip: float) -> None:
        self.now = 0.0
        self.flow = Flow(lambda: self.now)
        self._rate, self._round_trip = rate, round_trip
        self._free_at = 0.0
        self._answers: deque[float] = deque()
        self.written = 0

    def write(self, count: int) -> None:
        asked = self.flow.written(count)
        self.written += count
        self._free_at = max(self._free_at, self.now) + (count + len(asked)) / self._rate
        if asked:
            self._answers.append(self._free_at + self._round_trip)

    def flood(self, seconds: float) -> float:
        """Frames of a program that writes all the time; how long, at most, one had to wait on the line."""
        longest, end = 0.0, self.now + seconds
        while self.now < end:
            while self._answers and self._answers[0] <= self.now:
                self._answers.popleft()
                self.flow.answered()
            if not self.flow.full:
                self.write(FRAME)
                longest = max(longest, self._free_at - self.now)
            self.now += 1 / 60
        return longest


def test_little_waits_on_a_slow_line_and_it_is_used() -> None:
    line = Line(20_000, 0.3)
    line.flood(1.0)
    assert line.flood(10.0) <= (LEAST + 2 * FRAME) / 20_000
    assert line.written > 0.6 * 20_000 * line.now


def test_a_quick_and_far_line_is_used() -> None:
    line = Line(2_000_000, 0.3)
    line.flood(5.0)
    before = line.written
    line.flood(10.0)
    assert line.written - before > 0.9 * 60 * FRAME * 10


def test_a_terminal_that_does_not_answer_is_asked_once() -> None:
    flow = Flow(lambda: 0.0)
    asked = [flow.written(1000) for _ in range(100)]
    assert asked == [QUESTION, *[""] * 99]
    assert not flow.full and not flow.answers


def test_typing_is_not_asked_about() -> None:
    flow = Flow(lambda: 0.0)
    assert flow.written(FRAME) == QUESTION
    flow.answered()
    assert "".join(flow.written(60) for _ in range(BETWEEN_QUESTIONS // 60)) == ""
    assert flow.written(60) == QUESTION


def test_a_terminal_that_has_stopped_answering_is_no_longer_waited_for() -> None:
    now = 0.0
    flow = Flow(lambda: now)
    flow.written(FRAME)
    flow.answered()
    while not flow.full:
        flow.written(FRAME)
    assert flow.expecting and flow.may_answer
    now = SILENT_SECONDS + 1
    assert not flow.full and not flow.expecting and not flow.may_answer
    assert flow.written(100 * FRAME) == ""
    while flow.open_questions:
        flow.answered()
    assert flow.may_answer and flow.written(100 * FRAME) == QUESTION and flow.full


def test_answers_that_were_not_asked_for_are_nothing() -> None:
    flow = Flow(lambda: 0.0)
    flow.answered()
    assert not flow.answers
