"""The words of iproute2 from numbers of the kernel; against iproute2 itself in tests/agent."""

from __future__ import annotations

from typing import Any

import pytest

from engine.network.rtnl import link_flags, read_addresses, read_links, read_neighbours, read_routes

UP, BROADCAST, LOOPBACK, RUNNING, NOARP, PROMISC, MULTICAST, LOWER_UP = 0x1, 2, 8, 0x40, 0x80, 0x100, 0x1000, 0x10000


def message(attributes: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {**fields, "attrs": [("UNKNOWN", b""), *attributes.items()]}


def link(index: int, name: str, flags: int = 0, **attributes: Any) -> dict[str, Any]:
    named = {f"IFLA_{key.upper()}": value for key, value in attributes.items()}
    return message({"IFLA_IFNAME": name, **named}, index=index, ifi_type=1, flags=flags)


VETH = {"attrs": [("IFLA_INFO_KIND", "veth")]}


@pytest.mark.parametrize(
    ("flags", "lower_is_down", "words"),
    [
        (LOOPBACK, False, "LOOPBACK"),
        (LOOPBACK | UP | RUNNING | LOWER_UP, False, "LOOPBACK,UP,LOWER_UP"),
        (BROADCAST | MULTICAST, True, "BROADCAST,MULTICAST,M-DOWN"),
        (UP | BROADCAST | MULTICAST, False, "NO-CARRIER,BROADCAST,MULTICAST,UP"),
        (UP | RUNNING | BROADCAST | NOARP | PROMISC, False, "BROADCAST,NOARP,PROMISC,UP"),
        (0x80000000, False, "80000000"),
        (0, False, ""),
    ],
)
def test_flags(flags: int, lower_is_down: bool, words: str) -> None:
    assert ",".join(link_flags(flags, lower_is_down=lower_is_down)) == words


def test_a_pair_in_one_namespace() -> None:
    links = read_links(
        [link(4, "b", link=3, linkinfo=VETH), link(3, "a", UP | RUNNING, link=4, linkinfo=VETH, operstate="UP")]
    )
    assert [one.link.name for one in links] == ["a", "b"]
    assert [one.link.peer for one in links] == ["b", "a"]
    assert "M-DOWN" in links[0].link.flags
    assert "M-DOWN" not in links[1].link.flags
    assert links[0].link.state == "UP"


def test_an_end_whose_other_is_elsewhere() -> None:
    (one,) = read_links([link(4, "b", link=3, link_netnsid=0, linkinfo=VETH)])
    assert (one.peer_index, one.peer_nsid, one.link.peer, one.link.flags) == (3, 0, None, ())


def test_master_and_kinds() -> None:
    links = read_links(
        [
            link(2, "br", linkinfo={"attrs": [("IFLA_INFO_KIND", "bridge")]}),
            link(3, "p", master=2),
            message({"IFLA_IFNAME": "lo"}, index=1, ifi_type=772, flags=LOOPBACK),
        ]
    )
    assert [(one.link.kind, one.link.master) for one in links] == [
        ("loopback", None),
        ("bridge", None),
        ("device", "br"),
    ]


def route(attributes: dict[str, Any], **fields: Any) -> dict[str, Any]:
    whole = {"family": 2, "dst_len": 0, "table": 254, "proto": 3, "scope": 0, "type": 1, "flags": 0, **fields}
    return message(attributes, **whole)


def test_routes_as_ip_prints_them() -> None:
    names = {2: "x", 3: "y"}
    routes = read_routes(
        [
            route({"RTA_GATEWAY": "10.0.0.1", "RTA_OIF": 2}),
            route(
                {"RTA_DST": "10.0.0.0", "RTA_OIF": 2, "RTA_PREFSRC": "10.0.0.9"},
                **{"dst_len": 24, "proto": 2, "scope": 253, "flags": 16},
            ),
            route({"RTA_DST": "10.1.1.1", "RTA_OIF": 9, "RTA_PRIORITY": 5}, dst_len=32, proto=4),
            route({"RTA_DST": "10.2.0.0"}, dst_len=16, type=6),
            route({"RTA_DST": "10.3.0.0", "RTA_OIF": 2, "RTA_TABLE": 255}, dst_len=16, table=255),
            route({"RTA_OIF": 2, "RTA_PRIORITY": 1024}, family=10, scope=0, proto=99),
            route({"RTA_OIF": 2}, family=10, flags=0x200),
        ],
        names,
    )
    assert [
        (one.to, one.via, one.link, one.source, one.protocol, one.scope, one.metric, one.kind, one.flags)
        for one in routes
    ] == [
        ("default", "10.0.0.1", "x", None, None, None, None, "unicast", ()),
        ("10.0.0.0/24", None, "x", "10.0.0.9", "kernel", "link", None, "unicast", ("linkdown",)),
        ("10.1.1.1", None, "if9", None, "static", None, 5, "unicast", ()),
        ("10.2.0.0/16", None, None, None, None, None, None, "blackhole", ()),
        ("default", None, "x", None, "99", None, 1024, "unicast", ()),
    ]


def test_each_next_hop_is_a_route() -> None:
    hops = [
        {"oif": 2, "flags": 0, "attrs": [("RTA_GATEWAY", "10.0.0.1")]},
        {"oif": 3, "flags": 1, "attrs": [("RTA_VIA", {"addr": "fe80::1"})]},
    ]
    routes = read_routes([route({"RTA_MULTIPATH": hops})], {2: "x", 3: "y"})
    assert [(one.via, one.link, one.flags) for one in routes] == [
        ("10.0.0.1", "x", ()),
        ("inet6 fe80::1", "y", ("dead",)),
    ]


def test_addresses_by_device_and_those_of_no_known_device_left_out() -> None:
    addresses = read_addresses(
        [
            message({"IFA_LOCAL": "10.0.0.2", "IFA_BROADCAST": "10.0.0.255"}, index=3, prefixlen=24, scope=0),
            message({"IFA_LOCAL": "127.0.0.1"}, index=1, prefixlen=8, scope=254),
            message({"IFA_ADDRESS": "::1"}, index=1, prefixlen=128, scope=254),
            message({"IFA_LOCAL": "10.0.0.3"}, index=9, prefixlen=24, scope=0),
            message({}, index=1, prefixlen=24, scope=0),
        ],
        {1: "lo", 3: "x"},
    )
    assert [(one.link, one.cidr, one.scope, one.broadcast) for one in addresses] == [
        ("lo", "127.0.0.1/8", "host", None),
        ("lo", "::1/128", "host", None),
        ("x", "10.0.0.2/24", "global", "10.0.0.255"),
    ]


def test_neighbours_that_need_no_resolution_are_left_out() -> None:
    neighbours = read_neighbours(
        [
            message({"NDA_DST": "10.0.0.1", "NDA_LLADDR": "2e:00:00:00:00:01"}, ifindex=2, state=0x02),
            message({"NDA_DST": "10.0.0.2"}, ifindex=2, state=0x20),
            message({"NDA_DST": "127.0.0.1"}, ifindex=2, state=0x40),
            message({"NDA_DST": "10.0.0.3"}, ifindex=2, state=0),
            message({"NDA_DST": "10.0.0.4"}, ifindex=8, state=0x02),
        ],
        {2: "x"},
    )
    assert [(one.address, one.mac, one.state) for one in neighbours] == [
        ("10.0.0.1", "2e:00:00:00:00:01", "REACHABLE"),
        ("10.0.0.2", None, "FAILED"),
    ]
