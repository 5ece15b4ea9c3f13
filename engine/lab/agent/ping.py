"""One ICMP echo request from a namespace, and what came of it (RFC 792, RFC 4443)."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import itertools
import os
import socket
import struct

from engine.lab.agent.outcome import of_error
from engine.lab.agent.sending import MakeSocket
from engine.verify.probe import ProbeResult

_IP_RECVERR, _IPV6_RECVERR, _SOL_IPV6 = 11, 25, 41
_ECHO = {socket.AF_INET: (socket.IPPROTO_ICMP, 8, 0), socket.AF_INET6: (socket.IPPROTO_ICMPV6, 128, 129)}
_numbers = itertools.count(os.getpid())


async def ping(make: MakeSocket, address: str, family: int, timeout_seconds: float) -> ProbeResult:
    """Send one request of 56 bytes to ``address`` and wait for its reply."""
    protocol, _, reply = _ECHO[socket.AddressFamily(family)]
    loop = asyncio.get_running_loop()
    identifier, sequence = next(_numbers) & 0xFFFF, 1
    try:
        with make(family, socket.SOCK_RAW, protocol) as sock:
            if family == socket.AF_INET:
                sock.setsockopt(socket.SOL_IP, _IP_RECVERR, 1)
            else:
                sock.setsockopt(_SOL_IPV6, _IPV6_RECVERR, 1)
            sock.connect((address, 0))
            sock.send(_request(family, identifier, sequence))
            async with asyncio.timeout(timeout_seconds):
                while True:
                    packet = await loop.sock_recv(sock, 65535)
                    if _is_reply(family, packet, reply, identifier, sequence):
                        return ProbeResult(outcome="reply", detail=address)
    except TimeoutError:
        return ProbeResult(outcome="no-reply", detail="100% packet loss")
    except OSError as error:
        if error.errno == errno.EPERM:  # a rule of the namespace itself drops what is sent
            return ProbeResult(outcome="no-reply", detail=os.strerror(errno.EPERM))
        return of_error(error)


def _request(family: int, identifier: int, sequence: int) -> bytes:
    kind = _ECHO[socket.AddressFamily(family)][1]
    payload = bytes(range(56))
    packet = struct.pack("!BBHHH", kind, 0, 0, identifier, sequence) + payload
    if family == socket.AF_INET6:  # the kernel reckons ICMPv6 checksums
        return packet
    return struct.pack("!BBHHH", kind, 0, checksum(packet), identifier, sequence) + payload


def _is_reply(family: int, packet: bytes, reply: int, identifier: int, sequence: int) -> bool:
    if family == socket.AF_INET:
        packet = packet[(packet[0] & 0xF) * 4 :] if packet else b""
    with contextlib.suppress(struct.error):
        kind, _, _, its_identifier, its_sequence = struct.unpack_from("!BBHHH", packet)
        return bool(kind == reply and its_identifier == identifier and its_sequence == sequence)
    return False


def checksum(data: bytes) -> int:
    """The Internet checksum (RFC 1071)."""
    if len(data) % 2:
        data += b"\0"
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF
