"""Every command of the walk-through that the course follows stands in its lesson, in its order, and ends as it did."""

from __future__ import annotations

from functools import cache

import pytest

from engine.course import load_course
from engine.course.model import Command, Lesson

D, L = "sudo ip netns exec netns_dustin ", "sudo ip netns exec netns_leah "
SERVE = "python3 -m http.server 8080"
FORWARD = "sudo iptables --{} FORWARD --in-interface {} --out-interface {} --jump ACCEPT"
MASQUERADE = "sudo iptables --{} POSTROUTING --table nat --out-interface enp4s0 --jump MASQUERADE"
KEEP = (
    'cat /etc/sysctl.conf | grep "^net.ipv4.ip_forward=1"'
    ' || echo "net.ipv4.ip_forward=1" | sudo tee -a /etc/sysctl.conf'
)

# Each line: how the command ends ("ok", "fails"; "runs": goes on running), and the command.
SECTIONS: dict[int, list[tuple[str, str]]] = {
    1: [("runs", SERVE), ("ok", "curl localhost:8080"), ("fails", SERVE)],
    2: [
        ("ok", "sudo ip netns add netns_dustin"),
        ("runs", D + SERVE),
        ("fails", D + "curl localhost:8080"),
    ],
    3: [
        ("ok", D + "ip address list"),
        ("ok", D + "ip link set dev lo up"),
        ("ok", D + "ip address list"),
        ("ok", D + "curl localhost:8080"),
    ],
    4: [
        ("ok", "sudo ip link add dev veth_dustin type veth peer name veth_ns_dustin"),
        ("ok", "ip link list"),
        ("ok", "sudo ip link set dev veth_dustin up"),
        ("ok", "sudo ip link set veth_ns_dustin netns netns_dustin"),
        ("ok", "ip link list"),
        ("ok", D + "ip link list"),
        ("ok", D + "ip link set dev veth_ns_dustin up"),
        ("ok", D + "ip link list"),
    ],
    5: [
        ("ok", "sudo ip address add 10.0.0.10/24 dev veth_dustin"),
        ("ok", D + "ip address add 10.0.0.11/24 dev veth_ns_dustin"),
        ("ok", "ping 10.0.0.10 -c 1"),
        ("ok", "ping 10.0.0.11 -c 1"),
        ("ok", D + "ping 10.0.0.10 -c 1"),
        ("ok", D + "ping 10.0.0.11 -c 1"),
        ("ok", "curl 10.0.0.11:8080"),
        ("ok", D + "curl 10.0.0.10:8080"),
        ("fails", D + "curl 192.168.0.100:8080"),
        ("ok", D + "ip route add default via 10.0.0.10"),
        ("ok", D + "curl 192.168.0.100:8080"),
    ],
    6: [
        ("fails", D + "ping www.baidu.com"),
        ("fails", D + "ping 114.114.114.114"),
        ("ok", "echo 1 | sudo tee /proc/sys/net/ipv4/ip_forward"),
        ("ok", KEEP),
        ("ok", "sudo sysctl -p"),
        ("ok", FORWARD.format("append", "veth_dustin", "enp4s0")),
        ("ok", FORWARD.format("append", "enp4s0", "veth_dustin")),
        ("fails", D + "ping 114.114.114.114"),
        ("ok", MASQUERADE.format("append")),
        ("ok", D + "ping 114.114.114.114"),
        ("fails", D + "ping www.baidu.com"),
    ],
    7: [
        ("ok", "sudo mkdir -p /etc/netns/netns_dustin"),
        ("ok", 'echo "nameserver 114.114.114.114" | sudo tee /etc/netns/netns_dustin/resolv.conf'),
        ("ok", D + "ping www.baidu.com"),
    ],
    8: [
        ("ok", "sudo ip link add dev veth_leah type veth peer name veth_ns_leah"),
        ("ok", "sudo ip link set dev veth_leah up"),
        ("ok", "sudo ip address add 10.0.0.20/24 dev veth_leah"),
        ("ok", "sudo ip netns add netns_leah"),
        ("ok", "sudo ip link set dev veth_ns_leah netns netns_leah"),
        ("ok", L + "ip link set dev lo up"),
        ("ok", L + "ip link set dev veth_ns_leah up"),
        ("ok", L + "ip address add 10.0.0.21/24 dev veth_ns_leah"),
        ("ok", L + "ip route add default via 10.0.0.20"),
        ("runs", L + SERVE),
        ("fails", "ping 10.0.0.21 -c 1"),
        ("fails", D + "ping 10.0.0.21 -c 1"),
        ("fails", L + "ping 10.0.0.11 -c 1"),
        ("ok", "ip route list"),
    ],
    9: [
        ("ok", "sudo ip link add dev bridge_home type bridge"),
        ("ok", "sudo ip address add 10.0.0.1/24 dev bridge_home"),
        ("ok", "sudo ip link set bridge_home up"),
        ("ok", "ip link list"),
        ("ok", "sudo ip link set dev veth_dustin master bridge_home"),
        ("ok", "sudo ip link set dev veth_leah master bridge_home"),
        ("ok", "ip address list"),
        ("ok", D + "ip route delete default via 10.0.0.10"),
        ("ok", D + "ip route add default via 10.0.0.1"),
        ("ok", L + "ip route delete default via 10.0.0.20"),
        ("ok", L + "ip route add default via 10.0.0.1"),
        ("ok", "ip route"),
        ("ok", "sudo ip address delete 10.0.0.10/24 dev veth_dustin"),
        ("ok", "sudo ip address delete 10.0.0.20/24 dev veth_leah"),
        ("ok", "ping 10.0.0.11 -c 1"),
        ("ok", "ping 10.0.0.21 -c 1"),
        ("fails", D + "ping 10.0.0.21 -c 1"),
        ("fails", L + "ping 10.0.0.11 -c 1"),
        ("ok", FORWARD.format("append", "bridge_home", "bridge_home")),
        ("ok", D + "ping 10.0.0.21 -c 1"),
        ("ok", L + "ping 10.0.0.11 -c 1"),
        ("ok", FORWARD.format("delete", "veth_dustin", "enp4s0")),
        ("ok", FORWARD.format("delete", "enp4s0", "veth_dustin")),
        ("fails", D + "ping 114.114.114.114"),
        ("ok", FORWARD.format("append", "bridge_home", "enp4s0")),
        ("ok", FORWARD.format("append", "enp4s0", "bridge_home")),
        ("ok", D + "ping 114.114.114.114"),
    ],
    10: [
        ("ok", "sudo ip link delete dev bridge_home"),
        ("ok", "sudo ip link delete dev veth_dustin"),
        ("ok", "sudo ip link delete dev veth_leah"),
        ("ok", "sudo ip netns delete netns_dustin"),
        ("ok", "sudo ip netns delete netns_leah"),
        ("ok", FORWARD.format("delete", "bridge_home", "enp4s0")),
        ("ok", FORWARD.format("delete", "enp4s0", "bridge_home")),
        ("ok", MASQUERADE.format("delete")),
        ("ok", "sudo rm -rf /etc/netns/netns_dustin"),
        # what the walk-through left behind
        ("ok", FORWARD.format("delete", "bridge_home", "bridge_home")),
        ("ok", "sudo sysctl -w net.ipv4.ip_forward=0"),
        ("ok", "sudo sed -i '/^net.ipv4.ip_forward/d' /etc/sysctl.conf"),
    ],
}
TERMINALS = {
    1: ["T1", "T2", "T3"],
    2: ["T3", "T3", "T2"],
}
"""Where the walk-through says it."""


