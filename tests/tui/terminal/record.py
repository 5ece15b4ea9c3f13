"""Records what real programs write to a terminal of 80 by 24, for ``test_recordings.py``.

    python -m tests.tui.terminal.record [NAME…]

Each runs in its own user, PID and UTS namespace with an empty environment, so that nothing of the machine gets into a
recording. The recordings are in ``recordings/``; record anew only to add one.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pexpect

DIRECTORY = Path(__file__).parent / "recordings"
COLUMNS, ROWS = 80, 24
SETTING = """
hostname nsteps; mkdir -p /tmp/r && mount -t tmpfs none /tmp/r && cd /tmp/r
printf 'line one\\nline two 网络命名空间\\nline three\\n' > notes.txt
seq -f 'number %g of the list' 1 200 > list.txt
exec env -i PATH=/usr/bin:/bin:/usr/sbin HOME=/tmp/r TERM=xterm-256color LC_ALL=C.UTF-8 PS1='$ ' SHELL=/bin/bash
"""
SCENES: dict[str, tuple[str, list[str]]] = {
    "vim": (
        "vim -u NONE -N +'syntax on' +'set nu ruler hlsearch' notes.txt",
        ["jo", "inserted 你好", "\x1b", "/line\r", "gg"],
    ),
    "vim-quit": (
        "bash --norc --noprofile",
        ["echo before\r", "vim -u NONE -N notes.txt\r", "dd", ":q!\r", "echo after\r"],
    ),
    "less": ("less list.txt", [" ", "/150\r", "j"]),
    "nano": ("nano notes.txt", ["first ", "\x0e", "\x05", " end"]),
    "top": ("top -d 60", ["1"]),
    "htop": ("htop -d 100 --no-mouse", []),
    "watch": ("watch -n 60 cat notes.txt", []),
    "tmux": ("tmux -f /dev/null new-session bash --norc --noprofile", ["echo left\r", "\x02%", "echo right\r"]),
    "bash": (
        "bash --norc --noprofile",
        ["echo one two\r", "\x1b[A", "\x01", "\x1bf", "\x0b", "three\r", "ls --color=always /proc/self/ns\r"],
    ),
}


def record(name: str) -> bytes:
    """Run the scene; keys are typed when the program has been silent for a while."""
    program, typed = SCENES[name]
    command = f"{SETTING.strip()} {program}"
    spaces = ["--user", "--map-root-user", "--mount", "--pid", "--fork", "--mount-proc", "--uts"]
    child = pexpect.spawn("unshare", [*spaces, "bash", "-c", command], dimensions=(ROWS, COLUMNS))
    data = bytearray()

    def listen(silence_seconds: float) -> None:
        while True:
            try:
                data.extend(child.read_nonblocking(65536, timeout=silence_seconds))
            except (pexpect.TIMEOUT, pexpect.EOF):
                return

    listen(1.0)
    for keys in typed:
        child.send(keys)
        listen(0.4)
    child.close(force=True)
    return bytes(data)


if __name__ == "__main__":
    for name in sys.argv[1:] or SCENES:
        (DIRECTORY / f"{name}.bin").write_bytes(record(name))
