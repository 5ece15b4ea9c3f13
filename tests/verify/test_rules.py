"""``rule``: what does the job passes, what does not is told apart."""

from __future__ import annotations

import pytest

from engine.network.snapshot import Snapshot
from tests.verify.picture import PAIR, Run, check, picture
from tests.verify.telling import judged, says

OUT = check("rule", id="out", chain="FORWARD", in_="veth_dustin", out="enp4s0", jump="ACCEPT")
BACK = check("rule", id="back", chain="FORWARD", in_="enp4s0", out="veth_dustin", jump="ACCEPT")
NAT = check("rule", id="nat", table="nat", chain="POSTROUTING", out="enp4s0", jump=["MASQUERADE", "SNAT"])
ACROSS = check("rule", id="across", chain="FORWARD", in_="bridge_home", out="bridge_home", jump="ACCEPT")


def lab(*rules: str, **more: str) -> Snapshot:
    """Lesson 6's lab with these rules on the host; ``chain …`` makes a chain."""
    lines = [rule if rule.startswith("chain ") else f"rule {rule}" for rule in rules]
    return picture(**{**PAIR, "host": "\n".join([PAIR["host"], "bridge_home bridge up", *lines]), **more})


@pytest.mark.parametrize(
    "rules",
    [
        ["-A FORWARD -i veth_dustin -o enp4s0 -j ACCEPT"],
        ["legacy -A FORWARD -i veth_dustin -o enp4s0 -j ACCEPT"],
        ["-A FORWARD -s 0.0.0.0/0 -i veth_dustin -o enp4s0 -j ACCEPT"],
        ["-A FORWARD -i veth_+ -o enp4s0 -j ACCEPT"],
        ["-A FORWARD -p all -i veth_dustin -o enp4s0 -j ACCEPT"],
        ["-A FORWARD -i veth_dustin -o enp4s0 -m comment --comment lab -j ACCEPT"],
        ["-A FORWARD -s 10.0.0.0/24 -i veth_dustin -o enp4s0 -j ACCEPT"],
        ["-A FORWARD -s 10.0.0.11/32 -i veth_dustin -o enp4s0 -j ACCEPT"],
        ["-A FORWARD ! -d 10.0.0.0/24 -i veth_dustin -o enp4s0 -j ACCEPT"],
        ["-A FORWARD -i veth_dustin -o enp4s0 -m conntrack --ctstate NEW,RELATED,ESTABLISHED -j ACCEPT"],
        ["-A FORWARD -i veth_dustin ! -o veth_dustin -j ACCEPT"],
        ["-A FORWARD -i veth_dustin -j ACCEPT"],
        ["chain LAB", "-A FORWARD -j LAB", "-A LAB -i veth_dustin -o enp4s0 -j ACCEPT"],
        ["chain LAB", "-A FORWARD -i veth_dustin -j LAB", "-A LAB -o enp4s0 -j ACCEPT"],
        ["-A FORWARD -p tcp -j DROP", "-A FORWARD -i veth_dustin -o enp4s0 -j ACCEPT"],
        ["-A FORWARD -m state --state INVALID -j DROP", "-A FORWARD -i veth_dustin -o enp4s0 -j ACCEPT"],
        ["-A FORWARD -i veth_dustin -o enp4s0 -j ACCEPT", "-A FORWARD -j DROP"],
    ],
)
def test_every_rule_that_lets_the_namespace_out_passes(rules: list[str]) -> None:
    assert judged(OUT, lab(*rules)).passed


@pytest.mark.parametrize(
    "rule",
    [
        "-A FORWARD -i enp4s0 -o veth_dustin -j ACCEPT",
        "-A FORWARD -i enp4s0 -o veth_dustin -m state --state RELATED,ESTABLISHED -j ACCEPT",
        "-A FORWARD -o veth_dustin -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
        "-A FORWARD -d 10.0.0.0/24 -i enp4s0 -o veth_dustin -j ACCEPT",
    ],
)
def test_replies_may_be_let_in_by_their_state(rule: str) -> None:
    assert judged(BACK, lab(rule)).passed
    assert judged(BACK, lab(rule, "-A FORWARD -j DROP")).passed


