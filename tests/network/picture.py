"""Snapshots made by hand: the host with its uplink, and namespaces joined to it by veth pairs."""

from __future__ import annotations

from msgspec.structs import replace

from engine.network.snapshot import Address, Chain, Link, Listener, Namespace, Route, Rule, Snapshot

DROP = Chain(table="filter", name="FORWARD", policy="DROP")
MASQUERADE = Rule(
    table="nat", chain="POSTROUTING", text="-o enp4s0 -j MASQUERADE", out_link="enp4s0", jump="MASQUERADE"
)


def accept(here: str | None, there: str | None, jump: str = "ACCEPT") -> Rule:
    return Rule(
        table="filter", chain="FORWARD", text=f"-i {here} -o {there} -j {jump}", in_link=here, out_link=there, jump=jump
    )


def link(name: str, kind: str = "veth", *, peer: tuple[str, str] | None = None, up: bool = True, **more: str) -> Link:
    space, other = peer or (None, None)
    flags = {"up": up, "carrier": up, "state": "UP" if up else "DOWN"}
    return Link(index=1, name=name, kind=kind, peer=other, peer_namespace=space, **flags, **more)  # type: ignore[arg-type]


def host(*names: str, forwarding: bool = False, rules: tuple[Rule, ...] = (), master: str | None = None) -> Namespace:
    """The host, with ``veth_NAME`` for each name, 10.0.0.10/24, 10.0.0.20/24 …"""
    pairs = [link(f"veth_{name}", peer=(f"netns_{name}", f"veth_ns_{name}")) for name in names]
    return Namespace(
        name="host",
        inode=1,
        links=(link("lo", "loopback"), link("enp4s0"), *(replace(one, master=master) for one in pairs)),
        addresses=(
            Address(link="enp4s0", address="192.168.0.100", prefix=24),
            *(Address(link=f"veth_{name}", address=f"10.0.0.{10 * at}", prefix=24) for at, name in enumerate(names, 1)),
        ),
        routes=(
            Route(to="default", via="192.168.0.1", link="enp4s0"),
            *(Route(to="10.0.0.0/24", link=f"veth_{name}") for name in names),
            Route(to="fe80::/64", link="enp4s0"),
        ),
        chains=(DROP,),
        rules=rules,
        sysctls={"net.ipv4.ip_forward": "1" if forwarding else "0"},
        listeners=(
            Listener(protocol="tcp", address="127.0.0.53", port=53),
            Listener(protocol="tcp", address="0.0.0.0", port=8080, process="python3 -m http.server 8080", pid=7),
        ),
        resolv_conf="nameserver 127.0.0.53\n",
    )


def space(name: str, at: int = 1, *, up: bool = True, resolver: str = "127.0.0.53") -> Namespace:
    device = f"veth_ns_{name}"
    return Namespace(
        name=f"netns_{name}",
        inode=1 + at,
        links=(link("lo", "loopback", up=up), link(device, peer=("host", f"veth_{name}"), up=up)),
        addresses=(Address(link=device, address=f"10.0.0.{10 * at + 1}", prefix=24),),
        routes=(Route(to="default", via=f"10.0.0.{10 * at}", link=device),),
        resolv_conf=f"nameserver {resolver}\n",
    )


def numbered(space: Namespace) -> Namespace:
    """The same with indexes and hardware addresses, as the kernel gives them."""
    links = (
        replace(one, index=at, mac=f"02:00:00:00:{space.inode:02x}:{at:02x}") for at, one in enumerate(space.links, 1)
    )
    return replace(space, links=tuple(links))


def picture(*spaces: Namespace) -> Snapshot:
    return Snapshot(namespaces=spaces)
