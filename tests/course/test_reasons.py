"""Every part of every command that the course shows has its reason, in both languages."""

from __future__ import annotations

import pytest

from engine.course import load_course
from engine.course.model import LANGUAGES
from engine.course.reasons import RULES, reasons
from engine.messages import catalogue, render

COMMANDS = sorted({one.text for step in load_course().steps for one in step.commands} - {"^C"})


@pytest.mark.parametrize("command", COMMANDS)
def test_every_part_of_the_courses_commands_is_explained(command: str) -> None:
    found = reasons(command)
    assert " ".join(one.part for one in found) == " ".join(command.split())
    assert [one.part for one in found if one.words is None] == []
    for language in LANGUAGES:
        for one in found:
            assert one.words is not None and render(one.words, language).strip()


def test_every_rule_has_its_words_and_no_words_are_without_a_rule() -> None:
    keys = {f"reasons.{key}" for rules in RULES.values() for key in rules.values()}
    joints = {f"reasons.{name}" for name in ("pipe", "or", "and", "then", "behind")}
    for language in LANGUAGES:
        assert {key for key in catalogue(language) if key.startswith("reasons.")} == keys | joints


def test_the_longest_rule_wins_and_names_are_told() -> None:
    found = reasons("sudo ip netns exec netns_dustin ip link set dev lo up")
    assert [one.part for one in found] == ["sudo", "ip netns exec netns_dustin", "ip link set dev lo", "up"]
    assert render(found[1].words, "en") == "runs what follows inside the network namespace netns_dustin"  # type: ignore[arg-type]


def test_what_no_rule_knows_stays_unexplained_and_the_rest_does_not() -> None:
    found = reasons("sudo frobnicate --hard | tee /tmp/x")
    assert [(one.part, one.words is not None) for one in found] == [
        ("sudo", True), ("frobnicate", False), ("--hard", False), ("|", True), ("tee /tmp/x", True),
    ]  # fmt: skip


def test_quoted_words_stay_whole() -> None:
    assert [one.part for one in reasons('echo "a | b" | tee x')] == ['echo "a | b"', "|", "tee x"]


@pytest.mark.parametrize(
    ("command", "explained"),
    [
        ("ip a", "ip a: all devices with their addresses"),
        ("ip route add 10.0.0.0/8 via 10.0.0.1", "ip route add 10.0.0.0/8: adds a way to 10.0.0.0/8"),
        ("ip -n netns_dustin link set lo up", "-n netns_dustin: in the network namespace netns_dustin"),
        ("sudo iptables -t nat -A POSTROUTING -o enp4s0 -j MASQUERADE", "-t nat: in the table nat"),
        ("ping -c1 10.0.0.1", "-c1: 1 time(s), then ends"),
        ("ping -W 2 10.0.0.1", "10.0.0.1: whom it asks"),
        ("A=1 ping 10.0.0.1", "ping: asks a machine for a sign of life and waits for the answer"),
        ("ip a; ip r", "ip r: the ways that this namespace knows"),
    ],
)
def test_short_spellings(command: str, explained: str) -> None:
    assert explained in [f"{one.part}: {render(one.words, 'en')}" for one in reasons(command) if one.words]


@pytest.mark.parametrize("command", ["ip route flush cache", "ip link property add x", "ping -Q 2 x"])
def test_a_rule_for_the_whole_command_does_not_explain_the_beginning_of_another(command: str) -> None:
    known = [one.part for one in reasons(command) if one.words]
    assert not {"ip route", "ip link", "2"} & set(known)
