"""Netlink sockets of one network namespace: some that ask, some that listen. Messages are parsed by pyroute2."""

from __future__ import annotations

import errno
import socket
import struct
import time
from collections.abc import Iterable, Iterator
from typing import Any

from pyroute2.netlink.rtnl.marshal import MarshalRtnl

from engine.network.rtnl import USED

NETLINK_ROUTE, NETLINK_SOCK_DIAG, NETLINK_NETFILTER = 0, 4, 12
RTM_GETLINK, RTM_GETADDR, RTM_GETROUTE, RTM_GETNEIGH, RTM_GETSTATS, RTM_GETNSID = 18, 22, 26, 30, 94, 90

_NLMSG_ERROR, _NLMSG_DONE = 2, 3
_REQUEST, _DUMP, _MULTI, _DUMP_INTERRUPTED = 0x1, 0x300, 0x2, 0x10
_SOL_NETLINK, _ADD_MEMBERSHIP, _GET_STRICT_CHECK = 270, 1, 12
_HEADER = struct.Struct("=IHHII")
_ATTRIBUTE = struct.Struct("=HH")
_NLA_TYPE_MASK = 0x3FFF
# struct if_stats_msg, then one attribute that begins with these four counters of struct rtnl_link_stats64.
_STATS_INDEX, _STATS_64, _STATS_AT = struct.Struct("=I"), struct.Struct("=4Q"), 16 + 12 + 4
_BUFFER_BYTES = 256 * 1024
_ATTEMPTS = 5
MOST_HEARD = 60
"""So many announcements are kept until they are asked for: a flood of them is only counted."""
_marshal = MarshalRtnl()


class Asker:
    """A netlink socket for questions. Made in the namespace it asks about; an answer never has to be waited for."""

    def __init__(self, protocol: int) -> None:
        self._socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, protocol)
        self._socket.bind((0, 0))
        self._socket.settimeout(5)
        if protocol == NETLINK_ROUTE:
            self._socket.setsockopt(_SOL_NETLINK, _GET_STRICT_CHECK, 1)
        self._sequence = 0

    def close(self) -> None:
        self._socket.close()

    def dump(self, kind: int, body: bytes) -> list[bytes]:
        """Every message of a dump, header included. One that changes meanwhile is asked for again.

        Raises ``OSError`` as the kernel answered.
        """
        for attempt in range(_ATTEMPTS):
            messages, whole = self._ask(kind, _REQUEST | _DUMP, body)
            if whole or attempt == _ATTEMPTS - 1:
                break
        return messages

    def ask(self, kind: int, body: bytes) -> list[bytes]:
        """The answer to a question about one thing. Raises ``OSError``."""
        return self._ask(kind, _REQUEST, body)[0]

    def _ask(self, kind: int, flags: int, body: bytes) -> tuple[list[bytes], bool]:
        self._sequence += 1
        self._socket.send(_HEADER.pack(_HEADER.size + len(body), kind, flags, self._sequence, 0) + body)
        messages: list[bytes] = []
        whole = True
        while True:
            for message, kind, flags, sequence in split(self._socket.recv(_BUFFER_BYTES)):
                if sequence != self._sequence:
                    continue
                whole = whole and not flags & _DUMP_INTERRUPTED
                if kind == _NLMSG_DONE:
                    return messages, whole
                if kind == _NLMSG_ERROR:
                    (number,) = struct.unpack_from("=i", message, _HEADER.size)
                    if number:
                        raise OSError(-number, errno.errorcode.get(-number, "netlink error"))
                    return messages, whole
                messages.append(message)
                if not flags & _MULTI:
                    return messages, whole


class Listener:
    """A netlink socket that is told of changes, and keeps the last of them until they are asked for."""

    def __init__(self, protocol: int, groups: tuple[int, ...]) -> None:
        self.socket = socket.socket(
            socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK, protocol
        )
        self.socket.bind((0, 0))
        for group in groups:
            self.socket.setsockopt(_SOL_NETLINK, _ADD_MEMBERSHIP, group)
        self._heard: list[tuple[float, bytes]] = []
        self._unheard = 0

    def close(self) -> None:
        self.socket.close()

    def drain(self) -> tuple[set[int], bool]:
        """The kinds of the messages that wait, and whether some were lost (then anything may have changed)."""
        kinds: set[int] = set()
        lost = False
        while True:
            try:
                data = self.socket.recv(_BUFFER_BYTES)
                now = time.time()
                for message, kind, _, _ in split(data):
                    kinds.add(kind)
                    if len(self._heard) < MOST_HEARD:
                        self._heard.append((now, message))
                    else:
                        self._unheard += 1
            except BlockingIOError:
                return kinds, lost
            except OSError as error:
                lost = True
                if error.errno != errno.ENOBUFS:  # ENOBUFS: the kernel had more to say than the buffer holds
                    return kinds, lost

    def heard(self) -> tuple[list[tuple[float, bytes]], int]:
        """The messages since the last call, each with the time (seconds since 1970) at which it was received, and how
        many more there were than are kept."""
        heard, self._heard = self._heard, []
        unheard, self._unheard = self._unheard, 0
        return heard, unheard


