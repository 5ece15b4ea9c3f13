"""Who listens in a network namespace, asked of the kernel by sock_diag(7)."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterable
from dataclasses import dataclass

from engine.lab.agent.netlink import Asker, attributes

_TCPDIAG_GETSOCK, _SOCK_DIAG_BY_FAMILY = 18, 20
_TCP_CLOSE, _TCP_LISTEN = 1 << 7, 1 << 10
_IPPROTO_UDP = 17
# struct inet_diag_req: every family at once, which its successor cannot ask for.
_TCP_LISTENING = struct.pack("=BBBB48sII", 0, 0, 0, 0, b"", _TCP_LISTEN, 0)
_UDP_BOUND = tuple(
    struct.pack("=BBBBI48s", family, _IPPROTO_UDP, 0, 0, _TCP_CLOSE, b"")
    for family in (socket.AF_INET, socket.AF_INET6)
)
# struct inet_diag_msg: family, port, address, device, queues of received and sent, inode.
_ANSWER = struct.Struct("=Bxxx2s2x16s16xI8x4xIIxxxxI")
_INET_DIAG_SKV6ONLY = 11
_HEADER_BYTES = 16  # of struct nlmsghdr, which has a number of the question


@dataclass(frozen=True, slots=True, order=True)
class Bound:
    """A socket that listens (TCP) or is bound and connected to nobody (UDP)."""

    port: int
    protocol: str
    address: str
    inode: int
    device: int = 0
    """Index of the device that it is bound to; 0: none."""
    received_queue: int = 0
    sent_queue: int = 0
    only_ipv6: bool = True


def tcp_listeners(diag: Asker) -> tuple[bytes, ...]:
    """The listening TCP sockets as the kernel tells them: cheap to get and to compare, :func:`read` them if needed."""
    return tuple(message[_HEADER_BYTES:] for message in diag.dump(_TCPDIAG_GETSOCK, _TCP_LISTENING))


def udp_listeners(diag: Asker) -> tuple[bytes, ...]:
    """The same for the UDP sockets that ``ss -lu`` lists."""
    return tuple(
        message[_HEADER_BYTES:] for request in _UDP_BOUND for message in diag.dump(_SOCK_DIAG_BY_FAMILY, request)
    )


def read(protocol: str, messages: Iterable[bytes]) -> tuple[Bound, ...]:
    """What the kernel has told, by port."""
    found = []
    for message in messages:
        if len(message) < _ANSWER.size:
            continue
        family, port, address, device, received, sent, inode = _ANSWER.unpack_from(message)
        if family not in (socket.AF_INET, socket.AF_INET6):
            continue
        text = socket.inet_ntop(family, address[:4] if family == socket.AF_INET else address)
        found.append(
            Bound(
                port=int.from_bytes(port, "big"),
                protocol=protocol,
                address=text,
                inode=inode,
                device=device,
                received_queue=received,
                sent_queue=sent,
                only_ipv6=_only_ipv6(message),
            )
        )
    return tuple(sorted(found))


def _only_ipv6(message: bytes) -> bool:
    found = (message[start] for kind, start, end in attributes(message, _ANSWER.size) if kind == _INET_DIAG_SKV6ONLY)
    return bool(next(found, 1))
