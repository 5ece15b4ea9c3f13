"""In real labs: rules as iptables really shows them, and the walk of a packet against what the kernel does with it."""

from __future__ import annotations

import shutil

import pytest

from engine.course.model import Check
from engine.lab import Lab
from engine.verify import Verdict, evaluate, evaluate_state
from engine.verify.probe import Probe
from tests.verify.picture import check
from tests.verify.telling import readable

pytestmark = pytest.mark.lab

PAIR = """
set -e
ip netns add netns_dustin
ip link add veth_dustin type veth peer name veth_ns_dustin
ip link set veth_dustin up
ip link set veth_ns_dustin netns netns_dustin
ip address add 10.0.0.10/24 dev veth_dustin
ip -n netns_dustin link set veth_ns_dustin up
ip -n netns_dustin address add 10.0.0.11/24 dev veth_ns_dustin
"""
SECOND = """
set -e
ip netns add netns_leah
ip link add veth_leah type veth peer name veth_ns_leah netns netns_leah
ip link set veth_leah up
ip address add 10.0.0.20/24 dev veth_leah
ip -n netns_leah link set lo up
ip -n netns_leah link set veth_ns_leah up
ip -n netns_leah address add 10.0.0.21/24 dev veth_ns_leah
ip -n netns_leah route add default via 10.0.0.20
"""
BRIDGE = """
set -e
ip link add bridge_home type bridge
ip address add 10.0.0.1/24 dev bridge_home
ip link set bridge_home up
for name in dustin leah; do
  ip link set veth_$name master bridge_home
  ip -n netns_$name route replace default via 10.0.0.1
done
ip address delete 10.0.0.10/24 dev veth_dustin
ip address delete 10.0.0.20/24 dev veth_leah
"""
OUT = check("ping", to="114.114.114.114", namespace="netns_dustin")
NAME = check("ping", to="www.baidu.com", namespace="netns_dustin")
ACROSS = check("ping", to="10.0.0.21", namespace="netns_dustin")
FROM_HOST = check("ping", to="10.0.0.21")
SELF = check("ping", to="10.0.0.11", namespace="netns_dustin")

WALK: list[tuple[str, Check, str | None]] = [
    (PAIR, SELF, "lo-down"),
    ("ip -n netns_dustin link set lo up", SELF, None),
    ("true", OUT, "no-route"),
    ("ip -n netns_dustin route add default via 10.0.0.10", OUT, "forward-off"),
    ("sysctl -qw net.ipv4.ip_forward=1", OUT, "forward-dropped"),
    ("iptables -A FORWARD -i veth_dustin -o enp4s0 -j ACCEPT", OUT, "no-nat"),
    ("iptables -t nat -A POSTROUTING -o enp4s0 -j MASQUERADE", OUT, "forward-dropped"),
    ("iptables -A FORWARD -i enp4s0 -o veth_dustin -m state --state ESTABLISHED -j ACCEPT", OUT, None),
    ("true", NAME, "no-name-server"),
    (
        "mkdir -p /etc/netns/netns_dustin; echo nameserver 114.114.114.114 > /etc/netns/netns_dustin/resolv.conf",
        NAME,
        None,
    ),
    (SECOND, FROM_HOST, "not-first"),
    ("true", ACROSS, "unanswered"),
    (BRIDGE, FROM_HOST, None),
    ("true", ACROSS, "forward-dropped"),
    ("iptables -A FORWARD -i bridge_home -o bridge_home -j ACCEPT", ACROSS, None),
    ("ip link set veth_leah down", ACROSS, "unanswered"),
    ("ip link set veth_dustin down", ACROSS, "no-carrier"),
]
"""What is done to the lab, the probe then sent, and the obstacle it meets."""


async def test_the_walk_of_a_packet_tells_what_the_kernel_does() -> None:
    async with await Lab.start() as lab:
        await lab.refresh()
        for script, asked, diagnosis in WALK:
            done = await lab.run(script)
            assert done.exit == 0, f"{script}: {done.output}"
            (verdict,) = await evaluate([asked], await lab.refresh(), [], lab.probe)
            readable(verdict)
            assert verdict.diagnosis == diagnosis, f"after {script}: {verdict}"


RULES: list[tuple[str, str | None]] = [
    ("iptables --append FORWARD --in-interface veth_dustin --out-interface enp4s0 --jump ACCEPT", None),
    ("iptables -I FORWARD 1 -o enp4s0 -i veth_dustin -s 0/0 -j ACCEPT", None),
    ("iptables -A FORWARD -i veth_dustin -o enp4s0 -m comment --comment 'the lab: out' -j ACCEPT", None),
    ("iptables -A FORWARD -i veth_dustin -o enp4s0 -s 10.0.0.0/24 -j ACCEPT", None),
    ("iptables -N LAB; iptables -A FORWARD -j LAB; iptables -A LAB -i veth_dustin -o enp4s0 -j ACCEPT", None),
    ("iptables -A FORWARD -o veth_dustin -i enp4s0 -j ACCEPT", "swapped-interfaces"),
    ("iptables -A FORWARD -i veth_dustin -o enp4s0 -p tcp --dport 80 -j ACCEPT", "rule-too-narrow"),
    ("iptables -A FORWARD ! -i veth_dustin -o enp4s0 -j ACCEPT", "rule-inverted"),
    ("iptables -A FORWARD -j DROP; iptables -A FORWARD -i veth_dustin -o enp4s0 -j ACCEPT", "shadowed"),
    ("iptables -A FORWARD -j ACCEPT", "rule-too-wide"),
    ("iptables -A INPUT -i veth_dustin -j ACCEPT", "wrong-chain"),
    ("iptables -P FORWARD ACCEPT", "not-there"),
]


@pytest.mark.parametrize("variant", ["nft", "legacy"])
async def test_rules_are_read_by_their_meaning(variant: str) -> None:
    if shutil.which(f"iptables-{variant}") is None:
        pytest.skip(f"this machine has no iptables-{variant}")
    asked = check("rule", chain="FORWARD", in_="veth_dustin", out="enp4s0", jump="ACCEPT")
    async with await Lab.start(iptables=variant) as lab:
        assert (await lab.run(PAIR)).exit == 0
        for script, diagnosis in RULES:
            done = await lab.run(f"iptables -F; iptables -X; iptables -P FORWARD DROP; {script}")
            assert done.exit == 0, f"{script}: {done.output}"
            verdict: Verdict = evaluate_state([asked], await lab.refresh(), [])[0]
            assert verdict.diagnosis == diagnosis, f"{script}: {verdict}"


async def test_no_probe_is_sent_from_a_namespace_that_does_not_exist() -> None:
    async with await Lab.start() as lab:
        sent: list[Probe] = []

        async def probe(request: Probe):  # type: ignore[no-untyped-def]
            sent.append(request)
            return await lab.probe(request)

        verdicts = await evaluate([OUT, check("ping", id="host", to="192.168.0.100")], await lab.refresh(), [], probe)
        assert [one.diagnosis for one in verdicts] == ["no-namespace", None]
        assert [one.namespace for one in sent] == ["host"]
