"""How fast a lab is there, against the raw shell commands for the same lab, against Mininet, and how fast a jump is.

    python benchmarks/lab.py [ROUNDS]

Everything is measured in one run, in turns. "Ready" is the first prompt of a shell; "cold" is the first lab of a
program (its helper process is started as well), "warm" every further one. The raw commands make the same lab with the
same tools, typed one after the other as a shell script would: the same bwrap line, ``unshare``, ``mount``, ``ip``,
``iptables``, and nothing that looks after it. Aims: at most 4 times the raw commands; a jump to the last step of
lesson 9 at most 2 times the replayed commands; well under ``mn`` with two hosts.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from engine.course import load_course
from engine.lab import Lab
from engine.lab.sandbox import plan, preferred_variant
from engine.lab.warm import memory_file
from engine.session.performer import Terminals
from engine.session.progress import Entry, live
from engine.session.replay import entries_before, replay, script

ROOT = Path(__file__).resolve().parents[1]
READY_AIM, JUMP_AIM = 4.0, 2.0

OUTER = """
mount -o remount,size=96M,nr_inodes=20000 tmpfs /
mount -o remount,size=96M,nr_inodes=20000 tmpfs /dev
for kind in user net mnt pid uts ipc; do echo 64 >/proc/sys/user/max_${kind}_namespaces; done
mkfifo /here /cable
unshare --user --map-root-user \\
    unshare --net --mount --pid --uts --ipc --fork --kill-child --mount-proc bash /inner &
lab=$!
read word </here
ip link add lan type veth peer name enp4s0 netns $lab
ip address add 192.168.0.1/24 dev lan
ip address add 114.114.114.114/32 dev lo
ip address add 220.181.38.150/32 dev lo
ip link set lo up
ip link set lan up
echo cable >/cable
wait
"""
INNER = """
echo here >/here
mount -t sysfs sysfs /sys
mount --bind /sys /sys
read word </cable
ip link set lo up
ip address add 192.168.0.100/24 dev enp4s0
ip link set enp4s0 up
ip route add default via 192.168.0.1
sysctl -q -w net.ipv4.ip_forward=0 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0
sysctl -q -w net.bridge.bridge-nf-call-iptables=1 2>/dev/null
iptables --policy FORWARD DROP
export PATH=/opt/lab/bin:$PATH HOME=/home/you
cd
"""
MININET = """
mount -t tmpfs none /run; mount -t sysfs none /sys; mkdir -p /run/openvswitch
for d in /etc/openvswitch /var/log/openvswitch /var/lib/openvswitch; do [ -d $d ] && mount -t tmpfs none $d; done
ip link set lo up
ovsdb-tool create /run/openvswitch/conf.db /usr/share/openvswitch/vswitch.ovsschema
ovsdb-server /run/openvswitch/conf.db --remote=punix:/run/openvswitch/db.sock --pidfile --detach --no-chdir \\
    --log-file=/dev/null
ovs-vsctl --no-wait init
ovs-vswitchd --pidfile --detach --no-chdir --log-file=/dev/null
for round in $(seq "$1"); do
    echo "begin"
    mn --switch ovs,datapath=user,failMode=standalone --controller none --topo single,2 --test none
