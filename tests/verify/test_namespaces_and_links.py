"""``namespace`` and ``link``."""

from __future__ import annotations

import pytest

from tests.verify.picture import PAIR, Run, check, picture
from tests.verify.telling import judged, says

PEERED = picture(**PAIR)
ON_HOST = picture(
    host="""
        veth_dustin veth up peer=veth_ns_dustin@host
        veth_ns_dustin veth peer=veth_dustin@host
    """,
    netns_dustin="",
)
BRIDGED = picture(
    host="""
        bridge_home bridge up 10.0.0.1/24
        veth_dustin veth up master=bridge_home peer=veth_ns_dustin@netns_dustin
        veth_leah veth up peer=veth_ns_leah@netns_leah
    """,
    netns_dustin="veth_ns_dustin veth up 10.0.0.11/24 peer=veth_dustin@host",
    netns_leah="veth_ns_leah veth 10.0.0.21/24 peer=veth_leah@host",
)


def test_a_namespace_is_there_or_gone() -> None:
    assert judged(check("namespace", name="netns_dustin"), PEERED).passed
    assert judged(check("namespace", name="netns_leah", absent=True), PEERED).passed
    still = judged(check("namespace", name="netns_dustin", absent=True), PEERED)
    assert still.diagnosis == "still-there"


@pytest.mark.parametrize(
    "typed", ["netns_dustn", "netns-dustin", "Netns_Dustin", "ns_dustin", "netns_dusitn", "dustin"]
)
def test_a_namespace_of_a_near_name_is_named(typed: str) -> None:
    verdict = judged(check("namespace", name="netns_dustin"), picture(**{typed: ""}))
    assert verdict.diagnosis == "near-name"
    assert says(verdict) == f"There is a `{typed}`; this step needs `netns_dustin`."


def test_another_namespace_is_no_near_name() -> None:
    assert judged(check("namespace", name="netns_leah"), PEERED).diagnosis == "not-there"


def test_a_refused_command_is_quoted() -> None:
    refused = Run("ip netns add netns_leah", 1, 'Cannot create namespace file "/run/netns/netns_leah": Read-only\n')
    verdict = judged(check("namespace", name="netns_leah"), PEERED, refused)
    assert "Cannot create namespace file" in (says(verdict) or "")


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "veth_dustin"},
        {"name": "veth_dustin", "kind": "veth", "peer": "veth_ns_dustin", "peer_namespace": "netns_dustin"},
        {"name": "veth_ns_dustin", "namespace": "netns_dustin", "up": True, "carrier": True, "state": "UP"},
        {"name": "veth_dustin", "master": "none"},
        {"name": "veth_ns_dustin", "absent": True},
        {"name": "lo", "namespace": "netns_gone", "absent": True},
        {"name": ["veth_none", "veth_dustin"]},
        {"name": "veth_dustin", "kind": ["dummy", "veth"]},
    ],
)
def test_a_device_as_it_should_be_passes(fields: dict[str, object]) -> None:
    assert judged(check("link", **fields), PEERED).passed


@pytest.mark.parametrize(
    ("fields", "diagnosis", "hint"),
    [
        ({"name": "veth_leah"}, "not-there", "There is no `veth_leah` on the host yet."),
        ({"name": "veth_dustn"}, "near-name", "There is a `veth_dustin`; this step needs `veth_dustn`."),
        (
            {"name": "veth_ns_dustn"},
            "near-name",
            "There is a `veth_ns_dustin` in `netns_dustin`; this step needs `veth_ns_dustn`.",
        ),
        (
            {"name": "veth_ns_dustin"},
            "wrong-place",
            "`veth_ns_dustin` is in `netns_dustin`; it belongs on the host.",
        ),
        (
            {"name": "veth_dustin", "namespace": "netns_dustin"},
            "wrong-place",
            "`veth_dustin` is on the host; it belongs in `netns_dustin`.",
        ),
        ({"name": "veth_dustin", "kind": "bridge"}, "wrong-kind", "`veth_dustin` is of the kind `veth`"),
        ({"name": "veth_dustin", "peer": "veth_x"}, "wrong-peer", "The other end of `veth_dustin` is `veth_ns_dustin`"),
        ({"name": "veth_x", "peer": "veth_dustin"}, "wrong-peer", "The other end of `veth_dustin` is `veth_ns_dustin`"),
        (
            {"name": "veth_dustin", "peer": "veth_ns_dustin", "peer_namespace": "host"},
            "wrong-place",
            "`veth_ns_dustin` is in `netns_dustin`; it belongs on the host.",
        ),
        ({"name": "veth_dustin", "master": "bridge_home"}, "wrong-master", "is in no bridge yet"),
        ({"name": "veth_dustin", "up": False}, "link-up", "up already"),
        ({"name": "veth_dustin", "carrier": False}, "link-up", "up already"),
        ({"name": "veth_dustin", "absent": True}, "still-there", "`veth_dustin` is still on the host."),
        ({"name": "lo", "namespace": "netns_leah"}, "no-namespace", "`ip netns list`"),
        ({"name": "lo", "namespace": "netns_dusti"}, "no-namespace", "There is a `netns_dustin`"),
    ],
)
def test_what_is_wrong_with_a_device_is_told(fields: dict[str, object], diagnosis: str, hint: str) -> None:
    verdict = judged(check("link", **fields), PEERED)
    assert verdict.diagnosis == diagnosis
    assert hint in (says(verdict) or "")


