"""``kill -9`` of a demo at random moments: nothing of its lab is left, and the next one takes its socket away."""

from __future__ import annotations

import os
import random
import signal
import sys
from pathlib import Path

import pexpect
import pytest

from engine.session.autopilot.remote import connect

pytestmark = pytest.mark.lab

ROOT = Path(__file__).resolve().parents[2]
REAPER = ROOT / "tests" / "system" / "reaper.py"
PATIENCE_SECONDS = 60
KINDS = (
    ["--speed", "8", "--from", "4"],
    ["--speed", "max", "--loop", "--from", "8", "--to", "9"],
    ["--headless", "--from", "5"],
    ["--headless", "--speed", "8", "--from", "2"],
)


@pytest.mark.parametrize("kind", KINDS, ids=" ".join)
async def test_nothing_is_left(tmp_path: Path, kind: list[str]) -> None:
    chance = random.Random(" ".join(kind))
    pid_file, home = tmp_path / "pid", tmp_path / "home"
    home.mkdir()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "TMPDIR": str(home),
        "TERM": "xterm-256color",
        "LC_ALL": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    child = pexpect.spawn(
        sys.executable,
        [str(REAPER), str(pid_file), sys.executable, "-m", "tui.cli", "demo", *kind],
        dimensions=(36, 120),
        env=environment,
        cwd=ROOT,
        timeout=PATIENCE_SECONDS,
    )
    child.expect_exact("# " if "--headless" in kind else "nsteps")
    child.expect(pexpect.TIMEOUT, timeout=chance.uniform(0.3, 2.5))  # the moment of the kill is what varies
    os.kill(int(pid_file.read_text()), signal.SIGKILL)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0, "something outlived the demo"
    runtime = home / ".local/state/nsteps"
    assert await connect(runtime) is None
    left = [path for path in home.rglob("*") if path.is_file() or path.is_socket()]
    assert all(".cache" in path.parts for path in left), left
