"""Snapshots against iproute2: the same words, the same order, in the same namespace."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

import pytest

from engine.lab import Lab
from engine.network.announcement import Announcement
from engine.network.diff import route_text
from engine.network.snapshot import Namespace, Snapshot
from tests.agent.conftest import DEADLINE_SECONDS, after, ip_json, run, until

pytestmark = pytest.mark.lab
Told = TypeVar("Told")

BUSY = (
    "ip netns add netns_dustin",
    "ip netns add other",
    "ip link add dev veth_dustin type veth peer name veth_ns_dustin netns netns_dustin",
    "ip link add p type veth peer name q",
    "ip link add bridge_home type bridge",
    "ip link add dev lone type bridge",
    "ip link set dev lone up arp off promisc on",
    "ip link set q up",
    "ip link set veth_dustin master bridge_home up",
    "ip link set p master bridge_home",
    "ip link set bridge_home up",
    "ip address add 10.0.0.1/24 brd + dev bridge_home",
    "ip address add 10.0.0.10/24 dev veth_dustin",
    "ip address add 10.7.0.1/32 dev lone",
    "ip address add fd00::1/64 dev lone nodad",
    "ip -n netns_dustin link set lo up",
    "ip -n netns_dustin link set veth_ns_dustin up",
    "ip -n netns_dustin address add 10.0.0.11/24 dev veth_ns_dustin",
    "ip -n netns_dustin address add 10.0.0.12/24 dev veth_ns_dustin",
    "ip -n netns_dustin route add default via 10.0.0.1",
    "ip -n netns_dustin route add default via 10.0.0.10 metric 5",
    "ip -n netns_dustin route add blackhole 10.66.0.0/16",
    "ip -n netns_dustin route add unreachable 10.67.0.0/16",
    "ip -n netns_dustin route add 10.8.0.0/16 nexthop via 10.0.0.1 nexthop via 10.0.0.10",
    "ip -n netns_dustin route add 10.9.9.9 dev veth_ns_dustin src 10.0.0.12 proto static",
    "ip -n netns_dustin route add 10.10.0.0/16 via 10.77.0.1 dev veth_ns_dustin onlink",
    "ip -n netns_dustin route add 10.11.0.0/16 dev veth_ns_dustin table 99",
    "ip neigh add 10.0.0.99 lladdr 02:00:00:00:00:99 dev bridge_home nud permanent",
)  # fmt: skip


async def told_of(lab: Lab, ask: Callable[[str], Awaitable[Told]]) -> AsyncIterator[tuple[Namespace, Told]]:
    """Each namespace with what ``ip`` says of it, both of one moment: links settle and IPv6 adds to them meanwhile."""
    async with asyncio.timeout(DEADLINE_SECONDS):
        while True:
            before = await lab.refresh()
            told = [(space, await ask(space.name)) for space in before.namespaces]
            if (await lab.refresh()).without_counters() == before.without_counters():
                break
    for pair in told:
        yield pair


async def test_links(lab: Lab) -> None:
    await run(lab, *BUSY)
    async for space, told in told_of(lab, lambda name: ip_json(lab, "-d link", namespace=name)):
        assert [link.name for link in space.links] == [one["ifname"] for one in told]
        for link, one in zip(space.links, told, strict=True):
            assert link.index == one["ifindex"]
            assert list(link.flags) == one["flags"], link.name
            assert (link.mac, link.mtu, link.state) == (one["address"], one["mtu"], one["operstate"]), link.name
            assert link.master == one.get("master")
            assert link.up == ("UP" in one["flags"])
            assert link.carrier == ("LOWER_UP" in one["flags"])
            kind = one.get("linkinfo", {}).get("info_kind") or (
                "loopback" if one["link_type"] == "loopback" else "device"
            )
            assert link.kind == kind


async def test_addresses(lab: Lab) -> None:
    await run(lab, *BUSY)
    async for space, told in told_of(lab, lambda name: ip_json(lab, "address", namespace=name)):
        expected = [
            (one["ifname"], address["local"], address["prefixlen"], address["scope"], address.get("broadcast"))
            for one in told
            for address in one["addr_info"]
        ]
        assert [(one.link, one.address, one.prefix, one.scope, one.broadcast) for one in space.addresses] == expected


async def test_routes(lab: Lab) -> None:
    async def both_families(name: str) -> str:
        where = "" if name == "host" else f"-n {name}"
        return await run(lab, f"ip {where} -4 route; ip {where} -6 route")

    await run(lab, *BUSY)
    async for space, told in told_of(lab, both_families):
        expected = [_without_words_of_no_field(line) for line in told.splitlines()]
        assert [route_text(route) for route in space.routes] == _next_hops_joined(expected)


async def test_routes_that_go_without_being_announced_are_seen_to_go(lab: Lab) -> None:
    def routed(snapshot: Snapshot) -> bool:
        return any(route.to == "10.51.0.0/16" for route in snapshot.host.routes)

    await until(
        lab, routed, do="ip addr add 10.50.0.1/24 dev enp4s0; ip route add 10.51.0.0/16 dev enp4s0 src 10.50.0.1"
    )
    heard: list[Announcement] = []
    lab.on_announced(heard.extend)
    await until(lab, lambda snapshot: not routed(snapshot), do="ip addr del 10.50.0.1/24 dev enp4s0")
    assert any(one.text.startswith("Deleted") and "10.50.0.1/24" in one.text for one in heard), "told before it is read"


def _without_words_of_no_field(line: str) -> str:
    words = line.split()
    for name in ("pref", "weight"):
        while name in words:
            at = words.index(name)
            del words[at : at + 2]
    return " ".join(words)


def _next_hops_joined(lines: list[str]) -> list[str]:
    """``ip`` prints next hops in lines of their own; the snapshot has a route for each."""
    result: list[str] = []
    head = ""
    for number, line in enumerate(lines):
        if line.startswith("nexthop "):
            result.append(f"{head} {line.removeprefix('nexthop ')}")
        elif lines[number + 1 : number + 2] and lines[number + 1].startswith("nexthop "):
            head = line
        else:
            result.append(line)
    return result


async def test_neighbours(lab: Lab) -> None:
    await run(lab, *BUSY, "ping -c 1 192.168.0.1", "ip netns exec netns_dustin ping -c 1 10.0.0.1")
    async for space, told in told_of(lab, lambda name: ip_json(lab, "neigh", namespace=name)):
        expected = {(one["dst"], one["dev"], one.get("lladdr")) for one in told}
        assert {(one.address, one.link, one.mac) for one in space.neighbours} == expected
    assert any(one.state == "PERMANENT" for one in (await lab.refresh()).host.neighbours)


async def test_counters(lab: Lab) -> None:
    snapshot = await after(lab, "ping -c 2 -i 0.01 127.0.0.1")
    (told,) = await ip_json(lab, "-s link show lo")
    lo = snapshot.host.link("lo")
    assert lo is not None and lo.received_packets >= 4
    assert (lo.received_packets, lo.received_bytes) == (
        told["stats64"]["rx"]["packets"],
        told["stats64"]["rx"]["bytes"],
    )
    assert (lo.sent_packets, lo.sent_bytes) == (told["stats64"]["tx"]["packets"], told["stats64"]["tx"]["bytes"])


async def test_peers_across_namespaces_with_the_same_indexes(lab: Lab) -> None:
    """Indexes are counted anew in each namespace, so that pairs look alike unless the kernel is asked."""
    snapshot = await after(
        lab,
        "for name in a b c d; do ip netns add $name; done",
        "ip link add x netns a index 7 type veth peer name x-b netns b index 9",
        "ip link add y netns c index 7 type veth peer name y-d netns d index 9",
        "ip link add here type veth peer name there netns a",
        "ip link add both netns d type veth peer name same netns d",
    )
    peers = {
        (space.name, link.name): (link.peer_namespace, link.peer)
        for space in snapshot.namespaces
        for link in space.links
        if link.kind == "veth" and link.name != "enp4s0"
    }
    assert peers == {
        ("host", "here"): ("a", "there"),
        ("a", "there"): ("host", "here"),
        ("a", "x"): ("b", "x-b"),
        ("b", "x-b"): ("a", "x"),
        ("c", "y"): ("d", "y-d"),
        ("d", "y-d"): ("c", "y"),
        ("d", "both"): ("d", "same"),
        ("d", "same"): ("d", "both"),
    }


async def test_a_peer_that_moves_on_is_followed(lab: Lab) -> None:
    await after(lab, "ip netns add a", "ip netns add b", "ip link add p type veth peer name q netns a")
    snapshot = await after(lab, "ip -n a link set q netns b name r")
    link = snapshot.host.link("p")
    assert link is not None and (link.peer_namespace, link.peer) == ("b", "r")


async def test_the_outside_worlds_end_is_not_seen(lab: Lab) -> None:
    snapshot = await lab.refresh()
    link = snapshot.host.link("enp4s0")
    assert link is not None and (link.peer, link.peer_namespace) == (None, None)
