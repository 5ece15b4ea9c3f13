"""iptables rules of both variants, reported as they change."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from engine.lab import Lab, LabError
from engine.lab.agent.legacy import without_counters
from engine.network.snapshot import Snapshot
from tests.agent.conftest import after, run, until

pytestmark = pytest.mark.lab


@pytest.fixture(params=["nft", "legacy"])
async def either(request: pytest.FixtureRequest) -> AsyncIterator[Lab]:
    """A lab with each iptables that this machine has."""
    try:
        lab = await Lab.start(iptables=request.param)
    except LabError as error:
        pytest.skip(str(error))
    async with lab:
        yield lab


def rules(snapshot: Snapshot, namespace: str = "host") -> list[str]:
    space = snapshot.namespace(namespace)
    assert space is not None
    return [f"{rule.table} {rule.chain} {rule.text}" for rule in space.rules]


def policy(snapshot: Snapshot, chain: str = "FORWARD") -> str | None:
    return next((one.policy for one in snapshot.host.chains if (one.table, one.name) == ("filter", chain)), "absent")


async def test_changes_are_reported(either: Lab) -> None:
    lab = either
    rule = "filter FORWARD -i veth_dustin -o enp4s0 -j ACCEPT"
    await until(lab, lambda now: policy(now) == "DROP")
    await until(lab, lambda now: rules(now) == [rule], do="iptables -A FORWARD -i veth_dustin -o enp4s0 -j ACCEPT")
    await until(lab, lambda now: policy(now) == "ACCEPT", do="iptables -P FORWARD ACCEPT")
    snapshot = await until(
        lab,
        lambda now: "nat POSTROUTING -o enp4s0 -j MASQUERADE" in rules(now),
        do="iptables -t nat -A POSTROUTING -o enp4s0 -j MASQUERADE",
    )
    assert {one.variant for one in (*snapshot.host.rules, *snapshot.host.chains)} == {lab.iptables}
    await until(lab, lambda now: rules(now) == [], do="iptables -F; iptables -t nat -F")


async def test_the_text_is_what_save_prints(either: Lab) -> None:
    lab = either
    snapshot = await after(
        lab,
        "iptables -N MINE",
        "iptables -A FORWARD ! -i a -s 10.0.0.0/24 ! -d 10.0.0.11 -p tcp --dport 80 -j MINE",
        "iptables -A MINE -m comment --comment 'a \"quoted\" word' -j RETURN",
        "iptables -I FORWARD 1 -p icmp -m icmp --icmp-type 8 -j REJECT",
    )
    saved = await run(lab, "for t in filter; do iptables-save -t $t; done | grep ^-A")
    assert [f"-A {rule.chain} {rule.text}" for rule in snapshot.host.rules] == saved.strip().splitlines()
    assert next(one for one in snapshot.host.chains if one.name == "MINE").policy is None
    first = snapshot.host.rules[1]
    assert (first.in_link, first.source, first.destination, first.protocol, first.jump, first.inverted) == (
        "a",
        "10.0.0.0/24",
        "10.0.0.11/32",
        "tcp",
        "MINE",
        ("destination", "in_link"),
    )


async def test_a_refresh_has_the_counters_of_now(either: Lab) -> None:
    lab = either
    await run(lab, "iptables -A OUTPUT -o lo -p icmp --icmp-type echo-request -j ACCEPT")
    for count in (1, 2):
        snapshot = await after(lab, "ping -c 1 127.0.0.1")
        assert [(rule.packets, rule.bytes) for rule in snapshot.host.rules] == [(count, count * 84)]


async def test_rules_of_a_namespace_are_its_own(either: Lab) -> None:
    lab = either
    snapshot = await after(lab, "ip netns add a", "ip netns exec a iptables -A INPUT -i lo -j ACCEPT")
    assert rules(snapshot, "a") == ["filter INPUT -i lo -j ACCEPT"]
    assert rules(snapshot) == []
    other = await after(lab, "ip netns add b")
    space = other.namespace("b")
    assert space is not None and space.chains == ()


async def test_a_legacy_rule_whose_size_stays_is_noticed(either: Lab) -> None:
    await until(either, lambda now: "DROP" in str(rules(now)), do="iptables -A FORWARD -i a -j DROP")
    await until(either, lambda now: "-i b " in str(rules(now)), do="iptables -R FORWARD 1 -i b -j DROP")


async def test_rules_made_with_nft_harm_nothing(lab: Lab) -> None:
    snapshot = await after(
        lab,
        "nft add table inet mine",
        "nft add chain inet mine c '{ type filter hook forward priority 0; policy accept; }'",
        "nft add rule inet mine c iifname a counter drop",
        "nft add table ip6 six",
    )
    assert policy(snapshot) == "DROP"
    assert rules(snapshot) == []
    assert {one.table for one in snapshot.host.chains} == {"filter"}


async def test_many_changes_of_rules(lab: Lab) -> None:
    await until(
        lab,
        lambda now: len(now.host.rules) == 100 and now.host.rules[-1].in_link == "v200",
        do="for n in $(seq 200); do iptables -A FORWARD -i v$n -j ACCEPT; "
        "[ $n -le 100 ] || iptables -D FORWARD 1; done",
    )


def test_counters_do_not_count_in_a_legacy_table() -> None:
    def entry(counters: bytes, tail: bytes) -> bytes:
        head = bytes(88) + (112).to_bytes(2, "little") + (120).to_bytes(2, "little") + bytes(4)
        return head + counters + tail

    table = entry(b"\1" * 16, b"12345678") + entry(b"\2" * 16, b"abcdefgh")
    assert without_counters(table) == entry(bytes(16), b"12345678") + entry(bytes(16), b"abcdefgh")
    assert without_counters(bytes(200)) == bytes(200)
    assert without_counters(b"short") == b"short"