@cache
def lessons() -> tuple[Lesson, ...]:
    return load_course().lessons


def commands(number: int) -> list[Command]:
    lesson = next(one for one in lessons() if one.number == number)
    return [command for step in lesson.steps for command in step.commands]


def ending(command: Command) -> str:
    if command.runs:
        return "runs"
    return "ok" if command.exit == 0 else "fails"


@pytest.mark.parametrize("number", SECTIONS)
def test_each_command_stands_in_its_lesson_in_order_and_ends_so(number: int) -> None:
    there = iter(commands(number))
    for how, text in SECTIONS[number]:
        assert any((ending(one), one.text) == (how, text) for one in there), f"lesson {number}: {how}: {text}"


@pytest.mark.parametrize("number", TERMINALS)
def test_the_terminals_of_the_servers(number: int) -> None:
    wanted = [text for _, text in SECTIONS[number]]
    found = [one.terminal for one in commands(number) if one.text in wanted]
    assert found == TERMINALS[number]


def test_ten_lessons_for_ten_sections() -> None:
    assert [one.number for one in lessons()] == list(SECTIONS) == list(range(1, 11))


def test_the_servers_are_stopped() -> None:
    stopped = {one.terminal for one in commands(10) if one.text == "^C"}
    assert stopped == {one.terminal for number in range(1, 10) for one in commands(number) if one.runs}
