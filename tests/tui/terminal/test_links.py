"""Links in what a terminal shows."""

from __future__ import annotations

import pytest

from tests.tui.terminal.screen import Screen
from tui.terminal.links import Link, addresses, link_at, links_of_line, next_link


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see http://10.0.0.11:8080/ now", ["http://10.0.0.11:8080/"]),
        ("(https://example.org/a_(b)).", ["https://example.org/a_(b)"]),
        ("Serving on http://0.0.0.0:8080/ ...", ["http://0.0.0.0:8080/"]),
        ("<http://a/>, \"http://b/c?d=e&f\"", ["http://a/", "http://b/c?d=e&f"]),
        ("打开http://www.baidu.com/。完", ["http://www.baidu.com/"]),
        ("ftp://x/y; HTTP://Z", ["ftp://x/y", "HTTP://Z"]),
        ("http:// and nothttp://x", []),
        ("veth_dustin@veth_ns: ://", []),
    ],
)  # fmt: skip
def test_plain_addresses(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in addresses(text)] == found


def test_an_address_that_was_wrapped_is_one_link() -> None:
    screen = Screen(20, 6).feed("go http://10.0.0.11:8080/a/long/way there\r\n$ ")
    link = Link("http://10.0.0.11:8080/a/long/way", (3, 0), (14, 1))
    assert link_at(screen.emulator, 3, 0) == link_at(screen.emulator, 14, 1) == link
    assert link_at(screen.emulator, 2, 0) is None and link_at(screen.emulator, 15, 1) is None
    assert [link.columns(row, 20) for row in range(3)] == [(3, 20), (0, 15), None]


def test_chinese_before_an_address() -> None:
    screen = Screen(40, 3).feed("网络 http://x.y/z")
    assert link_at(screen.emulator, 5, 0) == Link("http://x.y/z", (5, 0), (16, 0))


def test_a_link_the_program_has_made_leads_where_it_says() -> None:
    screen = Screen(40, 3).feed("\x1b]8;;http://there/x\x1b\\click 网\x1b]8;;\x1b\\ or http://here/")
    assert links_of_line(screen.emulator, 0) == [
        Link("http://there/x", (0, 0), (7, 0)),
        Link("http://here/", (12, 0), (23, 0)),
    ]


def test_an_address_that_is_a_made_link_counts_once() -> None:
    screen = Screen(40, 3).feed("\x1b]8;;http://real/\x1b\\http://shown/\x1b]8;;\x1b\\")
    assert [link.target for link in links_of_line(screen.emulator, 0)] == ["http://real/"]


def test_from_link_to_link_round_and_round() -> None:
    screen = Screen(40, 4).feed("http://a/ http://b/\r\n" + "nothing\r\n" * 20 + "http://c/\r\n")
    emulator, targets = screen.emulator, []
    place = (0, 22)
    for way in (1, 1, 1, -1, -1):
        link = next_link(emulator, *place, way)
        assert link is not None
        targets.append(link.target)
        place = link.start
    assert targets == ["http://a/", "http://b/", "http://c/", "http://b/", "http://a/"]
    assert next_link(Screen().emulator, 0, 0, 1) is None
