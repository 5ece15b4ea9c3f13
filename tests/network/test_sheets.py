"""Rows of the state panes: their keys last, their commands are what one types, counters are no change."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from engine.network import printing
from engine.network.announcement import NETCONF, netconf_words, rules_changed
from engine.network.sheets import PANES, part, sheets
from engine.network.snapshot import Chain, Listener, Namespace, Route, Rule
from tests.network.picture import DROP, MASQUERADE, accept, host, numbered, space

HERE = numbered(host("dustin", rules=(accept("veth_dustin", "enp4s0"), accept("veth_dustin", "enp4s0"))))
INNER = numbered(space("dustin"))


@pytest.mark.parametrize("pane", PANES)
@pytest.mark.parametrize("one", [HERE, INNER, Namespace(name="empty", inode=5)])
def test_every_row_has_a_key_of_its_own(pane: str, one: Namespace) -> None:
    for sheet in sheets(pane, one, brief=True) + sheets(pane, one):
        keys = [row.key for row in sheet.rows]
        assert len(set(keys)) == len(keys)
        assert sheet.command.startswith("sudo ip netns exec" if one.name != "host" else ("ip", "sudo", "sysctl", "cat"))


def test_commands_are_typed_on_the_host() -> None:
    commands = {pane: sheets(pane, INNER)[0].command for pane in PANES}
    assert commands["routes"] == "sudo ip netns exec netns_dustin ip route"
    assert commands["iptables"] == "sudo ip netns exec netns_dustin iptables -vS"
    assert sheets("addresses", HERE, brief=True)[0].command == "ip -br addr"
    assert [one.command for one in sheets("iptables", HERE)] == ["sudo iptables -vS"]


def test_counters_change_no_row() -> None:
    counted = replace(
        HERE,
        chains=(replace(DROP, packets=9, bytes=99),),
        rules=tuple(replace(rule, packets=3) for rule in HERE.rules),
        listeners=tuple(replace(one, received_queue=2) for one in HERE.listeners),
    )
    for pane in ("iptables", "sockets"):
        before, after = sheets(pane, HERE), sheets(pane, counted)
        assert before != after and part(pane, HERE) != part(pane, counted)
        assert [row[::2] for one in before for row in one.rows] == [row[::2] for one in after for row in one.rows]


def test_a_pane_depends_on_its_part_alone() -> None:
    other = replace(HERE, routes=())
    changed = [pane for pane in PANES if part(pane, HERE) != part(pane, other)]
    assert changed == ["routes"]


def test_a_table_that_the_kernel_has_not_made_lets_all_pass() -> None:
    (sheet,) = sheets("iptables", INNER)
    assert [row.text for row in sheet.rows] == [
        "-P INPUT ACCEPT -c 0 0",
        "-P FORWARD ACCEPT -c 0 0",
        "-P OUTPUT ACCEPT -c 0 0",
    ]


def test_counters_stand_before_the_jump_and_not_in_a_comment() -> None:
    rule = Rule(table="filter", chain="INPUT", text='-m comment --comment "a -j b" -j LOG --log-prefix "x "', packets=2)
    assert printing.rule_line(rule) == '-A INPUT -m comment --comment "a -j b" -c 2 0 -j LOG --log-prefix "x "'
    bare = Rule(table="filter", chain="INPUT", text="-s 10.0.0.1/32", packets=2)
    assert printing.rule_line(bare) == "-A INPUT -s 10.0.0.1/32 -c 2 0"


def test_next_hops_stand_below_their_route() -> None:
    hops = [Route(to="10.8.0.0/16", via=f"10.0.0.{at}", link="x", weight=at, protocol="static") for at in (1, 2)]
    single = Route(to="default", via="10.0.0.9", link="x")
    assert printing.route_lines([single, *hops]) == [
        ["default via 10.0.0.9 dev x"],
        [
            "10.8.0.0/16 proto static",
            "\tnexthop via 10.0.0.1 dev x weight 1",
            "\tnexthop via 10.0.0.2 dev x weight 2",
        ],
    ]


def test_a_socket_for_both_families_is_a_star() -> None:
    both = Listener(protocol="tcp", address="::", port=80, only_ipv6=False)
    own = replace(both, only_ipv6=True, port=81)
    assert [line.split()[4:6] for line in printing.socket_lines([both, own])[1:]] == [
        ["*:80", "*:*"],
        ["[::]:81", "[::]:*"],
    ]


def test_changes_of_rules_are_told_by_the_words_that_make_them() -> None:
    mine = Chain(table="filter", name="MINE", policy=None)
    before = ((DROP,), (MASQUERADE,))
    after = ((replace(DROP, policy="ACCEPT"), mine), (accept("a", "b"), accept("a", "b")))
    assert rules_changed(before, after) == (
        "-t nat -D POSTROUTING -o enp4s0 -j MASQUERADE",
        "-t filter -P FORWARD ACCEPT",
        "-t filter -N MINE",
        "-t filter -A FORWARD -i a -o b -j ACCEPT",
        "-t filter -A FORWARD -i a -o b -j ACCEPT",
    )
    assert rules_changed(after, before)[-2:] == (
        "-t filter -P FORWARD DROP",
        "-t nat -A POSTROUTING -o enp4s0 -j MASQUERADE",
    )
    assert "-t filter -X MINE" in rules_changed(after, before)


def test_settings_of_devices() -> None:
    assert netconf_words(NETCONF[0], 2, {1: -1, 2: 1}, {}) == "inet all forwarding on"
    assert netconf_words(NETCONF[0], 10, {1: 3, 2: 0, 3: 2}, {3: "x"}) == "inet6 x forwarding off rp_filter loose"
    assert netconf_words(NETCONF[1], 2, {1: 3}, {}) == "Deleted inet if3"
    assert netconf_words(NETCONF[0], 28, {1: 3}, {}) is None
