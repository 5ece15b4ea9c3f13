"""What a command has changed, in a teacher's words."""

from __future__ import annotations

import re
import string

import pytest
from msgspec.structs import replace

from engine.messages import catalogue, render
from engine.network.changes import changes
from engine.network.snapshot import Address, Link, Listener, Namespace, Neighbour, Route, Rule, Snapshot
from tests.network.picture import DROP, MASQUERADE, host, link, numbered, picture, space

PAIR = picture(numbered(host("dustin")), numbered(space("dustin")))


def told(before: Snapshot, after: Snapshot, language: str = "en") -> list[str]:
    """Each with its sign; what happened by itself in brackets."""
    words = [(one.sign + " " + render(one.message, language), one.by_itself) for one in changes(before, after)]
    return [f"({text})" if by_itself else text for text, by_itself in words]


def with_host(**fields: object) -> Snapshot:
    first, *others = PAIR.namespaces
    return replace(PAIR, namespaces=(replace(first, **fields), *others))  # type: ignore[arg-type]


def test_nothing() -> None:
    assert changes(PAIR, PAIR) == ()
    assert changes(PAIR, replace(PAIR, sequence=9)) == ()


def test_a_namespace_comes_and_goes() -> None:
    empty = picture(*PAIR.namespaces, Namespace(name="blue", inode=9, links=(link("lo", "loopback", up=False),)))
    assert told(PAIR, empty) == ["+ Namespace blue: a network stack of its own, with nothing in it but lo"]
    assert told(empty, PAIR) == ["− Namespace blue is gone, and with it the devices that were in it"]


def ends(first: str, second: str) -> tuple[Link, Link]:
    return (
        Link(index=8, name="b", kind="veth", mac="02::b", peer="a", peer_namespace=first),
        Link(index=9, name="a", kind="veth", mac="02::a", peer="b", peer_namespace=second),
    )


def test_a_pair_is_one_thing_and_an_end_that_moves_is_no_other_device() -> None:
    here, inner = PAIR.namespaces
    b, a = ends("host", "host")
    both = picture(replace(here, links=(*here.links, b, a)), inner)
    assert told(PAIR, both) == ["+ veth pair a ⇄ b: a cable, both ends on the host"]
    b, a = ends("host", "netns_dustin")
    apart = picture(replace(here, links=(*here.links, a)), replace(inner, links=(*inner.links, replace(b, index=3))))
    assert told(both, apart) == [
        "~ b was on the host, now it is in netns_dustin: without its addresses and routes, and down"
    ]
    assert told(PAIR, apart) == ["+ veth pair: a cable, one end a on the host, the other b in netns_dustin"]
    assert told(both, PAIR) == ["− Device b on the host is gone", "− Device a on the host is gone"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"up": False, "carrier": False}, ["~ veth_dustin on the host is down"]),
        ({"carrier": False}, ["(~ veth_dustin on the host has no carrier: the other end is down)"]),
        ({"master": "bridge_home"}, ["~ veth_dustin is plugged into bridge_home"]),
        ({"name": "v"}, ["~ veth_dustin on the host is now called v"]),
        ({"mtu": 1400}, ["~ veth_dustin on the host: mtu 0 → 1400"]),
        ({"received_packets": 7}, []),
    ],
)
def test_a_device(change: dict[str, object], words: list[str]) -> None:
    links = [replace(one, **change) if one.name == "veth_dustin" else one for one in PAIR.host.links]  # type: ignore[arg-type]
    assert told(PAIR, with_host(links=tuple(links))) == words


