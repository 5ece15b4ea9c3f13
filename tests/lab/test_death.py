"""Killed at whatever moment, the program leaves nothing behind."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine.lab import Lab, warm_up

pytestmark = pytest.mark.lab

ROOT = Path(__file__).resolve().parents[2]
REAPER = ROOT / "tests" / "system" / "reaper.py"
VICTIM = "tests.lab.victim"
DEADLINE_SECONDS = 30.0


@pytest.mark.parametrize("delay_seconds", [0.0, 0.03, 0.06, 0.1, 0.15, 0.2, 0.3, 0.45, 0.7, 1.2])
def test_no_process_mount_or_file_outlives_a_killed_program(tmp_path: Path, delay_seconds: float) -> None:
    pid_file = tmp_path / "pid"
    home = tmp_path / "home"
    home.mkdir()
    mounts = Path("/proc/self/mountinfo").read_text()
    reaper = subprocess.Popen(
        [sys.executable, str(REAPER), str(pid_file), sys.executable, "-m", VICTIM],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": str(home), "TMPDIR": str(home), "PYTHONDONTWRITEBYTECODE": "1"},
        start_new_session=True,
    )
    try:
        deadline = time.monotonic() + DEADLINE_SECONDS
        while not pid_file.exists() and time.monotonic() < deadline:
            time.sleep(0.001)
        time.sleep(delay_seconds)  # not a wait for anything: the moment of the kill
        os.kill(int(pid_file.read_text()), signal.SIGKILL)
        assert reaper.wait(DEADLINE_SECONDS) == 0
    finally:
        reaper.kill()
    assert list(home.iterdir()) == []
    assert Path("/proc/self/mountinfo").read_text() == mounts


def test_the_nursery_ends_with_its_socket() -> None:
    nursery = warm_up()
    assert nursery.alive
    nursery.close()
    assert not nursery.alive
    assert warm_up().alive


async def test_without_its_nursery_a_lab_is_lost_and_a_new_one_starts(lab: Lab) -> None:
    nursery = warm_up()
    lost = asyncio.Event()
    lab.on_lost(lambda _: lost.set())
    shell = await lab.shell("T1")
    os.kill(nursery.pid, signal.SIGKILL)
    await asyncio.wait_for(lost.wait(), DEADLINE_SECONDS)
    await asyncio.wait_for(lab.close(), DEADLINE_SECONDS)
    assert shell.ended
    async with await Lab.start() as fresh:
        assert (await fresh.run("echo fresh")).output == "fresh\n"


async def test_closing_a_lab_ends_its_processes(lab: Lab) -> None:
    await lab.run("setsid sleep 1000 & sleep 1000 & true")
    await lab.shell("T1")
    pid = lab.pid
    await lab.refresh()
    await lab.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
