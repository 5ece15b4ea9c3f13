"""resolv.conf and hosts files as resolv.conf(5) and hosts(5) say."""

from __future__ import annotations

from engine.lab.agent.resolver import hosts_addresses, nameservers, search_list


def test_name_servers() -> None:
    assert nameservers(None) == ("127.0.0.1",)
    assert nameservers("") == ("127.0.0.1",)
    assert nameservers("# nameserver 1.1.1.1\n;nameserver 2.2.2.2\nnameserver 3.3.3.3 # x\n  nameserver\n") == (
        "3.3.3.3",
    )
    assert nameservers("".join(f"nameserver 10.0.0.{number}\n" for number in range(5))) == (
        "10.0.0.0",
        "10.0.0.1",
        "10.0.0.2",
    )


def test_search_list() -> None:
    assert search_list("search a.example b.example\n") == ("a.example", "b.example")
    assert search_list("domain a.example\nsearch b.example\n") == ("b.example",)
    assert search_list("nameserver 1.1.1.1\n") == ()


def test_hosts() -> None:
    hosts = "::1 localhost\n127.0.0.1 localhost # me\n10.0.0.1 one One.example\nnonsense one\n# 10.0.0.2 one\n"
    assert hosts_addresses(hosts, "localhost") == ("127.0.0.1", "::1")
    assert hosts_addresses(hosts, "ONE.example.") == ("10.0.0.1",)
    assert hosts_addresses(hosts, "one") == ("10.0.0.1",)
    assert hosts_addresses(hosts, "me") == ()
    assert hosts_addresses(None, "x") == ()
