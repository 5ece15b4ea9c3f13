"""Trials: the things that a lab is made of, tried one by one in throw-away namespaces. Nothing of them stays."""

from __future__ import annotations

import os
import signal
import subprocess

from engine.lab.doctor.facts import Trial
from engine.lab.nursery import enter_user_namespace
from engine.lab.sandbox import SYSTEM_PATH

TIMEOUT_SECONDS = 20.0
NO_SUCH_PROGRAM = 127
TIMED_OUT = 124

_SANDBOX = (
    *("bwrap", "--unshare-user", "--uid", "0", "--gid", "0", "--cap-add", "ALL", "--unshare-pid", "--unshare-net"),
    *("--die-with-parent", "--ro-bind", "/", "/"),
)
_PROC = ("--dev", "/dev", "--proc", "/proc", "--bind", "/sys", "/sys")
_WITHOUT_BWRAP = (
    *("unshare", "--user", "--map-root-user", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"),
    *("sh", "-c", 'mount -o remount,bind,ro / && exec "$@"', "sh"),
)
_NESTED = (
    *("unshare", "--user", "--map-root-user", "--net", "--mount", "--pid", "--uts", "--ipc", "--cgroup"),
    *("--fork", "--kill-child", "--mount-proc"),
)

_SCRIPT = r"""
try() {
    name=$1
    shift
    said=$("$@" 2>&1)
    printf '%s\037%s\037%s\036' "$name" "$?" "$said"
}
mount -t tmpfs tmpfs /run
try sysfs sh -c 'mount -t sysfs sysfs /sys && mount --bind /sys /sys'
try veth sh -c 'ip link add dev nsd0 type veth peer name nsd1 && ip link set dev nsd0 up'
try bridge sh -c 'ip link add dev nsd2 type bridge && ip link set dev nsd0 master nsd2'
for kind in nft legacy; do
    if command -v "iptables-$kind" >/dev/null; then
        try "iptables-$kind" sh -c "
            iptables-$kind --append FORWARD --in-interface nsd0 --jump ACCEPT &&
                iptables-$kind --table nat --append POSTROUTING --out-interface nsd0 --jump MASQUERADE"
    fi
done
if command -v iptables >/dev/null; then try iptables-preferred iptables --version; fi
try br-netfilter cat /proc/sys/net/bridge/bridge-nf-call-iptables
try netns sh -c 'ip netns add nsd && ip netns exec nsd true'
try echo sh -c 'ip link set dev lo up && ping -c 1 -W 2 127.0.0.1'
try http-server python3 -c 'import http.server'
"""


def run_all(*, bwrap: bool) -> dict[str, Trial]:
    """Try everything, in the order in which it is needed; what needs an earlier trial that failed is left out."""
    trials = {"user-namespace": _run("user-namespace", "true")}
    if not trials["user-namespace"].worked:
        return trials
    outer: tuple[str, ...] = _WITHOUT_BWRAP
    if bwrap:
        trials["sandbox"] = _run("sandbox", *_SANDBOX, "true")
        if not trials["sandbox"].worked:
            return trials
        outer = (*_SANDBOX, *_PROC)
    trials["proc"] = _run("proc", *outer, "true")
    if not trials["proc"].worked:
        return trials
    trials["namespaces"] = _run("namespaces", *outer, *_NESTED, "true")
    if trials["namespaces"].worked:
        trials.update(parse(_run("inside", *outer, *_NESTED, "sh", "-c", _SCRIPT).text))
    return trials


def parse(text: str) -> dict[str, Trial]:
    """The trials that the script in the throw-away lab reports."""
    trials = {}
    for record in text.split("\x1e"):
        if record.count("\x1f") == 2:
            name, exit_code, said = record.split("\x1f")
            trials[name] = Trial(name=name, exit=int(exit_code), text=said)
    return trials


def _run(name: str, *command: str) -> Trial:
    try:
        done = subprocess.run(
            command,
            env={"PATH": SYSTEM_PATH, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=TIMEOUT_SECONDS,
            text=True,
            errors="replace",
            cwd="/",
            preexec_fn=_contain,
        )
    except FileNotFoundError as error:
        return Trial(name=name, exit=NO_SUCH_PROGRAM, text=str(error))
    except subprocess.TimeoutExpired:
        return Trial(name=name, exit=TIMED_OUT, text=f"no answer for {TIMEOUT_SECONDS:.0f} s")
    return Trial(name=name, exit=done.returncode, text=done.stdout)


def _contain() -> None:
    """In the child, before it executes: the user namespace of its own in which every lab lives."""
    try:
        enter_user_namespace()
    except OSError as error:
        os.write(2, f"unshare failed: {error.strerror}\n".encode())
        os._exit(1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