@pytest.mark.parametrize(
    "rule",
    [
        "nat -A POSTROUTING -o enp4s0 -j MASQUERADE",
        "nat -A POSTROUTING -s 10.0.0.0/24 -o enp4s0 -j MASQUERADE",
        "nat -A POSTROUTING -s 10.0.0.0/8 -o enp4s0 -j MASQUERADE",
        "nat -A POSTROUTING -s 10.0.0.0/24 ! -o bridge_home -j MASQUERADE",
        "nat -A POSTROUTING -s 10.0.0.0/24 ! -d 10.0.0.0/24 -j MASQUERADE",
        "nat -A POSTROUTING -o enp4s0 -j SNAT --to-source 192.168.0.100",
        "nat -A POSTROUTING -o enp4s0 -m conntrack --ctstate NEW -j MASQUERADE",
        "nat legacy -A POSTROUTING -o enp+ -j MASQUERADE --random",
    ],
)
def test_every_rule_that_rewrites_the_source_passes(rule: str) -> None:
    assert judged(NAT, lab(rule)).passed


@pytest.mark.parametrize(
    "rule",
    [
        "-A FORWARD -i bridge_home -o bridge_home -j ACCEPT",
        "-A FORWARD -m physdev --physdev-is-bridged -j ACCEPT",
        "-A FORWARD -i bridge_home -j ACCEPT",
    ],
)
def test_traffic_across_a_bridge(rule: str) -> None:
    assert judged(ACROSS, lab(rule)).passed


@pytest.mark.parametrize(
    ("rule", "diagnosis", "hint"),
    [
        (
            "-A FORWARD -i enp4s0 -o veth_dustin -j ACCEPT",
            "swapped-interfaces",
            "The rule is in FORWARD but its interfaces are swapped",
        ),
        ("-A FORWARD -i veth_dustn -o enp4s0 -j ACCEPT", "wrong-interface", "`--in-interface veth_dustn`"),
        ("-A FORWARD -i veth_ns_dustin -o enp4s0 -j ACCEPT", "wrong-interface", "is inside `netns_dustin`"),
        ("-A INPUT -i veth_dustin -o enp4s0 -j ACCEPT", "wrong-chain", "The rule is in INPUT; it belongs in FORWARD."),
        ("mangle -A FORWARD -i veth_dustin -o enp4s0 -j ACCEPT", "wrong-table", "`--table filter`"),
        ("-A FORWARD -i veth_dustin -o enp4s0 -j DROP", "wrong-jump", "The rule jumps to DROP"),
        ("-A FORWARD -i veth_dustin -o enp4s0", "wrong-jump", "`--jump ACCEPT` is missing"),
        (
            "-A FORWARD ! -i veth_dustin -o enp4s0 -j ACCEPT",
            "rule-inverted",
            "everything but `--in-interface veth_dustin`",
        ),
        ("-A FORWARD -p icmp -i veth_dustin -o enp4s0 -j ACCEPT", "rule-too-narrow", "only for `--protocol icmp`"),
        ("-A FORWARD -s 10.0.0.12/32 -i veth_dustin -o enp4s0 -j ACCEPT", "rule-too-narrow", "--source 10.0.0.12/32"),
        ("-A FORWARD -d 114.114.114.114/32 -i veth_dustin -o enp4s0 -j ACCEPT", "rule-too-narrow", "--destination"),
        ("-A FORWARD ! -s 10.0.0.0/24 -i veth_dustin -o enp4s0 -j ACCEPT", "rule-too-narrow", "! --source"),
        ("-A FORWARD -i veth_dustin -o enp4s0 -m limit --limit 1/sec -j ACCEPT", "rule-too-narrow", "--limit 1/sec"),
        (
            "-A FORWARD -i veth_dustin -o enp4s0 -m state --state RELATED,ESTABLISHED -j ACCEPT",
            "rule-too-narrow",
            "only for connections that are ESTABLISHED,RELATED",
        ),
        ("-A FORWARD -j ACCEPT", "rule-too-wide", "`--in-interface veth_dustin --out-interface enp4s0` is missing"),
        ("-A FORWARD -o enp4s0 -j ACCEPT", "rule-too-wide", "`--in-interface veth_dustin` is missing"),
        ("-A FORWARD -s 10.0.0.0/24 -j ACCEPT", "rule-too-wide", "is missing"),
    ],
)
def test_how_a_rule_differs_is_told(rule: str, diagnosis: str, hint: str) -> None:
    verdict = judged(OUT, lab(rule))
    assert verdict.diagnosis == diagnosis
    assert hint in (says(verdict) or "")


