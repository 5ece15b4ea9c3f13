"""Every diagnosis of the table in ``lessons/README.md`` is said in some situation; here is one for each."""

from __future__ import annotations

import re

import pytest

from engine.assets import lessons_directory
from engine.course.model import Check
from engine.messages import render
from engine.network.snapshot import Snapshot
from engine.verify import evaluate
from engine.verify.probe import Probe, ProbeResult
from tests.verify.picture import PAIR, Run, check, picture
from tests.verify.telling import readable

LAB = picture(**PAIR)
RULE = check("rule", chain="FORWARD", in_="veth_dustin", out="enp4s0", jump="ACCEPT")
PING = check("ping", to="114.114.114.114", namespace="netns_dustin")
RESOLVER = check("resolver", nameserver="114.114.114.114", namespace="netns_dustin")
SERVER = check("listener", port=8080)
CURL = check("ran", program="curl", namespace="netns_dustin", exit=0, shows="html")
IN_USE = "OSError: [Errno 98] Address already in use"


def ruled(*rules: str, forward: int = 1) -> Snapshot:
    lines = [PAIR["host"], f"sysctl net.ipv4.ip_forward={forward}", *(f"rule {one}" for one in rules)]
    return picture(**{**PAIR, "host": "\n".join(lines)})


def linked(**fields: object) -> Check:
    return check("link", name="veth_dustin", **fields)


BOTH = ["-A FORWARD -i veth_dustin -o enp4s0 -j ACCEPT", "-A FORWARD -i enp4s0 -o veth_dustin -j ACCEPT"]
NAT = "nat -A POSTROUTING -o enp4s0 -j MASQUERADE"
HALF = picture(
    host="veth_dustin veth up peer=veth_ns_dustin@netns_dustin",
    netns_dustin="veth_ns_dustin veth peer=veth_dustin@host",
)
ROUTED_ONE_WAY = picture(
    host="""
        veth_a veth up 10.0.1.1/24 peer=eth0@netns_dustin
        veth_b veth up 10.0.2.1/24 peer=eth0@netns_b
        sysctl net.ipv4.ip_forward=1
        policy FORWARD ACCEPT
    """,
    netns_dustin="lo up\neth0 veth up 10.0.1.2/24 peer=veth_a@host\nroute default via 10.0.1.1 dev eth0",
    netns_b="lo up\neth0 veth up 10.0.2.2/24 peer=veth_b@host",
)
Situation = tuple[Check, Snapshot, list[Run], str]

