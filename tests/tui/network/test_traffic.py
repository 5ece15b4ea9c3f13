"""Which devices counted packets, and in which order a command's packets reached them."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from engine.network.snapshot import Namespace, Snapshot
from tests.tui.network.moments import load
from tui.network.places import Place
from tui.network.scene import Flow, graph_of
from tui.network.traffic import counted, flows, followed, origin, sends, short


def after(snapshot: Snapshot, *moved: tuple[str, str, int, int]) -> Snapshot:
    """The same lab when each of these devices has sent and received so many more packets."""
    more = {(space, name): (sent, received) for space, name, sent, received in moved}

    def links(name: str, snapshot: Snapshot) -> object:
        space = snapshot.namespace(name)
        assert space is not None
        return tuple(
            replace(one, sent_packets=one.sent_packets + sent, received_packets=one.received_packets + received)
            for one in space.links
            for sent, received in [more.get((name, one.name), (0, 0))]
        )

    spaces = tuple(replace(one, links=links(one.name, snapshot)) for one in snapshot.namespaces)
    return replace(snapshot, namespaces=spaces)


def hops(snapshot: Snapshot, start: str, *moved: tuple[str, str, int, int]) -> list[tuple[int, Place]]:
    later = after(snapshot, *moved)
    return [(hop.number, hop.place) for hop in followed(graph_of(later), start, snapshot, later)]


def test_flows() -> None:
    snapshot = load("final")
    later = after(snapshot, ("netns_dustin", "veth_ns_dustin", 2, 0), ("host", "veth_dustin", 0, 2))
    assert flows(snapshot, later) == {
        ("netns_dustin", "veth_ns_dustin"): Flow(True, False),
        ("host", "veth_dustin"): Flow(False, True),
    }
    assert flows(snapshot, snapshot) == {}


def test_a_device_made_anew_has_counted_nothing() -> None:
    snapshot = load("pair")
    later = after(snapshot, ("host", "veth_dustin", 5, 5))

    def renumbered(space: Namespace) -> Namespace:
        return replace(space, links=tuple(replace(one, index=one.index + 50) for one in space.links))

    anew = replace(later, namespaces=tuple(renumbered(one) for one in later.namespaces))
    assert counted(snapshot, anew) == {}


def test_through_the_bridge_to_the_uplink() -> None:
    assert hops(
        load("final"),
        "netns_dustin",
        ("host", "enp4s0", 1, 1),
        ("host", "bridge_home", 1, 1),
        ("host", "veth_dustin", 1, 1),
        ("netns_dustin", "veth_ns_dustin", 1, 1),
    ) == [
        (1, ("netns_dustin", "veth_ns_dustin")),
        (2, ("host", "veth_dustin")),
        (3, ("host", "bridge_home")),
        (4, ("host", "enp4s0")),
    ]


def test_from_port_to_port_the_bridge_itself_counts_nothing() -> None:
    assert hops(
        load("final"),
        "netns_dustin",
        ("netns_dustin", "veth_ns_dustin", 1, 1),
        ("host", "veth_dustin", 1, 1),
        ("host", "veth_leah", 1, 1),
        ("netns_leah", "veth_ns_leah", 1, 1),
    ) == [
        (1, ("netns_dustin", "veth_ns_dustin")),
        (2, ("host", "veth_dustin")),
        (3, ("host", "veth_leah")),
        (4, ("netns_leah", "veth_ns_leah")),
    ]


def test_the_path_ends_where_the_packets_do_and_what_others_send_is_not_on_it() -> None:
    assert hops(
        load("final"),
        "netns_dustin",
        ("netns_dustin", "veth_ns_dustin", 1, 0),
        ("host", "veth_dustin", 0, 1),
        ("netns_leah", "veth_ns_leah", 4, 4),
    ) == [(1, ("netns_dustin", "veth_ns_dustin")), (2, ("host", "veth_dustin"))]


def test_a_question_for_all_is_not_the_way() -> None:
    """ARP goes to every port of the bridge; only one of them answers."""
    assert hops(
        load("final"),
        "netns_dustin",
        ("netns_dustin", "veth_ns_dustin", 2, 2),
        ("host", "veth_dustin", 2, 2),
        ("host", "veth_leah", 1, 0),
        ("netns_leah", "veth_ns_leah", 0, 1),
        ("host", "bridge_home", 2, 2),
        ("host", "enp4s0", 1, 1),
    ) == [
        (1, ("netns_dustin", "veth_ns_dustin")),
        (2, ("host", "veth_dustin")),
        (3, ("host", "bridge_home")),
        (4, ("host", "enp4s0")),
    ]


def test_a_stray_packet_is_not_the_way() -> None:
    assert hops(load("final"), "host", ("host", "lo", 12, 12), ("host", "enp4s0", 1, 1)) == [(1, ("host", "lo"))]


def test_a_host_that_does_not_forward() -> None:
    moved = (("netns_dustin", "veth_ns_dustin", 1, 0), ("host", "veth_dustin", 0, 1), ("host", "enp4s0", 1, 0))
    assert [number for number, _ in hops(load("pair"), "netns_dustin", *moved)] == [1, 2]
    assert [number for number, _ in hops(load("internet"), "netns_dustin", *moved)] == [1, 2, 3]


def test_loopback_and_a_namespace_that_is_not_there() -> None:
    assert hops(load("start"), "host", ("host", "lo", 2, 2)) == [(1, ("host", "lo"))]
    assert hops(load("start"), "netns_gone", ("host", "lo", 2, 2)) == []


@pytest.mark.parametrize(
    ("line", "start", "told"),
    [
        ("ping -c 1 10.0.0.11", "host", "ping -c 1 10.0.0.11"),
        ("sudo ip netns exec netns_dustin ping  10.0.0.21 -c 1", "netns_dustin", "netns_dustin: ping 10.0.0.21 -c 1"),
        ("sudo ip netns exec netns_leah curl localhost:8080", "netns_leah", "netns_leah: curl localhost:8080"),
    ],
)
def test_commands_that_send(line: str, start: str, told: str) -> None:
    assert sends(line) and origin(line, "host") == start and short(line, start) == told


def test_a_command_belongs_where_its_shell_is() -> None:
    assert origin("ping 10.0.0.10", "netns_dustin") == "netns_dustin"
    assert not sends("ip link list") and not sends("sudo iptables -L")
