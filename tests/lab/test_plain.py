"""What a person has read in the terminal."""

from __future__ import annotations

import pytest

from engine.lab.plain import plain


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        (b"one\r\ntwo\r\n", "one\ntwo\n"),
        (b"\x1b[01;32myou@lab\x1b[00m$ \x1b[Kls", "you@lab$ ls"),
        (b" 10%\r 50%\r100%\r\n", "100%\n"),
        (b"a longer line\r\x1b[Kshort\r\n", "short\n"),
        (b"a longer line\rshort\r\n", "shortger line\n"),
        (b"typo\x08\x08\x08est\r\n", "test\n"),
        (b"\x1b]0;a title\x07text\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "textlink"),
        (b"before\r\n\x1b[?1049h\x1b[2J~\r\n~\x1b[?1049lafter", "before\nafter"),
        (b"before\x1b[?1049hvim still runs", "before"),
        (b"\x1b(B\x1b=\x1b>plain\x1bP1;2q#data\x1b\\", "plain"),
        ("中文\tÜ\x00\x07".encode(), "中文\tÜ"),
        (b"cut \xe4\xb8", "cut \ufffd"),
        (b"half a sequence \x1b[3", "half a sequence "),
    ],
)
def test_plain(printed: bytes, read: str) -> None:
    assert plain(printed) == read