SITUATIONS: dict[str, Situation] = {
    "not-there": (check("namespace", name="netns_leah"), LAB, [], ""),
    "still-there": (linked(absent=True), LAB, [], ""),
    "near-name": (check("link", name="veth_dustn"), LAB, [], ""),
    "wrong-place": (check("link", name="veth_ns_dustin"), LAB, [], ""),
    "wrong-kind": (linked(kind="bridge"), LAB, [], ""),
    "wrong-peer": (linked(peer="veth_x"), LAB, [], ""),
    "wrong-master": (linked(master="bridge_home"), LAB, [], ""),
    "link-down": (check("link", name="veth_ns_dustin", namespace="netns_dustin", up=True), HALF, [], ""),
    "link-up": (linked(up=False), LAB, [], ""),
    "no-carrier": (linked(carrier=True), HALF, [], ""),
    "wrong-link": (check("address", address="10.0.0.10/24", link="enp4s0"), LAB, [], ""),
    "wrong-prefix": (check("address", address="10.0.0.10/16", link="veth_dustin"), LAB, [], ""),
    "wrong-address": (check("address", address="10.0.0.1/24", link="veth_dustin"), LAB, [], ""),
    "wrong-gateway": (check("route", to="default", via="10.0.0.1", namespace="netns_dustin"), LAB, [], ""),
    "wrong-route": (check("route", to="10.9.0.0/16", via="10.0.0.10", namespace="netns_dustin"), LAB, [], ""),
    "not-first": (
        check("route", to="10.0.0.0/24", link="veth_leah", first=True),
        picture(host="veth_dustin veth up 10.0.0.10/24\nveth_leah veth up 10.0.0.20/24"),
        [],
        "",
    ),
    "swapped-interfaces": (RULE, ruled(BOTH[1]), [], ""),
    "wrong-interface": (RULE, ruled("-A FORWARD -i veth_ns_dustin -o enp4s0 -j ACCEPT"), [], ""),
    "wrong-chain": (RULE, ruled("-A INPUT -i veth_dustin -o enp4s0 -j ACCEPT"), [], ""),
    "wrong-table": (RULE, ruled("mangle -A FORWARD -i veth_dustin -o enp4s0 -j ACCEPT"), [], ""),
    "wrong-jump": (RULE, ruled("-A FORWARD -i veth_dustin -o enp4s0 -j DROP"), [], ""),
    "rule-inverted": (RULE, ruled("-A FORWARD ! -i veth_dustin -o enp4s0 -j ACCEPT"), [], ""),
    "rule-too-narrow": (RULE, ruled("-A FORWARD -p tcp -i veth_dustin -o enp4s0 -j ACCEPT"), [], ""),
    "rule-too-wide": (RULE, ruled("-A FORWARD -j ACCEPT"), [], ""),
    "shadowed": (RULE, ruled("-A FORWARD -j DROP", BOTH[0]), [], ""),
    "wrong-policy": (check("policy", chain="FORWARD", policy="ACCEPT"), LAB, [], ""),
    "wrong-value": (check("sysctl", name="net.ipv4.ip_forward", value=1), LAB, [], ""),
    "wrong-nameserver": (RESOLVER, LAB, [], ""),
    "no-resolver": (RESOLVER, picture(netns_dustin="dns -"), [], ""),
    "wrong-file": (
        RESOLVER,
        picture(netns_dustin="", files={"/etc/netns/x/resolv.conf": "nameserver 114.114.114.114"}),
        [],
        "",
    ),
    "no-line": (
        check("file", path="/etc/sysctl.conf", line="a=1"),
        picture(files={"/etc/sysctl.conf": "#a=1"}),
        [],
        "",
    ),
    "not-listening": (SERVER, LAB, [], ""),
    "port-taken": (
        check("listener", port=8080, process="python3"),
        picture(host="listen 8080 nc -l 8080"),
        [Run("python3 -m http.server 8080", 1, IN_USE)],
        "",
    ),
    "wrong-port": (SERVER, picture(host="listen 8000 python3 -m http.server"), [], ""),
    "not-run": (CURL, LAB, [], ""),
    "ran-elsewhere": (CURL, LAB, [Run("curl localhost:8080", 0, "html")], ""),
    "wrong-exit": (CURL, LAB, [Run("ip netns exec netns_dustin curl x", 6, "html")], ""),
    "not-shown": (CURL, LAB, [Run("ip netns exec netns_dustin curl x", 0, "hello")], ""),
    "no-namespace": (check("link", name="lo", namespace="netns_leah"), LAB, [], ""),
    "no-route": (PING, picture(netns_dustin="lo up"), [], "no-route"),
    "lo-down": (
        check("curl", url="localhost:8080", namespace="netns_dustin"),
        picture(netns_dustin=""),
        [],
        "no-route",
    ),
    "no-listener": (check("curl", url="10.0.0.11:8080"), LAB, [], "refused"),
    "forward-off": (PING, ruled(*BOTH, forward=0), [], "no-reply"),
    "forward-dropped": (PING, ruled(), [], "no-reply"),
    "no-return-route": (check("ping", to="10.0.2.2", namespace="netns_dustin"), ROUTED_ONE_WAY, [], "no-reply"),
    "no-nat": (PING, ruled(*BOTH), [], "no-reply"),
    "no-name-server": (
        check("ping", to="www.baidu.com", namespace="netns_dustin"),
        ruled(*BOTH, NAT),
        [],
        "unknown-name",
    ),
    "unanswered": (PING, ruled(*BOTH, NAT), [], "no-reply"),
    "works-already": (check("ping", to="10.0.0.10", expect="failure"), LAB, [], "reply"),
}


def listed() -> set[str]:
    """The keys of the table "says"."""
    text = (lessons_directory() / "README.md").read_text(encoding="utf-8")
    table = text.split("| says | meaning |")[1].split("\n\n")[0]
    keys = [row.split("|")[1] for row in table.splitlines()[2:] if row.startswith("|")]
    return set(re.findall(r"`([a-z-]+)`", " ".join(keys)))


def test_there_is_a_situation_for_each_diagnosis_and_no_other() -> None:
    assert set(SITUATIONS) == listed()


@pytest.mark.parametrize("diagnosis", SITUATIONS)
async def test_it_is_told_in_both_languages(diagnosis: str) -> None:
    asked, snapshot, commands, outcome = SITUATIONS[diagnosis]

    async def probe(request: Probe) -> ProbeResult:
        return ProbeResult(outcome=outcome)

    (verdict,) = await evaluate([asked], snapshot, commands, probe)
    assert verdict.diagnosis == diagnosis
    readable(verdict)
    assert verdict.hint is not None
    assert re.search(r"[\u4e00-\u9fff]", render(verdict.hint, "zh"))
    assert not re.search(r"[\u4e00-\u9fff]", render(verdict.hint, "en"))
