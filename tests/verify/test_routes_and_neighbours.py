"""``route`` and ``neighbour``."""

from __future__ import annotations

import pytest

from tests.verify.picture import PAIR, Run, check, picture
from tests.verify.telling import judged, says

THERE = picture(**PAIR)
WANTED = {"to": "default", "via": "10.0.0.10", "namespace": "netns_dustin"}
TWO = picture(
    host="""
        veth_dustin veth up 10.0.0.10/24 peer=veth_ns_dustin@netns_dustin
        veth_leah veth up 10.0.0.20/24 peer=veth_ns_leah@netns_leah
    """,
    netns_dustin="veth_ns_dustin veth up 10.0.0.11/24 peer=veth_dustin@host",
    netns_leah="veth_ns_leah veth up 10.0.0.21/24 peer=veth_leah@host",
)


def inside(lines: str) -> object:
    return picture(
        **{**PAIR, "netns_dustin": f"lo up\nveth_ns_dustin veth up 10.0.0.11/24 peer=veth_dustin@host\n{lines}"}
    )


@pytest.mark.parametrize("to", ["default", "0.0.0.0/0", "0/0", ["10.9.0.0/16", "default"]])
def test_a_default_route_by_any_name(to: object) -> None:
    assert judged(check("route", **{**WANTED, "to": to}), THERE).passed
    with_metric = inside("route default via 10.0.0.10 dev veth_ns_dustin metric 100")
    assert judged(check("route", **{**WANTED, "to": to}), with_metric).passed


def test_a_prefix_is_a_network() -> None:
    assert judged(check("route", to="10.0.0.7/24", link="veth_dustin"), THERE).passed
    assert judged(check("route", to="10.0.0.0/24", link="veth_leah", absent=True), THERE).passed


@pytest.mark.parametrize(
    ("lines", "diagnosis", "hint"),
    [
        (
            "route default via 10.0.0.1 dev veth_ns_dustin",
            "wrong-gateway",
            "The route is `default via 10.0.0.1 dev veth_ns_dustin`; this step needs `default via 10.0.0.10`.",
        ),
        ("route default dev veth_ns_dustin", "wrong-gateway", "names no gateway; this step needs `via 10.0.0.10`."),
        ("route 192.168.0.0/24 via 10.0.0.10 dev veth_ns_dustin", "wrong-route", "this step needs `default`."),
        ("", "not-there", "There is no `default via 10.0.0.10` in `netns_dustin` yet."),
    ],
)
def test_where_it_leads_instead(lines: str, diagnosis: str, hint: str) -> None:
    verdict = judged(check("route", **WANTED), inside(lines))
    assert verdict.diagnosis == diagnosis
    assert hint in (says(verdict) or "")


def test_a_route_of_the_wrong_namespace() -> None:
    spaces = {**PAIR, "netns_dustin": "lo up\nveth_ns_dustin veth up 10.0.0.11/24 peer=veth_dustin@host"}
    spaces["netns_leah"] = "veth_ns_leah veth up 10.0.0.21/24\nroute default via 10.0.0.10 dev veth_ns_leah"
    verdict = judged(check("route", **WANTED), picture(**spaces))
    assert verdict.diagnosis == "wrong-place" and "is in `netns_leah`" in (says(verdict) or "")


def test_a_route_typed_on_the_host() -> None:
    refused = Run("sudo ip route add default via 10.0.0.10", 2, "RTNETLINK answers: File exists\n")
    verdict = judged(check("route", **WANTED), inside(""), refused)
    assert (verdict.diagnosis, says(verdict)) == ("ran-elsewhere", "That ran on the host, not in `netns_dustin`.")