@pytest.mark.parametrize(
    ("rule", "diagnosis"),
    [
        ("nat -A POSTROUTING -j MASQUERADE", "rule-too-wide"),
        ("nat -A POSTROUTING -s 10.0.0.11/32 -o enp4s0 -j MASQUERADE", "rule-too-narrow"),
        ("nat -A POSTROUTING -s 10.0.1.0/24 -o enp4s0 -j MASQUERADE", "rule-too-narrow"),
        ("nat -A POSTROUTING -o veth_dustin -j MASQUERADE", "wrong-interface"),
        ("nat -A POSTROUTING ! -o enp4s0 -j MASQUERADE", "rule-inverted"),
        ("nat -A OUTPUT -o enp4s0 -j MASQUERADE", "wrong-chain"),
    ],
)
def test_how_a_nat_rule_differs(rule: str, diagnosis: str) -> None:
    assert judged(NAT, lab(rule), Run(f"iptables -t nat {rule.removeprefix('nat ')}")).diagnosis == diagnosis


def test_a_rule_behind_one_that_decides_first() -> None:
    verdict = judged(OUT, lab("-A FORWARD -i veth_dustin -j DROP", "-A FORWARD -i veth_dustin -o enp4s0 -j ACCEPT"))
    assert verdict.diagnosis == "shadowed"
    assert says(verdict) == (
        "Rule 1 of FORWARD decides first: `-A FORWARD -i veth_dustin -j DROP`. Yours, below it, is never reached."
    )
    by_source = lab("-A FORWARD -s 10.0.0.0/24 -j REJECT", "-A FORWARD -i veth_dustin -o enp4s0 -j ACCEPT")
    assert judged(OUT, by_source).diagnosis == "shadowed"
    nat = lab("nat -A POSTROUTING -j ACCEPT", "nat -A POSTROUTING -o enp4s0 -j MASQUERADE")
    assert judged(NAT, nat).diagnosis == "shadowed"


def test_the_rule_for_the_other_direction_is_no_swapped_one() -> None:
    out = lab("-A FORWARD -i veth_dustin -o enp4s0 -j ACCEPT")
    typed = Run("iptables -A FORWARD -i veth_dustin -o enp4s0 -j ACCEPT")
    assert judged(BACK, out, typed, others=[OUT]).diagnosis == "not-there"
    assert judged(BACK, out).diagnosis == "not-there"
    assert judged(BACK, out, typed).diagnosis == "swapped-interfaces"
    twice = lab(*["-A FORWARD -i veth_dustin -o enp4s0 -j ACCEPT"] * 2)
    assert judged(BACK, twice, others=[OUT]).diagnosis == "swapped-interfaces"


def test_an_earlier_rule_for_another_device_is_no_slip() -> None:
    bridge_out = check("rule", chain="FORWARD", in_="bridge_home", out="enp4s0", jump="ACCEPT")
    earlier = lab("-A FORWARD -i veth_dustin -o enp4s0 -j ACCEPT")
    assert judged(bridge_out, earlier).diagnosis == "not-there"
    typed = Run("iptables -A FORWARD -i veth_dustin -o enp4s0 -j ACCEPT")
    assert judged(bridge_out, earlier, typed).diagnosis == "wrong-interface"


def test_a_rule_in_the_wrong_namespace() -> None:
    inside = f"{PAIR['netns_dustin']}\nrule nat -A POSTROUTING -o enp4s0 -j MASQUERADE"
    verdict = judged(NAT, lab(netns_dustin=inside))
    assert verdict.diagnosis == "wrong-place"
    assert says(verdict) == "The rule is in POSTROUTING in `netns_dustin`; it belongs on the host."


