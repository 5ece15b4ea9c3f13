"""Colouring of command lines."""

from __future__ import annotations

import pytest

from tui.lesson.shell import highlight

LINES = [
    "python3 -m http.server 8080",
    "sudo ip netns exec netns_dustin curl localhost:8080",
    'cat /etc/sysctl.conf | grep "^net.ipv4.ip_forward=1" || echo "x" | sudo tee -a /etc/sysctl.conf',
    "for i in 1 2; do ping -c1 10.0.0.$i; done",
    "echo 'never closed",
    "a && b; c > d 2>&1",
    "",
    "回显 $(date)",
]


def programs(text: str) -> list[str]:
    return [span.text for span in highlight(text) if span.look == "program"]


@pytest.mark.parametrize("line", LINES)
def test_nothing_is_lost(line: str) -> None:
    assert "".join(span.text for span in highlight(line)) == line


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (LINES[0], ["python3"]),
        (LINES[1], ["ip", "curl"]),
        (LINES[2], ["cat", "grep", "echo", "tee"]),
        ("X=1 sudo -E env", []),
        ("sudo sysctl -p", ["sysctl"]),
    ],
)
def test_programs_stand_out(line: str, expected: list[str]) -> None:
    assert [one for one in programs(line) if one != "-E"] == expected


def test_options_and_quotes() -> None:
    looks = {span.text: span.look for span in highlight("grep -v 'a b' - file")}
    assert (looks["-v"], looks["'a b'"], looks["-"], looks["file"]) == ("option", "quoted", "command", "command")
