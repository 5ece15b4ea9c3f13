"""A snapshot as a graph: boxes with devices, cables between them, and the way out. Pure.

The layout is part of the graph and stable: every namespace has columns of its own, in a fixed order, and a device of
the host stands in the column of its other end. Another namespace takes the next columns and moves nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from engine.network.snapshot import HOST, Link, Namespace, Rule, Snapshot

INTERNET = "114.114.114.114"
"""The address on the internet that the lab's outside world answers for."""
NAME_SERVER_PORT = 53


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """A network device that is drawn as a socket in its box. ``column`` counts from 0."""

    name: str
    kind: str
    state: str
    """``up``; ``no-carrier``: it is up and its other end is not; ``down``."""
    addresses: tuple[str, ...] = ()
    """IPv4 with prefix."""
    master: str | None = None
    column: int | None = None
    """``None`` for a bridge and for the uplink: they have places of their own."""


class RouteLine(msgspec.Struct, frozen=True, kw_only=True):
    """One IPv4 route. Of several to the same destination the kernel takes the first."""

    to: str
    via: str | None
    device: str | None
    wins: bool | None = None
    """Whether it is the one that is taken; ``None`` where it has no rival."""

    @property
    def text(self) -> str:
        """As ``ip route`` begins it."""
        via = f" via {self.via}" if self.via else ""
        return f"{self.to}{via}" + (f" dev {self.device}" if self.device else "")


class Passage(msgspec.Struct, frozen=True, kw_only=True):
    """Rules of FORWARD that belong together: from one device to another, perhaps in both directions. ``None``: any."""

    first: str | None
    second: str | None
    both: bool
    jump: str


class Box(msgspec.Struct, frozen=True, kw_only=True):
    """One namespace."""

    name: str
    columns: tuple[int, ...]
    """The columns that it spans; the host spans all."""
    devices: tuple[Device, ...] = ()
    loopback_up: bool = False
    routes: tuple[RouteLine, ...] = ()
    servers: tuple[str, ...] = ()
    """What listens there: ``:8080 http.server``."""
    resolver: str | None = None
    """Its name server, where that is not the host's."""

    def device(self, name: str | None) -> Device | None:
        return next((device for device in self.devices if device.name == name), None)


class Cable(msgspec.Struct, frozen=True, kw_only=True):
    """A veth pair: namespace and device at each end."""

    first: tuple[str, str]
    second: tuple[str, str]
    up: bool


