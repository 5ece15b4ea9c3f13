"""Near names, near enough and not too near."""

from __future__ import annotations

import pytest

from engine.verify.names import distance, near


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [
        ("", "", 0),
        ("a", "", 1),
        ("abc", "abc", 0),
        ("veth_dustn", "veth_dustin", 1),
        ("ab", "ba", 1),
        ("kitten", "sitting", 3),
    ],
)
def test_slips_are_counted(one: str, other: str, slips: int) -> None:
    assert distance(one, other) == distance(other, one) == slips


@pytest.mark.parametrize(
    "typed", ["veth_dustn", "veth-dustin", "VETH_DUSTIN", "vethdustin", "veth_dustin0", "vteh_dustin"]
)
def test_a_slip_is_near(typed: str) -> None:
    assert near("veth_dustin", ["lo", "enp4s0", typed]) == typed


@pytest.mark.parametrize("other", ["veth_ns_dustin", "veth_leah", "lo", "enp4s0", "bridge_home", "veth_dustin"])
def test_other_names_of_the_course_are_not(other: str) -> None:
    assert near("veth_dustin", [other]) is None


def test_the_nearest_is_taken_and_short_names_are_strict() -> None:
    assert near("bridge_home", ["bridge_hoem1", "bridge_hom"]) == "bridge_hom"
    assert near("br0", ["br1"]) == "br1"
    assert near("br0", ["bx1"]) is None
    assert near("x", []) is None
