"""What program and agent say to each other: frames of a length (four bytes, little endian) and a msgpack message."""

from __future__ import annotations

import asyncio
import struct
from typing import TypeVar

import msgspec

from engine.messages import Message
from engine.network.snapshot import Snapshot
from engine.verify.probe import Probe, ProbeResult

_LENGTH = struct.Struct("<I")
_LONGEST = 64 << 20


class Refresh(msgspec.Struct, frozen=True, tag=True):
    """Read everything anew and answer with :class:`Refreshed`."""

    id: int


class RunProbe(msgspec.Struct, frozen=True, tag=True):
    """Send a probe and answer with :class:`ProbeDone`; several run at the same time."""

    id: int
    probe: Probe


class SnapshotTaken(msgspec.Struct, frozen=True, tag=True):
    """Something has changed; this is how it is now."""

    snapshot: Snapshot


class Refreshed(msgspec.Struct, frozen=True, tag=True):
    """A snapshot begun after the request came."""

    id: int
    snapshot: Snapshot


class ProbeDone(msgspec.Struct, frozen=True, tag=True):
    """How a probe ended."""

    id: int
    result: ProbeResult


class AgentFailed(msgspec.Struct, frozen=True, tag=True):
    """The agent cannot go on; it closes the connection after this."""

    message: Message


ToAgent = Refresh | RunProbe
ToProgram = SnapshotTaken | Refreshed | ProbeDone | AgentFailed
_T = TypeVar("_T")

to_agent: msgspec.msgpack.Decoder[ToAgent] = msgspec.msgpack.Decoder(ToAgent)
to_program: msgspec.msgpack.Decoder[ToProgram] = msgspec.msgpack.Decoder(ToProgram)
_encoder = msgspec.msgpack.Encoder()


def frame(message: ToAgent | ToProgram) -> bytes:
    """``message`` as it goes over the connection."""
    body = _encoder.encode(message)
    return _LENGTH.pack(len(body)) + body


async def receive(reader: asyncio.StreamReader, decoder: msgspec.msgpack.Decoder[_T]) -> _T | None:
    """The next message, or ``None`` once the other side has closed (or no longer sends frames).

    ``decoder`` is :data:`to_agent` or :data:`to_program`. Raises ``msgspec.DecodeError`` for a frame without message.
    """
    try:
        (length,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
        if length > _LONGEST:  # no frame: there is no way to find the next one
            return None
        return decoder.decode(await reader.readexactly(length))
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
