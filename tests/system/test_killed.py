"""``kill -9`` of the tutorial at ten random moments: nothing of a lab is left, and progress and settings are intact."""

from __future__ import annotations

import random
from pathlib import Path

import msgspec
import pytest

from engine.session.progress import Progress
from tests.system.doomed import Doomed
from tui.settings import SettingsFile

pytestmark = pytest.mark.lab

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
    it = Doomed(tmp_path)
    it.child.expect_exact("nsteps")
    for text in TYPED[: chance.randrange(len(TYPED) + 1)]:
        it.child.send(text)
        it.run_for(chance.uniform(0, 0.4))
    it.run_for(chance.uniform(0, 1.5))
    it.kill()
    kept = it.home / ".local/share/nsteps/progress"
    for path in kept.glob("*.json"):
        msgspec.json.decode(path.read_bytes(), type=Progress)
    assert list(kept.rglob("*.broken")) == []
    assert {path.name for path in it.home.iterdir()} <= {".local", ".cache", ".config"}
    _, problems = SettingsFile(it.home / ".config/nsteps/settings.json").load()
    assert not problems