def test_addresses_and_the_routes_that_come_with_them() -> None:
    address = Address(link="veth_dustin", address="10.7.0.1", prefix=24)
    own = Address(link="veth_dustin", address="fe80::1", prefix=64, scope="link")
    route = Route(to="10.7.0.0/24", link="veth_dustin", protocol="kernel", scope="link", flags=("linkdown",))
    more = with_host(
        addresses=(*PAIR.host.addresses, address, own),
        routes=(*PAIR.host.routes, route, Route(to="10.8.0.0/24", via="10.7.0.2")),
    )
    assert told(PAIR, more) == [
        "+ veth_dustin on the host has the address 10.7.0.1/24",
        "+ A route on the host: 10.8.0.0/24 via 10.7.0.2",
        "(+ veth_dustin on the host has the address fe80::1/64)",
        "(+ A route on the host: 10.7.0.0/24 dev veth_dustin proto kernel scope link)",
    ]
    assert "− veth_dustin on the host no longer has the address 10.7.0.1/24" in told(more, PAIR)
    flagged = [replace(one, flags=("linkdown",)) for one in PAIR.host.routes]
    assert told(PAIR, with_host(routes=tuple(flagged))) == [], "that the link is down has been said"


def test_rules_and_policies() -> None:
    changed = with_host(chains=(replace(DROP, policy="ACCEPT", packets=5),), rules=(MASQUERADE,))
    assert told(PAIR, changed) == [
        "~ Policy of FORWARD on the host: DROP → ACCEPT",
        "+ A rule on the host: -t nat -A POSTROUTING -o enp4s0 -j MASQUERADE",
    ]
    counted = with_host(chains=(replace(DROP, packets=9, bytes=9),))
    assert told(PAIR, counted) == []
    twice = with_host(rules=(MASQUERADE, MASQUERADE))
    assert told(with_host(rules=(MASQUERADE,)), twice) == [
        "+ A rule on the host: -t nat -A POSTROUTING -o enp4s0 -j MASQUERADE"
    ]


def test_settings_servers_names_and_files() -> None:
    changed = with_host(
        sysctls={"net.ipv4.ip_forward": "1"},
        listeners=(PAIR.host.listeners[0], Listener(protocol="tcp", address="::", port=80, process="nginx")),
        resolv_conf="nameserver 114.114.114.114\n",
    )
    assert told(PAIR, replace(changed, files={"/etc/hosts": "x"})) == [
        "~ net.ipv4.ip_forward on the host: 0 → 1",
        "− Nobody listens on 0.0.0.0:8080 (tcp) on the host any more; it was python3 -m http.server 8080",
        "+ nginx listens on [::]:80 (tcp) on the host",
        "~ Names are now asked of 114.114.114.114 on the host",
        "~ The file /etc/hosts has changed",
    ]


def test_neighbours_are_news_when_found_or_not_found() -> None:
    found = Neighbour(address="10.0.0.11", link="veth_dustin", mac="02::11", state="REACHABLE")
    lost = Neighbour(address="10.0.0.99", link="veth_dustin", mac=None, state="FAILED")
    known = with_host(neighbours=(found,))
    assert told(PAIR, with_host(neighbours=(found, lost))) == [
        "+ 10.0.0.11 was found behind veth_dustin on the host: its MAC address is 02::11",
        "~ Nobody answers to 10.0.0.99 behind veth_dustin on the host",
    ]
    assert told(known, with_host(neighbours=(replace(found, state="STALE"),))) == []


def test_a_rule_is_one_line_in_chinese_too() -> None:
    assert told(PAIR, with_host(rules=(Rule(table="filter", chain="FORWARD", text="-j ACCEPT"),)), "zh") == [
        "+ 主机上多了一条规则：-A FORWARD -j ACCEPT"
    ]


def test_both_languages_say_the_same_things() -> None:
    english, chinese = (
        {key: text for key, text in catalogue(language).items() if key.startswith("changes.")}
        for language in ("en", "zh")
    )
    assert english.keys() == chinese.keys()
    for key, text in english.items():
        names = [{name for _, name, _, _ in string.Formatter().parse(one) if name} for one in (text, chinese[key])]
        assert names[0] == names[1], key
        assert re.search(r"[\u4e00-\u9fff]", chinese[key]), key
