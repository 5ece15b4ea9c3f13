"""``kill -9`` of a demo at random moments: nothing of its lab is left, and the next one takes its socket away."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from engine.session.autopilot.remote import connect
from tests.system.doomed import Doomed

pytestmark = pytest.mark.lab

KINDS = (
    ["--speed", "8", "--from", "4"],
    ["--speed", "max", "--loop", "--from", "8", "--to", "9"],
    ["--headless", "--from", "5"],
    ["--headless", "--speed", "8", "--from", "2"],
)


@pytest.mark.parametrize("kind", KINDS, ids=" ".join)
async def test_nothing_is_left(tmp_path: Path, kind: list[str]) -> None:
    chance = random.Random(" ".join(kind))
    it = Doomed(tmp_path, "demo", *kind)
    it.child.expect_exact("# " if "--headless" in kind else "nsteps")
    it.run_for(chance.uniform(0.3, 2.5))
    it.kill()
    assert await connect(it.home / ".local/state/nsteps") is None
    left = [path for path in it.home.rglob("*") if path.is_file() or path.is_socket()]
    assert all(".cache" in path.parts for path in left), left
