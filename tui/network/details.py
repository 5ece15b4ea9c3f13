"""What is known of one thing in the drawing, and the commands that show it. Pure."""

from __future__ import annotations

from typing import NamedTuple

from engine.network.diff import route_text
from engine.network.snapshot import HOST, Link, Namespace, Snapshot
from engine.network.topology import INTERNET as INTERNET_ADDRESS
from engine.network.topology import Graph
from tui.network.canvas import Key
from tui.network.scene import GATE, INTERNET, ROUTER
from tui.words import Say


class Fact(NamedTuple):
    label: str
    texts: tuple[str, ...]


class Showing(NamedTuple):
    """A command, and what one sees by it."""

    command: str
    what: str


class Details(NamedTuple):
    title: str
    facts: tuple[Fact, ...]
    commands: tuple[Showing, ...]


def details(snapshot: Snapshot, graph: Graph, key: Key, say: Say) -> Details | None:
    """All about ``key``; ``None`` if it is no more."""
    if key in (ROUTER, INTERNET):
        return _outside(graph, key, say)
    if key == GATE:
        return _gate(snapshot.host, say)
    space = snapshot.namespace(key[1]) if len(key) > 1 else None
    if space is None:
        return None
    if key[0] == "space":
        return _space(space, say)
    link = space.link(key[2]) if key[0] == "device" else None
    return _device(space, link, say) if link is not None else None


def _facts(*facts: tuple[str, tuple[str, ...]]) -> tuple[Fact, ...]:
    return tuple(Fact(label, texts) for label, texts in facts if any(texts))


def ip(space: str, words: str) -> str:
    """An ``ip`` command for a namespace, as one types it on the host."""
    return f"ip {words}" if space == HOST else f"sudo ip -n {space} {words}"


def inside(space: str, command: str) -> str:
    """A command run in a namespace."""
    return command if space == HOST else f"sudo ip netns exec {space} {command}"


def _device(space: Namespace, link: Link, say: Say) -> Details:
    name = link.name
    addresses = tuple(one.cidr for one in space.addresses if one.link == name)
    ports = tuple(one.name for one in space.links if one.master == name)
    routes = tuple(route_text(one) for one in space.routes if one.link == name and ":" not in one.to)
    neighbours = tuple(f"{one.address}  {one.mac or ''} {one.state}" for one in space.neighbours if one.link == name)
    other = ""
    if link.peer:
        where = link.peer_namespace or space.name
        other = f"{link.peer}  ({say('network.host') if where == HOST else where})"
    kind = f"{link.kind}, {link.mac}, mtu {link.mtu}" if link.mac else f"{link.kind}, mtu {link.mtu}"
    facts = _facts(
        (say("details.state"), (f"{link.state}  <{','.join(link.flags)}>",)),
        (say("details.addresses"), addresses),
        (say("details.peer"), (other,)),
        (say("details.master"), (link.master or "",)),
        (say("details.ports"), (" ".join(ports),)),
        (say("details.routes"), routes),
        (say("details.neighbours"), neighbours),
        (say("details.rules"), _rules(space, name)),
        (say("details.packets"), (say("details.counted", sent=link.sent_packets, received=link.received_packets),)),
        (say("details.kind"), (kind,)),
    )
    commands = [
        Showing(ip(space.name, f"addr show dev {name}"), say("details.does.device")),
        Showing(ip(space.name, f"-s link show dev {name}"), say("details.does.packets")),
    ]
    if link.kind == "bridge":
        commands.append(Showing(ip(space.name, f"link show master {name}"), say("details.does.ports")))
    if link.kind == "veth":
        commands.append(Showing(ip(space.name, f"-d link show dev {name}"), say("details.does.kind")))
    if link.kind != "loopback":
        commands.append(Showing(ip(space.name, f"route show dev {name}"), say("details.does.routes")))
        commands.append(Showing(ip(space.name, f"neigh show dev {name}"), say("details.does.neighbours")))
    where = say("network.host") if space.name == HOST else space.name
    return Details(f"{name}  ·  {where}", facts, tuple(commands))


