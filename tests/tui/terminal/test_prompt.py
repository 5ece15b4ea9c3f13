"""What stands at the prompt is read off the screen."""

from __future__ import annotations

import pytest

from tui.terminal.ghostty import GhosttyEmulator
from tui.terminal.prompt import typed_at_prompt

PROMPT = "\x1b[01;32myou@lab\x1b[00m:\x1b[01;34m~\x1b[00m$ "


@pytest.mark.parametrize(
    ("printed", "typed"),
    [
        (PROMPT, ""),
        (PROMPT + "ip link", "ip link"),
        (PROMPT + "ls\r\nfile\r\n" + PROMPT, ""),
        (PROMPT + "ls\r\nfile\r\n" + PROMPT + "ping -c 1 x", "ping -c 1 x"),
        ("root@lab:/home/you# ip a", "ip a"),
        (PROMPT + "sudo ip link add dev veth_dustin type veth", "sudo ip link add dev veth_dustin type veth"),
        (PROMPT + "ip link set lo up\x1b[3D", "ip link set lo up"),
        ("my own prompt> ip link", ""),
        (PROMPT + "\x1b[?25l", ""),
        ("", ""),
    ],
)
def test_what_is_typed(printed: str, typed: str) -> None:
    emulator = GhosttyEmulator(30, 8)
    emulator.feed(printed.encode())
    emulator.changed_rows()
    assert typed_at_prompt(emulator) == typed
    emulator.close()


def test_no_terminal_yet() -> None:
    assert typed_at_prompt(None) == ""
