"""Snapshots as rows."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from engine.network.snapshot import Address, Chain, Link, Namespace, Rule, Snapshot
from tests.tui.fakes import make_snapshot
from tui.network.rows import Row, rows
from tui.words import sayer
from tui.wrap import width_of

SAY = sayer(lambda: "en")


def text(row: Row) -> str:
    return "".join(span.text for span in row.spans)


def all_rows(snapshot: Snapshot, width: int = 90) -> list[Row]:
    return [row for group in rows(snapshot, width, SAY).values() for row in group]


def test_what_a_learner_looks_for_is_there() -> None:
    shown = "\n".join(text(row) for row in all_rows(make_snapshot(pair=True)))
    for word in (
        "host", "netns_dustin", "enp4s0", "192.168.0.100/24", "default", "via 192.168.0.1", "FORWARD", "policy DROP",
        "-i veth_dustin -o enp4s0 -j ACCEPT", "ip_forward = 0", "bridge-nf-call-iptables = 1", "127.0.0.53",
        "0.0.0.0:8080", "⇄ veth_ns_dustin",
    ):  # fmt: skip
        assert word in shown, word


@pytest.mark.parametrize("width", [52, 60, 78, 120])
def test_rows_fit(width: int) -> None:
    for row in all_rows(make_snapshot(pair=True), width):
        assert width_of(row.spans) <= width, text(row)


def test_keys_are_unique_and_stay_when_counters_change() -> None:
    before, after = all_rows(make_snapshot(sequence=1)), all_rows(make_snapshot(sequence=9))
    assert [row.key for row in before] == [row.key for row in after]
    assert len({row.key for row in before}) == len(before)
    assert [row.same for row in before] == [row.same for row in after]
    assert before != after


def test_two_equal_rules_are_two_rows() -> None:
    rule = Rule(table="filter", chain="FORWARD", text="-A FORWARD -j ACCEPT")
    snapshot = with_host(rules=(rule, rule), chains=(Chain(table="filter", name="FORWARD", policy="DROP"),))
    keys = [row.key for row in all_rows(snapshot)]
    assert len(set(keys)) == len(keys)
    assert sum("-j ACCEPT" in text(row) for row in all_rows(snapshot)) == 2


def test_a_long_name_pushes_nothing_out_of_line() -> None:
    link = Link(
        index=9, name="veth_ns_dustin0", kind="veth", state="LOWERLAYERDOWN", up=True, peer="x", peer_namespace="n"
    )
    (row,) = [row for row in all_rows(with_host(links=(link,))) if "veth_ns_dustin0" in text(row)]
    assert "NO-CARRIER" in text(row) and "⇄ x@n" in text(row)


def test_what_does_not_fit_goes_into_a_second_row() -> None:
    link = Link(
        index=9, name="veth_dustin", kind="veth", state="UP", up=True, peer="veth_ns_dustin", peer_namespace="netns_d"
    )
    address = Address(link="veth_dustin", address="10.0.0.10", prefix=24)
    found = [text(row) for row in all_rows(with_host(links=(link,), addresses=(address,)), 52)]
    first = next(index for index, row in enumerate(found) if "10.0.0.10/24" in row)
    assert found[first + 1].strip() == "⇄ veth_ns_dustin@netns_d"


def test_link_local_addresses_are_noise() -> None:
    link = Link(index=9, name="v", kind="veth")
    snapshot = with_host(links=(link,), addresses=(Address(link="v", address="fe80::1", prefix=64, scope="link"),))
    assert not any("fe80" in text(row) for row in all_rows(snapshot))


def with_host(**fields: object) -> Snapshot:
    host = replace(make_snapshot().namespaces[0], **fields)  # type: ignore[arg-type]
    return Snapshot(namespaces=(host, Namespace(name="a", inode=3)))
