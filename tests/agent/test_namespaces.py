"""Namespaces that come and go in every way; what the agent reports by itself, and that it keeps nothing alive."""

from __future__ import annotations

import pytest

from engine.lab import Lab
from engine.network.snapshot import Snapshot
from tests.agent.conftest import after, run, until

pytestmark = pytest.mark.lab

ELSEWHERE = (
    "unshare --net sleep 1000 & until [ $(readlink /proc/$!/ns/net) != $(readlink /proc/self/ns/net) ]; do :; done;"
)
"""Starts a process in a namespace without a name, and waits until it is there."""


def names(snapshot: Snapshot) -> list[str]:
    return [space.name for space in snapshot.namespaces]


async def test_added_and_deleted(lab: Lab) -> None:
    """The first one mounts over /run/netns; the names are sorted, the host is first."""
    await until(lab, lambda now: names(now) == ["host", "b"], do="ip netns add b")
    await until(lab, lambda now: names(now) == ["host", "a", "b"], do="ip netns add a")
    await until(lab, lambda now: names(now) == ["host", "a"], do="ip netns delete b")
    await until(lab, lambda now: names(now) == ["host"], do="ip netns delete a")


async def test_made_by_unshare(lab: Lab) -> None:
    await until(
        lab,
        lambda now: "x" in names(now),
        do="mkdir -p /run/netns && touch /run/netns/x && unshare --net=/run/netns/x true",
    )


async def test_attached_by_ip(lab: Lab) -> None:
    await until(
        lab,
        lambda now: "x" in names(now),
        do=f"{ELSEWHERE} ip netns attach x $!",
    )


async def test_a_file_that_becomes_a_namespace_much_later(lab: Lab) -> None:
    """A bind mount is no event of the directory."""
    first = await after(lab, "ip netns add first", "touch /run/netns/x")
    assert names(first) == ["host", "first"]
    await until(lab, lambda now: "x" in names(now), do="mount --bind /proc/self/ns/net /run/netns/x")


async def test_a_name_of_the_hosts_own_namespace(lab: Lab) -> None:
    snapshot = await until(lab, lambda now: "me" in names(now), do="ip netns attach me $$")
    me = snapshot.namespace("me")
    assert me is not None and me.inode == snapshot.host.inode
    assert me.link("enp4s0") is not None


async def test_a_link_to_a_process(lab: Lab) -> None:
    """As people lay one to look into a Docker container; it goes with the process."""
    await until(
        lab,
        lambda now: "container" in names(now),
        do=f"mkdir -p /run/netns; {ELSEWHERE} ln -s /proc/$!/ns/net /run/netns/container; echo $! >/tmp/pid",
    )
    await until(lab, lambda now: "container" not in names(now), do="kill $(cat /tmp/pid)")


async def test_renamed_by_a_new_mount(lab: Lab) -> None:
    old = await until(lab, lambda now: "old" in names(now), do="ip netns add old; ip -n old link set lo up")
    new = await until(
        lab,
        lambda now: names(now) == ["host", "new"],
        do="touch /run/netns/new; mount --bind /run/netns/old /run/netns/new; ip netns delete old",
    )
    was, now = old.namespace("old"), new.namespace("new")
    assert was is not None and now is not None and was.inode == now.inode


async def test_made_anew_under_the_same_name(lab: Lab) -> None:
    await after(lab, "ip netns add a", "ip -n a link set lo up")
    snapshot = await after(lab, "ip netns delete a", "ip netns add a")
    space = snapshot.namespace("a")
    assert space is not None and not space.links[0].up


async def test_what_is_no_namespace_is_none(lab: Lab) -> None:
    snapshot = await after(
        lab,
        "ip netns add real",
        "cd /run/netns",
        "touch empty",
        "mkdir directory",
        "mkfifo pipe",
        "ln -s /etc/hosts file",
        "ln -s nowhere dangling",
        "ln -s /proc/self/ns/mnt mount-namespace",
        "ln -s /proc/99999/ns/net nobody",
        "touch other && mount --bind /proc/self/ns/uts other",
    )
    assert names(snapshot) == ["host", "real"]


async def test_deleting_one_takes_its_veth_pair_along(lab: Lab) -> None:
    """It would live on, and its pair with it, if the agent still held a socket of it."""
    await after(lab, "ip netns add a", "ip link add p type veth peer name q netns a")
    await until(lab, lambda now: now.host.link("p") is None, do="ip netns delete a")
    assert "p@" not in await run(lab, "ip link")


