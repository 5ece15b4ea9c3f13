"""What kind of machine it is, and the table of tools."""

from __future__ import annotations

import pytest

from engine.lab.doctor import trials
from engine.lab.doctor.machine import parse_os_release
from engine.lab.doctor.tools import FAMILIES, install_line, listed_tools
from engine.messages import catalogue


@pytest.mark.parametrize(
    ("text", "name", "family"),
    [
        ('PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n', "Debian GNU/Linux 12 (bookworm)", "debian"),
        ('ID=ubuntu\nID_LIKE=debian\nPRETTY_NAME="Ubuntu 24.04"\n', "Ubuntu 24.04", "debian"),
        ('ID="rocky"\nID_LIKE="rhel centos fedora"\nPRETTY_NAME="Rocky Linux 9"\n', "Rocky Linux 9", "fedora"),
        ("ID=fedora\nPRETTY_NAME='Fedora Linux 43'\n", "Fedora Linux 43", "fedora"),
        ("ID=cachyos\nID_LIKE=arch\n", "cachyos", "arch"),
        ('ID=nixos\nPRETTY_NAME="NixOS 25.05"\n', "NixOS 25.05", None),
        ("", "", None),
    ],
)
def test_the_family_says_how_packages_are_installed(text: str, name: str, family: str | None) -> None:
    assert parse_os_release(text) == (name, family)


def test_every_tool_has_a_package_everywhere_and_a_reason_in_each_language() -> None:
    tools = listed_tools()
    assert {"bwrap", "ip", "iptables", "ping", "curl", "python3"} <= {tool.program for tool in tools if tool.needed}
    for tool in tools:
        assert set(tool.packages) == set(FAMILIES)
        for language in ("en", "zh"):
            assert f"doctor.tool.{tool.program}" in catalogue(language)


def test_a_package_is_named_once() -> None:
    tools = [tool for tool in listed_tools() if tool.program in ("unshare", "nsenter", "ip")]
    assert install_line(tools, "fedora", root=False) == "sudo dnf install -y util-linux iproute"
    assert install_line(tools, "arch", root=True) == "pacman -S --needed util-linux iproute2"


def test_the_report_of_the_throw_away_lab_is_read() -> None:
    report = "noise\x1e" + "veth\x1f0\x1f\x1e" + "bridge\x1f2\x1fRTNETLINK answers:\nOperation not supported\x1e"
    found = trials.parse(report)
    assert {name: (trial.worked, trial.text) for name, trial in found.items()} == {
        "veth": (True, ""),
        "bridge": (False, "RTNETLINK answers:\nOperation not supported"),
    }


def test_both_languages_say_the_same_things() -> None:
    import string

    for area in ("cli.", "doctor."):
        english = {key: text for key, text in catalogue("en").items() if key.startswith(area)}
        chinese = {key: text for key, text in catalogue("zh").items() if key.startswith(area)}
        assert english.keys() == chinese.keys()
        for key, text in english.items():
            fields = [{name for _, name, _, _ in string.Formatter().parse(one) if name} for one in (text, chinese[key])]
            assert fields[0] == fields[1], key
