"""The agent's own life: it ends with its lab and with its connection, and stands what it is sent."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest

from engine.lab import Lab
from engine.lab.agent import syscalls
from engine.lab.agent.files import FileWatch
from engine.lab.agent.tree import LabGone, Tree
from engine.lab.warm import readable
from engine.verify.probe import Probe
from tests.agent.conftest import DEADLINE_SECONDS

pytestmark = pytest.mark.lab


def agent_of(lab: Lab) -> int:
    """A pidfd of the lab's agent, the caller's to close."""
    return os.dup(lab._agent._process)


async def test_it_ends_when_the_lab_ends(lab: Lab) -> None:
    await lab.refresh()
    agent = agent_of(lab)
    os.kill(lab.pid, signal.SIGKILL)
    async with asyncio.timeout(DEADLINE_SECONDS):
        await readable(agent)
    os.close(agent)
    assert lab.lost is not None and lab.lost.key == "lab.lost.ended"


async def test_it_ends_with_its_connection(lab: Lab) -> None:
    await lab.refresh()
    probe = asyncio.ensure_future(lab.probe(Probe(kind="ping", target="10.9.9.9", timeout_seconds=20)))
    agent = agent_of(lab)
    writer = lab._agent._writer
    assert writer is not None
    writer.close()
    async with asyncio.timeout(DEADLINE_SECONDS):
        await readable(agent)
    os.close(agent)
    probe.cancel()


async def test_what_is_no_request_is_passed_over(lab: Lab) -> None:
    await lab.refresh()
    writer = lab._agent._writer
    assert writer is not None
    writer.write(b"\x05\x00\x00\x00\xc1\xff\xff\x00\x01" + b"\x00\x00\x00\x00")
    assert (await lab.refresh()).host.link("lo") is not None


async def test_refreshes_are_begun_after_they_were_asked_for(lab: Lab) -> None:
    sequences = [(await lab.refresh()).sequence for _ in range(5)]
    assert sequences == sorted(set(sequences))
    answers = await asyncio.gather(*(lab.refresh() for _ in range(20)))
    assert min(one.sequence for one in answers) > sequences[-1]


async def test_an_idle_lab_becomes_quiet(lab: Lab) -> None:
    """It looks four times in a second, and takes no snapshot for it once IPv6 has no more to announce."""
    async with asyncio.timeout(DEADLINE_SECONDS):
        while True:
            before = await lab.refresh()
            await asyncio.sleep(1)
            if (await lab.refresh()).sequence == before.sequence + 1:
                break


async def test_without_inotify_files_have_to_be_read_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    def none_left() -> int:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(syscalls, "inotify_init", none_left)
    tree = Tree(os.getpid())
    watch = FileWatch(tree, lambda: None)
    assert not watch.works
    watch.renew()
    watch.close()
    tree.close()


def test_a_lab_that_is_gone() -> None:
    pid = os.fork()
    if pid == 0:
        signal.pause()
    tree = Tree(pid)
    assert tree.read("/nowhere") is None
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    with pytest.raises(LabGone):
        tree.open("/etc")
    with pytest.raises(LabGone):
        Tree(pid)
    tree.close()
