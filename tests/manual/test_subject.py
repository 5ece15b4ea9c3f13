"""From a command line to the program, its manual pages, and what to look for in them."""

from __future__ import annotations

import pytest

from engine.manual.parts import first_of_interest, parts
from engine.manual.subject import subject


@pytest.mark.parametrize(
    ("words", "pages", "helped", "phrase"),
    [
        ("ip link set dev lo up", ("ip-link", "ip"), "ip link help", "ip link set"),
        ("ip l", ("ip-link", "ip"), "ip link help", "ip link show"),
        ("ip -br -n netns_dustin a", ("ip-address", "ip"), "ip address help", "ip address show"),
        ("ip r add default via 10.0.0.1", ("ip-route", "ip"), "ip route help", "ip route add"),
        ("ip ru", ("ip-rule", "ip"), "ip rule help", "ip rule show"),
        ("ip neigh", ("ip-neighbour", "ip"), "ip neighbour help", "ip neighbour show"),
        ("ip netns exec netns_dustin true", ("ip-netns", "ip"), "ip netns help", "ip netns exec"),
        ("ip", ("ip",), "ip help", ""),
        ("ip nonsense", ("ip",), "ip help", ""),
        ("bridge fdb show", ("bridge",), "bridge fdb help", "bridge fdb show"),
        ("iptables -t nat", ("iptables",), "iptables --help", ""),
        ("iptables-save", ("iptables-save", "iptables"), "iptables-save --help", ""),
        ("ping -c 1 x", ("ping",), "ping -h", ""),
        ("curl x", ("curl",), "curl --help all", ""),
        ("python3 -m http.server", ("python3",), "python3 -m http.server --help", ""),
        ("/usr/bin/ss -l", ("ss",), "ss --help", ""),
    ],
)
def test_subjects(words: str, pages: tuple[str, ...], helped: str, phrase: str) -> None:
    found = subject(words.split())
    assert found is not None
    assert (found.pages, " ".join(found.help), found.phrase) == (pages, helped, phrase)


@pytest.mark.parametrize("words", ["", "./server --help", "/home/you/x", "$(x)", "-c", "~/a"])
def test_what_is_not_looked_up(words: str) -> None:
    assert subject(words.split()) is None


def test_every_part_belongs_to_its_program() -> None:
    found = parts("sudo ip netns exec netns_dustin ip link set dev lo up && A=1 ping -c1 x | grep y")
    programs = [(part.text, part.subject.program if part.subject else None) for part in found]
    assert programs == [
        *(("sudo", "sudo"), ("ip netns exec netns_dustin", "ip"), ("ip link set dev lo", "ip"), ("up", "ip")),
        *(("&&", None), ("A=1", None), ("ping", "ping"), ("-c1", "ping"), ("x", "ping"), ("|", None)),
        ("grep y", "grep"),
    ]
    assert first_of_interest(found) == 2
    assert found[3].sought == ("up",) and found[3].section == "ip link set"
    assert found[7].sought == ("-c1", "-c")


def test_what_is_described_with_the_extensions_of_iptables() -> None:
    found = {part.text: part for part in parts("iptables -A FORWARD -m conntrack --ctstate NEW -j MASQUERADE")}
    pages = {text: part.subject.pages[0] for text, part in found.items() if part.subject}
    assert pages == {
        "iptables": "iptables",
        "-A FORWARD": "iptables",
        "-m conntrack": "iptables-extensions",
        "--ctstate NEW": "iptables-extensions",
        "-j MASQUERADE": "iptables-extensions",
    }
    assert found["-j MASQUERADE"].sought == ("MASQUERADE", "-j")
    accept = parts("iptables --jump ACCEPT")[-1]
    assert accept.subject is not None and accept.subject.pages == ("iptables",)


@pytest.mark.parametrize("command", ["", "   ", "|", "&& ||", "sudo", "'", "ip 'a", "a; b", "for i in 1; do x; done"])
def test_anything_that_may_stand_at_a_prompt(command: str) -> None:
    found = parts(command)
    assert 0 <= first_of_interest(found) <= len(found)
