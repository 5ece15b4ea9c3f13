"""A fresh lab is the machine that the lessons speak of, and shows nothing of the real one."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from engine.lab import Lab, LabError, Shell, linux
from engine.lab.nursery import UNPRIVILEGED
from engine.lab.tree import ROOT_HOME
from engine.verify.probe import Probe

pytestmark = pytest.mark.lab


async def test_the_host_is_in_the_course_s_start_state(lab: Lab) -> None:
    host = (await lab.refresh()).host
    assert {link.name: link.up for link in host.links} == {"lo": True, "enp4s0": True}
    assert "192.168.0.100/24" in [address.cidr for address in host.addresses]
    assert [(route.to, route.via) for route in host.routes if route.to == "default"] == [("default", "192.168.0.1")]
    assert [chain.policy for chain in host.chains if (chain.table, chain.name) == ("filter", "FORWARD")] == ["DROP"]
    assert not host.rules
    assert host.sysctls["net.ipv4.ip_forward"] == "0"
    assert host.sysctls.get("net.bridge.bridge-nf-call-iptables", "1") == "1"
    assert host.resolv_conf is not None and "127.0.0.53" in host.resolv_conf


async def test_the_outside_world_answers(lab: Lab) -> None:
    for kind, target, outcome in (
        ("ping", "192.168.0.1", "reply"),
        ("ping", "114.114.114.114", "reply"),
        ("ping", "www.baidu.com", "reply"),
        ("curl", "http://www.baidu.com/", "ok"),
    ):
        result = await lab.probe(Probe(kind=kind, target=target, timeout_seconds=10))
        assert result.outcome == outcome, (kind, target, result)


@pytest.mark.parametrize("variant", ["nft", "legacy"])
async def test_iptables_is_the_chosen_one(variant: str) -> None:
    try:
        lab = await Lab.start(iptables=variant)
    except LabError as error:
        pytest.skip(str(error))
    async with lab:
        shown = await lab.run("iptables -V; sudo iptables -S FORWARD; iptables-save >/dev/null && ip6tables-save")
        assert shown.exit == 0
        assert ("nf_tables" if variant == "nft" else "legacy") in shown.output.splitlines()[0]
        assert "-P FORWARD DROP" in shown.output


async def test_nothing_of_the_real_host_is_readable(lab: Lab) -> None:
    assert (await lab.run("ls -A /home")).output == "you\n"
    empty = await lab.run("find /root /srv /mnt /media /var/log /var/lib /var/cache /var/tmp /tmp /run -type f")
    assert set(empty.output.split()) <= {f"{ROOT_HOME}/.bashrc", f"{ROOT_HOME}/.profile", "/run/xtables.lock"}
    assert (await lab.run("cat /etc/shadow /etc/machine-id /etc/sudoers /etc/gshadow")).exit != 0
    assert (await lab.run("find / -xdev -type s")).output == ""
    names = {line.partition("=")[0] for line in (await lab.run("env")).output.splitlines()}
    assert names == {"HOME", "LANG", "LOGNAME", "PATH", "PWD", "SHELL", "SHLVL", "USER", "_"}
    assert {line.rpartition(":")[2] for line in (await lab.run("cat /proc/self/cgroup")).output.split()} == {"/"}
    assert (await lab.run("ls -A /sys/fs/cgroup")).output == ""


async def test_no_descriptor_leaks_in(lab: Lab, shell: Shell) -> None:
    shown = await shell.run("ls /proc/1/fd; for p in $$ 1; do readlink /proc/$p/fd/*; done")
    assert shown.output.split("/dev/pts/0")[0].split() == ["0", "1", "2"]
    assert "memfd" not in shown.output and "socket" not in shown.output
    script = await lab.run("ls -l /proc/$$/fd | grep -v 'pipe\\|/dev/null\\|total\\|255'")
    assert script.output == ""


async def test_the_learner_looks_like_an_ordinary_user(shell: Shell) -> None:
    output = bytearray()
    shell.on_output.append(output.extend)
    shown = await shell.run("whoami; echo $USER $HOME $PWD; tty; hostname")
    assert shown.output.split() == ["you", "you", "/home/you", "/home/you", "/dev/pts/0", "lab"]
    assert b"you@lab" in output and b"$ " in output


async def test_a_lab_is_never_the_real_root(lab: Lab) -> None:
    status = await asyncio.to_thread(Path(f"/proc/{lab.pid}/status").read_text)
    (uids,) = (line.split()[1:] for line in status.splitlines() if line.startswith("Uid:"))
    assert uids == [str(UNPRIVILEGED if linux.is_real_root() else os.geteuid())] * 4


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("sudo -n id -u", "0"),
        ("sudo -u root -H bash -c 'echo $HOME $USER'", "/root root"),
        ("sudo -E bash -c 'echo $SUDO_USER'", "you"),
        ("sudo -- echo hi", "hi"),
        ("sudo A=1 B='two words' bash -c 'echo $A $B'", "1 two words"),
        ("echo 7 | sudo tee /proc/sys/net/ipv4/ip_default_ttl", "7"),
        ("sudo -i pwd", "/root"),
        ("sudo -s echo shell", "shell"),
        ("sudo -nu you pwd", "/home/you"),
        ("sudo -D / pwd", "/"),
        ("su -c 'echo $USER'", "root"),
        ("su - -c pwd", "/root"),
        ("sudo sudo sudo echo deep", "deep"),
    ],
)
async def test_sudo_and_su(lab: Lab, typed: str, printed: str) -> None:
    done = await lab.run(typed)
    assert (done.output.strip(), done.exit) == (printed, 0)


@pytest.mark.parametrize(("typed", "code"), [("sudo nosuch", 1), ("sudo -u bob id", 1), ("sudo", 1), ("sudo false", 1)])
async def test_sudo_says_what_is_wrong(lab: Lab, typed: str, code: int) -> None:
    assert (await lab.run(typed)).exit == code


async def test_the_tools_of_the_lessons_work(lab: Lab) -> None:
    script = """
    set -e
    sudo ip netns add netns_dustin
    sudo ip netns exec netns_dustin ip link set lo up
    sudo ip -n netns_dustin address show lo | grep -q 127.0.0.1
    sudo ip -all netns exec ip link >/dev/null
    sudo nsenter --net=/run/netns/netns_dustin ping -c 1 127.0.0.1 >/dev/null
    sudo unshare --net sh -c 'ip netns attach other $$; sleep 0'
    sudo ip link add dev veth_dustin type veth peer name veth_ns_dustin
    sudo ip link add dev bridge_home type bridge
    echo "net.ipv4.ip_forward=1" | sudo tee -a /etc/sysctl.conf >/dev/null
    sudo sysctl -p
    sudo mkdir -p /etc/netns/netns_dustin
    echo "nameserver 114.114.114.114" | sudo tee /etc/netns/netns_dustin/resolv.conf >/dev/null
    sudo ip netns exec netns_dustin cat /etc/resolv.conf
    """
    done = await lab.run(script)
    assert done.exit == 0, done.output
    assert done.output.split("\n")[-3:] == ["net.ipv4.ip_forward = 1", "nameserver 114.114.114.114", ""]
