"""What changed between two graphs, and what has gone shown once more where it was."""

from __future__ import annotations

from msgspec.structs import replace

from engine.network.snapshot import Snapshot
from tests.network.picture import MASQUERADE, accept, host, picture, space
from tests.tui.network.moments import EVERY, load
from tui.network.canvas import Key
from tui.network.marks import ADDED, CHANGED, GONE, Gone, compare, facts, with_gone
from tui.network.scene import graph_of

OUT, BACK = accept("veth_dustin", "enp4s0"), accept("enp4s0", "veth_dustin")
ONE = picture(host("dustin"), space("dustin"))


def marks(before: Snapshot, after: Snapshot) -> dict[Key, str]:
    return compare(facts(graph_of(before)), facts(graph_of(after)))


def test_nothing_changed() -> None:
    assert marks(ONE, replace(ONE, sequence=7)) == {}


def test_a_state_is_a_change_and_an_address_a_thing_of_its_own() -> None:
    down = picture(host("dustin"), space("dustin", up=False))
    assert marks(ONE, down) == {
        ("device", "netns_dustin", "veth_ns_dustin"): CHANGED,
        ("loopback", "netns_dustin"): CHANGED,
    }
    bare = picture(host("dustin"), replace(space("dustin"), addresses=()))
    address = ("address", "netns_dustin", "veth_ns_dustin")
    assert marks(bare, ONE) == {address: ADDED} and marks(ONE, bare) == {address: GONE}


def test_the_gate() -> None:
    opened = picture(host("dustin", forwarding=True, rules=(OUT, MASQUERADE)), space("dustin"))
    both = picture(host("dustin", forwarding=True, rules=(OUT, BACK, MASQUERADE)), space("dustin"))
    passage = ("passage", "veth_dustin", "enp4s0", "ACCEPT")
    assert marks(ONE, opened) == {("forwarding",): CHANGED, ("nat", "enp4s0"): ADDED, passage: ADDED}
    assert marks(opened, both) == {passage: CHANGED}


def test_another_default_route_of_a_namespace_is_a_change() -> None:
    inner = space("dustin")
    other = replace(inner, routes=(replace(inner.routes[0], via="10.0.0.1"),))
    assert marks(ONE, picture(host("dustin"), other)) == {("route", "netns_dustin", "default"): CHANGED}


def test_a_pair_that_goes_with_its_namespace() -> None:
    gone = marks(picture(host("dustin"), space("dustin")), picture(host()))
    assert set(gone.values()) == {GONE}
    assert {("space", "netns_dustin"), ("device", "host", "veth_dustin")} <= set(gone)


def test_what_has_gone_is_put_back_where_it_was() -> None:
    """From any moment of the course to any other: what was there is there again, and nothing is there twice."""
    graphs = [graph_of(load(name)) for name in EVERY]
    for before in graphs:
        for after in graphs:
            changed = compare(facts(before), facts(after))
            gone = [key for key, mark in changed.items() if mark == GONE]
            again = with_gone(after, [Gone(key, before) for key in gone])
            assert set(facts(again)) >= set(gone) | set(facts(after))
            for box in (again.host, *again.spaces):
                names = [device.name for device in box.devices]
                assert len(names) == len(set(names))


def test_a_route_that_has_gone_stands_where_it_stood() -> None:
    before = graph_of(ONE)
    after = graph_of(picture(replace(host("dustin"), routes=host("dustin").routes[1:]), space("dustin")))
    key = ("route", "host", "default via 192.168.0.1 dev enp4s0")
    assert with_gone(after, [Gone(key, before)]).host.routes == before.host.routes
