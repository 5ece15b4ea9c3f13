"""Whatever a learner types: the real host stays as it is, the program lives, and what is spoilt is told."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from engine.lab import Lab, LabError, Shell, limits
from engine.messages import Message

pytestmark = pytest.mark.lab


def losing(lab: Lab) -> asyncio.Future[Message]:
    future: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
    lab.on_lost(lambda reason: future.done() or future.set_result(reason))
    return future


@pytest.mark.parametrize(
    "attempt",
    [
        "mount -o remount,rw /usr",
        "mount -o remount,rw,bind /usr",
        "umount /usr",
        "umount -l /opt/lab",
        "touch /usr/bin/x",
        "mount -o remount,rw /opt/lab",
        "mount -o remount,size=4G tmpfs /",
        "mount -t cgroup2 none /mnt",
        "unshare --cgroup true",
        "echo 1 > /proc/sys/kernel/sysrq",
        "echo 5 > /proc/sys/vm/swappiness",
        "mknod /tmp/disk b 8 0 && head -c1 /tmp/disk",
        "modprobe dummy",
        "date -s 2001-01-01",
        "sysctl -w kernel.hostname=x kernel.pid_max=100",
        "chroot /proc/1/root/usr/../.. ls /home/*/.ssh ~root/.ssh",
        "nsenter -t 1 -m -u -i -p -U true",
        "kill -9 0$(cat /proc/sys/kernel/pid_max)",
    ],
)
async def test_what_the_kernel_forbids(lab: Lab, attempt: str) -> None:
    assert (await lab.run(attempt)).exit != 0
    assert (await lab.run("sudo true")).exit == 0


async def test_deleting_everything(lab: Lab, shell: Shell) -> None:
    lost = losing(lab)
    await shell.run("rm -rf / --no-preserve-root 2>/dev/null", timeout_seconds=120)
    assert (await asyncio.wait_for(lost, 20)).key == "lab.lost.spoilt"
    assert lab.lost is not None
    with pytest.raises(LabError, match="lost files"):
        await lab.shell("T2")


async def test_a_lab_in_which_no_shell_can_start(lab: Lab) -> None:
    lost = losing(lab)
    await lab.run("rm /lib* /bin")
    with pytest.raises(LabError, match="lost files"):
        await lab.shell("T1")
    assert (await lost).key == "lab.lost.spoilt"


async def test_a_fork_bomb(lab: Lab, shell: Shell) -> None:
    lost = losing(lab)
    await shell.run(":() { :|:& }; :")
    assert (await asyncio.wait_for(lost, 60)).key == "lab.lost.crowded"
    await asyncio.wait_for(lab.close(), 20)


async def test_processes_and_files_are_limited(lab: Lab) -> None:
    done = await lab.run(f"ulimit -u -n; (ulimit -u {limits.PROCESSES + 1}) 2>&1 | grep -c 'not permitted'")
    assert done.output.split() == [
        "max", "user", "processes", "(-u)", str(limits.PROCESSES), "open", "files", "(-n)", str(limits.OPEN_FILES), "1",
    ]  # fmt: skip


@pytest.mark.parametrize("directory", ["/tmp", "/dev/shm", "/home/you"])
async def test_a_full_disk_is_the_labs_own(lab: Lab, shell: Shell, directory: str) -> None:
    await shell.run(f"head -c 1G /dev/zero > {directory}/big")
    size = int((await shell.run(f"stat -c %s {directory}/big")).output)
    assert size <= limits.TREE_BYTES
    assert (await shell.run(f"rm {directory}/big; echo still here")).output == "still here\n"


async def test_inodes_are_limited(shell: Shell) -> None:
    files = f"mkdir /tmp/d; for i in $(seq {limits.TREE_INODES}); do : >/tmp/d/$i || break; done"
    run = await shell.run(files, timeout_seconds=120)
    assert "No space left" in run.output


async def test_namespaces_are_limited(lab: Lab) -> None:
    script = "echo 9999 > /proc/sys/user/max_net_namespaces\nfor i in $(seq 99); do ip netns add n$i || exit 9; done"
    done = await lab.run(script)
    assert done.exit == 9 and "No space left" in done.output


async def test_killing_every_process(lab: Lab, shell: Shell) -> None:
    other = await lab.shell("T2")
    await other.wait_prompt()
    ended = asyncio.Event()
    other.on_ended.append(ended.set)
    await shell.run("kill -9 -1")
    await asyncio.wait_for(ended.wait(), 20)
    assert other.exit == 137
    done = await lab.run("kill -9 -1; kill -9 1; kill -TERM 1; kill -INT 1; kill -HUP 1; echo here")
    assert done.output == "here\n"
    assert lab.lost is None
    again = await lab.shell("T1")
    assert (await again.run("echo alive")).output == "alive\n"


@pytest.mark.parametrize(("command", "key"), [(0x01234567, "restarted"), (0x4321FEDC, "powered-off")])
async def test_rebooting_ends_the_lab_only(lab: Lab, command: int, key: str) -> None:
    lost = losing(lab)
    with contextlib.suppress(LabError):
        await lab.run(f"python3 -c 'import ctypes; ctypes.CDLL(None).reboot({command})'; sleep 1000")
    assert (await asyncio.wait_for(lost, 20)).key == f"lab.lost.{key}"


async def test_breaking_the_network(lab: Lab, shell: Shell) -> None:
    commands = ("ip link delete enp4s0", "ip link set lo down", "iptables -F", "nft flush ruleset")
    run = await shell.run("; ".join(f"sudo {command}" for command in commands))
    assert run.exit == 0 and lab.lost is None
    host = (await lab.refresh()).host
    assert [link.name for link in host.links] == ["lo"]


async def test_the_agent_and_the_world_cannot_be_seen(lab: Lab) -> None:
    await lab.refresh()
    shown = (await lab.run("ps -eo args; ls /proc | grep -c '^[0-9]'")).output
    assert "python" not in shown and "bwrap" not in shown and "unshare" not in shown


async def test_orphans_are_reaped(lab: Lab) -> None:
    await lab.run("for i in 1 2 3; do (sleep 0.05 &) ; done; setsid sleep 0.05 & sleep 0.3")
    assert "Z" not in (await lab.run("ps -eo stat=")).output
