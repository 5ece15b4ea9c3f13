"""The first obstacle of a probe that fails, found by walking the packet's path in the snapshot."""

from __future__ import annotations

import pytest

from engine.course.model import Check
from engine.network.snapshot import Snapshot
from tests.verify.picture import PAIR, check, picture
from tests.verify.probing import LESSON_6, MASQUERADE, PING_OUT, WORLD, probed, routed, two
from tests.verify.telling import says


@pytest.mark.parametrize(
    ("snapshot", "diagnosis", "hint"),
    [
        (picture(), "no-namespace", "`netns_dustin` is not there"),
        (picture(netns_dustin="lo up"), "no-route", "No route in `netns_dustin` leads to 114.114.114.114."),
        (
            picture(
                netns_dustin="lo up\nveth_ns_dustin veth 10.0.0.11/24 peer=veth_dustin@host", host="veth_dustin veth"
            ),
            "link-down",
            "`veth_ns_dustin` in `netns_dustin` is down.",
        ),
        (
            picture(**{**PAIR, "host": "veth_dustin veth 10.0.0.10/24 peer=veth_ns_dustin@netns_dustin"}),
            "no-carrier",
            "its other end `veth_dustin` on the host is down",
        ),
        (
            picture(**{**PAIR, "host": "veth_dustin veth up 10.0.0.1/24 peer=veth_ns_dustin@netns_dustin"}),
            "wrong-gateway",
            "Nobody on the cable of `veth_ns_dustin` has the gateway's address 10.0.0.10",
        ),
        (routed(forward=0), "forward-off", "`net.ipv4.ip_forward` is 0"),
        (routed(), "forward-dropped", "no rule accepts `veth_dustin` → `enp4s0`"),
        (
            routed("-A FORWARD -i veth_dustin -j DROP", *LESSON_6),
            "forward-dropped",
            "`-A FORWARD -i veth_dustin -j DROP`",
        ),
        (routed(*LESSON_6), "no-nat", "It leaves by `enp4s0` as 10.0.0.11"),
        (routed(LESSON_6[0]), "no-nat", "MASQUERADE"),
        (routed(LESSON_6[0], MASQUERADE), "forward-dropped", "The reply is dropped"),
        (routed(*LESSON_6, MASQUERADE), "unanswered", "looks right"),
        (
            routed(*LESSON_6, "nat -A POSTROUTING -o enp4s0 -j SNAT --to-source 192.168.0.100"),
            "unanswered",
            "looks right",
        ),
        (routed(*LESSON_6, "nat -A POSTROUTING -o veth_dustin -j MASQUERADE"), "no-nat", "10.0.0.11"),
        (
            routed(LESSON_6[0], "-A FORWARD -o veth_dustin -m state --state ESTABLISHED -j ACCEPT", MASQUERADE),
            "unanswered",
            "looks right",
        ),
        (
            routed(*LESSON_6, MASQUERADE, inside="rule -A OUTPUT -j DROP"),
            "unanswered",
            "OUTPUT in `netns_dustin` drops it",
        ),
    ],
)
async def test_the_way_out_is_walked(snapshot: Snapshot, diagnosis: str, hint: str) -> None:
    verdict = await probed(PING_OUT, snapshot, "no-reply")
    assert verdict.diagnosis == diagnosis
    assert hint in (says(verdict) or "")


