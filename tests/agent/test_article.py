"""Every state-changing command of the course, in its order, and what a snapshot then shows."""

from __future__ import annotations

import pytest

from engine.lab import Lab
from engine.network.diff import route_text
from engine.network.snapshot import Namespace, Snapshot
from tests.agent.conftest import after

pytestmark = pytest.mark.lab

PAIR = (
    "ip netns add {ns}",
    "ip link add dev {veth} type veth peer name {inner}",
    "ip link set dev {veth} up",
    "ip address add {outer_address}/24 dev {veth}",
    "ip link set {inner} netns {ns}",
    "ip netns exec {ns} ip link set dev lo up",
    "ip netns exec {ns} ip link set dev {inner} up",
    "ip netns exec {ns} ip address add {inner_address}/24 dev {inner}",
    "ip netns exec {ns} ip route add default via {outer_address}",
)
DUSTIN = {
    "ns": "netns_dustin",
    "veth": "veth_dustin",
    "inner": "veth_ns_dustin",
    "outer_address": "10.0.0.10",
    "inner_address": "10.0.0.11",
}
LEAH = {
    "ns": "netns_leah",
    "veth": "veth_leah",
    "inner": "veth_ns_leah",
    "outer_address": "10.0.0.20",
    "inner_address": "10.0.0.21",
}


def inside(snapshot: Snapshot, name: str) -> Namespace:
    space = snapshot.namespace(name)
    assert space is not None
    return space


def routes(space: Namespace) -> list[str]:
    return [route_text(route) for route in space.routes if ":" not in route.to and route.via is None]


def rules(snapshot: Snapshot) -> list[tuple[str, str, str | None, str | None, str | None, tuple[str, ...]]]:
    return [
        (rule.table, rule.chain, rule.in_link, rule.out_link, rule.jump, rule.other) for rule in snapshot.host.rules
    ]


async def test_the_start_state(lab: Lab) -> None:
    snapshot = await lab.refresh()
    host = snapshot.host
    assert [link.name for link in host.links] == ["lo", "enp4s0"]
    assert [one.cidr for one in host.addresses if not one.is_ipv6] == ["127.0.0.1/8", "192.168.0.100/24"]
    assert route_text(host.routes[0]) == "default via 192.168.0.1 dev enp4s0"
    assert [(one.table, one.name, one.policy) for one in host.chains if one.name == "FORWARD"] == [
        ("filter", "FORWARD", "DROP")
    ]
    assert host.rules == ()
    assert host.sysctls["net.ipv4.ip_forward"] == "0"
    assert host.sysctls.get("net.bridge.bridge-nf-call-iptables", "1") == "1"
    assert host.resolv_conf is not None and "nameserver 127.0.0.53" in host.resolv_conf
    assert {(one.protocol, one.port) for one in host.listeners} == {("tcp", 53), ("udp", 53)}
    assert [(one.pid, one.namespace) for one in snapshot.processes] == [(1, "host")]


async def test_sections_2_to_5(lab: Lab) -> None:
    snapshot = await after(lab, "ip netns add netns_dustin")
    (lo,) = inside(snapshot, "netns_dustin").links
    assert (lo.name, lo.kind, lo.up, lo.state) == ("lo", "loopback", False, "DOWN")
    assert inside(snapshot, "netns_dustin").addresses == ()

    snapshot = await after(lab, "ip netns exec netns_dustin ip link set dev lo up")
    space = inside(snapshot, "netns_dustin")
    assert space.links[0].up and [one.cidr for one in space.addresses] == ["127.0.0.1/8", "::1/128"]

    snapshot = await after(lab, "ip link add dev veth_dustin type veth peer name veth_ns_dustin")
    outer, inner = snapshot.host.link("veth_dustin"), snapshot.host.link("veth_ns_dustin")
    assert (
        outer and inner and (outer.peer, inner.peer, outer.peer_namespace) == ("veth_ns_dustin", "veth_dustin", "host")
    )
    assert outer.flags == ("BROADCAST", "MULTICAST", "M-DOWN")

    snapshot = await after(lab, "ip link set dev veth_dustin up", "ip link set veth_ns_dustin netns netns_dustin")
    outer, inner = snapshot.host.link("veth_dustin"), inside(snapshot, "netns_dustin").link("veth_ns_dustin")
    assert snapshot.host.link("veth_ns_dustin") is None and outer and inner
    assert (outer.up, outer.carrier, outer.state) == (True, False, "LOWERLAYERDOWN")
    assert outer.flags == ("NO-CARRIER", "BROADCAST", "MULTICAST", "UP")
    assert (outer.peer_namespace, inner.peer_namespace, inner.up) == ("netns_dustin", "host", False)

    snapshot = await after(lab, "ip netns exec netns_dustin ip link set dev veth_ns_dustin up")
    outer, inner = snapshot.host.link("veth_dustin"), inside(snapshot, "netns_dustin").link("veth_ns_dustin")
    assert outer and inner and outer.carrier and inner.carrier and "LOWER_UP" in inner.flags

    snapshot = await after(
        lab,
        "ip address add 10.0.0.10/24 dev veth_dustin",
        "ip netns exec netns_dustin ip address add 10.0.0.11/24 dev veth_ns_dustin",
        "ip netns exec netns_dustin ip route add default via 10.0.0.10",
    )
    assert "10.0.0.10/24" in [one.cidr for one in snapshot.host.addresses]
    space = inside(snapshot, "netns_dustin")
    assert route_text(space.routes[0]) == "default via 10.0.0.10 dev veth_ns_dustin"
    assert routes(space) == ["10.0.0.0/24 dev veth_ns_dustin proto kernel scope link src 10.0.0.11"]


