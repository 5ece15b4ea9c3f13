"""What one seat may take: the governor against real processes, cgroups against a tree of files."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tui.classroom.cgroups import MEMORY_BYTES, Cgroups, enter
from tui.classroom.governor import ALLOWED, CROWD_PER_CPU, LAST, crowded, put_last


def burners(count: int) -> subprocess.Popen[bytes]:
    """A process with so many children that burn, all of which end with the test."""
    code = (
        "import os, signal, sys\n"
        "pids = []\n"
        "for _ in range(int(sys.argv[1])):\n"
        "    pid = os.fork()\n"
        "    if pid == 0:\n"
        "        signal.alarm(60)\n"
        "        os.setsid()\n"
        "        os.write(1, b'x')\n"
        "        while True: pass\n"
        "    pids.append(pid)\n"
        "os.write(1, b'.')\n"
        "sys.stdin.read()\n"
        "for pid in pids: os.kill(pid, 9)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(count)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    seen = b""
    while len(seen) < count + 1:
        seen += process.stdout.read(1)
    return process


def test_who_burns_with_many_processes_is_put_last() -> None:
    many, few = burners(ALLOWED + 4), burners(1)
    try:
        demoted: set[int] = set()
        for _ in range(100):  # a process that is just being moved to another processor is not seen as running
            demoted |= put_last([many.pid, few.pid])
            if len(demoted) == ALLOWED + 4:
                break
        assert len(demoted) == ALLOWED + 4
        assert all(os.getpriority(os.PRIO_PROCESS, pid) == LAST for pid in demoted)
        if Path("/proc/self/autogroup").exists():
            assert "nice 19" in "".join(Path(f"/proc/{pid}/autogroup").read_text() for pid in demoted)
        assert put_last([many.pid, few.pid]) == set()
        assert put_last([10**7]) == set()
    finally:
        for process in (many, few):
            process.communicate(b"")


def test_a_crowd(tmp_path: Path) -> None:
    stat = tmp_path / "stat"
    cpus = os.cpu_count() or 1
    stat.write_text(f"cpu 1 2 3\nprocs_running {CROWD_PER_CPU * cpus}\n")
    assert not crowded(stat)
    stat.write_text(f"cpu 1 2 3\nprocs_running {CROWD_PER_CPU * cpus + 1}\n")
    assert crowded(stat)
    assert not crowded(tmp_path / "nothing")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Files as a delegated cgroup has them."""
    base = tmp_path / "user.slice" / "run-1.scope"
    (base / "hub").mkdir(parents=True)
    (base / "cgroup.controllers").write_text("cpuset cpu io memory pids\n")
    (base / "cgroup.procs").write_text("41\n42\n")
    (base / "cgroup.subtree_control").write_text("")
    (tmp_path / "own").write_text("0::/user.slice/run-1.scope\n")
    return tmp_path


def test_a_delegated_cgroup_is_taken_over(tree: Path) -> None:
    base = tree / "user.slice" / "run-1.scope"
    cgroups = Cgroups.open(tree / "own", tree, trust=True)
    assert cgroups is not None
    assert (base / "hub" / "cgroup.procs").read_text() == "42"
    assert (base / "cgroup.subtree_control").read_text() == "+cpu +memory +pids"
    path = cgroups.seat(7)
    assert path == str(base / "seat-7")
    assert (base / "seat-7" / "memory.max").read_text() == str(MEMORY_BYTES)
    assert int((base / "seat-7" / "cpu.weight").read_text()) < int((base / "hub" / "cpu.weight").read_text())
    enter(path)
    assert (base / "seat-7" / "cgroup.procs").read_text() == "0"


def test_no_cgroup_where_none_is_delegated(tree: Path) -> None:
    assert Cgroups.open(tree / "own", tree) is None  # nobody has marked it
    (tree / "user.slice" / "run-1.scope" / "cgroup.controllers").write_text("memory pids\n")
    assert Cgroups.open(tree / "own", tree, trust=True) is None
    (tree / "own").write_text("4:memory:/x\n1:cpu:/\n")
    assert Cgroups.open(tree / "own", tree, trust=True) is None
    assert Cgroups.open(tree / "nothing", tree, trust=True) is None
