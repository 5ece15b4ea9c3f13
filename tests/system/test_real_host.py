"""Whatever runs in a lab, the real host is the same before and after, and nothing of a lab is left."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.system.doomed import REAPER, ROOT, environment
from tests.system.host import picture

pytestmark = pytest.mark.lab

MINUTES = 8

HOSTILE = """\
iptables -F; iptables -P INPUT DROP; iptables -P OUTPUT DROP; iptables -t nat -F; nft flush ruleset
ip link delete enp4s0; ip link set lo down; ip address flush dev lo; ip route flush table main
sysctl -w net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=2 net.bridge.bridge-nf-call-iptables=0
echo 0 > /proc/sys/net/ipv4/ip_local_port_range; echo h > /proc/sysrq-trigger; hostname changed
for i in $(seq 40); do ip netns add many$i; done; ip -all netns delete
head -c 200M /dev/zero > /tmp/full; head -c 200M /dev/zero > /dev/shm/full; rm -f /tmp/full
reboot; shutdown now; init 0; mount -o remount,rw /usr; umount -a; swapoff -a; modprobe -r veth
cat /dev/urandom | head -c 10M
"""
LETHAL = (
    "rm -rf /etc/* /usr/* /home/* /opt/*",
    "bomb() { bomb | bomb & }; bomb",
    "kill -9 -1",
    "rm -rf --no-preserve-root /",
    "poweroff -f",
    "exit",
)


def left_alone(tmp_path: Path, *command: str, text: str | None = None) -> str:
    """Run the program and wait until every process that came of it has ended; what it printed."""
    home = tmp_path / "home"
    home.mkdir()
    done = subprocess.run(
        [sys.executable, str(REAPER), str(tmp_path / "pid"), sys.executable, "-m", "tui.cli", *command],
        input=text,
        capture_output=True,
        text=True,
        check=False,
        timeout=60 * MINUTES,
        cwd=ROOT,
        env=environment(home),
    )
    assert "Traceback" not in done.stderr
    assert list(home.iterdir()) == []
    return done.stdout


def test_the_course_proves_itself_and_leaves_the_real_host_as_it_was(tmp_path: Path) -> None:
    before = picture()
    proof = json.loads(left_alone(tmp_path, "verify", "--json"))
    assert [(step["step"], step["problems"]) for step in proof["steps"] if step["problems"]] == []
    assert proof["differences"] == [] and proof["ends_as_began"] is True
    assert len(proof["steps"]) >= 40
    assert picture() == before


def test_hostile_commands_leave_the_real_host_as_it_was(tmp_path: Path) -> None:
    before = picture()
    shown = json.loads(left_alone(tmp_path, "try", "http-server/start", "--json", text=HOSTILE))
    assert len(shown["commands"]) == len(HOSTILE.splitlines())
    for number, line in enumerate(LETHAL):
        own = tmp_path / str(number)
        own.mkdir()
        left_alone(own, "try", "http-server/start", "--json", text=line)
    assert picture() == before