async def test_many_deleted_while_they_are_read(lab: Lab) -> None:
    for turn in "abc":
        add = f"ip netns add {turn}$n; ip link add {turn}$n type veth peer name q netns {turn}$n"
        await run(lab, f"for n in 1 2 3 4 5 6 7 8; do {add}; done")
        await run(lab, f"for n in 1 2 3 4 5 6 7 8; do ip netns delete {turn}$n; done")
    snapshot = await until(lab, lambda now: names(now) == ["host"] and len(now.host.links) == 2)
    assert [link.name for link in snapshot.host.links] == ["lo", "enp4s0"]


async def test_fifty(lab: Lab) -> None:
    snapshot = await after(
        lab,
        "ip link add bridge_home type bridge",
        "for n in $(seq 50); do",
        "  ip netns add ns$n; ip link add host$n type veth peer name inside netns ns$n",
        "  ip link set host$n master bridge_home up",
        "  ip -n ns$n link set inside up; ip -n ns$n address add 10.1.$n.2/24 dev inside",
        "done",
    )
    assert len(snapshot.namespaces) == 51
    for number in range(1, 51):
        space = snapshot.namespace(f"ns{number}")
        assert space is not None
        inside, outside = space.link("inside"), snapshot.host.link(f"host{number}")
        assert inside is not None and outside is not None
        assert (inside.peer_namespace, inside.peer, inside.carrier) == ("host", f"host{number}", True)
        assert (outside.peer_namespace, outside.peer, outside.master) == (f"ns{number}", "inside", "bridge_home")
        assert f"10.1.{number}.2/24" in [address.cidr for address in space.addresses]


async def test_a_burst_of_changes_ends_in_the_right_state(lab: Lab) -> None:
    """Latest state wins, and the agent says so by itself."""
    expected = [f"10.5.0.{number}" for number in range(2, 201, 2)]
    seen: list[Snapshot] = []
    lab.on_snapshot(seen.append)
    await until(
        lab,
        lambda now: [one.address for one in now.host.addresses if one.link == "lone"] == expected,
        do="ip link add dev lone type bridge\nfor n in $(seq 200); do ip address add 10.5.0.$n/32 dev lone; "
        "[ $((n % 2)) = 0 ] || ip address delete 10.5.0.$((n))/32 dev lone; done",
    )
    assert [one.sequence for one in seen] == sorted({one.sequence for one in seen})


async def test_a_burst_that_overruns_the_buffers(lab: Lab) -> None:
    """More events than a netlink socket holds: nothing is missed, as all is read again."""
    await run(lab, "ip link add dev lone type bridge", "ip netns add a")
    snapshot = await until(
        lab,
        lambda now: sum(address.address.startswith("10.") for address in now.host.addresses) >= 4000,
        do="for n in $(seq 16); do for m in $(seq 250); do echo address add 10.6.$n.$m/32 dev lone; done; done"
        " | ip -batch -",
    )
    assert len([address for address in snapshot.host.addresses if address.link == "lone"]) == 4000


async def test_of_many_namespaces_those_with_news_are_told_at_once_and_the_counters_soon(lab: Lab) -> None:
    await after(
        lab,
        "for i in $(seq 20); do ip netns add n$i; ip -n n$i link set lo up; done",
        "ip link add outer type veth peer name inner netns n7",
        "ip address add 10.3.0.1/24 dev outer; ip link set outer up",
        "ip -n n7 address add 10.3.0.2/24 dev inner; ip -n n7 link set inner up",
    )
    snapshot = await until(lab, lambda one: any(a.address == "10.4.0.1" for a in one.namespace("n9").addresses),
                           do="ip -n n9 address add 10.4.0.1/24 dev lo")  # fmt: skip
    assert len(snapshot.namespaces) == 21
    before = snapshot.namespace("n7").link("inner").received_packets

    def counted(one: Snapshot) -> bool:
        return one.namespace("n7").link("inner").received_packets >= before + 5

    await until(lab, counted, do="ping -c 5 -i 0.01 10.3.0.2; ip -n n9 address del 10.4.0.1/24 dev lo")
    await until(lab, lambda one: any(two.port == 8099 for two in one.namespace("n20").listeners),
                do="ip netns exec n20 python3 -m http.server 8099 >/dev/null 2>&1 &")  # fmt: skip
