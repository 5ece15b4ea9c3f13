"""What is told of a thing, and the commands that show it; those really work in a lab."""

from __future__ import annotations

import pytest

from engine.lab import Lab
from tests.tui.network.moments import drawn, load, say
from tui.network.canvas import Key
from tui.network.details import Details, details
from tui.network.inspect import inspect_lines
from tui.network.scene import graph_of


def told(name: str, *key: str, language: str = "en") -> Details:
    snapshot = load(name)
    found = details(snapshot, graph_of(snapshot), key, say(language))
    assert found is not None
    return found


def facts(found: Details) -> dict[str, str]:
    return {fact.label: "\n".join(fact.texts) for fact in found.facts}


def test_a_device_of_a_namespace() -> None:
    found = told("final", "device", "netns_dustin", "veth_ns_dustin")
    assert found.title == "veth_ns_dustin  ·  netns_dustin"
    assert found.commands[0].command == "sudo ip -n netns_dustin addr show dev veth_ns_dustin"
    own = facts(found)
    assert "10.0.0.11/24" in own["addresses"] and own["other end"] == "veth_dustin  (host)"
    assert "default via 10.0.0.1" in own["routes"] and own["state"].startswith("UP  <BROADCAST")


def test_a_port_and_its_bridge() -> None:
    assert facts(told("final", "device", "host", "veth_leah"))["plugged into"] == "bridge_home"
    bridge = told("final", "device", "host", "bridge_home")
    own = facts(bridge)
    assert own["ports"] == "veth_dustin veth_leah"
    assert "-t filter -A FORWARD -i bridge_home -o bridge_home -j ACCEPT" in own["rules"]
    assert "ip link show master bridge_home" in [one.command for one in bridge.commands]


def test_a_namespace_and_the_host() -> None:
    found = told("final", "space", "netns_dustin")
    own = facts(found)
    assert "veth_ns_dustin  UP  10.0.0.11/24" in own["devices"] and "0.0.0.0:8080" in own["listening"]
    assert own["DNS"] == "nameserver 114.114.114.114"
    assert "sudo ip netns exec netns_dustin ss -ltn" in [one.command for one in found.commands]
    assert told("final", "space", "host", language="zh").title == "主机"
    assert told("final", "space", "host").commands[1].command == "ip route"


def test_the_gate_the_router_and_the_internet() -> None:
    own = facts(told("final", "gate"))
    assert (
        "policy DROP" in own["FORWARD"] and "MASQUERADE" in own["POSTROUTING"] and own["forwarding"] == "ip_forward = 1"
    )
    assert told("final", "router").commands[0].command == "ping -c 1 192.168.0.1"
    assert facts(told("final", "internet"))["addresses"] == "114.114.114.114"


def test_what_is_no_more() -> None:
    snapshot = load("start")
    for key in (("space", "netns_dustin"), ("device", "host", "veth_dustin"), ("device", "netns_x", "a")):
        assert details(snapshot, graph_of(snapshot), key, say()) is None
    assert "no longer" in inspect_lines(None, 60, say())[0].text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_everything_in_the_drawing_has_details_that_fit(language: str) -> None:
    from rich.cells import cell_len

    for region in drawn("lesson-09", 78).regions:
        found = told("lesson-09", *region.key, language=language)
        assert found.title and found.commands
        for width in (40, 80):
            assert max(cell_len(line.text) for line in inspect_lines(found, width, say(language))) <= width


@pytest.mark.lab
async def test_every_command_works() -> None:
    """In a lab with one of everything, each command that is offered ends well."""
    script = """set -e
        ip netns add netns_dustin
        ip link add dev veth_dustin type veth peer name veth_ns_dustin netns netns_dustin
        ip link add dev bridge_home type bridge
        ip link set dev veth_dustin master bridge_home up
        ip link set dev bridge_home up
        ip -n netns_dustin link set dev veth_ns_dustin up"""
    async with await Lab.start() as lab:
        assert (await lab.run(script)).exit == 0
        snapshot = await lab.refresh()
        graph = graph_of(snapshot)
        keys: list[Key] = [("gate",), ("router",), ("internet",)]
        keys += [("space", space.name) for space in snapshot.namespaces]
        keys += [("device", space.name, link.name) for space in snapshot.namespaces for link in space.links]
        for key in keys:
            found = details(snapshot, graph, key, say())
            assert found is not None
            for command, _ in found.commands:
                done = await lab.run(command)
                assert done.exit == 0, (command, done.output)
