"""Markdown as blocks."""

from __future__ import annotations

from tui.lesson.markdown import Fence, Figure, Table, Words, parse, parse_inline
from tui.wrap import Span


def text(block: object) -> str:
    assert isinstance(block, Words)
    return block.first + "".join(span.text for span in block.spans)


def test_inline_looks() -> None:
    spans = parse_inline("a **b** *c* `d` [e](https://example.org)")
    assert [(span.text, span.look) for span in spans if span.text.strip()] == [
        ("a ", ""), ("b", "strong"), ("c", "emphasis"), ("d", "code"), ("e", "link"),
    ]  # fmt: skip


def test_comments_and_html_are_left_out() -> None:
    blocks = parse("<!-- step: x -->\n\nwords <b>here</b>\n\n<details>\n")
    assert [text(block) for block in blocks] == ["words here"]


def test_nested_lists() -> None:
    blocks = parse("1. one\n   - a\n   - b\n2. two\n")
    assert [text(block) for block in blocks] == ["1. one", "   • a", "   • b", "2. two"]


def test_a_fence_keeps_its_text_and_info() -> None:
    assert parse("```console T3 look\n$ ip a\n  x\n```\n") == (Fence("$ ip a\n  x", "console T3 look"),)


def test_a_table() -> None:
    (table,) = parse("| a | b |\n|---|---|\n| `c` | d |\n")
    assert table == Table((((Span("a"),), (Span("b"),)), ((Span("c", "code"),), (Span("d"),))))


def test_a_picture_by_itself_is_a_figure() -> None:
    assert parse("![Host and namespace](../assets/figures/pair.svg)\n") == (
        Figure("Host and namespace", "../assets/figures/pair.svg"),
    )


def test_a_line_end_is_a_space_in_english_and_nothing_in_chinese() -> None:
    assert text(parse("one\ntwo")[0]) == "one two"
    assert text(parse("网络\n命名空间")[0]) == "网络命名空间"


def test_emphasis_closes_in_order() -> None:
    assert [(one.text, one.look) for one in parse_inline("**a *b* c**d")] == [
        ("a ", "strong"), ("b", "strong emphasis"), (" c", "strong"), ("d", ""),
    ]  # fmt: skip
