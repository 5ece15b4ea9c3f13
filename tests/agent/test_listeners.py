"""Who listens and what runs: noticed without an event of the kernel, named as in the lab."""

from __future__ import annotations

import pytest

from engine.lab import Lab
from engine.network.snapshot import Listener, Snapshot
from tests.agent.conftest import after, run, until

pytestmark = pytest.mark.lab

SERVER = "python3 -m http.server 8080"


def listener(snapshot: Snapshot, port: int, namespace: str = "host") -> Listener | None:
    space = snapshot.namespace(namespace)
    return next((one for one in space.listeners if one.port == port), None) if space else None


async def test_a_server_comes_and_dies(lab: Lab) -> None:
    snapshot = await until(lab, lambda now: listener(now, 8080), do=f"{SERVER} >/dev/null 2>&1 & echo $! >/tmp/pid")
    found = listener(snapshot, 8080)
    assert found is not None
    pid = int(await run(lab, "cat /tmp/pid"))
    assert (found.protocol, found.address, found.process, found.pid) == ("tcp", "0.0.0.0", "python3", pid)
    snapshot = await until(lab, lambda now: any(one.command == SERVER for one in now.processes))
    assert next(one for one in snapshot.processes if one.pid == pid).namespace == "host"
    snapshot = await until(lab, lambda now: not listener(now, 8080), do="kill $(cat /tmp/pid)")
    assert listener(snapshot, 53) is not None


async def test_in_a_namespace(lab: Lab) -> None:
    snapshot = await until(
        lab,
        lambda now: listener(now, 8080, "a") and any(one.namespace == "a" for one in now.processes),
        do=f"ip netns add a; ip netns exec a {SERVER} >/dev/null 2>&1 &",
    )
    assert listener(snapshot, 8080) is None
    assert [one.command for one in snapshot.processes if one.namespace == "a"] == [SERVER]


async def test_a_process_in_a_namespace_without_a_name(lab: Lab) -> None:
    snapshot = await until(
        lab,
        lambda now: any(one.command == "sleep 1000" and one.namespace is None for one in now.processes),
        do="unshare --net sleep 1000 &",
    )
    assert snapshot.processes[0].command == "/sbin/init"


async def test_udp_and_ipv6(lab: Lab) -> None:
    code = (
        "import socket, time; a = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM); a.bind(('::', 5353));"
        "b = socket.socket(socket.AF_INET6); b.bind(('::1', 81)); b.listen(); time.sleep(1000)"
    )
    snapshot = await until(
        lab,
        lambda now: listener(now, 5353) and listener(now, 81),
        do=f'python3 -c "{code}" >/dev/null 2>&1 &',
    )
    udp, tcp = listener(snapshot, 5353), listener(snapshot, 81)
    assert udp is not None and tcp is not None
    assert (udp.protocol, udp.address) == ("udp", "::")
    assert (tcp.protocol, tcp.address, tcp.process) == ("tcp", "::1", "python3")


async def test_against_ss(lab: Lab) -> None:
    snapshot = await after(
        lab,
        f"{SERVER} >/dev/null 2>&1 & until ss -Hltn | grep -q :8080; do :; done",
        "python3 -m http.server --bind ::1 8081 >/dev/null 2>&1 & until ss -Hltn | grep -q :8081; do :; done",
    )
    told = (await run(lab, "ss -Hltun")).splitlines()
    expected = {(line.split()[0], line.split()[4].rpartition(":")[2]) for line in told}
    assert {(one.protocol, str(one.port)) for one in snapshot.host.listeners} == expected


async def test_the_stub_has_no_process_in_the_lab(lab: Lab) -> None:
    snapshot = await lab.refresh()
    stub = listener(snapshot, 53)
    assert stub is not None and (stub.address, stub.process, stub.pid) == ("127.0.0.53", None, None)
    assert "users:" not in await run(lab, "ss -Hltunp")


async def test_odd_names_of_processes(lab: Lab) -> None:
    snapshot = await until(
        lab,
        lambda now: any(one.command.startswith("a) R (b") for one in now.processes),
        do="(exec -a 'a) R (b' sleep 1000) >/dev/null 2>&1 &",
    )
    assert [one.pid for one in snapshot.processes] == sorted(one.pid for one in snapshot.processes)


async def test_sysctls_that_are_not_announced(lab: Lab) -> None:
    forwarding = "net.ipv6.conf.all.forwarding"
    await until(lab, lambda now: now.host.sysctls.get(forwarding) == "1", do=f"sysctl -w {forwarding}=1")
    bridge = "net.bridge.bridge-nf-call-iptables"
    if bridge in lab.snapshot.host.sysctls:
        await until(lab, lambda now: now.host.sysctls.get(bridge) == "0", do=f"sysctl -w {bridge}=0")


async def test_ip_forward_of_each_namespace(lab: Lab) -> None:
    def forward(now: Snapshot, name: str) -> str | None:
        space = now.namespace(name)
        return space.sysctls.get("net.ipv4.ip_forward") if space else None

    await until(lab, lambda now: forward(now, "a") == "0", do="ip netns add a")
    snapshot = await until(
        lab,
        lambda now: forward(now, "a") == "1",
        do="ip netns exec a sysctl -w net.ipv4.ip_forward=1",
    )
    assert forward(snapshot, "host") == "0"
