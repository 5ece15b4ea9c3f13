"""Where in a manual a word is described."""

from __future__ import annotations

import pytest

from engine.manual.page import Page, Piece, find, read_overstrikes

IP_LINK = """\
IP-LINK(8)
SYNOPSIS
       ip link set { DEVICE } [ up | down ]
               [ netns { PID | NAME } ]
DESCRIPTION
   ip link add - add virtual link
       netns NAME
              where it is created
              up to 15 characters
       type TYPE
                       ip link set veth0.10 type vlan egress
   ip link set - change device attributes
       Warning: If multiple parameter changes are requested,
       up and down
              change the state
                      up.
       netns NAME
              move the device
   ip [-details] link show - display device attributes
""".splitlines()
OPTIONS = """\
Usage
  ping [options] <destination>

Options:
  -c <count>         stop after <count> replies
  -4                 use IPv4; not -6
  -6                 use IPv6
  --append  -A chain  append
 [!] -i, --in-interface name
""".splitlines()


@pytest.mark.parametrize(
    ("sought", "section", "line"),
    [
        (("ip link add",), "", 5),
        (("ip link set",), "", 11),
        (("ip link show",), "", 18),
        (("ip link list", "ip link show"), "", 18),
        (("netns",), "ip link set", 16),
        (("netns",), "ip link add", 6),
        (("up",), "ip link set", 13),
        (("netns",), "ip link nonsense", 6),
        (("nonsense",), "ip link set", None),
        ((), "", None),
        (("",), "", None),
    ],
)
def test_words(sought: tuple[str, ...], section: str, line: int | None) -> None:
    assert find(IP_LINK, sought, section) == line


@pytest.mark.parametrize(
    ("sought", "line"),
    [("-c", 4), ("-6", 6), ("--append", 7), ("-A", 7), ("-i", 8), ("--in-interface", 8), ("-x", None), ("--in", None)],
)
def test_options(sought: str, line: int | None) -> None:
    assert find(OPTIONS, (sought,)) == line


def test_what_the_program_prints_itself() -> None:
    assert find(["Usage: ip link add NAME", "       ip link set NAME"], ("ip link add",)) == 0
    assert find([], ("-c",)) is None


def test_bold_and_underlined() -> None:
    lines = read_overstrikes("N\bNA\bAME\n  _\bx y\n\ttab\n")
    assert lines == (
        (Piece("NA", "bold"), Piece("ME")),
        (Piece("  "), Piece("x", "underline"), Piece(" y")),
        (Piece("        tab"),),
    )
    assert Page(source="man", title="x", lines=lines).texts[0] == "NAME"
    assert read_overstrikes("网\b网络\b络") == ((Piece("网络", "bold"),),)
    assert read_overstrikes("\b") == ((Piece("\b"),),)
