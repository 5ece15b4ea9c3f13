"""A look at a real lab just after a step: for figures, which are drawn of nothing else."""

from __future__ import annotations

import asyncio
import contextlib

from engine.course.model import Course, Step
from engine.lab import Lab
from engine.network.snapshot import Namespace, Snapshot
from engine.session.performer import Terminals
from engine.session.progress import Entry
from engine.session.replay import entries_before, extend, replay

SETTLE_SECONDS = 5.0
"""How long the kernel may take to tell that the devices are connected and the servers up."""


async def moment(course: Course, step: Step | None, *, iptables: str | None = None) -> Snapshot:
    """The lab just after ``step``, by the reference commands; ``None``: as it begins.

    Raises ``LabError`` if no lab can be made, ``ReplayError`` if a command does not work.
    """
    entries: list[Entry] = []
    if step is not None:
        entries = entries_before(course, step)
        extend(entries, step.id, step.commands)
    async with await Lab.start(iptables=iptables) as lab:
        await replay(lab, Terminals(lab), entries)
        await lab.refresh()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(_settled(lab), SETTLE_SECONDS)
        return lab.snapshot


async def _settled(lab: Lab) -> None:
    """Wait for a snapshot in which every device that will have a carrier has it, and every server a name."""
    settled = asyncio.Event()

    def look(snapshot: Snapshot) -> None:
        if all(_is_settled(space, snapshot) for space in snapshot.namespaces):
            settled.set()

    unsubscribe = lab.on_snapshot(look)
    try:
        look(lab.snapshot)
        await settled.wait()
    finally:
        unsubscribe()


def _is_settled(space: Namespace, snapshot: Snapshot) -> bool:
    for link in space.links:
        other = snapshot.namespace(link.peer_namespace or space.name)
        peer = other.link(link.peer) if other and link.peer else None
        plugged = any(one.master == link.name and one.carrier for one in space.links)
        if link.up and not link.carrier and ((peer is not None and peer.up) or plugged):
            return False
    return all(one.process for one in space.listeners if one.protocol == "tcp" and one.port != 53)
