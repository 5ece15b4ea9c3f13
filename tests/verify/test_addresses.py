"""``address``."""

from __future__ import annotations

import pytest

from tests.verify.picture import PAIR, Run, check, picture
from tests.verify.telling import judged, says

THERE = picture(**PAIR)
WANTED = {"address": "10.0.0.11/24", "link": "veth_ns_dustin", "namespace": "netns_dustin"}
MOVED = {
    "host": "veth_dustin veth up 10.0.0.10/24 peer=veth_ns_dustin@netns_dustin",
    "netns_dustin": "lo up\nveth_ns_dustin veth up peer=veth_dustin@host",
}


@pytest.mark.parametrize("address", ["10.0.0.11/24", "10.0.0.011/24", "010.0.0.11/24", ["10.0.0.1/24", "10.0.0.11/24"]])
def test_an_address_is_a_number(address: object) -> None:
    assert judged(check("address", **{**WANTED, "address": address}), THERE).passed


def test_more_addresses_than_asked_for_do_no_harm() -> None:
    more = picture(**{**MOVED, "netns_dustin": "veth_ns_dustin veth up 10.0.0.5/24 10.0.0.11/24 peer=veth_dustin@host"})
    assert judged(check("address", **WANTED), more).passed


def test_without_a_device_any_one_will_do() -> None:
    assert judged(check("address", address="10.0.0.10/24"), THERE).passed
    assert judged(check("address", address="10.0.0.10/16"), THERE).diagnosis == "wrong-prefix"


@pytest.mark.parametrize(
    ("spaces", "diagnosis", "hint"),
    [
        (
            {**MOVED, "host": "veth_dustin veth up 10.0.0.10/24 10.0.0.11/24 peer=veth_ns_dustin@netns_dustin"},
            "wrong-link",
            "10.0.0.11/24 is on `veth_dustin`; it belongs on `veth_ns_dustin`, inside `netns_dustin`.",
        ),
        (
            {**MOVED, "netns_dustin": "lo up 10.0.0.11/24\nveth_ns_dustin veth up peer=veth_dustin@host"},
            "wrong-link",
            "10.0.0.11/24 is on `lo`; it belongs on `veth_ns_dustin`.",
        ),
        (
            {**MOVED, "netns_dustin": "veth_ns_dustin veth up 10.0.0.11/32 peer=veth_dustin@host"},
            "wrong-prefix",
            "`veth_ns_dustin` has 10.0.0.11/32; this step needs 10.0.0.11/24.",
        ),
        (
            {**MOVED, "netns_dustin": "veth_ns_dustin veth up 10.0.0.1/24 peer=veth_dustin@host"},
            "wrong-address",
            "`veth_ns_dustin` has 10.0.0.1/24; this step needs 10.0.0.11/24.",
        ),
        (MOVED, "not-there", "`veth_ns_dustin` in `netns_dustin` does not have 10.0.0.11/24 yet."),
        ({"host": ""}, "no-namespace", "`netns_dustin` is not there"),
        (
            {
                "host": "veth_dustin veth peer=veth_ns_dustin@host\nveth_ns_dustin veth peer=veth_dustin@host",
                "netns_dustin": "",
            },
            "wrong-place",
            "`veth_ns_dustin` is on the host; it belongs in `netns_dustin`.",
        ),
        (
            {"netns_dustin": "veth_ns_dustn veth", "host": ""},
            "near-name",
            "There is a `veth_ns_dustn`; this step needs `veth_ns_dustin`.",
        ),
        (
            {"netns_dustin": "veth_ns_dustin veth", "netns_leah": "veth_ns_dustin veth 10.0.0.11/24"},
            "wrong-place",
            "`10.0.0.11/24` is in `netns_leah`; it belongs in `netns_dustin`.",
        ),
    ],
)
def test_where_it_is_instead(spaces: dict[str, str], diagnosis: str, hint: str) -> None:
    verdict = judged(check("address", **WANTED), picture(**spaces))
    assert verdict.diagnosis == diagnosis
    assert hint in (says(verdict) or "")


def test_a_device_that_lost_its_address_by_moving() -> None:
    verdict = judged(
        check("address", **WANTED),
        picture(**MOVED),
        Run("sudo ip address add 10.0.0.11/24 dev veth_ns_dustin"),
        Run("sudo ip link set veth_ns_dustin netns netns_dustin"),
    )
    assert verdict.diagnosis == "not-there" and "a device that moves" in (says(verdict) or "")


def test_a_command_that_looked_for_the_device_on_the_host() -> None:
    refused = Run("sudo ip a a 10.0.0.11/24 dev veth_ns_dustin", 1, 'Cannot find device "veth_ns_dustin"\n')
    verdict = judged(check("address", **WANTED), picture(**MOVED), refused)
    assert (verdict.diagnosis, says(verdict)) == ("ran-elsewhere", "That ran on the host, not in `netns_dustin`.")


def test_an_address_that_should_be_gone() -> None:
    assert judged(check("address", address="10.0.0.20/24", link="veth_leah", absent=True), THERE).passed
    assert judged(check("address", address="10.0.0.10/24", link="enp4s0", absent=True), THERE).passed
    still = judged(check("address", address="10.0.0.10/24", link="veth_dustin", absent=True), THERE)
    assert (still.diagnosis, says(still)) == ("still-there", "`10.0.0.10/24` is still on `veth_dustin` on the host.")
    assert judged(check("address", address="10.0.0.10/24", absent=True), THERE).diagnosis == "still-there"
