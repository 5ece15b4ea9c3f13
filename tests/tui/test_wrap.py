"""Breaking styled text into lines."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from tui.wrap import Span, cropped, cut, padded, width_of, wrap


def lines(text: str, width: int) -> list[str]:
    return ["".join(span.text for span in line) for line in wrap([Span(text)], width)]


def test_english_breaks_at_spaces() -> None:
    assert lines("one two three four", 9) == ["one two", "three", "four"]


def test_chinese_breaks_between_characters_but_not_before_a_comma() -> None:
    assert lines("网络命名空间，很好", 12) == ["网络命名空", "间，很好"]


def test_an_opening_bracket_does_not_end_a_line() -> None:
    assert lines("一二三四（五六）", 10) == ["一二三四", "（五六）"]


def test_a_word_that_is_too_long_is_cut() -> None:
    assert lines("abcdefghij xy", 4) == ["abcd", "efgh", "ij", "xy"]


def test_looks_survive_and_neighbours_are_joined() -> None:
    wrapped = wrap([Span("an "), Span("inline code", "code"), Span(" here")], 12)
    assert wrapped == [(Span("an "), Span("inline", "code")), (Span("code", "code"), Span(" here"))]


def test_the_texts_own_line_ends_stay() -> None:
    assert lines("a\nb", 20) == ["a", "b"]


@pytest.mark.parametrize("width", range(4, 40))
def test_no_line_is_wider_than_asked(width: int) -> None:
    text = "用 `ip netns exec` 在 netns_dustin 里运行 curl localhost:8080，结果 curl: (7) Failed to connect（为什么？）"
    for line in wrap([Span(text)], width):
        assert width_of(line) <= width
    assert "".join(lines(text, width)).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    ("text", "width", "expected"), [("abc", 3, "abc"), ("abcd", 3, "ab…"), ("网络", 3, "网…"), ("a", 0, "")]
)
def test_cut(text: str, width: int, expected: str) -> None:
    assert cut(text, width) == expected


def test_cropped_spans() -> None:
    assert cropped([Span("ab", "x"), Span("网络", "y")], 5) == (Span("ab", "x"), Span("网…", "y"))
    assert cropped([Span("ab")], 2) == (Span("ab"),)


def test_padded_is_exactly_as_wide() -> None:
    assert cell_len(padded("网络abc", 10)) == cell_len(padded("网络abc很长的名字", 10)) == 10