def test_a_second_default_route_is_refused() -> None:
    refused = Run(
        "sudo ip netns exec netns_dustin ip route add default via 10.0.0.1", 2, "RTNETLINK answers: File exists\n"
    )
    verdict = judged(check("route", to="default", via="10.0.0.1", namespace="netns_dustin"), picture(**PAIR), refused)
    assert verdict.diagnosis == "wrong-gateway"
    assert says(verdict) == (
        "`default via 10.0.0.10 dev veth_ns_dustin` is there already. Delete it first, or use `ip route replace`."
    )


def test_a_command_for_one_namespace_is_no_slip_of_the_other() -> None:
    refused = Run("sudo ip -n netns_dustin route add default via 10.0.0.1", 2, "RTNETLINK answers: File exists\n")
    spaces = {**PAIR, "netns_leah": "veth_ns_leah veth up 10.0.0.21/24\nroute default via 10.0.0.20 dev veth_ns_leah"}
    dustin = check("route", id="dustin", to="default", via="10.0.0.1", namespace="netns_dustin")
    leah = check("route", to="default", via="10.0.0.1", namespace="netns_leah")
    assert judged(leah, picture(**spaces), refused, others=[dustin]).diagnosis == "wrong-gateway"
    assert judged(leah, picture(**spaces), refused).diagnosis == "ran-elsewhere"


def test_a_gateway_that_cannot_be_reached() -> None:
    bare = picture(**{**PAIR, "netns_dustin": "lo up\nveth_ns_dustin veth up peer=veth_dustin@host"})
    verdict = judged(check("route", **WANTED), bare)
    assert verdict.diagnosis == "not-there" and "10.0.0.10 cannot be reached in `netns_dustin`" in (says(verdict) or "")


def test_which_of_equal_routes_wins() -> None:
    assert judged(check("route", to="10.0.0.0/24", link="veth_dustin", first=True), TWO).passed
    verdict = judged(check("route", to="10.0.0.0/24", link="veth_leah", first=True), TWO)
    assert verdict.diagnosis == "not-first"
    assert says(verdict) == (
        "`10.0.0.0/24 dev veth_dustin` comes first and wins; this step needs `10.0.0.0/24 dev veth_leah` to."
    )
    lower = picture(
        host="veth_a veth up\nveth_b veth up\nroute 10.1.0.0/16 dev veth_a metric 9\nroute 10.1.0.0/16 dev veth_b"
    )
    assert judged(check("route", to="10.1.0.0/16", link="veth_b", first=True), lower).passed


def test_a_route_that_should_be_gone() -> None:
    still = judged(check("route", **WANTED, absent=True), THERE)
    assert still.diagnosis == "still-there"
    assert says(still) == "`default via 10.0.0.10 dev veth_ns_dustin` is still in `netns_dustin`."
    assert judged(check("route", to="default", namespace="netns_gone", absent=True), THERE).passed
    assert judged(check("route", to="default", namespace="netns_gone"), THERE).diagnosis == "no-namespace"


def test_neighbours() -> None:
    known = picture(**{**PAIR, "host": f"{PAIR['host']}\nneighbour 10.0.0.11 veth_dustin 12:34:56:78:9a:bc STALE"})
    wanted = check("neighbour", address="10.0.0.11", link="veth_dustin")
    assert judged(wanted, known).passed
    assert judged(check("neighbour", address="10.0.0.12", absent=True), known).passed
    assert judged(check("neighbour", address="10.0.0.11", absent=True), known).diagnosis == "still-there"
    assert judged(check("neighbour", address="10.0.0.11", link="enp4s0"), known).diagnosis == "wrong-link"
    assert judged(wanted, THERE).diagnosis == "not-there"
    failed = picture(**{**PAIR, "host": f"{PAIR['host']}\nneighbour 10.0.0.11 veth_dustin - FAILED"})
    assert judged(wanted, failed).diagnosis == "unanswered"
    elsewhere = check("neighbour", address="10.0.0.11", namespace="netns_dustin")
    assert judged(elsewhere, known).diagnosis == "wrong-place"
    assert judged(check("neighbour", address="10.0.0.11", namespace="netns_no"), known).diagnosis == "no-namespace"