def test_a_device_that_is_down_and_one_whose_other_end_is() -> None:
    down = judged(check("link", name="veth_ns_dustin", up=True), ON_HOST)
    assert (down.diagnosis, says(down)) == ("link-down", "`veth_ns_dustin` on the host is down.")
    lonely = judged(check("link", name="veth_dustin", carrier=True), ON_HOST)
    assert lonely.diagnosis == "no-carrier"
    assert says(lonely) == "`veth_dustin` is up, but its other end `veth_ns_dustin` on the host is down."
    assert judged(check("link", name="veth_dustin", state="UP"), ON_HOST).diagnosis == "no-carrier"
    assert judged(check("link", name="veth_dustin", state="DOWN"), ON_HOST).diagnosis == "link-up"
    assert judged(check("link", name="veth_ns_dustin", state="DOWN"), ON_HOST).passed


def test_a_bridge_without_active_ports_has_no_carrier() -> None:
    verdict = judged(check("link", name="bridge_home", carrier=True), picture(host="bridge_home bridge up"))
    assert verdict.diagnosis == "no-carrier" and "no active port" in (says(verdict) or "")


def test_masters() -> None:
    assert judged(check("link", name="veth_dustin", master="bridge_home"), BRIDGED).passed
    assert judged(check("link", name="veth_leah", master="bridge_home"), BRIDGED).diagnosis == "wrong-master"
    still = judged(check("link", name="veth_dustin", master="none"), BRIDGED)
    assert "still in the bridge `bridge_home`" in (says(still) or "")
    other = judged(check("link", name="veth_dustin", master="bridge_work"), BRIDGED)
    assert (other.diagnosis, says(other)) == (
        "wrong-master",
        "`veth_dustin` is in `bridge_home`; it belongs in `bridge_work`.",
    )
    typo = judged(check("link", name="veth_leah", master="bridge_hom"), BRIDGED)
    assert typo.diagnosis == "near-name"


def test_loopback_brought_up_on_the_host_instead() -> None:
    verdict = judged(
        check("link", name="lo", namespace="netns_dustin", up=True),
        picture(netns_dustin=""),
        Run("sudo ip link set dev lo up"),
    )
    assert verdict.diagnosis == "ran-elsewhere"
    assert says(verdict) == "That ran on the host, not in `netns_dustin`."


def test_a_device_that_was_up_before_it_moved() -> None:
    verdict = judged(
        check("link", name="veth_ns_dustin", namespace="netns_dustin", up=True),
        picture(
            netns_dustin="veth_ns_dustin veth peer=veth_dustin@host",
            host="veth_dustin veth up peer=veth_ns_dustin@netns_dustin",
        ),
        Run("sudo ip link set veth_ns_dustin up"),
        Run("sudo ip link set veth_ns_dustin netns netns_dustin"),
    )
    assert verdict.diagnosis == "link-down" and "goes down when it moves" in (says(verdict) or "")


def test_bringing_it_up_where_it_is_not() -> None:
    verdict = judged(
        check("link", name="veth_ns_dustin", namespace="netns_dustin", up=True),
        picture(
            netns_dustin="veth_ns_dustin veth peer=veth_dustin@host",
            host="veth_dustin veth up peer=veth_ns_dustin@netns_dustin",
        ),
        Run("sudo ip link set dev veth_ns_dustin up", 1, 'Cannot find device "veth_ns_dustin"\n'),
    )
    assert verdict.diagnosis == "ran-elsewhere"
