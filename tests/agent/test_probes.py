"""Each outcome of each probe, brought about for real."""

from __future__ import annotations

import asyncio
import time

import pytest

from engine.lab import Lab
from engine.lab.agent.ping import checksum
from engine.verify.probe import Probe
from tests.agent.conftest import run, until

pytestmark = pytest.mark.lab

SERVER = "python3 -m http.server 8080 >/dev/null 2>&1 &"
NAMESPACE = (
    "ip netns add a",
    "ip link add dev p type veth peer name q netns a",
    "ip address add 10.0.0.10/24 dev p",
    "ip link set p up",
    "ip -n a link set q up",
    "ip -n a address add 10.0.0.11/24 dev q",
)
PATIENT = 20.0


async def outcome(lab: Lab, kind: str, target: str, timeout_seconds: float = PATIENT, **fields: object) -> str:
    probe = Probe(kind=kind, target=target, timeout_seconds=timeout_seconds, **fields)  # type: ignore[arg-type]
    return (await lab.probe(probe)).outcome


async def server_runs(lab: Lab, namespace: str = "host") -> None:
    where = "" if namespace == "host" else f"ip netns exec {namespace} "
    await until(
        lab,
        lambda now: (space := now.namespace(namespace)) and any(one.port == 8080 for one in space.listeners),
        do=f"{where}{SERVER}",
    )


async def test_ping(lab: Lab) -> None:
    assert await outcome(lab, "ping", "192.168.0.1") == "reply"
    assert await outcome(lab, "ping", "127.0.0.1") == "reply"
    assert await outcome(lab, "ping", "::1") == "reply"
    assert await outcome(lab, "ping", "localhost") == "reply"
    assert await outcome(lab, "ping", "www.baidu.com") == "reply"
    assert await outcome(lab, "ping", "10.9.9.9", 0.3) == "no-reply"  # the world has no such host and drops it
    assert await outcome(lab, "ping", "www.nowhere.example") == "unknown-name"
    assert await outcome(lab, "ping", "192.168.0.77") == "unreachable"  # nobody answers ARP
    assert await outcome(lab, "ping", "192.168.0.1", namespace="gone") == "no-namespace"
    assert await outcome(lab, "ping", "192.168.0.1", namespace="../../../proc/self/ns/net") == "no-namespace"


async def test_ping_from_a_namespace(lab: Lab) -> None:
    await run(lab, *NAMESPACE)
    assert await outcome(lab, "ping", "10.0.0.10", namespace="a") == "reply"
    assert await outcome(lab, "ping", "192.168.0.100", namespace="a") == "no-route"
    assert await outcome(lab, "ping", "127.0.0.1", namespace="a") == "no-route"  # lo is down
    assert await outcome(lab, "ping", "10.0.0.11") == "reply"


async def test_ping_that_rules_stop(lab: Lab) -> None:
    await run(lab, "iptables -A OUTPUT -d 192.168.0.1 -j DROP")
    assert await outcome(lab, "ping", "192.168.0.1", 0.3) == "no-reply"
    await run(lab, "iptables -F OUTPUT; iptables -A INPUT -s 192.168.0.1 -j DROP")
    assert await outcome(lab, "ping", "192.168.0.1", 0.3) == "no-reply"
    await run(lab, *NAMESPACE, "iptables -A INPUT -i p -j REJECT --reject-with icmp-host-unreachable")
    assert await outcome(lab, "ping", "10.0.0.10", namespace="a") == "unreachable"
    await run(lab, "ip -n a route add unreachable 10.1.0.0/16; ip -n a route add blackhole 10.2.0.0/16")
    assert await outcome(lab, "ping", "10.1.0.1", namespace="a") == "unreachable"
    assert await outcome(lab, "ping", "10.2.0.1", namespace="a") == "failed"


async def test_connect(lab: Lab) -> None:
    await server_runs(lab)
    assert await outcome(lab, "connect", "127.0.0.1", port=8080) == "open"
    assert await outcome(lab, "connect", "localhost", port=8080) == "open"
    assert await outcome(lab, "connect", "127.0.0.1", port=8081) == "refused"
    assert await outcome(lab, "connect", "www.nowhere.example", port=80) == "unknown-name"
    assert await outcome(lab, "connect", "127.0.0.1") == "failed"
    await run(lab, *NAMESPACE, "iptables -A INPUT -p tcp --dport 8080 -i p -j DROP")
    assert await outcome(lab, "connect", "10.0.0.10", 0.3, port=8080, namespace="a") == "timeout"
    assert await outcome(lab, "connect", "192.168.0.100", port=8080, namespace="a") == "no-route"
    await run(lab, "iptables -I INPUT -p tcp --dport 8080 -i p -j REJECT --reject-with icmp-host-prohibited")
    assert await outcome(lab, "connect", "10.0.0.10", port=8080, namespace="a") == "unreachable"


async def test_curl(lab: Lab) -> None:
    assert await outcome(lab, "curl", "localhost:8080") == "refused"
    await server_runs(lab)
    assert await lab.probe(Probe(kind="curl", target="localhost:8080", timeout_seconds=PATIENT)) == await lab.probe(
        Probe(kind="curl", target="http://127.0.0.1:8080/?a=b", timeout_seconds=PATIENT)
    )
    result = await lab.probe(Probe(kind="curl", target="http://localhost:8080/none", timeout_seconds=PATIENT))
    assert (result.outcome, result.detail[:4]) == ("ok", "404 ")
    result = await lab.probe(Probe(kind="curl", target="www.baidu.com", timeout_seconds=PATIENT))
    assert (result.outcome, result.detail) == ("ok", "200 OK")
    await run(lab, *NAMESPACE)
    assert await outcome(lab, "curl", "localhost:8080", namespace="a") == "no-route"
    assert await outcome(lab, "curl", "192.168.0.100:8080", namespace="a") == "no-route"
    assert await outcome(lab, "curl", "10.0.0.10:8080", namespace="a") == "ok"
    assert await outcome(lab, "curl", "www.baidu.com", namespace="a") == "unknown-name"
    for nonsense in ("ftp://localhost", "http://", "http://[::1", "http://localhost:port/", "https://127.0.0.1:8080/"):
        assert await outcome(lab, "curl", nonsense) == "failed"
    assert await outcome(lab, "curl", "http://127.0.0.53:53/", 0.3) in ("failed", "timeout")


