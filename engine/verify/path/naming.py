"""From a name to an address, as a namespace's resolver would try it: which name server is asked, and can it answer?"""

from __future__ import annotations

from engine.network.snapshot import Namespace, Snapshot
from engine.verify.kinds.files import nameservers
from engine.verify.networks import to_address
from engine.verify.path.explain import explain
from engine.verify.path.walk import Obstacle
from engine.verify.wording import place, say

DNS_PORT = 53
LOCALHOST = frozenset({"localhost", "localhost.localdomain", "ip6-localhost"})


def explain_name(snapshot: Snapshot, space: Namespace, servers: tuple[str, ...] = ()) -> Obstacle | None:
    """Why names do not resolve in ``space``; ``None`` if one of its name servers (or of ``servers``) can be asked."""
    asked = servers or nameservers(space.resolv_conf)
    where = place(space.name)
    if not asked:
        return Obstacle("no-name-server", say("path.no-resolver", where=where))
    first: Obstacle | None = None
    for server in asked:
        address = to_address(server)
        obstacle = explain(snapshot, space, address, "udp", DNS_PORT)
        if obstacle is None:
            return None
        if address is not None and address.is_loopback:
            obstacle = Obstacle("no-name-server", say("path.stub", server=server, where=where))
        elif obstacle.diagnosis == "no-listener":
            obstacle = Obstacle("no-name-server", say("path.no-name-server", server=server, where=where))
        first = first or obstacle
    return first
