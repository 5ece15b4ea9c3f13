"""The whole course as a demo, without a screen, as fast as it goes: each step verified, each command's outcome told."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

from engine.course import load_course
from engine.session.autopilot.autopilot import Autopilot, Choices
from engine.session.autopilot.events import CommandPerformed, RoundFinished, StepVerified
from engine.session.autopilot.pacing import Pace
from engine.session.autopilot.store import ForgetfulStore
from engine.session.autopilot.transcript import Transcript
from engine.session.session import Session

pytestmark = pytest.mark.lab

D = "sudo ip netns exec netns_dustin"
L = "sudo ip netns exec netns_leah"
FORWARD = "sudo iptables --{what} FORWARD --in-interface {one} --out-interface {two} --jump ACCEPT"
NAT = "sudo iptables --{what} POSTROUTING --table nat --out-interface enp4s0 --jump MASQUERADE"

ARTICLE: tuple[tuple[int, str, str], ...] = (
    # section, command, what its outcome shows
    (1, "python3 -m http.server 8080", r"▸ goes on running in T1"),
    (1, "curl localhost:8080", r"<html|<!DOCTYPE"),
    (1, "python3 -m http.server 8080", r"Address already in use[\s\S]*✗ exit 1"),
    (2, "sudo ip netns add netns_dustin", r"✓"),
    (2, f"{D} python3 -m http.server 8080", r"▸ goes on running"),
    (2, f"{D} curl localhost:8080", r"curl: \(7\)[\s\S]*✗ exit 7"),
    (3, f"{D} ip address list", r"lo: <LOOPBACK> .*state DOWN"),
    (3, f"{D} ip link set dev lo up", r"✓"),
    (3, f"{D} ip address list", r"inet 127\.0\.0\.1/8"),
    (3, f"{D} curl localhost:8080", r"<html|<!DOCTYPE"),
    (4, "sudo ip link add dev veth_dustin type veth peer name veth_ns_dustin", r"✓"),
    (4, "ip link list", r"veth_ns_dustin@veth_dustin"),
    (4, "sudo ip link set dev veth_dustin up", r"✓"),
    (4, "sudo ip link set veth_ns_dustin netns netns_dustin", r"✓"),
    (4, "ip link list", r"veth_dustin@if\d+: <NO-CARRIER"),
    (4, f"{D} ip link list", r"veth_ns_dustin@if\d+: <BROADCAST,MULTICAST> .*state DOWN"),
    (4, f"{D} ip link set dev veth_ns_dustin up", r"✓"),
    (4, f"{D} ip link list", r"veth_ns_dustin@if\d+: <.*LOWER_UP>"),
    (5, "sudo ip address add 10.0.0.10/24 dev veth_dustin", r"✓"),
    (5, f"{D} ip address add 10.0.0.11/24 dev veth_ns_dustin", r"✓"),
    (5, "ping 10.0.0.10 -c 1", r"1 received"),
    (5, "ping 10.0.0.11 -c 1", r"1 received"),
    (5, f"{D} ping 10.0.0.10 -c 1", r"1 received"),
    (5, f"{D} ping 10.0.0.11 -c 1", r"1 received"),
    (5, "curl 10.0.0.11:8080", r"<html|<!DOCTYPE"),
    (5, f"{D} curl 10.0.0.10:8080", r"<html|<!DOCTYPE"),
    (5, f"{D} curl 192.168.0.100:8080", r"✗ exit 7"),
    (5, f"{D} ip route add default via 10.0.0.10", r"✓"),
    (5, f"{D} curl 192.168.0.100:8080", r"<html|<!DOCTYPE"),
    (6, f"{D} ping www.baidu.com", r"name resolution[\s\S]*✗ exit 2"),
    (6, f"{D} ping 114.114.114.114", r"100% packet loss[\s\S]*✗ exit 1"),
    (6, "echo 1 | sudo tee /proc/sys/net/ipv4/ip_forward", r"^1$"),
    (
        6,
        'cat /etc/sysctl.conf | grep "^net.ipv4.ip_forward=1" || '
        'echo "net.ipv4.ip_forward=1" | sudo tee -a /etc/sysctl.conf',
        r"net\.ipv4\.ip_forward=1$",
    ),
    (6, "sudo sysctl -p", r"net\.ipv4\.ip_forward = 1"),
    (6, FORWARD.format(what="append", one="veth_dustin", two="enp4s0"), r"✓"),
    (6, FORWARD.format(what="append", one="enp4s0", two="veth_dustin"), r"✓"),
    (6, NAT.format(what="append"), r"✓"),
    (6, f"{D} ping 114.114.114.114", r"64 bytes from 114\.114\.114\.114"),
    (6, f"{D} ping www.baidu.com", r"✗ exit 2"),
    (7, "sudo mkdir -p /etc/netns/netns_dustin", r"✓"),
    (7, 'echo "nameserver 114.114.114.114" | sudo tee /etc/netns/netns_dustin/resolv.conf', r"nameserver 114"),
    (7, f"{D} ping www.baidu.com", r"64 bytes from"),
    (8, "sudo ip link add dev veth_leah type veth peer name veth_ns_leah", r"✓"),
    (8, "sudo ip link set dev veth_leah up", r"✓"),
    (8, "sudo ip address add 10.0.0.20/24 dev veth_leah", r"✓"),
    (8, "sudo ip netns add netns_leah", r"✓"),
    (8, "sudo ip link set dev veth_ns_leah netns netns_leah", r"✓"),
    (8, f"{L} ip link set dev lo up", r"✓"),
    (8, f"{L} ip link set dev veth_ns_leah up", r"✓"),
    (8, f"{L} ip address add 10.0.0.21/24 dev veth_ns_leah", r"✓"),
    (8, f"{L} ip route add default via 10.0.0.20", r"✓"),
    (8, f"{L} python3 -m http.server 8080", r"▸ goes on running"),
    (8, "ping 10.0.0.21 -c 1", r"✗ exit 1"),
    (8, f"{D} ping 10.0.0.21 -c 1", r"✗ exit 1"),
    (8, f"{L} ping 10.0.0.11 -c 1", r"✗ exit 1"),
    (8, "ip route list", r"10\.0\.0\.0/24 dev veth_dustin[\s\S]*10\.0\.0\.0/24 dev veth_leah"),
    (9, "sudo ip link add dev bridge_home type bridge", r"✓"),
    (9, "sudo ip address add 10.0.0.1/24 dev bridge_home", r"✓"),
    (9, "sudo ip link set bridge_home up", r"✓"),
    (9, "ip link list", r"bridge_home: <"),
    (9, "sudo ip link set dev veth_dustin master bridge_home", r"✓"),
    (9, "sudo ip link set dev veth_leah master bridge_home", r"✓"),
    (9, "ip address list", r"master bridge_home"),
    (9, f"{D} ip route delete default via 10.0.0.10", r"✓"),
    (9, f"{D} ip route add default via 10.0.0.1", r"✓"),
    (9, f"{L} ip route delete default via 10.0.0.20", r"✓"),
    (9, f"{L} ip route add default via 10.0.0.1", r"✓"),
    (9, "ip route", r"dev veth_dustin[\s\S]*dev veth_leah[\s\S]*dev bridge_home|dev bridge_home"),
    (9, "sudo ip address delete 10.0.0.10/24 dev veth_dustin", r"✓"),
    (9, "sudo ip address delete 10.0.0.20/24 dev veth_leah", r"✓"),
    (9, "ping 10.0.0.11 -c 1", r"1 received"),
    (9, "ping 10.0.0.21 -c 1", r"1 received"),
    (9, f"{D} ping 10.0.0.21 -c 1", r"✗ exit 1"),
    (9, f"{L} ping 10.0.0.11 -c 1", r"✗ exit 1"),
    (9, FORWARD.format(what="append", one="bridge_home", two="bridge_home"), r"✓"),
    (9, f"{D} ping 10.0.0.21 -c 1", r"1 received"),
    (9, f"{L} ping 10.0.0.11 -c 1", r"1 received"),
    (9, FORWARD.format(what="delete", one="veth_dustin", two="enp4s0"), r"✓"),
    (9, FORWARD.format(what="delete", one="enp4s0", two="veth_dustin"), r"✓"),
    (9, FORWARD.format(what="append", one="bridge_home", two="enp4s0"), r"✓"),
    (9, FORWARD.format(what="append", one="enp4s0", two="bridge_home"), r"✓"),
    (9, f"{D} ping 114.114.114.114", r"64 bytes from 114\.114\.114\.114"),
    (10, "sudo ip link delete dev bridge_home", r"✓"),
    (10, "sudo ip link delete dev veth_dustin", r"✓"),
    (10, "sudo ip link delete dev veth_leah", r"✓"),
    (10, "sudo ip netns delete netns_dustin", r"✓"),
    (10, "sudo ip netns delete netns_leah", r"✓"),
    (10, FORWARD.format(what="delete", one="bridge_home", two="enp4s0"), r"✓"),
    (10, FORWARD.format(what="delete", one="enp4s0", two="bridge_home"), r"✓"),
    (10, NAT.format(what="delete"), r"✓"),
    (10, "sudo rm -rf /etc/netns/netns_dustin", r"✓"),
)  # fmt: skip


async def test_the_whole_course(tmp_path: Path) -> None:
    course = load_course()
    session = Session.open(course, store=ForgetfulStore(), language="en")
    autopilot = Autopilot(session, Choices(steps=course.steps), pace=Pace(speed=math.inf))
    written: list[str] = []
    told: list[object] = []
    autopilot.subscribe(Transcript(session, written.append).hear)
    autopilot.subscribe(told.append)
    try:
        assert await autopilot.run() is None
    finally:
        await session.close()
    verified = [event for event in told if isinstance(event, StepVerified)]
    assert [event.step.id for event in verified] == [step.id for step in course.steps]
    assert all(verdict.passed for event in verified for verdict in event.verdicts)
    performed = [event.performed for event in told if isinstance(event, CommandPerformed)]
    assert [one.command for one in performed] == [command for step in course.steps for command in step.commands]
    assert any(isinstance(event, RoundFinished) for event in told)
    transcript = "".join(written)
    sections = re.split(r"^# (?=\d+ )", transcript, flags=re.MULTILINE)
    assert [section.split(" ", 1)[0] for section in sections[1:]] == [str(number) for number in range(1, 11)]
    for number, command, outcome in ARTICLE:
        blocks = outcomes(sections[number], command)
        assert blocks, f"{command!r} is not in the transcript"
        assert any(re.search(outcome, text, re.MULTILINE) for text in blocks), f"{command!r}: {blocks}"


def outcomes(section: str, command: str) -> list[str]:
    """What stands below each occurrence of the command."""
    pattern = rf"^\$ {re.escape(command)}\n((?:(?!\$ |```).*\n)*)"
    return [match[1] for match in re.finditer(pattern, section, flags=re.MULTILINE)]
