"""What program and agent say to each other: frames of a length (four bytes, little endian) and a msgpack message."""

from __future__ import annotations

import asyncio
import struct
from typing import TypeVar

import msgspec

from engine.messages import Message
from engine.network.announcement import Announcement
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
    names: tuple[str, ...] | None = None
    """Every namespace, in order: one that ``snapshot`` does not have is as it was. ``None``: it has all."""


class Announced(msgspec.Struct, frozen=True, tag=True):
    """What the kernel has said, in order."""

    announcements: tuple[Announcement, ...]


class Refreshed(msgspec.Struct, frozen=True, tag=True):
    """A snapshot begun after the request came."""

    id: int
    snapshot: Snapshot
    names: tuple[str, ...] | None = None
    """As of :class:`SnapshotTaken`."""


class ProbeDone(msgspec.Struct, frozen=True, tag=True):
    """How a probe ended."""

    id: int
    result: ProbeResult


class AgentFailed(msgspec.Struct, frozen=True, tag=True):
    """The agent cannot go on; it closes the connection after this."""

    message: Message


ToAgent = Refresh | RunProbe
ToProgram = SnapshotTaken | Announced | Refreshed | ProbeDone | AgentFailed
_T = TypeVar("_T")

to_agent: msgspec.msgpack.Decoder[ToAgent] = msgspec.msgpack.Decoder(ToAgent)
to_program: msgspec.msgpack.Decoder[ToProgram] = msgspec.msgpack.Decoder(ToProgram)
_encoder = msgspec.msgpack.Encoder()


def part(last: Snapshot | None, snapshot: Snapshot) -> tuple[Snapshot, tuple[str, ...] | None]:
    """``snapshot`` without the namespaces that are as in ``last``, and the names of all: mostly one of many is sent."""
    if last is None:
        return snapshot, None
    known = {space.name: space for space in last.namespaces}
    news = tuple(
        space for space in snapshot.namespaces if (before := known.get(space.name)) is not space and before != space
    )
    return msgspec.structs.replace(snapshot, namespaces=news), tuple(space.name for space in snapshot.namespaces)


def whole(last: Snapshot | None, sent: Snapshot, names: tuple[str, ...] | None) -> Snapshot:
    """What :func:`part` was made of. Namespaces that are as they were are the very same objects.

    Raises ``LookupError`` for one that was never sent.
    """
    if names is None:
        return sent
    known = {space.name: space for space in (*(last.namespaces if last else ()), *sent.namespaces)}
    return msgspec.structs.replace(sent, namespaces=tuple(known[name] for name in names))


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
