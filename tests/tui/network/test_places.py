"""Where things stand, and that they stay there."""

from __future__ import annotations

from msgspec.structs import replace

from engine.network.snapshot import Link, Namespace, Snapshot
from engine.network.topology import topology
from tests.network.picture import host, link, picture, space
from tests.tui.network.moments import LESSONS, load
from tui.network.places import NOWHERE, Placement, place


def placed(snapshot: Snapshot, before: Placement = NOWHERE) -> Placement:
    return place(topology(snapshot), before)


def loose(*names: str) -> tuple[Link, ...]:
    """A pair whose ends are both on the host; the second name is the peer, which the kernel makes first."""
    first, second = names
    return (link(second, peer=("host", first), up=False), link(first, peer=("host", second), up=False))


def empty(name: str) -> Namespace:
    return Namespace(name=name, inode=9)


def test_a_device_of_the_host_stands_above_its_other_end() -> None:
    where = placed(picture(host("dustin", "leah"), space("dustin"), space("leah", 2)))
    assert where.spaces == {"netns_dustin": (0,), "netns_leah": (1,)}
    assert where.ports["host", "veth_leah"] == where.ports["netns_leah", "veth_ns_leah"] == 1
    assert where.columns == where.space_columns == 2


def test_a_namespace_that_sorts_before_the_others_moves_none() -> None:
    before = placed(picture(host("leah"), space("leah")))
    after = placed(picture(host("leah", "dustin"), space("dustin", 2), space("leah")), before)
    assert after.spaces == {"netns_leah": (0,), "netns_dustin": (1,)}


def test_a_namespace_that_goes_moves_none() -> None:
    before = placed(picture(host("dustin", "leah"), space("dustin"), space("leah", 2)))
    after = placed(picture(host("leah"), space("leah", 2)), before)
    assert after.spaces == {"netns_leah": (1,)}
    again = placed(picture(host("leah", "momo"), space("leah", 2), space("momo", 3)), after)
    assert again.spaces == {"netns_leah": (1,), "netns_momo": (0,)}


def test_a_fresh_pair_waits_above_the_empty_namespace_and_its_staying_end_stays() -> None:
    base = host()
    fresh = picture(replace(base, links=(*base.links, *loose("veth_dustin", "veth_ns_dustin"))), empty("netns_dustin"))
    before = placed(fresh)
    assert before.ports == {("host", "veth_dustin"): 0, ("host", "veth_ns_dustin"): 1}
    moved = placed(picture(host("dustin"), space("dustin")), before)
    assert moved.ports == {("host", "veth_dustin"): 0, ("netns_dustin", "veth_ns_dustin"): 0}


def test_a_pair_made_before_its_namespace() -> None:
    base = host("dustin")
    with_pair = replace(base, links=(*base.links, *loose("veth_leah", "veth_ns_leah")))
    first = placed(picture(with_pair, space("dustin")))
    second = placed(picture(with_pair, space("dustin"), empty("netns_leah")), first)
    third = placed(picture(host("dustin", "leah"), space("dustin"), space("leah", 2)), second)
    assert [one.ports["host", "veth_leah"] for one in (first, second, third)] == [1, 1, 1]
    assert second.spaces["netns_leah"] == (1,)


def test_a_namespace_with_several_devices_has_a_column_for_each() -> None:
    wide = replace(space("a"), links=(*space("a").links, link("x"), link("y")))
    where = placed(picture(host("a", "b"), wide, space("b", 2)))
    assert where.spaces == {"netns_a": (0, 1, 2), "netns_b": (3,)}
    grown = placed(
        picture(host("a", "b"), wide, space("b", 2)), placed(picture(host("a", "b"), space("a"), space("b", 2)))
    )
    assert not set(grown.spaces["netns_a"]) & set(grown.spaces["netns_b"])
    assert grown.spaces["netns_b"] == (1,)


def test_through_the_whole_course_nothing_that_stays_moves() -> None:
    where = NOWHERE
    for name in LESSONS:
        before, where = where, placed(load(name), where)
        for space_name, columns in before.spaces.items():
            assert where.spaces.get(space_name, columns) == columns, name
        for port, column in before.ports.items():
            assert where.ports.get(port, column) == column, name
