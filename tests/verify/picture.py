"""Snapshots written tersely: one line of text for each thing, as one would say it at a shell.

    picture(
        host='''
            veth_dustin veth up 10.0.0.10/24 peer=veth_ns_dustin@netns_dustin
            rule -A FORWARD -i veth_dustin -o enp4s0 -j ACCEPT
        ''',
        netns_dustin='''
            lo up
            veth_ns_dustin veth up 10.0.0.11/24 peer=veth_dustin@host
            route default via 10.0.0.10 dev veth_ns_dustin
            listen 8080 python3 -m http.server 8080
        ''',
    )

The host begins as the lab's start state has it (``bare=True``: with nothing). Every namespace has a ``lo``, down unless
said otherwise. Routes of devices that are up, carriers and operational states follow from the devices.
"""

from __future__ import annotations

import ipaddress
import itertools
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from engine.course.model import Check
from engine.network.iptables import read_rule
from engine.network.snapshot import (
    Address,
    Chain,
    Link,
    Listener,
    Namespace,
    Neighbour,
    Process,
    Route,
    Rule,
    Snapshot,
)

START = """
    lo up
    enp4s0 veth up 192.168.0.100/24
    route default via 192.168.0.1 dev enp4s0
    policy FORWARD DROP
    sysctl net.ipv4.ip_forward=0 net.bridge.bridge-nf-call-iptables=1
    dns 127.0.0.53
    listen 53@127.0.0.53
    listen 53/udp@127.0.0.53
"""
_POLICIES = {"INPUT": "ACCEPT", "FORWARD": "ACCEPT", "OUTPUT": "ACCEPT"}
PAIR = {
    "host": "veth_dustin veth up 10.0.0.10/24 peer=veth_ns_dustin@netns_dustin",
    "netns_dustin": """
        lo up
        veth_ns_dustin veth up 10.0.0.11/24 peer=veth_dustin@host
        route default via 10.0.0.10 dev veth_ns_dustin
    """,
}
"""What lessons 2 to 5 build."""


@dataclass(frozen=True)
class Run:
    """A command that was run, as the lab tells of it."""

    text: str
    exit: int | None = 0
    output: str = ""
    namespace: str = "host"


def check(of: str, /, *, id: str = "it", **fields: Any) -> Check:
    """A check; ``in_`` is the field ``in``."""
    return Check(id=id, kind=of, fields={name.rstrip("_"): value for name, value in fields.items()})


def picture(
    *,
    files: dict[str, str | None] | None = None,
    processes: tuple[Process, ...] = (),
    bare: bool = False,
    **spaces: str,
) -> Snapshot:
    """The snapshot that the lines describe; see the module."""
    texts = {"host": "", **spaces}
    pids = itertools.count(20)
    if not bare:
        texts["host"] = START + texts["host"]
    built = [_Space(name, text, pids) for name, text in texts.items()]
    own = [process for one in built for process in one.processes]
    bare_spaces = tuple(one.namespace(number) for number, one in enumerate(built, 1))
    return Snapshot(
        namespaces=tuple(_connected(space, bare_spaces) for space in bare_spaces),
        files=files or {},
        processes=(*own, *processes),
    )


def also(text: str, more: str) -> str:
    """Two texts as one."""
    return f"{text}\n{more}"