def split(data: bytes) -> Iterator[tuple[bytes, int, int, int]]:
    """The messages of a datagram, each with its kind, flags and sequence number. Ends at one that is malformed."""
    offset = 0
    while offset + _HEADER.size <= len(data):
        length, kind, flags, sequence, _ = _HEADER.unpack_from(data, offset)
        if not _HEADER.size <= length <= len(data) - offset:
            return
        yield data[offset : offset + length], kind, flags, sequence
        offset += (length + 3) & ~3


def attributes(message: bytes, offset: int) -> Iterator[tuple[int, int, int]]:
    """The attributes of a message from ``offset`` on: kind, and where its value begins and ends."""
    while offset + _ATTRIBUTE.size <= len(message):
        length, kind = _ATTRIBUTE.unpack_from(message, offset)
        if length < _ATTRIBUTE.size:
            return
        yield kind & _NLA_TYPE_MASK, offset + _ATTRIBUTE.size, min(offset + length, len(message))
        offset += (length + 3) & ~3


def decode(messages: Iterable[bytes]) -> list[dict[str, Any]]:
    """rtnetlink messages as pyroute2 reads them, with what is used of them, without the ones that it cannot."""
    found = [decoded for message in messages for decoded in _marshal.parse(message)]
    return [_plain(decoded) for decoded in found if decoded["header"].get("error") is None]


class Decoder:
    """Decodes dump after dump, a message that was in the last one at no cost: mostly all but one are.

    Decoding takes pyroute2 half a millisecond for each device; with fifty namespaces there are a hundred.
    """

    def __init__(self, body_bytes: int, passing: frozenset[int] = frozenset()) -> None:
        """``body_bytes``: length of the message's own struct. ``passing``: attributes that change without meaning."""
        self._attributes_at = _HEADER.size + body_bytes
        self._passing = passing
        self._known: dict[bytes, list[dict[str, Any]]] = {}

    def decode(self, messages: Iterable[bytes]) -> list[dict[str, Any]]:
        """As :func:`decode`; what it returns is not to be changed."""
        known: dict[bytes, list[dict[str, Any]]] = {}
        result: list[dict[str, Any]] = []
        for message in messages:
            key = self._key(message)
            decoded = self._known.get(key)
            known[key] = decoded = decode([message]) if decoded is None else decoded
            result += decoded
        self._known = known
        return result

    def _key(self, message: bytes) -> bytes:
        if not self._passing:
            return message[_HEADER.size :]
        own = message[_HEADER.size : self._attributes_at]
        lasting = (
            message[start - _ATTRIBUTE.size : end]
            for kind, start, end in attributes(message, self._attributes_at)
            if kind not in self._passing
        )
        return own + b"".join(lasting)


def _plain(value: Any) -> Any:
    """pyroute2 decodes an attribute when it is looked at; whoever keeps the result wants that behind him."""
    if isinstance(value, dict):
        plain = {name: one for name, one in value.items() if name not in ("header", "attrs", "event")}
        if "attrs" in value:
            plain["attrs"] = [(slot[0], _plain(slot[1])) for slot in value["attrs"] if slot[0] in USED]
        return plain
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def counters(messages: Iterable[bytes]) -> dict[int, tuple[int, int, int, int]]:
    """For each device's index: packets received, packets sent, bytes received, bytes sent.

    From an ``RTM_GETSTATS`` dump that asks for ``IFLA_STATS_LINK_64`` alone (linux/if_link.h).
    """
    return {
        _STATS_INDEX.unpack_from(message, _HEADER.size + 4)[0]: _STATS_64.unpack_from(message, _STATS_AT)
        for message in messages
        if len(message) >= _STATS_AT + _STATS_64.size
    }
