"""OSC 133 marks in a stream, however it is cut."""

from __future__ import annotations

import pytest

from engine.lab.marks import Mark, MarkParser, parse

STREAM = (
    b"\x1b[1mhello\x1b]133;D;0;aid=6\x07\x1b]133;A;aid=6;n=1.1\x07$ \x1b]133;B\x07"
    b"\x1b]133;C;aid=6;ns=netns_dustin;cwd=/home/you;cmdline_url=echo a%3B%0Aecho %E4%B8%AD\x07out\xe4\xb8\xad\r\n"
    b"\x1b]133;D;130;aid=6\x1b\\\x1b]0;title\x07end"
)
EXPECTED = [
    b"\x1b[1mhello",
    Mark(kind="D", shell="6", exit=0),
    Mark(kind="A", shell="6", prompt="1.1"),
    b"$ ",
    Mark(kind="B"),
    Mark(kind="C", shell="6", namespace="netns_dustin", cwd="/home/you", text="echo a;\necho 中"),
    b"out\xe4\xb8\xad\r\n",
    Mark(kind="D", shell="6", exit=130),
    b"\x1b]0;title\x07end",
]


def joined(parts: list[bytes | Mark]) -> list[bytes | Mark]:
    result: list[bytes | Mark] = []
    for part in parts:
        if isinstance(part, bytes) and result and isinstance(result[-1], bytes):
            result[-1] += part
        else:
            result.append(part)
    return result


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 11, 64, len(STREAM)])
def test_chunks_may_end_anywhere(size: int) -> None:
    parser = MarkParser()
    found = [part for at in range(0, len(STREAM), size) for part in parser.feed(STREAM[at : at + size])]
    assert joined(found) == EXPECTED


def test_an_escape_at_the_end_waits_for_what_follows() -> None:
    parser = MarkParser()
    assert parser.feed(b"text\x1b]13") == [b"text"]
    assert parser.feed(b"4;x\x07") == [b"\x1b]134;x\x07"]


def test_a_mark_without_an_end_is_output() -> None:
    parser = MarkParser()
    endless = b"\x1b]133;C;" + b"x" * 300_000
    assert joined(parser.feed(endless)) == [endless]


def test_a_mark_that_another_sequence_cuts_off_ends_there() -> None:
    assert joined(MarkParser().feed(b"\x1b]133;A\x1b[1mx")) == [Mark(kind="A"), b"\x1b[1mx"]


@pytest.mark.parametrize("body", [b"", b"P;k=s", b"Z"])
def test_unknown_marks_are_swallowed(body: bytes) -> None:
    assert parse(body) is None


def test_foreign_marks_have_no_shell_and_no_exit() -> None:
    assert parse(b"D") == Mark(kind="D")
    assert parse(b"D;x") == Mark(kind="D")