done
"""
COLD = """
import asyncio, sys
sys.path.insert(0, sys.argv[1])
from benchmarks.lab import ready
print(asyncio.run(ready()))
"""


def raw(commands: str = "") -> float:
    """Seconds that the raw shell commands take for the lab, and for ``commands`` in it."""
    made = plan(preferred_variant())
    first = 500  # the numbers of descriptors in the command line; far from those that are open here
    inner = INNER + ("bash /commands >/dev/null 2>&1 </dev/null || exit\n" if commands else "") + "echo ready\n"
    files = {"/inner": inner, "/outer": OUTER, "/commands": commands}
    contents = [*made.contents, *(text.encode() for text in files.values())]
    line = list(made.arguments)
    del line[line.index("--", len(line) - 4) :]
    line = [str(int(word) - made.first + first) if line[at - 1] == "--file" else word for at, word in enumerate(line)]
    for number, path in enumerate(files, first + len(made.contents)):
        line += ["--file", str(number), path]
    # As the machine's root bwrap covers parts of /proc, and a lab never runs as root: neither does this.
    identity = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []
    with contextlib.ExitStack() as stack:
        for number, content in enumerate(contents, first):
            os.dup2(stack.enter_context(memory_file(content)), number)
            stack.callback(os.close, number)
        began = time.perf_counter()
        with subprocess.Popen(
            [*identity, *line, "--", "/usr/bin/bash", "/outer"],
            pass_fds=range(first, first + len(contents)),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
        ) as process:
            assert process.stdout
            said = process.stdout.readline()
            took = time.perf_counter() - began
        if said != b"ready\n":
            raise SystemExit("the raw commands do not work here")
        return took


async def ready() -> float:
    """Seconds from ``Lab.start`` to the first prompt."""
    began = time.perf_counter()
    async with await Lab.start() as lab:
        shell = await lab.shell("T1")
        await shell.wait_prompt()
        return time.perf_counter() - began


def cold() -> float:
    """The same in a program of its own, with no helper process yet."""
    done = subprocess.run([sys.executable, "-c", COLD, str(ROOT)], capture_output=True, text=True, check=True)
    return float(done.stdout)


async def jump(entries: Sequence[Entry]) -> float:
    """Seconds until a fresh lab is where ``entries`` bring it, servers included."""
    began = time.perf_counter()
    async with await Lab.start() as lab:
        await replay(lab, Terminals(lab), entries)
        return time.perf_counter() - began


def mininet(rounds: int) -> list[float] | str:
    """Seconds until ``mn`` has two hosts and a switch ready, in a throw-away namespace; or why it cannot run here."""
    if not shutil.which("mn") or not shutil.which("ovs-vswitchd"):
        return "Mininet with Open vSwitch is not installed here"
    if os.geteuid() != 0:
        return "Mininet needs root"
    with memory_file(MININET.encode()) as source:
        apart = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
        line = [*apart, "bash", f"/proc/self/fd/{source}", str(rounds)]
        took, began = [], 0.0
        with subprocess.Popen(
            line, pass_fds=[source], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as process:
            assert process.stdout
            for printed in process.stdout:
                if printed.startswith("begin"):
                    began = time.perf_counter()
                elif printed.startswith("*** Stopping") and began:
                    took.append(time.perf_counter() - began)
                    began = 0.0
        return took or "Mininet does not run in a namespace here"


def say(what: str, seconds: Sequence[float], base: float | None = None, aim: float | None = None) -> None:
    """One line: the median and its ratio to ``base``."""
    median = statistics.median(seconds)
    ratio = f"   {median / base:5.2f} x" + (f" (aim: at most {aim:g})" if aim else "") if base else ""
    print(f"{what:<56}{1000 * median:8.1f} ms{ratio}", flush=True)


async def main(rounds: int) -> None:
    """Measure and print."""
    course = load_course()
    step = [step for step in course.steps if course.lesson_of(step).number == 9][-1]
    entries = entries_before(course, step)
    commands = script([one for one in live(entries) if not one.runs])
    await ready()  # what is read for the first time is read by nobody's clock
    raws, warms, colds, jumps, replays = [], [], [], [], []
    for _ in range(rounds):
        raws.append(raw())
        warms.append(await ready())
        colds.append(cold())
        replays.append(raw(commands))
        jumps.append(await jump(entries))
    base = statistics.median(raws)
    say("raw shell commands for the lab", raws)
    say("lab ready, warm (Lab.start to the first prompt)", warms, base, READY_AIM)
    say("lab ready, cold (the first of a program)", colds, base, READY_AIM)
    say("raw shell commands for the lab and lessons 1 to 9", replays)
    say("jump to the last step of lesson 9, its servers included", jumps, statistics.median(replays), JUMP_AIM)
    hosts = mininet(max(3, rounds // 3))
    if isinstance(hosts, str):
        print(f"mn: skipped: {hosts}.")
    else:
        say("mn with two hosts ready, against a warm lab", hosts, statistics.median(warms))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 15))
