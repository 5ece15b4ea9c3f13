"""Differences of snapshots, as data and as lines."""

from __future__ import annotations

from msgspec.structs import replace

from engine.network.diff import diff, route_text
from engine.network.snapshot import Address, Chain, Link, Listener, Namespace, Neighbour, Process, Route, Rule, Snapshot

VETH = Link(index=3, name="veth_dustin", kind="veth", peer="veth_ns_dustin", peer_namespace="host")
EMPTY = Snapshot(namespaces=(Namespace(name="host", inode=1),), files={"/etc/hosts": "a\n"})


def host(**fields: object) -> Snapshot:
    """A lab that is its host only."""
    return replace(EMPTY, namespaces=(Namespace(name="host", inode=1, **fields),))  # type: ignore[arg-type]


def lines(before: Snapshot, after: Snapshot) -> list[str]:
    return [str(change) for change in diff(before, after)]


def test_same_pictures_do_not_differ_and_counters_do_not_count() -> None:
    one = host(links=(VETH,), chains=(Chain(table="filter", name="FORWARD", policy="DROP"),))
    other = host(
        links=(replace(VETH, received_packets=7, sent_bytes=9),),
        chains=(Chain(table="filter", name="FORWARD", policy="DROP", packets=3),),
    )
    assert diff(one, one) == ()
    assert diff(one, replace(other, sequence=9)) == ()


def test_a_link_comes_changes_and_goes() -> None:
    up = replace(VETH, up=True, flags=("UP",), peer_namespace="netns_dustin")
    assert lines(host(), host(links=(VETH,))) == ["added link veth_dustin (veth) in host"]
    assert lines(host(links=(VETH,)), host(links=(up,))) == [
        "changed link veth_dustin (veth): up: no → yes, flags: none → UP, peer_namespace: host → netns_dustin in host"
    ]
    assert lines(host(links=(VETH,)), host()) == ["removed link veth_dustin (veth) in host"]


def test_addresses_neighbours_sysctls_listeners_and_policies() -> None:
    before = host(
        sysctls={"net.ipv4.ip_forward": "0"},
        chains=(Chain(table="filter", name="FORWARD", policy="DROP"),),
        neighbours=(Neighbour(address="10.0.0.1", link="x", mac=None, state="FAILED"),),
    )
    after = host(
        sysctls={"net.ipv4.ip_forward": "1"},
        chains=(Chain(table="filter", name="FORWARD", policy="ACCEPT"),),
        addresses=(Address(link="x", address="10.0.0.10", prefix=24),),
        neighbours=(Neighbour(address="10.0.0.1", link="x", mac="2e:00:00:00:00:01", state="REACHABLE"),),
        listeners=(Listener(protocol="tcp", address="::", port=8080, process="python3", pid=7),),
    )
    assert lines(before, after) == [
        "added address 10.0.0.10/24 on x in host",
        "changed neighbour 10.0.0.1 on x: mac: none → 2e:00:00:00:00:01, state: FAILED → REACHABLE in host",
        "changed chain filter FORWARD: policy: DROP → ACCEPT in host",
        "changed sysctl net.ipv4.ip_forward: 0 → 1 in host",
        "added listener tcp [::]:8080 in host",
    ]


def test_the_order_of_routes_matters() -> None:
    one, other = Route(to="10.0.0.0/24", link="a", scope="link"), Route(to="10.0.0.0/24", link="b", scope="link")
    changes = diff(host(routes=(one, other)), host(routes=(other, one)))
    assert sorted(change.kind for change in changes) == ["added", "removed"]
    assert len({change.text for change in changes}) == 1


def test_rules_that_stand_twice_are_two() -> None:
    rule = Rule(table="filter", chain="FORWARD", text="-j ACCEPT", jump="ACCEPT")
    assert lines(host(rules=(rule,)), host(rules=(rule, rule))) == ["added rule -t filter -A FORWARD -j ACCEPT in host"]


def test_namespaces() -> None:
    lo = Link(index=1, name="lo", kind="loopback")
    more = replace(EMPTY, namespaces=(*EMPTY.namespaces, Namespace(name="a", inode=2, links=(lo,))))
    anew = replace(EMPTY, namespaces=(*EMPTY.namespaces, Namespace(name="a", inode=3, links=(lo,))))
    assert lines(EMPTY, more) == ["added namespace a", "added link lo (loopback) in a"]
    assert lines(more, EMPTY) == ["removed namespace a"]
    assert lines(more, anew) == ["changed namespace a: made anew"]


def test_files_resolver_and_processes() -> None:
    path = "/etc/netns/a/resolv.conf"
    after = replace(
        host(resolv_conf="nameserver 1.1.1.1\n"),
        files={"/etc/hosts": "b\nc\n", path: "x\n"},
        processes=(Process(pid=7, command="sleep 9", namespace="host"),),
    )
    assert lines(EMPTY, after) == [
        "changed resolver none → nameserver 1.1.1.1 in host",
        "changed file /etc/hosts: a → b / c",
        f"added file {path} = x",
        "added process 7 sleep 9",
    ]
    assert lines(after, EMPTY)[2] == f"removed file {path}"


def test_a_route_in_the_words_of_ip() -> None:
    assert route_text(Route(to="default", via="10.0.0.1", link="x", flags=("linkdown",))) == (
        "default via 10.0.0.1 dev x linkdown"
    )
    assert route_text(Route(to="10.9.0.0/16", kind="blackhole")) == "blackhole 10.9.0.0/16"