@pytest.mark.parametrize(
    ("snapshot", "asked", "outcome", "diagnosis", "hint"),
    [
        (
            picture(netns_dustin=""),
            check("curl", url="localhost:8080", namespace="netns_dustin"),
            "no-route",
            "lo-down",
            "`lo` in `netns_dustin` is down",
        ),
        (
            picture(netns_dustin="lo up"),
            check("curl", url="http://localhost:8080/", namespace="netns_dustin"),
            "refused",
            "no-listener",
            "Nobody listens on port 8080 in `netns_dustin`.",
        ),
        (
            picture(**PAIR),
            check("connect", to="10.0.0.11", port=8080),
            "refused",
            "no-listener",
            "Nobody listens on port 8080 in `netns_dustin`.",
        ),
        (
            picture(
                **{**PAIR, "netns_dustin": f"{PAIR['netns_dustin']}\nlisten 8080@127.0.0.1 python3 -m http.server"}
            ),
            check("curl", url="10.0.0.11:8080"),
            "refused",
            "no-listener",
            "open on 127.0.0.1 only, not on 10.0.0.11",
        ),
        (
            picture(**{**PAIR, "netns_dustin": "lo\nveth_ns_dustin veth up 10.0.0.11/24 peer=veth_dustin@host"}),
            check("ping", to="10.0.0.11", namespace="netns_dustin"),
            "no-reply",
            "lo-down",
            "even packets to itself need it",
        ),
        (
            picture(**PAIR),
            check("ping", to="10.0.0.12"),
            "unreachable",
            "unanswered",
            "asks who has 10.0.0.12, and nobody on that cable has it",
        ),
        (
            picture(**{**PAIR, "netns_dustin": "lo up\nveth_ns_dustin veth up 10.0.1.11/24 peer=veth_dustin@host"}),
            check("ping", to="10.0.1.11"),
            "no-reply",
            "unanswered",
            "looks right",
        ),
        (
            two(False),
            check("ping", to="10.0.0.21"),
            "unreachable",
            "not-first",
            "the first, by `veth_dustin`, wins, but 10.0.0.21 is behind `veth_leah`",
        ),
        (
            two(False),
            check("ping", to="10.0.0.21", namespace="netns_dustin"),
            "unreachable",
            "unanswered",
            "asks who has 10.0.0.21",
        ),
        (
            two(True),
            check("ping", to="10.0.0.21", namespace="netns_dustin"),
            "no-reply",
            "forward-dropped",
            "no rule accepts `bridge_home` → `bridge_home`",
        ),
        (
            two(True, "-A FORWARD -i bridge_home -j DROP"),
            check("ping", to="10.0.0.21", namespace="netns_dustin"),
            "no-reply",
            "forward-dropped",
            "`-A FORWARD -i bridge_home -j DROP`",
        ),
        (
            two(True, "-A FORWARD -i bridge_home -o bridge_home -j ACCEPT"),
            check("ping", to="10.0.0.21", namespace="netns_dustin"),
            "no-reply",
            "unanswered",
            "looks right",
        ),
        (
            two(
                True,
                host="""
                bridge_home bridge up 10.0.0.1/24
                veth_dustin veth up 10.0.0.10/24 master=bridge_home peer=veth_ns_dustin@netns_dustin
                route 10.0.0.0/24 dev veth_dustin
            """,
            ),
            check("ping", to="10.0.0.11"),
            "no-reply",
            "not-first",
            "a port of `bridge_home`",
        ),
        (
            picture(
                host="""
                    veth_a veth up 10.0.1.1/24 peer=eth0@netns_a
                    veth_b veth up 10.0.2.1/24 peer=eth0@netns_b
                    sysctl net.ipv4.ip_forward=1
                    policy FORWARD ACCEPT
                """,
                netns_a="lo up\neth0 veth up 10.0.1.2/24 peer=veth_a@host\nroute default via 10.0.1.1 dev eth0",
                netns_b="lo up\neth0 veth up 10.0.2.2/24 peer=veth_b@host",
            ),
            check("ping", to="10.0.2.2", namespace="netns_a"),
            "no-reply",
            "no-return-route",
            "in `netns_b`, no way leads back to 10.0.1.2",
        ),
        (
            picture(host="rule -A INPUT -i lo -j DROP\nlisten 80 nginx"),
            check("connect", to="127.0.0.1", port=80),
            "timeout",
            "unanswered",
            "INPUT on the host drops it: `-A INPUT -i lo -j DROP`.",
        ),
    ],
)
async def test_the_first_obstacle(snapshot: Snapshot, asked: Check, outcome: str, diagnosis: str, hint: str) -> None:
    verdict = await probed(asked, snapshot, outcome)
    assert verdict.diagnosis == diagnosis
    assert hint in (says(verdict) or "")


@pytest.mark.parametrize(
    ("dns", "rules", "diagnosis", "hint"),
    [
        ("127.0.0.53", [*LESSON_6, MASQUERADE], "no-name-server", "each namespace has a loopback of its own"),
        ("-", [*LESSON_6, MASQUERADE], "no-name-server", "resolv.conf is empty or missing"),
        (WORLD, [], "forward-dropped", "no rule accepts"),
        (WORLD, [*LESSON_6], "no-nat", "10.0.0.11"),
        ("10.0.0.10", [], "no-name-server", "The name server 10.0.0.10"),
        (WORLD, [*LESSON_6, MASQUERADE], "no-name-server", "is not known to the name server"),
    ],
)
@pytest.mark.parametrize(
    "asked",
    [
        check("ping", to="www.baidu.com", namespace="netns_dustin"),
        check("curl", url="http://www.baidu.com/", namespace="netns_dustin"),
        check("dig", name="www.baidu.com", namespace="netns_dustin"),
    ],
)
async def test_why_a_name_does_not_resolve(dns: str, rules: list[str], diagnosis: str, hint: str, asked: Check) -> None:
    verdict = await probed(asked, routed(*rules, inside=f"dns {dns}"), "unknown-name")
    assert verdict.diagnosis == diagnosis
    assert hint in (says(verdict) or "")
