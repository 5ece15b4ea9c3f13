"""Which thing is meant by a point, a direction, or the order."""

from __future__ import annotations

from tests.tui.network.moments import drawn
from tui.network.canvas import Region
from tui.network.choosing import at, beside, following, ordered

REGIONS = drawn("final", 78).regions


def region(*key: str) -> Region:
    return next(one for one in REGIONS if one.key == key)


def test_the_smallest_thing_at_a_point() -> None:
    port = region("device", "host", "veth_dustin")
    assert at(REGIONS, port.start + 2, port.top) == port.key
    box = region("space", "netns_leah")
    assert at(REGIONS, box.start + 3, box.bottom - 2) == box.key
    assert at(REGIONS, 77, box.bottom + 5) is None


def test_the_order_goes_round() -> None:
    keys = [one.key for one in ordered(REGIONS)]
    assert following(REGIONS, None, 1) == keys[0] and following(REGIONS, None, -1) == keys[-1]
    assert following(REGIONS, keys[-1], 1) == keys[0]
    walked, key = [], following(REGIONS, None, 1)
    while key not in walked:
        walked.append(key)
        key = following(REGIONS, key, 1)
    assert walked == keys


def test_directions() -> None:
    inner = ("device", "netns_dustin", "veth_ns_dustin")
    outer = ("device", "host", "veth_dustin")
    assert beside(REGIONS, inner, "up") == outer
    assert beside(REGIONS, outer, "down") == inner
    assert beside(REGIONS, inner, "right") == ("device", "netns_leah", "veth_ns_leah")
    assert beside(REGIONS, ("router",), "right") == ("internet",)
    assert beside(REGIONS, ("router",), "up") == ("router",), "there is nothing above it"


def test_everything_can_be_reached_by_arrows() -> None:
    reached, left = set(), [following(REGIONS, None, 1)]
    while left:
        key = left.pop()
        if key not in reached:
            reached.add(key)
            left += [beside(REGIONS, key, way) for way in ("up", "down", "left", "right")]
    assert reached == {one.key for one in REGIONS}


def test_nothing_to_choose() -> None:
    assert at((), 0, 0) is None and following((), None, 1) is None and beside((), None, "up") is None
