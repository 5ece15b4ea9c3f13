"""iptables command lines, however they are spelled, are the same rule."""

from __future__ import annotations

import shlex

import pytest

from engine.verify.rules.typed import typed_rule


@pytest.mark.parametrize(
    "line",
    [
        "iptables --append FORWARD --in-interface veth_dustin --out-interface enp4s0 --jump ACCEPT",
        "iptables -A FORWARD -i veth_dustin -o enp4s0 -j ACCEPT",
        "iptables -j ACCEPT -o enp4s0 -i veth_dustin -A FORWARD",
        "iptables -I FORWARD 1 -i veth_dustin -o enp4s0 -j ACCEPT",
        "iptables -t filter -A FORWARD -iveth_dustin -oenp4s0 -jACCEPT",
        "/sbin/iptables-legacy --table=filter --append FORWARD --in-interface=veth_dustin --out enp4s0 -j ACCEPT",
    ],
)
def test_one_rule_in_many_spellings(line: str) -> None:
    typed = typed_rule(tuple(shlex.split(line)))
    assert typed is not None and typed.adds
    rule = typed.rule
    assert (rule.table, rule.chain, rule.in_link, rule.out_link, rule.jump) == (
        "filter",
        "FORWARD",
        "veth_dustin",
        "enp4s0",
        "ACCEPT",
    )
    assert not rule.inverted


def test_inversion_and_what_else_it_says() -> None:
    line = "iptables -t nat -A POSTROUTING ! -o docker0 -s 10.0.0.0/24 -m limit --limit 1/s -j MASQUERADE"
    typed = typed_rule(tuple(line.split()))
    assert typed is not None
    assert (typed.rule.inverted, typed.rule.other) == (("out_link",), ("-m", "limit", "--limit", "1/s"))


@pytest.mark.parametrize(
    "line", ["iptables -L", "iptables -F FORWARD", "iptables -P FORWARD ACCEPT", "ip link", "iptables-save", ""]
)
def test_what_is_no_rule(line: str) -> None:
    assert typed_rule(tuple(line.split())) is None


def test_deleting_adds_nothing() -> None:
    typed = typed_rule(("iptables", "-D", "FORWARD", "-j", "ACCEPT"))
    assert typed is not None and not typed.adds