async def test_sections_6_and_7(lab: Lab) -> None:
    await after(lab, *(line.format(**DUSTIN) for line in PAIR))
    snapshot = await after(
        lab,
        "echo 1 | tee /proc/sys/net/ipv4/ip_forward",
        'cat /etc/sysctl.conf | grep "^net.ipv4.ip_forward=1" '
        '|| echo "net.ipv4.ip_forward=1" | tee -a /etc/sysctl.conf',
        "sysctl -p",
        "iptables --append FORWARD --in-interface veth_dustin --out-interface enp4s0 --jump ACCEPT",
        "iptables --append FORWARD --in-interface enp4s0 --out-interface veth_dustin --jump ACCEPT",
        "iptables --append POSTROUTING --table nat --out-interface enp4s0 --jump MASQUERADE",
        "ip netns exec netns_dustin ping -c 1 114.114.114.114",
    )
    assert snapshot.host.sysctls["net.ipv4.ip_forward"] == "1"
    assert (snapshot.files["/etc/sysctl.conf"] or "").splitlines()[-1] == "net.ipv4.ip_forward=1"
    assert sorted(rules(snapshot)) == [
        ("filter", "FORWARD", "enp4s0", "veth_dustin", "ACCEPT", ()),
        ("filter", "FORWARD", "veth_dustin", "enp4s0", "ACCEPT", ()),
        ("nat", "POSTROUTING", None, "enp4s0", "MASQUERADE", ()),
    ]
    assert [rule.packets for rule in snapshot.host.rules if rule.table == "filter"] == [1, 1]

    space = inside(snapshot, "netns_dustin")
    assert space.resolv_conf == snapshot.host.resolv_conf
    snapshot = await after(
        lab,
        "mkdir -p /etc/netns/netns_dustin",
        'echo "nameserver 114.114.114.114" | tee /etc/netns/netns_dustin/resolv.conf',
    )
    assert inside(snapshot, "netns_dustin").resolv_conf == "nameserver 114.114.114.114\n"
    assert snapshot.files["/etc/netns/netns_dustin/resolv.conf"] == "nameserver 114.114.114.114\n"
    assert snapshot.host.resolv_conf is not None and "127.0.0.53" in snapshot.host.resolv_conf


async def test_sections_8_to_10(lab: Lab) -> None:
    start = await lab.refresh()
    snapshot = await after(lab, *(line.format(**who) for who in (DUSTIN, LEAH) for line in PAIR))
    assert routes(snapshot.host)[:2] == [
        "10.0.0.0/24 dev veth_dustin proto kernel scope link src 10.0.0.10",
        "10.0.0.0/24 dev veth_leah proto kernel scope link src 10.0.0.20",
    ]
    snapshot = await after(
        lab,
        "ip link add dev bridge_home type bridge",
        "ip address add 10.0.0.1/24 dev bridge_home",
        "ip link set bridge_home up",
        "ip link set dev veth_dustin master bridge_home",
        "ip link set dev veth_leah master bridge_home",
        "ip netns exec netns_dustin ip route delete default via 10.0.0.10",
        "ip netns exec netns_dustin ip route add default via 10.0.0.1",
    )
    bridge, port = snapshot.host.link("bridge_home"), snapshot.host.link("veth_leah")
    assert bridge and port and (bridge.kind, port.master) == ("bridge", "bridge_home")
    assert len([route for route in routes(snapshot.host) if route.startswith("10.0.0.0/24")]) == 3
    assert inside(snapshot, "netns_dustin").routes[0].via == "10.0.0.1"

    snapshot = await after(
        lab,
        "ip address delete 10.0.0.10/24 dev veth_dustin",
        "ip address delete 10.0.0.20/24 dev veth_leah",
        "iptables --append FORWARD --in-interface bridge_home --out-interface bridge_home --jump ACCEPT",
        "iptables --append FORWARD --in-interface bridge_home --out-interface enp4s0 --jump ACCEPT",
    )
    assert routes(snapshot.host)[0].startswith("10.0.0.0/24 dev bridge_home ")
    assert [rule.out_link for rule in snapshot.host.rules] == ["bridge_home", "enp4s0"]

    snapshot = await after(
        lab,
        "ip link delete dev bridge_home",
        "ip link delete dev veth_dustin",
        "ip link delete dev veth_leah",
        "ip netns delete netns_dustin",
        "ip netns delete netns_leah",
        "iptables --delete FORWARD --in-interface bridge_home --out-interface bridge_home --jump ACCEPT",
        "iptables --delete FORWARD --in-interface bridge_home --out-interface enp4s0 --jump ACCEPT",
    )
    assert [space.name for space in snapshot.namespaces] == ["host"]
    assert [link.name for link in snapshot.host.links] == [link.name for link in start.host.links]
    assert routes(snapshot.host) == routes(start.host)
    assert snapshot.host.rules == ()