async def test_dig(lab: Lab) -> None:
    result = await lab.probe(Probe(kind="dig", target="www.baidu.com", timeout_seconds=PATIENT))
    assert (result.outcome, result.detail) == ("answer", "www.a.shifen.com. 220.181.38.150")
    assert await outcome(lab, "dig", "www.baidu.com", server="114.114.114.114") == "answer"
    assert await outcome(lab, "dig", "www.baidu.com", server="public1.114dns.com") == "answer"
    assert await outcome(lab, "dig", "www.nowhere.example") == "unknown-name"
    assert await outcome(lab, "dig", "baidu.com") == "unknown-name"
    assert await outcome(lab, "dig", "www.baidu.com", server="192.168.0.1") == "refused"
    assert await outcome(lab, "dig", "www.baidu.com", 0.3, server="10.9.9.9") == "timeout"
    assert await outcome(lab, "dig", "www.baidu.com", server="127.0.0.1", port=5353) == "refused"
    assert await outcome(lab, "dig", f"{'x' * 70}.example") == "failed"
    await run(lab, *NAMESPACE)
    assert await outcome(lab, "dig", "www.baidu.com", namespace="a") == "no-route"


async def test_names_in_a_namespace_by_its_own_files(lab: Lab) -> None:
    await run(
        lab,
        *NAMESPACE,
        "ip -n a link set lo up",
        "ip -n a route add default via 10.0.0.10",
        "echo 1 >/proc/sys/net/ipv4/ip_forward",
        "iptables -P FORWARD ACCEPT",
        "iptables -t nat -A POSTROUTING -o enp4s0 -j MASQUERADE",
    )
    assert await outcome(lab, "ping", "114.114.114.114", namespace="a") == "reply"
    assert await outcome(lab, "ping", "www.baidu.com", namespace="a") == "unknown-name"
    await run(lab, "mkdir -p /etc/netns/a", "echo nameserver 114.114.114.114 >/etc/netns/a/resolv.conf")
    assert await outcome(lab, "ping", "www.baidu.com", namespace="a") == "reply"
    assert await outcome(lab, "curl", "www.baidu.com", namespace="a") == "ok"
    assert await outcome(lab, "dig", "www.baidu.com", namespace="a") == "answer"
    await run(lab, "echo 10.0.0.10 me >/etc/netns/a/hosts")
    assert await outcome(lab, "ping", "me", namespace="a") == "reply"
    assert await outcome(lab, "ping", "me") == "unknown-name"


async def test_the_stub_fails_with_the_hosts_own_connection(lab: Lab) -> None:
    assert await outcome(lab, "ping", "www.baidu.com") == "reply"
    await run(lab, "ip link set enp4s0 down")
    assert await outcome(lab, "ping", "www.baidu.com") == "unknown-name"
    assert await outcome(lab, "ping", "114.114.114.114") == "no-route"
    await run(lab, "ip link set enp4s0 up", "ip route replace default via 192.168.0.1")
    assert await outcome(lab, "ping", "www.baidu.com") == "reply"


async def test_they_run_side_by_side_and_in_time(lab: Lab) -> None:
    await lab.refresh()
    started = time.monotonic()
    slow = [asyncio.ensure_future(outcome(lab, "ping", "10.9.9.9", 3.0)) for _ in range(30)]
    assert await outcome(lab, "ping", "192.168.0.1") == "reply"
    await lab.refresh()
    assert not any(probe.done() for probe in slow)
    assert set(await asyncio.gather(*slow)) == {"no-reply"}
    assert 3.0 <= time.monotonic() - started < 30.0


async def test_none_is_seen_in_the_lab(lab: Lab) -> None:
    before = await lab.refresh()
    slow = [asyncio.ensure_future(outcome(lab, kind, "10.9.9.9", 2.0, port=80)) for kind in ("ping", "connect", "curl")]
    snapshot = await lab.refresh()
    assert [one.command for one in snapshot.processes] == [one.command for one in before.processes]
    assert snapshot.host.listeners == before.host.listeners
    assert "10.9.9.9" not in await run(lab, "ps axww")
    await asyncio.gather(*slow)


async def test_a_namespace_can_go_while_it_is_probed(lab: Lab) -> None:
    await run(lab, *NAMESPACE)
    slow = asyncio.ensure_future(outcome(lab, "ping", "10.0.0.99", 1.0, namespace="a"))
    await asyncio.sleep(0)  # it is sent
    await lab.refresh()  # and was received, as what is asked later is answered
    await until(lab, lambda now: now.namespace("a") is None, do="ip netns delete a")
    assert await slow in ("no-reply", "unreachable", "no-route")
    await until(lab, lambda now: now.host.link("p") is None)


async def test_an_unknown_kind_fails(lab: Lab) -> None:
    assert await outcome(lab, "telnet", "127.0.0.1") == "failed"


def test_the_checksum_of_rfc_1071() -> None:
    assert checksum(bytes.fromhex("0001f203f4f5f6f7")) == 0x220D
    assert checksum(b"\xff") == 0x00FF
