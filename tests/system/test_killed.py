"""``kill -9`` of the tutorial at ten random moments: nothing of a lab is left, and progress is intact."""

from __future__ import annotations

import os
import random
import signal
import sys
from pathlib import Path

import msgspec
import pexpect
import pytest

from engine.session.progress import Progress

pytestmark = pytest.mark.lab

ROOT = Path(__file__).resolve().parents[2]
REAPER = ROOT / "tests" / "system" / "reaper.py"
PATIENCE_SECONDS = 60
TYPED = (
    "python3 -m http.server 8080\r",
    "\x1bOS",  # F4: the next terminal
    "sudo ip netns add netns_dustin\r",
    "sudo ip netns exec netns_dustin ip link set lo up\r",
    "sudo ip netns exec netns_dustin bash\r",
    "python3 -m http.server 8080 &\r",
)


@pytest.mark.parametrize("seed", range(10))
def test_nothing_is_left_and_progress_is_whole(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
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
        [str(REAPER), str(pid_file), sys.executable, "-m", "tui.cli"],
        dimensions=(36, 120),
        env=environment,
        cwd=ROOT,
        timeout=PATIENCE_SECONDS,
    )
    child.expect_exact("nsteps")
    for text in TYPED[: chance.randrange(len(TYPED) + 1)]:
        child.send(text)
        run_for(child, chance.uniform(0, 0.4))
    run_for(child, chance.uniform(0, 1.5))
    os.kill(int(pid_file.read_text()), signal.SIGKILL)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0, "something outlived the program"
    kept = home / ".local/share/nsteps/progress"
    for path in kept.glob("*.json"):
        msgspec.json.decode(path.read_bytes(), type=Progress)
    assert list(kept.rglob("*.broken")) == []
    assert {path.name for path in home.iterdir()} <= {".local", ".cache"}


def run_for(child: pexpect.spawn[bytes], seconds: float) -> None:
    """Let it run and read what it paints: the moment of the kill is what varies, nothing is waited for."""
    child.expect(pexpect.TIMEOUT, timeout=seconds)
