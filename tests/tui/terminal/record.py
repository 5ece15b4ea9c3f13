"""Records what real programs write to a terminal of 80 by 24, for ``test_recordings.py``.

    python -m tests.tui.terminal.record [NAME…]
    python -m tests.tui.terminal.record --reference

Each runs in its own user, PID, network and UTS namespace with an empty environment, so that nothing of the machine gets
into a recording. The recordings are in ``recordings/``; record anew only to add one. ``--reference`` plays each of them
to tmux, whose terminal is the reference emulator, and keeps its screen beside it: the text, and a last line with the
cursor's column and row.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pexpect

DIRECTORY = Path(__file__).parent / "recordings"
COLUMNS, ROWS = 80, 24
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "SHELL": "/bin/sh"}
SETTING = """
hostname nsteps; mkdir -p /tmp/r && mount -t tmpfs -o uid=$(id -u) none /tmp/r && cd /tmp/r
printf 'line one\\nline two 网络命名空间\\nline three\\n' > notes.txt
seq -f 'number %g of the list' 1 200 > list.txt
printf '网络命名空间（network namespace）把一台机器分成几个互不相干的网络。\\n\\n' > chinese.txt
for n in 1 2 3 4 5 6 7 8 9; do
  printf '第 %s 条：veth 对像一根网线，一端放进 netns_dustin，' $n
  printf '另一端留在主机上，“进去”的都会“出来”。\\n'
done >> chinese.txt
ip link set lo up; ip link add veth_dustin type veth peer name veth_ns_dustin
ip address add 10.0.0.10/24 dev veth_dustin
(while sleep 0.2; do true 3<> /dev/tcp/127.0.0.1/9; done) > /dev/null 2>&1 &
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
    "watch-ip": ("watch -n 60 ip a", []),
    "tcpdump": ("tcpdump -n -l -c 4 -i lo tcp port 9", []),
    "chinese": ("bash --norc --noprofile", ["cat chinese.txt\r"]),
    "chinese-less": ("less chinese.txt", ["/网线\r", "n", "j"]),
    "chinese-vim": ("vim -u NONE -N +'set nu' chinese.txt", ["3j", "ww", "i插入", "\x1b", "o新的一行 new\x1b"]),
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
    who = (
        ["--map-user=1000", "--map-group=1000", "--keep-caps"] if name == "tcpdump" else ["--map-root-user"]
    )  # as root it changes its user
    spaces = ["--user", *who, "--mount", "--pid", "--fork", "--mount-proc", "--uts", "--net"]
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


def reference(data: bytes) -> str:
    """The screen of tmux after that output."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory)
        (path / "data").write_bytes(data)
        tmux = ["tmux", "-u", "-S", str(path / "socket"), "-f", "/dev/null"]
        play = f"stty raw -echo; cat {path / 'data'}; touch {path / 'played'}; exec sleep 600"
        settings = ["set", "-g", "status", "off", ";"]
        session = ["new-session", "-d", "-x", str(COLUMNS), "-y", str(ROWS), "sh", "-c", play]
        subprocess.run([*tmux, "start-server", ";", *settings, *session], check=True, env=ENVIRONMENT)
        try:
            while not (path / "played").exists():
                time.sleep(0.05)
            time.sleep(0.5)  # tmux has read it all
            screen = subprocess.run([*tmux, "capture-pane", "-p"], check=True, capture_output=True, text=True).stdout
            cursor = subprocess.run(
                [*tmux, "display-message", "-p", "#{cursor_x},#{cursor_y}"], check=True, capture_output=True, text=True
            ).stdout
        finally:
            subprocess.run([*tmux, "kill-server"], check=False)
    rows = [row.rstrip() for row in screen.split("\n")[:ROWS]]
    return "\n".join([*rows, cursor.strip()]) + "\n"


if __name__ == "__main__":
    if sys.argv[1:] == ["--reference"]:
        for name in SCENES:
            (DIRECTORY / f"{name}.screen").write_text(reference((DIRECTORY / f"{name}.bin").read_bytes()))
    else:
        for name in sys.argv[1:] or SCENES:
            (DIRECTORY / f"{name}.bin").write_bytes(record(name))
