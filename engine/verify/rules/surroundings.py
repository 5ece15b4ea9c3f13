"""Which side of a namespace an interface is on: towards the namespaces of the lab, or towards the outside world."""

from __future__ import annotations

from dataclasses import dataclass

from engine.network.snapshot import Link, Namespace, Snapshot
from engine.verify.networks import IPNetwork, to_interface, to_network

VIRTUAL = frozenset({"veth", "bridge", "loopback", "dummy", "vlan", "macvlan", "ipvlan", "tun"})


@dataclass(frozen=True)
class Surroundings:
    """What lies around ``space`` in ``snapshot``."""

    snapshot: Snapshot
    space: Namespace

    def is_uplink(self, name: str) -> bool:
        """Whether that interface leads out of the lab: by the default route, or, without one, as a real one."""
        by_default = {one.link for one in self.space.routes if one.to == "default" and one.kind == "unicast"}
        if by_default:
            return name in by_default
        link = self.space.link(name)
        return link is not None and link.kind not in VIRTUAL

    def is_inside(self, name: str | None) -> bool:
        """Whether that interface leads to namespaces of the lab; so does one that is not there (any more)."""
        return name is not None and name != "lo" and not self.is_uplink(name)

    @property
    def networks(self) -> tuple[IPNetwork, ...]:
        """The IPv4 networks of the other namespaces, and those on this one's inner interfaces."""
        found = [
            to_network(one.cidr)
            for space in self.snapshot.namespaces
            for one in space.addresses
            if not one.is_ipv6
            and one.scope != "host"
            and one.link != "lo"
            and (space.name != self.space.name or self.is_inside(one.link))
        ]
        return tuple(dict.fromkeys(found))

    def behind(self, name: str) -> tuple[IPNetwork, ...]:
        """Every address that packets coming from that inner interface may have: those of the namespaces it leads to."""
        link = self.space.link(name)
        ends = [one for one in self.space.links if one.master == name] if link and link.kind == "bridge" else [link]
        found = [to_network(address) for one in ends if one for address in self._addresses_of_peer(one)]
        return tuple(found) or self.networks

    def _addresses_of_peer(self, link: Link) -> list[str]:
        space = self.snapshot.namespace(link.peer_namespace) if link.peer_namespace else None
        if space is None or space.name == self.space.name:
            return []
        return [str(to_interface(one.cidr).ip) for one in space.addresses if not one.is_ipv6 and one.link != "lo"]
