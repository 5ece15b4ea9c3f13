"""Probes with a given outcome, and the labs of lessons 6, 8 and 9 to send them in."""

from __future__ import annotations

from engine.course.model import Check
from engine.network.snapshot import Snapshot
from engine.verify import Verdict, evaluate
from engine.verify.probe import Probe, ProbeResult
from tests.verify.picture import PAIR, check, picture
from tests.verify.telling import readable

WORLD = "114.114.114.114"
PING_OUT = check("ping", to=WORLD, namespace="netns_dustin")
LESSON_6 = ["-A FORWARD -i veth_dustin -o enp4s0 -j ACCEPT", "-A FORWARD -i enp4s0 -o veth_dustin -j ACCEPT"]
MASQUERADE = "nat -A POSTROUTING -o enp4s0 -j MASQUERADE"


async def probed(check: Check, snapshot: Snapshot, outcome: str, detail: str = "") -> Verdict:
    """The verdict when every probe comes to ``outcome``."""

    async def probe(request: Probe) -> ProbeResult:
        return ProbeResult(outcome=outcome, detail=detail)

    (verdict,) = await evaluate([check], snapshot, [], probe)
    readable(verdict)
    return verdict


def routed(*rules: str, forward: int = 1, inside: str = "") -> Snapshot:
    """Lesson 6's lab: the pair with addresses and default route, these rules on the host."""
    lines = [f"sysctl net.ipv4.ip_forward={forward}", *(f"rule {rule}" for rule in rules)]
    return picture(host="\n".join([PAIR["host"], *lines]), netns_dustin=f"{PAIR['netns_dustin']}\n{inside}")


def two(bridge: bool, *rules: str, **changes: str) -> Snapshot:
    """Lesson 8's two pairs, or lesson 9's on a bridge."""
    port = "master=bridge_home" if bridge else ""
    dustin, leah = ("", "") if bridge else ("10.0.0.10/24", "10.0.0.20/24")
    gateways = ("10.0.0.1", "10.0.0.1") if bridge else ("10.0.0.10", "10.0.0.20")
    home = "bridge_home bridge up 10.0.0.1/24" if bridge else ""
    spaces = {
        "host": f"""
            veth_dustin veth up {dustin} {port} peer=veth_ns_dustin@netns_dustin
            veth_leah veth up {leah} {port} peer=veth_ns_leah@netns_leah
            {home}
            sysctl net.ipv4.ip_forward=1
        """
        + "\n".join(f"rule {rule}" for rule in rules),
        "netns_dustin": f"""
            lo up
            veth_ns_dustin veth up 10.0.0.11/24 peer=veth_dustin@host
            route default via {gateways[0]} dev veth_ns_dustin
        """,
        "netns_leah": f"""
            lo up
            veth_ns_leah veth up 10.0.0.21/24 peer=veth_leah@host
            route default via {gateways[1]} dev veth_ns_leah
        """,
    }
    return picture(**{**spaces, **changes})
