"""Frames between program and agent."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from engine.lab.agent import wire
from engine.messages import Message
from engine.network.snapshot import Namespace, Snapshot
from engine.verify.probe import Probe, ProbeResult

SNAPSHOT = Snapshot(sequence=3, namespaces=(Namespace(name="host", inode=1, sysctls={"a": "1"}),), files={"/x": None})


def fed(data: bytes) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    reader.feed_data(data)
    reader.feed_eof()
    return reader


@pytest.mark.parametrize("message", [wire.Refresh(7), wire.RunProbe(8, Probe(kind="ping", target="10.0.0.1", port=2))])
async def test_to_the_agent(message: wire.ToAgent) -> None:
    assert await wire.receive(fed(wire.frame(message)), wire.to_agent) == message


@pytest.mark.parametrize(
    "message",
    [
        wire.SnapshotTaken(SNAPSHOT),
        wire.Refreshed(1, SNAPSHOT),
        wire.ProbeDone(2, ProbeResult(outcome="reply")),
        wire.AgentFailed(Message("agent.failed", {"reason": "x"})),
    ],
)
async def test_to_the_program(message: wire.ToProgram) -> None:
    assert await wire.receive(fed(wire.frame(message)), wire.to_program) == message


async def test_one_after_another_then_the_end() -> None:
    reader = fed(wire.frame(wire.Refresh(1)) + wire.frame(wire.Refresh(2)))
    received = [await wire.receive(reader, wire.to_agent) for _ in range(3)]
    assert received == [wire.Refresh(1), wire.Refresh(2), None]


async def test_a_frame_cut_short_is_the_end() -> None:
    assert await wire.receive(fed(wire.frame(wire.Refresh(1))[:-1]), wire.to_agent) is None
    assert await wire.receive(fed(b"\xff\xff\xff\xff...."), wire.to_agent) is None


async def test_a_frame_without_message_is_passed_over() -> None:
    reader = fed(b"\x03\x00\x00\x00abc" + wire.frame(wire.Refresh(1)))
    with pytest.raises(msgspec.DecodeError):
        await wire.receive(reader, wire.to_agent)
    assert await wire.receive(reader, wire.to_agent) == wire.Refresh(1)


def test_only_what_has_changed_is_sent_and_the_rest_are_the_same_objects() -> None:
    first = Snapshot(sequence=1, namespaces=tuple(Namespace(name=name, inode=at) for at, name in enumerate("abc")))
    a, _, c = first.namespaces
    second = Snapshot(sequence=2, namespaces=(a, Namespace(name="b", inode=9), c))
    sent, names = wire.part(first, second)
    assert [one.name for one in sent.namespaces] == ["b"] and names == ("a", "b", "c")
    got = wire.whole(first, sent, names)
    assert got == second and got.namespaces[0] is a and got.namespaces[2] is c
    fewer = Snapshot(sequence=3, namespaces=(c,))
    sent, names = wire.part(second, fewer)
    assert sent.namespaces == () and wire.whole(second, sent, names) == fewer
    assert wire.whole(None, *wire.part(None, first)) is first
