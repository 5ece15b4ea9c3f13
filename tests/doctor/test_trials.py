"""The doctor on machines that really lack something: made so with namespaces, masks and a system-call filter."""

from __future__ import annotations

import json
import os
import platform
import struct
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from engine.lab.doctor import Facts, all_well, examine, findings

pytestmark = pytest.mark.lab

ROOT = Path(__file__).resolve().parents[2]
DOCTOR = (sys.executable, "-m", "tui.cli", "doctor", "--json", "--lang", "en")
HERE = ("bwrap", *(("--cap-add", "ALL") if os.geteuid() == 0 else ("--unshare-user",)), "--dev-bind", "/", "/")
"""In front of a command: a sandbox with the same rights, in which things can be covered."""
UNSHARE = {"x86_64": 272, "aarch64": 97}
CLONE = {"x86_64": 56, "aarch64": 220}


def doctor(*before: str, descriptors: Sequence[int] = ()) -> tuple[int, dict[str, Any]]:
    """The exit code and the report of the doctor, started with these words in front."""
    done = subprocess.run(
        [*before, *DOCTOR],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        pass_fds=descriptors,
    )
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def finding(report: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in report["findings"] if one["id"] == name)


def lines(report: dict[str, Any], name: str) -> list[str]:
    return [remedy["line"] for remedy in finding(report, name)["remedies"]]


def limited(kind: str) -> tuple[str, ...]:
    """In front of a command: no namespaces of that kind for it."""
    script = f'echo 0 >/proc/sys/user/max_{kind}_namespaces && exec "$@"'
    return ("unshare", "--user", "--map-root-user", "sh", "-c", script, "sh")


async def test_a_machine_that_runs_the_other_tests_is_well() -> None:
    facts: Facts = await examine()
    assert all_well(findings(facts)), [one for one in findings(facts) if one.status == "missing"]
    assert facts.lab is not None and facts.lab.seconds is not None
    expected = {"user-namespace", "sandbox", "proc", "namespaces", "sysfs", "veth", "bridge", "netns", "http-server"}
    assert expected <= {name for name, trial in facts.trials.items() if trial.worked}


def test_the_command_says_so_and_exits_with_0() -> None:
    code, report = doctor()
    assert (code, report["ok"]) == (0, True)
    assert report["lab_seconds"] > 0
    assert finding(report, "lab")["status"] == "found"


@pytest.mark.parametrize(("kind", "trial"), [("user", "user-namespace"), ("net", "sandbox")])
def test_no_more_namespaces(kind: str, trial: str) -> None:
    code, report = doctor(*limited(kind))
    assert (code, report["ok"], report["lab_seconds"]) == (1, False, None)
    name = f"user.max_{kind}_namespaces"
    assert finding(report, trial)["why"] == f"No more namespaces may be made: {name} is 0."
    assert lines(report, trial)[0] == f"sudo sysctl -w {name}=15000"
    assert finding(report, "lab")["status"] == "missing"


def test_a_covered_proc() -> None:
    code, report = doctor(*HERE, "--tmpfs", "/proc/sys/fs", "--")
    assert code == 1
    assert "Parts of /proc are covered" in finding(report, "proc")["why"]
    assert any("--privileged" in line or "unmask=ALL" in line for line in lines(report, "proc"))


def test_a_read_only_sys() -> None:
    code, report = doctor(*HERE, "--ro-bind", "/sys", "/sys", "--")
    assert code == 1
    assert "/sys is read-only" in finding(report, "sysfs")["why"]


def test_no_bubblewrap_and_no_ping() -> None:
    masks = [
        word for name in ("bwrap", "ping") for word in ("--ro-bind", "/dev/null", os.path.realpath(f"/usr/bin/{name}"))
    ]
    code, report = doctor(*HERE, *masks, "--")
    assert code == 1
    for name, package in (("bwrap", "bubblewrap"), ("ping", "iputils")):
        assert finding(report, name)["status"] == "missing"
        assert package in report["install"]
    assert finding(report, "namespaces")["status"] == "found"  # tried without bubblewrap
    assert "bwrap" in finding(report, "lab")["why"]


def test_a_chroot() -> None:
    with tempfile.TemporaryDirectory() as root:
        script = 'mount --rbind / "$0" && exec chroot "$0" sh -c \'cd "$0" && exec "$@"\' "$@"'
        into = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, root, str(ROOT))
        code, report = doctor(*into)
    assert code == 1
    assert "The kernel refuses" in finding(report, "user-namespace")["why"]


@pytest.mark.skipif(platform.machine() not in UNSHARE, reason="the numbers of system calls are not known here")
def test_a_system_call_filter() -> None:
    with tempfile.TemporaryFile() as file:
        file.write(_no_user_namespaces())
        file.seek(0)
        number = file.fileno()
        code, report = doctor(*HERE, "--seccomp", str(number), "--", descriptors=(number,))
    assert code == 1
    assert "filtered (seccomp)" in finding(report, "user-namespace")["why"]


def test_other_commands_send_one_to_the_doctor() -> None:
    command = [*limited("user"), sys.executable, "-m", "tui.cli", "try", "1.1", "true", "--lang", "en"]
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (3, "")
    assert "nsteps doctor" in done.stderr
    assert "Traceback" not in done.stderr


def _no_user_namespaces() -> bytes:
    """A classic BPF program (seccomp(2)): unshare and clone with CLONE_NEWUSER give EPERM, all else is allowed."""
    load, equal, has_bits, answer = 0x20, 0x15, 0x45, 0x06
    allow, refuse = 0x7FFF0000, 0x00050000 | 1
    first_argument, new_user = 16, 0x10000000
    program = [
        (load, 0, 0, 0),
        (equal, 1, 0, UNSHARE[platform.machine()]),
        (equal, 0, 3, CLONE[platform.machine()]),
        (load, 0, 0, first_argument),
        (has_bits, 0, 1, new_user),
        (answer, 0, 0, refuse),
        (answer, 0, 0, allow),
    ]
    return b"".join(struct.pack("<HBBI", *one) for one in program)
