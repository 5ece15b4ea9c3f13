"""Keys, pastes and answers that a slow line brings in pieces, by a clock that the test sets."""

from __future__ import annotations

import random

import pytest
from textual import constants, events
from textual._xterm_parser import XTermParser
from textual.message import Message

from tests.tui.terminal.test_input import ALT, ALT_UPPER, CONTROLS, CURSOR, EDITING, FUNCTION, MODIFIED, SHIFTED
from tui.terminal import input as terminal_input
from tui.terminal.sequences import BEGINNING_SECONDS, LEARNED_SECONDS, REST_SECONDS, Sequences, is_late

terminal_input.install()

MOUSE = ["\x1b[<35;12;7M", "\x1b[<0;12;7m", "\x1b[32;10;10M"]
OTHERS = ["\x1b[I", "\x1b[O", "\x1b[?2026;2$y", "\x1b[[A", "\x1b[3$", "\x1b[99;5u", "\x1b[97;;97u"]
LONG = [*CURSOR, *MODIFIED, *FUNCTION, *SHIFTED, *EDITING, *MOUSE, *OTHERS]
SHORT = ["a", "网", *CONTROLS, *ALT, *ALT_UPPER, "\x1b", "\x1b[", "\x1bO", "\x1b]", "\x1bP", "\x1b_", "\x1b^", "\x1bX"]
ANSWERS = [
    *("\x1b[?62;22c", "\x1b[>1;10;0c", "\x1b[0n", "\x1b[24;80R", "\x1b[?0u", "\x1b[?997;1n", "\x1b[8;24;80t"),
    *("\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\", "\x1b]11;rgb:1e/1e/1e\x07", "\x1b]52;c;" + "QUJD" * 5000 + "\x07"),
    *("\x1bP>|xterm(390)\x1b\\", "\x1bP1$r0m\x1b\\", "\x1bP0+r\x1b\\", "\x1b_Gi=31;OK\x1b\\", "\x1b[4;1$y"),
]
SLOW = 0.25


class Line:
    """Somebody types at the other end."""

    def __init__(self, begun_ago: float = BEGINNING_SECONDS) -> None:
        self.now = 100.0
        self.alive = 0
        self.expecting = False
        self.found: list[Message] = []
        self.sequences = Sequences(
            XTermParser(), alive=self._answered, expecting=lambda: self.expecting, clock=lambda: self.now
        )
        self.wait(begun_ago)

    def _answered(self) -> None:
        self.alive += 1

    def wait(self, seconds: float) -> None:
        end = self.now + seconds
        while (until := self.sequences.until) is not None and until <= end:
            self.now = until
            self.found += self.sequences.expire()
        self.now = end

    def comes(self, *pieces: str, gap: float = SLOW) -> list[str]:
        """What the pieces, and silence after them, are; a key whose Esc was taken for a key has a ``…`` before it."""
        self.found = []
        for number, piece in enumerate(pieces):
            if number:
                self.wait(gap)
            self.found += self.sequences.feed(piece)
        self.wait(REST_SECONDS + 1)
        return [name(event) for event in self.found]


def name(event: Message) -> str:
    if isinstance(event, events.Key):
        return ("…" if is_late(event) else "") + event.key
    if isinstance(event, events.MouseEvent):
        return f"{type(event).__name__} {event.x} {event.y}"
    return f"paste {event.text}" if isinstance(event, events.Paste) else type(event).__name__


def whole(data: str) -> list[str]:
    """The same by Textual's own reader, which gets it in one piece."""
    parser = XTermParser()
    return [name(event) for event in [*parser.feed(data), *parser.feed("")]]


@pytest.mark.parametrize("data", [*LONG, *SHORT], ids=ascii)
def test_in_one_piece_it_is_what_textual_reads(data: str) -> None:
    assert Line().comes(data) == whole(data)


@pytest.mark.parametrize("data", LONG, ids=ascii)
def test_in_two_pieces_it_is_the_same(data: str) -> None:
    for cut in range(2, len(data)):
        assert Line().comes(data[:cut], data[cut:]) == whole(data)
    assert Line().comes(*data, gap=float(constants.ESCAPE_DELAY) / 2) == whole(data)


@pytest.mark.parametrize("data", [one for one in LONG if whole(one)], ids=ascii)
def test_what_follows_an_esc_that_was_taken_for_the_key_is_the_rest_of_it(data: str) -> None:
    line = Line()
    found = line.comes(data[:1], data[1:])
    assert found[0] == "escape" and [one.lstrip("…") for one in found[1:]] == whole(data)
    assert line.comes(data[:1], data[1:]) == whole(data)  # it has learned what line it is
    assert line.comes(*data) == whole(data)


def test_esc_is_quick_and_what_is_typed_after_it_is_not_its_rest() -> None:
    line = Line()
    line.found += line.sequences.feed("\x1b")
    line.wait(float(constants.ESCAPE_DELAY) + 0.001)
    assert [name(event) for event in line.found] == ["escape"]
    for typed in ("j", ":", "O", "OPx", "OA", "[[", "[", "[5w"):
        assert Line().comes("\x1b", typed) == ["escape", *(name for one in typed for name in whole(one))]
    assert Line().comes("\x1b", "[A", gap=0.5) == ["escape", "left_square_bracket", "A"]
    assert Line().comes("\x1bO", "hello", gap=0.1) == ["alt+shift+o", *"hello"]


def test_esc_waits_while_an_answer_is_expected_and_forgets_a_line_that_has_mended() -> None:
    line = Line()
    line.expecting = True
    assert line.comes("\x1b", "[0n") == [] and line.alive == 1
    line = Line(begun_ago=0.0)
    assert line.comes("\x1b", "[?2026;2$y") == whole("\x1b[?2026;2$y")
    line.wait(LEARNED_SECONDS)
    assert line.comes("\x1b", "[A") == ["escape", "…up"]


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: ascii(answer[:16]))
def test_answers_nobody_waits_for_are_dropped(answer: str) -> None:
    for seed in range(10):
        cuts = sorted(random.Random(seed).sample(range(3, len(answer)), min(3, len(answer) - 3)))
        pieces = [answer[start:end] for start, end in zip([0, *cuts], [*cuts, len(answer)], strict=True)]
        assert Line().comes(*pieces, "x") == ["x"]


def test_what_is_cut_off_is_not_typed() -> None:
    assert Line().comes("\x1b[38;5", "\x1b[A") == ["up"]
    assert Line().comes("\x1b[38;5") == []
    assert Line().comes("\x1b[38;5\r") == ["enter"]
    assert Line().comes("\x1b]11;rgb:1e", "\x1b[A") == ["up"]


def test_a_paste_in_pieces_stays_one_and_ends() -> None:
    text = "网络 ip a\nls \x1b[A x" * 20
    data = f"\x1b[200~{text}\x1b[201~x"
    for seed in range(50):
        cuts = sorted({8, *random.Random(seed).sample(range(2, len(data)), 40)})
        pieces = [data[start:end] for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True)]
        assert Line().comes(*pieces) == [f"paste {text}", "x"]
    assert Line().comes(*data, gap=0.01) == [f"paste {text}", "x"]


def test_a_byte_that_is_no_text_comes_through() -> None:
    found = list(Sequences(XTermParser()).feed("\udce9"))
    assert isinstance(found[0], events.Key) and found[0].character == "\udce9"
