"""Blocks with their lines."""

from __future__ import annotations

from pathlib import Path

from engine.course.markdown import Block, Comment, Details, Fence, Heading, parser_factory, read_blocks
from engine.course.problems import Problems


def blocks(text: str) -> list[Block]:
    problems = Problems(Path())
    found = read_blocks(text, problems)
    assert problems.found == []
    return found


def test_headings_and_fences() -> None:
    heading, _, fence = blocks("## A `b`\n\nwords\n\n```console T1\n$ a\n\n$ b\n```\n")
    assert heading == Heading(line=1, end=2, level=2, text="A `b`")
    assert fence == Fence(line=5, end=10, info="console T1", text="$ a\n\n$ b")


def test_comments() -> None:
    marker, data, remark = blocks(
        "<!-- step: a b -->\n\n<!-- checks\n- id: a\n\n- id: b\n-->\n\n<!-- mind the gap -->\n"
    )
    assert isinstance(marker, Comment) and isinstance(data, Comment) and isinstance(remark, Comment)
    assert (marker.name, marker.text.split(), marker.colon) == ("step", ["a", "b"], True)
    assert (data.name, data.text, data.text_line, data.end) == ("checks", "- id: a\n\n- id: b\n", 4, 8)
    assert (remark.name, remark.text.strip(), remark.colon) == ("mind", "the gap", False)


def test_a_comment_in_a_fence_is_text() -> None:
    (fence,) = blocks("```text\n<!-- checks\n```\n")
    assert isinstance(fence, Fence)


def test_details_with_blocks_in_them() -> None:
    text = '<details class="hint"><summary>Hint</summary>\n\nWords\n\n```sh\nx\n```\n\n</details>\n\nMore\n'
    details, _ = blocks(text)
    assert isinstance(details, Details)
    assert (details.kind, details.line, details.end) == ("hint", 1, 10)
    assert details.text == "Words\n\n```sh\nx\n```"
    assert [type(block).__name__ for block in details.blocks] == ["Prose", "Fence"]


def test_details_in_one_piece_and_one_after_another() -> None:
    first, second, third = blocks(
        "<details class='hint'><summary>A</summary>one</details>\n"
        "<details class=hint>\n<summary>B</summary>\n\ntwo\n\n</details>\n"
        '<details class="explanation">three\n</details>\n'
    )
    assert [(one.kind, one.text) for one in (first, second, third) if isinstance(one, Details)] == [
        ("hint", "one"),
        ("hint", "two"),
        ("explanation", "three"),
    ]


def test_the_lesson_pane_uses_the_same_parser() -> None:
    from tui.lesson.markdown import _parser

    assert _parser().get_active_rules()["block"] == parser_factory(inline=False).get_active_rules()["block"]
