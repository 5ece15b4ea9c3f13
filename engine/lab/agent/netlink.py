"""Netlink sockets of one network namespace: some that ask, some that listen. Messages are parsed by pyroute2."""

from __future__ import annotations

import errno
import socket
import struct
from collections.abc import Iterator
from typing import Any

from pyroute2.netlink.rtnl.marshal import MarshalRtnl

NETLINK_ROUTE, NETLINK_SOCK_DIAG, NETLINK_NETFILTER = 0, 4, 12
RTM_GETLINK, RTM_GETADDR, RTM_GETROUTE, RTM_GETNEIGH, RTM_GETSTATS, RTM_GETNSID = 18, 22, 26, 30, 94, 90

_NLMSG_ERROR, _NLMSG_DONE = 2, 3
_REQUEST, _DUMP, _MULTI, _DUMP_INTERRUPTED = 0x1, 0x300, 0x2, 0x10
_SOL_NETLINK, _ADD_MEMBERSHIP, _GET_STRICT_CHECK = 270, 1, 12
_HEADER = struct.Struct("=IHHII")
_BUFFER_BYTES = 256 * 1024
_ATTEMPTS = 5
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
    """A netlink socket that is told of changes: it keeps none of them, only which kinds there were."""

    def __init__(self, protocol: int, groups: tuple[int, ...]) -> None:
        self.socket = socket.socket(
            socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK, protocol
        )
        self.socket.bind((0, 0))
        for group in groups:
            self.socket.setsockopt(_SOL_NETLINK, _ADD_MEMBERSHIP, group)

    def close(self) -> None:
        self.socket.close()

    def drain(self) -> tuple[set[int], bool]:
        """The kinds of the messages that wait, and whether some were lost (then anything may have changed)."""
        kinds: set[int] = set()
        lost = False
        while True:
            try:
                kinds.update(kind for _, kind, _, _ in split(self.socket.recv(_BUFFER_BYTES)))
            except BlockingIOError:
                return kinds, lost
            except OSError as error:
                lost = True
                if error.errno != errno.ENOBUFS:  # ENOBUFS: the kernel had more to say than the buffer holds
                    return kinds, lost


def split(data: bytes) -> Iterator[tuple[bytes, int, int, int]]:
    """The messages of a datagram, each with its kind, flags and sequence number. Ends at one that is malformed."""
    offset = 0
    while offset + _HEADER.size <= len(data):
        length, kind, flags, sequence, _ = _HEADER.unpack_from(data, offset)
        if not _HEADER.size <= length <= len(data) - offset:
            return
        yield data[offset : offset + length], kind, flags, sequence
        offset += (length + 3) & ~3


def decode(messages: list[bytes]) -> list[Any]:
    """rtnetlink messages as pyroute2 reads them, without the ones that it cannot."""
    found = [decoded for message in messages for decoded in _marshal.parse(message)]
    return [decoded for decoded in found if decoded["header"].get("error") is None]