def _rules(space: Namespace, name: str) -> tuple[str, ...]:
    """Rules in which the device is named."""
    return tuple(
        f"-t {one.table} -A {one.chain} {one.text.removeprefix(f'-A {one.chain} ')}"
        for one in space.rules
        if name in (one.in_link, one.out_link)
    )


def _space(space: Namespace, say: Say) -> Details:
    own = {
        one.name: [two.cidr for two in space.addresses if two.link == one.name and not two.is_ipv6]
        for one in space.links
    }
    devices = tuple(f"{one.name}  {one.state}  {' '.join(own[one.name])}".rstrip() for one in space.links)
    resolvers = tuple(line.strip() for line in (space.resolv_conf or "").splitlines() if line.startswith("nameserver"))
    servers = tuple(
        f"{one.protocol} {one.address}:{one.port}  {one.process or ''}".rstrip()
        for one in space.listeners
        if one.protocol.startswith("tcp")
    )
    routes = tuple(route_text(one) for one in space.routes if not one.to.startswith(("fe80:", "ff00:", "::")))
    facts = _facts(
        (say("details.devices"), devices),
        (say("details.routes"), routes),
        (say("details.servers"), servers),
        (say("details.resolver"), resolvers),
        (say("details.forwarding"), (f"ip_forward = {space.sysctls.get('net.ipv4.ip_forward', '0')}",)),
    )
    commands = (
        Showing(ip(space.name, "-br addr"), say("details.does.devices")),
        Showing(ip(space.name, "route"), say("details.does.routes")),
        Showing(inside(space.name, "ss -ltn"), say("details.does.servers")),
        Showing(inside(space.name, "cat /etc/resolv.conf"), say("details.does.resolver")),
        Showing(inside(space.name, "sysctl net.ipv4.ip_forward"), say("details.does.forwarding")),
    )
    return Details(say("network.host") if space.name == HOST else space.name, facts, commands)


def _addresses(space: Namespace, link: Link) -> str:
    return " ".join(one.cidr for one in space.addresses if one.link == link.name and not one.is_ipv6)


def _gate(host: Namespace, say: Say) -> Details:
    policy = next((one for one in host.chains if (one.table, one.name) == ("filter", "FORWARD")), None)

    def rules(table: str, chain: str) -> tuple[str, ...]:
        return tuple(
            f"{one.text.removeprefix(f'-A {chain} ')}   {one.packets}×"
            for one in host.rules
            if (one.table, one.chain) == (table, chain)
        )

    facts = _facts(
        (say("details.forwarding"), (f"ip_forward = {host.sysctls.get('net.ipv4.ip_forward', '0')}",)),
        ("FORWARD", (f"policy {policy.policy if policy else 'ACCEPT'}", *rules("filter", "FORWARD"))),
        ("POSTROUTING", rules("nat", "POSTROUTING")),
    )
    commands = (
        Showing("sysctl net.ipv4.ip_forward", say("details.does.forwarding")),
        Showing("sudo iptables -L FORWARD -v -n", say("details.does.forward")),
        Showing("sudo iptables -t nat -L POSTROUTING -v -n", say("details.does.nat")),
    )
    return Details(say("details.gate"), facts, commands)


def _outside(graph: Graph, key: Key, say: Say) -> Details:
    if key == ROUTER:
        title, address, note = say("network.router"), graph.router or "", say("details.router")
    else:
        title, address, note = say("network.internet"), INTERNET_ADDRESS, say("details.internet")
    facts = _facts((say("details.addresses"), (address,)), (say("details.note"), (note,)))
    commands = [Showing(f"ping -c 1 {address}", say("details.does.reach"))] if address else []
    if key == INTERNET:
        commands.append(Showing(f"ip route get {address}", say("details.does.way")))
    return Details(title, facts, tuple(commands))
