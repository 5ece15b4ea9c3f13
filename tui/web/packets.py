"""What the web server and a learner's process say to each other, over one socket that only the two of them hold.

A packet is a byte for its kind, its length (four bytes, big endian) and its payload: ``D`` what is typed or painted, as
it is; ``M`` everything else, one of the structs below as JSON. A seat in a classroom and its hub have packets of
further kinds (:mod:`engine.classroom.protocol`).
"""

from __future__ import annotations

import msgspec

from engine.classroom.protocol import PACKET_KINDS

DATA = b"D"
META = b"M"
KINDS = frozenset((DATA, META, *PACKET_KINDS))
HEADER_BYTES = 5
LARGEST_BYTES = 64 * 1024 * 1024


class Resize(msgspec.Struct, frozen=True, tag="resize"):
    """To the learner's process: the browser's window has this size now, in cells."""

    columns: int
    rows: int


class Focus(msgspec.Struct, frozen=True, tag="focus"):
    """To the learner's process: the page has, or has lost, the keyboard."""

    gained: bool


class Quit(msgspec.Struct, frozen=True, tag="quit"):
    """To the learner's process: nobody is looking any more. Keep the progress, end the lab, end."""


class OpenUrl(msgspec.Struct, frozen=True, tag="open-url"):
    """To the server: the learner has followed a link."""

    url: str


class Ended(msgspec.Struct, frozen=True, tag="ended"):
    """To the server, the last packet: the exit code, and what a terminal would have been told."""

    exit: int
    text: str


Meta = Resize | Focus | Quit | OpenUrl | Ended
_DECODER: msgspec.json.Decoder[Meta] = msgspec.json.Decoder(Meta)


class PacketError(ValueError):
    """The other side does not keep to the protocol."""


def packet(kind: bytes, payload: bytes) -> bytes:
    """The bytes of one packet."""
    return b"%b%b%b" % (kind, len(payload).to_bytes(4, "big"), payload)


def meta(what: Meta) -> bytes:
    """The bytes of one packet that is not data."""
    return packet(META, msgspec.json.encode(what))


def header(data: bytes) -> tuple[bytes, int]:
    """Kind and length of the payload that follows. Raises :class:`PacketError`."""
    kind, size = data[:1], int.from_bytes(data[1:HEADER_BYTES], "big")
    if kind not in KINDS or size > LARGEST_BYTES:
        raise PacketError(f"no packet begins with {data!r}")
    return kind, size


def understood(payload: bytes) -> Meta:
    """The struct in a ``META`` packet. Raises :class:`PacketError`."""
    try:
        what: Meta = _DECODER.decode(payload)
    except msgspec.MsgspecError as error:
        raise PacketError(str(error)) from error
    return what
