"""Watched files and resolv.conf, however they are written; and that no link leads to the real host."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.lab import Lab
from engine.lab.agent.files import file_as_seen_in
from engine.network.snapshot import Snapshot
from tests.agent.conftest import after, run, until

pytestmark = pytest.mark.lab

OWN = "/etc/netns/a/resolv.conf"


async def test_written_appended_replaced_and_removed(lab: Lab) -> None:
    conf = "/etc/sysctl.conf"
    await until(lab, lambda now: now.files[conf] == "a\n", do=f"echo a >{conf}")
    await until(lab, lambda now: now.files[conf] == "a\nb\n", do=f"echo b >>{conf}")
    await until(lab, lambda now: now.files[conf] == "c\n", do=f"echo c >/etc/new; mv /etc/new {conf}")
    await until(lab, lambda now: now.files[conf] == "d\n", do=f"sed -i s/c/d/ {conf}")
    await until(lab, lambda now: now.files[conf] is None, do=f"rm {conf}")


async def test_a_namespaces_own_resolver(lab: Lab) -> None:
    def is_own(text: str | None) -> Callable[[Snapshot], object]:
        return lambda now: (space := now.namespace("a")) and space.resolv_conf == text

    await run(lab, "ip netns add a")
    general = (await lab.refresh()).host.resolv_conf
    await until(lab, is_own("nameserver 1.1.1.1\n"), do=f"mkdir -p /etc/netns/a; echo nameserver 1.1.1.1 >{OWN}")
    await until(lab, is_own(general), do="rm -rf /etc/netns/a")
    await until(lab, is_own("again\n"), do=f"mkdir -p /etc/netns/a; echo again >{OWN}")
    await until(lab, is_own(general), do="rm -rf /etc/netns")
    await until(
        lab,
        is_own("third\n"),
        do="mkdir -p /etc/netns/x; echo third >/etc/netns/x/resolv.conf; mv /etc/netns/x /etc/netns/a",
    )
    assert await run(lab, "ip netns exec a cat /etc/resolv.conf") == "third\n"


async def test_resolver_as_ip_netns_exec_gives_it(lab: Lab) -> None:
    """Files of other names, directories and empty files are as ``ip netns exec`` takes them."""
    snapshot = await after(
        lab,
        "ip netns add a",
        "ip netns add b",
        "mkdir -p /etc/netns/a /etc/netns/b",
        f": >{OWN}",
        "echo 1.2.3.4 name >/etc/netns/b/hosts",
    )
    for name in ("a", "b"):
        space = snapshot.namespace(name)
        assert space is not None
        assert space.resolv_conf == await run(lab, f"ip netns exec {name} cat /etc/resolv.conf")
    assert snapshot.files["/etc/netns/b/hosts"] == "1.2.3.4 name\n"


async def test_a_link_within_the_lab_is_followed_and_its_file_watched(lab: Lab) -> None:
    def resolver(text: str) -> Callable[[Snapshot], object]:
        return lambda now: now.host.resolv_conf == text

    target = "/run/stub.conf"
    await until(lab, resolver("one\n"), do=f"echo one >{target}; ln -sf {target} /etc/resolv.conf")
    await until(lab, resolver("two\n"), do=f"echo two >{target}")


async def test_no_link_leads_to_the_real_host(lab: Lab, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    up = "../" * 20
    for link in (str(secret), f"{up}{secret}", f"/proc/self/root/{up}{secret}"):
        snapshot = await after(lab, f"ln -sf {link} /etc/resolv.conf", f"ln -sf {link} /etc/hosts")
        assert snapshot.host.resolv_conf is None
        assert snapshot.files["/etc/hosts"] is None


async def test_what_is_no_ordinary_file_holds_nothing_up(lab: Lab) -> None:
    snapshot = await after(
        lab,
        "rm /etc/hosts /etc/resolv.conf /etc/sysctl.conf",
        "mkfifo /etc/hosts",
        "mkdir /etc/resolv.conf",
        "ln -s sysctl.conf /etc/sysctl.conf",
    )
    assert set(snapshot.files.values()) == {None}
    assert snapshot.host.resolv_conf is None


async def test_the_tree_spoilt(lab: Lab) -> None:
    """Snapshots go on when the learner has removed everything that can be removed."""
    await lab.run("ip netns add a; rm -rf /etc /run /home /tmp 2>/dev/null; umount -l /proc /sys 2>/dev/null; true")
    snapshot = await lab.refresh()
    assert snapshot.host.link("enp4s0") is not None
    assert snapshot.host.resolv_conf is None


def test_which_file_a_command_sees() -> None:
    files = {"/etc/resolv.conf": "general", "/etc/netns/a/resolv.conf": "own", "/etc/netns/host/resolv.conf": "odd"}
    assert file_as_seen_in(files, "a", "resolv.conf") == "own"
    assert file_as_seen_in(files, "b", "resolv.conf") == "general"
    assert file_as_seen_in(files, "host", "resolv.conf") == "general"
    assert file_as_seen_in({"/etc/netns/a/resolv.conf": "own"}, "a", "resolv.conf") is None