def test_a_rule_that_iptables_refused() -> None:
    forgotten = Run(
        "sudo iptables --append POSTROUTING --out-interface enp4s0 --jump MASQUERADE",
        1,
        "iptables: No chain/target/match by that name.\n",
    )
    verdict = judged(NAT, lab(), forgotten)
    assert verdict.diagnosis == "wrong-table" and "`--table nat`" in (says(verdict) or "")
    elsewhere = Run("sudo ip netns exec netns_dustin iptables -A FORWARD -i veth_dustin -o enp4s0 -j ACEPT", 2, "bad\n")
    assert judged(OUT, lab(), elsewhere).diagnosis == "ran-elsewhere"


def test_a_policy_is_not_the_rule() -> None:
    verdict = judged(OUT, lab(host=f"{PAIR['host']}\npolicy FORWARD ACCEPT"), Run("sudo iptables -P FORWARD ACCEPT"))
    assert verdict.diagnosis == "not-there"
    assert says(verdict) == "The policy of FORWARD now lets everything through; this step asks for a rule instead."
    assert judged(OUT, picture(bare=True)).diagnosis == "not-there"


def test_a_rule_that_should_be_gone() -> None:
    gone = check("rule", chain="FORWARD", in_="veth_dustin", out="enp4s0", jump="ACCEPT", absent=True)
    assert judged(gone, lab("-A FORWARD -i enp4s0 -o veth_dustin -j ACCEPT", "-A FORWARD -j ACCEPT")).passed
    for left in ("-i veth_dustin -o enp4s0", "-i veth_dustin", "-s 10.0.0.11/32 -i veth_dustin -o enp4s0"):
        verdict = judged(gone, lab(f"-A FORWARD {left} -j ACCEPT"))
        assert verdict.diagnosis == "still-there" and f"`-A FORWARD {left} -j ACCEPT`" in (says(verdict) or "")
    twice = judged(gone, lab(*["-A FORWARD -i veth_dustin -o enp4s0 -j ACCEPT"] * 2))
    assert "Still 2 rules" in (says(twice) or "")
    nat = check("rule", table="nat", chain="POSTROUTING", out="enp4s0", jump=["MASQUERADE", "SNAT"], absent=True)
    assert judged(nat, lab()).passed
    verdict = judged(nat, lab("nat -A POSTROUTING -o enp4s0 -j SNAT --to-source 192.168.0.100"))
    assert verdict.diagnosis == "still-there" and "`-t nat -A POSTROUTING" in (says(verdict) or "")


def test_named_sources_and_protocols() -> None:
    wanted = check("rule", chain="INPUT", source="10.0.0.0/24", protocol="tcp", jump="ACCEPT")
    assert judged(wanted, lab("-A INPUT -s 10.0.0.0/24 -p tcp -j ACCEPT")).passed
    assert judged(wanted, lab("-A INPUT -p tcp -j ACCEPT")).diagnosis == "rule-too-wide"
    assert judged(wanted, lab("-A INPUT -s 10.0.0.0/24 -j ACCEPT")).diagnosis == "rule-too-wide"
    assert judged(wanted, lab("-A INPUT -s 10.0.0.0/24 ! -p tcp -j ACCEPT")).diagnosis == "rule-inverted"
    assert judged(wanted, lab("-A INPUT ! -s 10.0.0.0/24 -p tcp -j ACCEPT")).diagnosis == "rule-inverted"
    assert judged(wanted, lab("-A INPUT -s 10.0.0.0/25 -p tcp -j ACCEPT")).diagnosis == "rule-too-narrow"


def test_a_table_of_nft_that_iptables_does_not_see() -> None:
    typed = Run("sudo nft add rule ip mine POSTROUTING oifname enp4s0 masquerade")
    wanted = check("rule", table="nat", chain="POSTROUTING", out="enp4s0", jump="MASQUERADE")
    verdict = judged(wanted, picture(), typed)
    assert verdict.diagnosis == "not-there" and "`iptables` does not see a table made with `nft`" in (
        says(verdict) or ""
    )
