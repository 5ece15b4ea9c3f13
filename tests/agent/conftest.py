"""A lab for a test, and ways to look at it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from engine.lab import Lab
from engine.network.snapshot import Snapshot

DEADLINE_SECONDS = 30.0
"""Far beyond what anything takes: a test that waits for an event which never comes fails by it."""


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    """A fresh lab in the course's start state, its agent at work."""
    async with await Lab.start() as fresh:
        await fresh.refresh()
        yield fresh


async def run(lab: Lab, *commands: str) -> str:
    """Run commands as the lab's root; every one must succeed."""
    completed = await lab.run("set -e\n" + "\n".join(commands))
    assert completed.exit == 0, completed.output
    return completed.output


async def after(lab: Lab, *commands: str) -> Snapshot:
    """The lab as it is after these commands."""
    await run(lab, *commands)
    return await lab.refresh()


async def until(lab: Lab, holds: Callable[[Snapshot], object], *, do: str = "true") -> Snapshot:
    """Run a command, and wait until the agent itself reports what ``holds``: nothing is asked of it."""
    seen: asyncio.Queue[Snapshot] = asyncio.Queue()
    stop = lab.on_snapshot(seen.put_nowait)
    try:
        await run(lab, do)
        snapshot = lab.snapshot
        async with asyncio.timeout(DEADLINE_SECONDS):
            while not (snapshot.namespaces and holds(snapshot)):
                snapshot = await seen.get()
        return snapshot
    finally:
        stop()


async def ip_json(lab: Lab, words: str, *, namespace: str = "host") -> list[dict[str, Any]]:
    """What ``ip -j`` itself says, in a namespace."""
    where = "" if namespace == "host" else f"-n {namespace} "
    text = (await run(lab, f"ip {where}-j {words}")).strip()
    found: list[dict[str, Any]] = json.loads(text) if text else []
    return [one for one in found if one]
