"""How a lesson's printed lines are compared with what a command printed."""

from __future__ import annotations

import pytest

from engine.course.model import Command
from engine.lab import CommandRun
from engine.session.performer import _not_shown

PRINTED = """
8: veth_ns_dustin@if9: <BROADCAST,MULTICAST> mtu 1500 qdisc noop state DOWN mode DEFAULT group default qlen 1000
    link/ether ba:a4:24:b5:3a:1d brd ff:ff:ff:ff:ff:ff link-netnsid 0
64 bytes from 10.0.0.10: icmp_seq=1 ttl=64 time=0.045 ms
1 packets transmitted, 1 received, 0% packet loss, time 0ms
"""


def missing(*shown: str) -> str | None:
    run = CommandRun(id=1, terminal="T1", text="x", cwd=None, exit=0, output=PRINTED)
    return _not_shown(Command(text="x", shows=shown), run)


@pytest.mark.parametrize(
    "line",
    [
        "9: veth_ns_dustin@if8: <BROADCAST,MULTICAST> mtu 1500 …",
        "12: veth_ns_dustin@if8: <…MULTICAST> mtu 1500 … state DOWN",
        "link/ether 0e:53:4d:16:9b:93 brd ff:ff:ff:ff:ff:ff link-netnsid 3",
        "64 bytes from 10.0.0.10: icmp_seq=1 ttl=64 time=1.23 ms",
        "1 packets transmitted, 1 received, 0% packet loss, time 3ms",
        "…",
        "",
    ],
)
def test_what_differs_from_run_to_run_does_not_matter(line: str) -> None:
    assert missing(line) is None


@pytest.mark.parametrize(
    "line",
    [
        "9: veth_dustin@if8: <BROADCAST,MULTICAST> mtu 1500 …",
        "8: veth_ns_dustin@if9: … state UP",
        "64 bytes from 10.0.0.11: icmp_seq=1 ttl=64 time=0.045 ms",
        "1 packets transmitted, 0 received, 100% packet loss, time 0ms",
        "inet 10.0.0.11/24 …",
    ],
)
def test_what_matters_must_have_been_printed(line: str) -> None:
    assert missing(line) == f"the lesson shows a line that was not printed: {line}"


def test_lines_after_a_ctrl_c_are_not_waited_for() -> None:
    assert missing("64 bytes from 10.0.0.10: …", "^C", "never printed") is None
