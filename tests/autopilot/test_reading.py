"""Reading time: words of English, characters of Chinese, lines of code."""

from __future__ import annotations

import pytest

from engine.session.autopilot.reading import (
    CHARACTER_SECONDS,
    LINE_SECONDS,
    WORD_SECONDS,
    looking_seconds,
    reading_seconds,
)


def test_english_is_counted_in_words() -> None:
    assert reading_seconds("one two **three** four, five six — seven.") == pytest.approx(7 * WORD_SECONDS)


def test_chinese_is_counted_in_characters_and_its_punctuation_not_at_all() -> None:
    assert reading_seconds("网络命名空间，就是一份独立的网络协议栈。") == pytest.approx(18 * CHARACTER_SECONDS)


def test_words_of_code_within_chinese_count_once() -> None:
    assert reading_seconds("用 `ip link` 查看网卡的状态吧") == pytest.approx(9 * CHARACTER_SECONDS + 2 * WORD_SECONDS)


def test_a_fence_is_looked_at_line_by_line() -> None:
    assert reading_seconds("```console docker\n$ docker ps\nID NAME\nx y\n```") == pytest.approx(3 * LINE_SECONDS)


def test_addresses_of_links_and_comments_are_not_read() -> None:
    text = "one two three [four five](https://example.org/a/b/c) <!-- not this --> six"
    assert reading_seconds(text) == pytest.approx(6 * WORD_SECONDS)


def test_nothing_takes_no_time_and_little_takes_a_moment() -> None:
    assert reading_seconds("  \n") == 0
    assert reading_seconds("Yes.") == 1.0


def test_a_change_is_looked_at_longer_and_much_output_no_longer_than_a_screen_of_it() -> None:
    assert looking_seconds(2, changes=True) > looking_seconds(2, changes=False)
    assert looking_seconds(5, changes=False) > looking_seconds(1, changes=False)
    assert looking_seconds(500, changes=False) == looking_seconds(50, changes=False) < 6