@dataclass
class _Space:
    name: str
    text: str
    pids: Any
    links: dict[str, Link] = field(default_factory=dict)
    addresses: list[Address] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)
    others: dict[str, list[Any]] = field(default_factory=dict)
    processes: list[Process] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.links["lo"] = Link(index=1, name="lo", kind="loopback")
        for line in filter(None, map(str.strip, self.text.splitlines())):
            first, *words = line.split()
            reader = getattr(self, f"_{first}", None)
            if reader:
                reader(words)
            else:
                self._device(first, words)

    def _device(self, name: str, words: list[str]) -> None:
        options = dict(word.split("=", 1) for word in words if "=" in word)
        kind = next((word for word in words if word in ("veth", "bridge", "dummy", "device")), "loopback")
        peer, _, space = options.get("peer", "").partition("@")
        self.links[name] = Link(
            index=len(self.links) + 1,
            name=name,
            kind=kind,
            up="up" in words,
            master=options.get("master"),
            peer=peer or None,
            peer_namespace=space or None,
        )
        if name == "lo" and "up" in words:
            self.addresses.append(Address(link="lo", address="127.0.0.1", prefix=8, scope="host"))
        for word in words:
            if word[0].isdigit():
                address, _, prefix = word.partition("/")
                self.addresses.append(Address(link=name, address=address, prefix=int(prefix)))

    def _route(self, words: list[str]) -> None:
        options = dict(zip(words[1::2], words[2::2], strict=True))
        metric = int(options["metric"]) if "metric" in options else None
        self.routes.append(Route(to=words[0], via=options.get("via"), link=options.get("dev"), metric=metric))

    def _rule(self, words: list[str]) -> None:
        """``rule [nat] [legacy] -A CHAIN …``, as ``iptables-save`` prints it."""
        at = words.index("-A")
        text = " ".join(words[at + 2 :])
        meaning = read_rule(text)
        rule = Rule(
            table="nat" if "nat" in words[:at] else "mangle" if "mangle" in words[:at] else "filter",
            chain=words[at + 1],
            text=text,
            inverted=meaning.inverted,
            other=meaning.other,
            variant="legacy" if "legacy" in words[:at] else "nft",
            **meaning.fields,
        )
        self.others.setdefault("rules", []).append(rule)

    def _policy(self, words: list[str]) -> None:
        self.others.setdefault("policies", []).append((words[0], words[1]))

    def _chain(self, words: list[str]) -> None:
        self.others.setdefault("chains", []).append(Chain(table="filter", name=words[0], policy=None))

    def _sysctl(self, words: list[str]) -> None:
        self.others.setdefault("sysctls", []).extend(word.split("=", 1) for word in words)

    def _dns(self, words: list[str]) -> None:
        self.others["dns"] = words

    def _neighbour(self, words: list[str]) -> None:
        entry = Neighbour(address=words[0], link=words[1], mac=words[2] if words[2] != "-" else None, state=words[3])
        self.others.setdefault("neighbours", []).append(entry)

    def _listen(self, words: list[str]) -> None:
        """``listen PORT[/udp][@ADDRESS] [COMMAND LINE]``."""
        socket, _, address = words[0].partition("@")
        port, _, protocol = socket.partition("/")
        command = " ".join(words[1:])
        pid = next(self.pids) if command else None
        if pid is not None:
            self.processes.append(Process(pid=pid, command=command, namespace=self.name))
        listener = Listener(
            protocol=protocol or "tcp", address=address or "0.0.0.0", port=int(port), process=command or None, pid=pid
        )
        self.others.setdefault("listeners", []).append(listener)

    def _runs(self, words: list[str]) -> None:
        self.processes.append(Process(pid=next(self.pids), command=" ".join(words), namespace=self.name))

    def namespace(self, number: int) -> Namespace:
        kernel = [
            Route(
                to=str(ipaddress.ip_interface(one.cidr).network), link=one.link, source=one.address, protocol="kernel"
            )
            for one in self.addresses
            if one.scope == "global" and self.links[one.link].up
        ]
        policies = _POLICIES | dict(self.others.get("policies", []))
        built_in = [Chain(table="filter", name=name, policy=policy) for name, policy in policies.items()]
        servers = self.others.get("dns", ["127.0.0.53"])
        return Namespace(
            name=self.name,
            inode=number,
            links=tuple(self.links.values()),
            addresses=tuple(self.addresses),
            routes=(*self.routes, *kernel),
            neighbours=tuple(self.others.get("neighbours", ())),
            chains=(*built_in, *self.others.get("chains", ())),
            rules=tuple(self.others.get("rules", ())),
            sysctls={"net.ipv4.ip_forward": "0"} | dict(self.others.get("sysctls", [])),
            listeners=tuple(self.others.get("listeners", ())),
            resolv_conf="".join(f"nameserver {one}\n" for one in servers if one != "-") or None,
        )


def _connected(space: Namespace, spaces: tuple[Namespace, ...]) -> Namespace:
    """With the carriers and operational states that follow from both ends."""
    by_name = {one.name: one for one in spaces}

    def carrier(link: Link) -> bool:
        if not link.up:
            return False
        if link.kind == "bridge":
            return any(port.master == link.name and carrier(port) for port in space.links)
        other = by_name.get(link.peer_namespace or "")
        peer = other.link(link.peer) if other and link.peer else None
        return peer.up if peer else link.peer_namespace is None

    def state(link: Link) -> str:
        if link.kind == "loopback" and link.up:
            return "UNKNOWN"
        if link.up and not carrier(link):
            return "DOWN" if link.kind == "bridge" else "LOWERLAYERDOWN"
        return "UP" if link.up else "DOWN"

    links = tuple(replace(link, carrier=carrier(link), state=state(link)) for link in space.links)
    return replace(space, links=links)