class Graph(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a picture of the lab shows."""

    host: Box
    spaces: tuple[Box, ...] = ()
    cables: tuple[Cable, ...] = ()
    columns: int = 0
    uplink: str | None = None
    """The host's device towards the router."""
    router: str | None = None
    internet: str = INTERNET
    forwarding: bool = False
    forward_policy: str = "ACCEPT"
    passages: tuple[Passage, ...] = ()
    masquerade: tuple[str, ...] = ()
    """Devices out of which the sender's address becomes the host's."""

    @property
    def bridges(self) -> tuple[Device, ...]:
        return tuple(device for device in self.host.devices if device.kind == "bridge")

    @property
    def ways_out(self) -> tuple[str, ...]:
        """Devices of the host from which packets get to the uplink and answers come back."""
        if not self.forwarding or self.uplink not in self.masquerade:
            return ()
        inside = [one.name for one in self.host.devices if one.name != self.uplink and one.master is None]
        return tuple(name for name in inside if self._passes(name, self.uplink) and self._passes(self.uplink, name))

    def _passes(self, entrance: str | None, exit: str | None) -> bool:
        for one in self.passages:
            directions = [(one.first, one.second)] + ([(one.second, one.first)] if one.both else [])
            if any(here in (None, entrance) and there in (None, exit) for here, there in directions):
                return one.jump == "ACCEPT"
        return self.forward_policy == "ACCEPT"


def topology(snapshot: Snapshot, order: Sequence[str] = ()) -> Graph:
    """The graph of ``snapshot``. Namespaces named in ``order`` come first, in that order; the others by name.

    Raises ``LookupError`` for a snapshot without a host.
    """
    host = snapshot.host
    uplink = _uplink(host)
    spaces = sorted(
        (space for space in snapshot.namespaces if space.name != HOST),
        key=lambda space: (order.index(space.name) if space.name in order else len(order), space.name),
    )
    boxes: list[Box] = []
    places: dict[tuple[str, str], int] = {}
    column = 0
    for space in spaces:
        names = [link.name for link in space.links if link.kind != "loopback"]
        places |= {(space.name, name): column + index for index, name in enumerate(names)}
        span = tuple(range(column, column + max(1, len(names))))
        boxes.append(_box(space, span, places, host, None))
        column += len(span)
    for link in host.links:
        if link.kind in ("loopback", "bridge") or link.name == uplink:
            continue
        away = link.peer_namespace not in (None, HOST)
        other = places.get((link.peer_namespace or HOST, link.peer or "")) if away else None
        places[HOST, link.name] = column if other is None else other
        column += other is None
    return Graph(
        host=_box(host, tuple(range(column)), places, host, uplink),
        spaces=tuple(boxes),
        cables=_cables(snapshot),
        columns=column,
        uplink=uplink,
        router=next((route.via for route in host.routes if route.to == "default" and route.link == uplink), None),
        forwarding=host.sysctls.get("net.ipv4.ip_forward") == "1",
        forward_policy=next((one.policy or "" for one in host.chains if _is_forward(one.table, one.name)), "ACCEPT"),
        passages=_passages(rule for rule in host.rules if _is_forward(rule.table, rule.chain)),
        masquerade=tuple(
            dict.fromkeys(one.out_link or "*" for one in host.rules if one.jump == "MASQUERADE" and not one.inverted)
        ),
    )


def _is_forward(table: str, chain: str) -> bool:
    return (table, chain) == ("filter", "FORWARD")


def _uplink(host: Namespace) -> str | None:
    """The device of the host that leads out of the lab: it has an address, and no end of it can be seen."""
    loose = [link for link in host.links if link.kind not in ("loopback", "bridge", "dummy") and link.peer is None]
    routed = {route.link for route in host.routes if route.to == "default"}
    return next((link.name for link in sorted(loose, key=lambda link: link.name not in routed)), None)


def _box(
    space: Namespace, columns: tuple[int, ...], places: dict[tuple[str, str], int], host: Namespace, uplink: str | None
) -> Box:
    loopback = next((link for link in space.links if link.kind == "loopback"), None)
    return Box(
        name=space.name,
        columns=columns,
        devices=tuple(
            _device(link, space, None if link.name == uplink else places.get((space.name, link.name)))
            for link in space.links
            if link.kind != "loopback"
        ),
        loopback_up=loopback is not None and loopback.up,
        routes=_routes(space),
        servers=tuple(
            dict.fromkeys(
                f":{one.port} {_program(one.process)}".strip()
                for one in space.listeners
                if one.protocol == "tcp" and one.port != NAME_SERVER_PORT
            )
        ),
        resolver=_nameserver(space) if space is not host and _nameserver(space) != _nameserver(host) else None,
    )


def _device(link: Link, space: Namespace, column: int | None) -> Device:
    return Device(
        name=link.name,
        kind=link.kind,
        state=("up" if link.carrier else "no-carrier") if link.up else "down",
        addresses=tuple(one.cidr for one in space.addresses if one.link == link.name and not one.is_ipv6),
        master=link.master,
        column=column,
    )


def _routes(space: Namespace) -> tuple[RouteLine, ...]:
    plain = [route for route in space.routes if ":" not in route.to and ":" not in (route.via or "")]
    keys = [(route.to, route.metric or 0) for route in plain]
    return tuple(
        RouteLine(
            to=route.to,
            via=route.via,
            device=route.link,
            wins=None if keys.count(key) == 1 else keys.index(key) == index,
        )
        for index, (route, key) in enumerate(zip(plain, keys, strict=True))
    )


def _program(process: str | None) -> str:
    """What a server is called in a word: ``http.server`` for ``python3 -m http.server 8080``."""
    words = (process or "").split()
    if "-m" in words[:-1]:
        return words[words.index("-m") + 1]
    return words[0].rsplit("/", 1)[-1] if words else ""


def _nameserver(space: Namespace) -> str | None:
    lines = [line.split() for line in (space.resolv_conf or "").splitlines()]
    return next((words[1] for words in lines if words[:1] == ["nameserver"] and len(words) > 1), None)


def _cables(snapshot: Snapshot) -> tuple[Cable, ...]:
    """Every veth pair of which both ends can be seen, once."""
    ends = {(space.name, link.name): link for space in snapshot.namespaces for link in space.links}
    cables: list[Cable] = []
    seen: set[tuple[str, str]] = set()
    for end, link in ends.items():
        other = (link.peer_namespace or end[0], link.peer or "")
        if link.kind != "veth" or end in seen or other not in ends:
            continue
        seen |= {end, other}
        cables.append(Cable(first=end, second=other, up=link.up and ends[other].up))
    return tuple(cables)


def _passages(rules: Iterable[Rule]) -> tuple[Passage, ...]:
    """The rules of FORWARD in order; one that is another's way back is joined to it."""
    found: list[Passage] = []
    for rule in rules:
        if rule.other or rule.inverted or rule.source or rule.destination or rule.protocol or not rule.jump:
            continue
        here, there = rule.in_link, rule.out_link
        back = next((one for one in found if (one.first, one.second, one.jump) == (there, here, rule.jump)), None)
        if back is not None and here != there:
            found[found.index(back)] = msgspec.structs.replace(back, both=True)
        else:
            found.append(Passage(first=here, second=there, both=False, jump=rule.jump))
    return tuple(found)
