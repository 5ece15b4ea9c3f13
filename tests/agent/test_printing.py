"""The state panes against the tools: the command in a pane's title prints what stands in the pane."""

from __future__ import annotations

import re

import pytest

from engine.lab import Lab
from engine.network.announcement import Announcement
from engine.network.sheets import EVENTS_COMMAND, PANES, Sheet, in_namespace, sheets
from tests.agent.conftest import run, until
from tests.agent.test_iproute2 import BUSY, told_of

pytestmark = pytest.mark.lab

MORE = (
    "ip link set lone alias 'a lonely bridge'",
    "ip link property add dev lone altname lonely",
    "ip link set dev p group 7",
    "ip address add 10.6.0.1 peer 10.6.0.2/32 dev lone",
    "ip address add 10.5.0.1/24 dev lone valid_lft 9000 preferred_lft 8000",
    "ip route add 2001:db8::/64 dev lone metric 5",
    "ip -6 route add default via fd00::2",
    "ip netns exec netns_dustin sysctl -qw net.ipv4.ip_forward=1",
    "iptables -N MINE",
    "iptables -A MINE -p tcp --dport 80 -m comment --comment 'a -j b' -j ACCEPT",
    "iptables -A FORWARD -i bridge_home -o enp4s0 -j ACCEPT",
    "iptables -A FORWARD -j MINE",
    "iptables -A FORWARD -s 10.0.0.0/24 ! -d 10.0.0.9/32",
    "iptables -t nat -A POSTROUTING -o enp4s0 -j MASQUERADE",
    "ip netns exec netns_dustin iptables -t mangle -A PREROUTING -j TTL --ttl-set 9 || true",
    "mkdir -p /etc/netns/netns_dustin; echo nameserver 114.114.114.114 > /etc/netns/netns_dustin/resolv.conf",
)  # fmt: skip
SERVERS = """
import socket
held = []
for family, kind, address in (
    (socket.AF_INET, socket.SOCK_STREAM, ("0.0.0.0", 8080)),
    (socket.AF_INET6, socket.SOCK_STREAM, ("::", 8081)),
    (socket.AF_INET6, socket.SOCK_DGRAM, ("::1", 8082)),
    (socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 8083)),
):
    held.append(socket.socket(family, kind))
    if address[1] == 8083:
        held[-1].setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"lo")
    held[-1].bind(address)
    if kind == socket.SOCK_STREAM:
        held[-1].listen(3)
open("/tmp/ready", "w").close()
socket.socket().connect(("127.0.0.1", 8080))
import time
time.sleep(600)
"""
UNORDERED = ("neighbours", "sockets")


def lines(sheet: Sheet) -> list[str]:
    return [row.text for row in sheet.rows]


async def test_every_pane_says_what_its_command_prints(lab: Lab) -> None:
    await lab.write_file("/tmp/servers.py", SERVERS)
    await run(lab, *BUSY, *MORE, "python3 /tmp/servers.py & while [ ! -e /tmp/ready ]; do sleep 0.01; done")

    async def told(name: str) -> dict[tuple[str, bool], list[tuple[Sheet, list[str]]]]:
        snapshot = await lab.refresh()
        space = snapshot.namespace(name)
        assert space is not None
        found = {}
        for pane in PANES:
            for brief in (False, True) if pane in ("links", "addresses") else (False,):
                made = sheets(pane, space, brief=brief)
                outputs = [(await run(lab, sheet.command)).splitlines() for sheet in made]
                found[pane, brief] = list(zip(made, outputs, strict=True))
        return found

    compared = 0
    async for _, panes in told_of(lab, told):
        for (pane, _), pairs in panes.items():
            for sheet, printed in pairs:
                wanted, shown = [one.rstrip() for one in printed], lines(sheet)
                if pane in UNORDERED:
                    wanted, shown = sorted(wanted), sorted(shown)
                assert [steady(one) for one in shown] == [steady(one) for one in wanted], sheet.command
                compared += len(shown)
    assert compared > 100


def steady(line: str) -> str:
    """Without what passes between two looks: a lifetime's seconds, packets that IPv6 sends by itself."""
    return re.sub(r"\d+sec|-c \d+ \d+", "…", line)


async def test_what_the_kernel_says_is_told_as_ip_monitor_tells_it(lab: Lab) -> None:
    heard: list[Announcement] = []
    lab.on_announced(heard.extend)
    await run(
        lab,
        f"{in_namespace('host', EVENTS_COMMAND)} > /tmp/monitor & echo $! > /tmp/pid",
        "while ! grep -q netlink /proc/$(cat /tmp/pid)/net/netlink 2>/dev/null && [ ! -s /tmp/monitor ]; do"
        " ip neigh replace 192.168.0.77 lladdr 02:00:00:00:00:77 dev enp4s0; sleep 0.02; done",
    )
    await until(
        lab,
        lambda snapshot: any(rule.jump == "MASQUERADE" for rule in snapshot.host.rules),
        do="ip link add p type veth peer name q; ip link set p up; ip address add 10.4.0.1/24 dev p; "
        "ip route add 10.3.0.0/16 via 10.4.0.2; sysctl -qw net.ipv4.ip_forward=1; ip address del 10.4.0.1/24 dev p; "
        "ip link del p; ip netns add fresh; iptables -P FORWARD ACCEPT; "
        "iptables -t nat -A POSTROUTING -o enp4s0 -j MASQUERADE",
    )
    await lab.refresh()
    told = {line.rstrip() for one in heard for line in f"[{one.label}]{one.text}".splitlines()}
    printed = (await run(lab, "cat /tmp/monitor")).splitlines()
    for line in printed:
        text = re.sub(r"^\[\d[^]]*\] ", "", line).rstrip()
        if not text.startswith(("[NETCONF]", "[NSID]")):
            assert text in told, text
    assert "[NETCONF]inet all forwarding on" in told and "[NETNS]add fresh" in told
    assert {"[XTABLES]-t filter -P FORWARD ACCEPT", "[XTABLES]-t nat -A POSTROUTING -o enp4s0 -j MASQUERADE"} <= told
    assert len(printed) > 20
    times = [one.seconds for one in heard]
    assert times == sorted(times) and times
