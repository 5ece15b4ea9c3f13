"""What is in the graph of a snapshot, and where."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from engine.network.snapshot import Namespace, Snapshot
from engine.network.topology import Cable, Device, Passage, topology
from tests.network.picture import MASQUERADE, accept, host, link, picture, space


def columns(snapshot: Snapshot) -> dict[str, int | None]:
    graph = topology(snapshot)
    return {device.name: device.column for box in (graph.host, *graph.spaces) for device in box.devices}


def test_one_pair() -> None:
    graph = topology(picture(host("dustin"), space("dustin", resolver="114.114.114.114")))
    assert (graph.uplink, graph.router, graph.internet) == ("enp4s0", "192.168.0.1", "114.114.114.114")
    assert graph.host.device("veth_dustin") == Device(
        name="veth_dustin", kind="veth", state="up", addresses=("10.0.0.10/24",), column=0
    )
    (box,) = graph.spaces
    assert (box.name, box.columns, box.resolver, box.loopback_up) == ("netns_dustin", (0,), "114.114.114.114", True)
    assert graph.cables == (Cable(first=("host", "veth_dustin"), second=("netns_dustin", "veth_ns_dustin"), up=True),)
    assert graph.host.servers == (":8080 http.server",)
    assert [route.text for route in graph.host.routes] == [
        "default via 192.168.0.1 dev enp4s0",
        "10.0.0.0/24 dev veth_dustin",
    ]


def test_nothing_moves_when_a_namespace_is_added() -> None:
    before = columns(picture(host("dustin", "leah"), space("dustin"), space("leah", 2)))
    after = columns(picture(host("dustin", "leah", "momo"), space("dustin"), space("leah", 2), space("momo", 3)))
    assert before == {name: column for name, column in after.items() if name in before}
    assert after["veth_momo"] == after["veth_ns_momo"] == 2


def test_a_given_order_is_kept() -> None:
    snapshot = picture(host("ann", "zoe"), space("ann"), space("zoe", 2))
    graph = topology(snapshot, order=("netns_zoe",))
    assert [box.name for box in graph.spaces] == ["netns_zoe", "netns_ann"]
    assert [box.columns for box in graph.spaces] == [(0,), (1,)]


def test_both_ends_on_the_host_and_an_empty_namespace() -> None:
    one = link("a", peer=("host", "b"), up=False)
    both = replace(host(), links=(*host().links, one, link("b", peer=("host", "a"))))
    graph = topology(picture(both, Namespace(name="netns_dustin", inode=2)))
    assert [(device.name, device.column) for device in graph.host.devices][1:] == [("a", 1), ("b", 2)]
    assert graph.spaces[0].columns == (0,) and not graph.spaces[0].loopback_up
    assert graph.cables == (Cable(first=("host", "a"), second=("host", "b"), up=False),)
    assert graph.columns == 3


def test_states_of_devices() -> None:
    waiting = replace(link("a"), carrier=False)
    graph = topology(picture(replace(host(), links=(link("enp4s0", up=False), waiting))))
    assert [device.state for device in graph.host.devices] == ["down", "no-carrier"]


def test_of_equal_routes_the_first_wins() -> None:
    graph = topology(picture(host("dustin", "leah"), space("dustin"), space("leah", 2)))
    assert [(route.device, route.wins) for route in graph.host.routes] == [
        ("enp4s0", None),
        ("veth_dustin", True),
        ("veth_leah", False),
    ]


def test_rules_that_are_each_others_way_back_are_one_passage() -> None:
    rules = (accept("br", "br"), accept("br", "enp4s0"), accept("enp4s0", "br"), accept("a", None, "DROP"))
    graph = topology(picture(host(rules=(*rules, replace(accept("x", "y"), other=("-m", "limit"))))))
    assert graph.passages == (
        Passage(first="br", second="br", both=False, jump="ACCEPT"),
        Passage(first="br", second="enp4s0", both=True, jump="ACCEPT"),
        Passage(first="a", second=None, both=False, jump="DROP"),
    )


OUT, BACK = accept("veth_dustin", "enp4s0"), accept("enp4s0", "veth_dustin")


@pytest.mark.parametrize(
    ("forwarding", "rules", "ways"),
    [
        (True, (OUT, BACK, MASQUERADE), ("veth_dustin",)),
        (True, (accept(None, None), MASQUERADE), ("veth_dustin",)),
        (False, (OUT, BACK, MASQUERADE), ()),
        (True, (OUT, BACK), ()),
        (True, (OUT, MASQUERADE), ()),
        (True, (accept("veth_dustin", None, "DROP"), OUT, BACK, MASQUERADE), ()),
        (True, (accept("veth_dustin", "veth_dustin"), MASQUERADE), ()),
    ],
)
def test_ways_out(forwarding: bool, rules: tuple[object, ...], ways: tuple[str, ...]) -> None:
    snapshot = picture(host("dustin", forwarding=forwarding, rules=rules), space("dustin"))  # type: ignore[arg-type]
    assert topology(snapshot).ways_out == ways


def test_a_snapshot_without_a_host() -> None:
    with pytest.raises(LookupError):
        topology(Snapshot())
