"""Sockets inside a namespace, and DNS questions asked through them."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable

from dnslib import DNSRecord
from dnslib.dns import DNSError

from engine.lab.agent.entrance import Entrance

MakeSocket = Callable[[int, int, int], socket.socket]
"""Family, type, protocol → a socket that does not block, in one certain namespace."""

DNS_PORT = 53
_RESEND_SECONDS = 0.9


def socket_maker(entrance: Entrance, descriptor: int) -> MakeSocket:
    """Makes sockets in the namespace of ``descriptor``, for as long as that is open."""

    def make(family: int, kind: int, protocol: int = 0) -> socket.socket:
        with entrance.inside(descriptor):
            return socket.socket(family, kind | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC, protocol)

    return make


def family_of(address: str) -> int | None:
    """``AF_INET`` or ``AF_INET6`` for an address, ``None`` for what is a name."""
    for family in (socket.AF_INET, socket.AF_INET6):
        with contextlib.suppress(OSError):
            socket.inet_pton(family, address.partition("%")[0])
            return family
    return None


async def ask(make: MakeSocket, server: str, question: bytes, *, port: int = DNS_PORT, tcp: bool = False) -> bytes:
    """The answer of a name server to a DNS question, as bytes. Waits for ever: limit it with a timeout.

    By UDP, sent again now and then, and by TCP if the answer was cut short. Raises ``OSError``.
    """
    if not tcp:
        answer = await _ask_by_udp(make, server, question, port)
        if not answer[2] & 0x02:  # the TC bit, RFC 1035 4.1.1
            return answer
    return await _ask_by_tcp(make, server, question, port)


async def _ask_by_udp(make: MakeSocket, server: str, question: bytes, port: int) -> bytes:
    loop = asyncio.get_running_loop()
    with make(family_of(server) or socket.AF_INET, socket.SOCK_DGRAM, 0) as sock:
        sock.connect((server, port))
        while True:
            sock.send(question)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_RESEND_SECONDS):
                    while True:
                        answer = await loop.sock_recv(sock, 65535)
                        if len(answer) >= 12 and answer[:2] == question[:2]:
                            return answer


async def _ask_by_tcp(make: MakeSocket, server: str, question: bytes, port: int) -> bytes:
    loop = asyncio.get_running_loop()
    with make(family_of(server) or socket.AF_INET, socket.SOCK_STREAM, 0) as sock:
        await loop.sock_connect(sock, (server, port))
        await loop.sock_sendall(sock, len(question).to_bytes(2, "big") + question)
        data = b""
        while len(data) < 2 or len(data) < 2 + int.from_bytes(data[:2], "big"):
            part = await loop.sock_recv(sock, 65535)
            if not part:
                raise ConnectionResetError(104, "Connection reset by peer")
            data += part
        return data[2:]


async def ask_for(make: MakeSocket, server: str, name: str, kind: str, *, port: int = DNS_PORT) -> DNSRecord:
    """The same with the question made and the answer read. Raises ``OSError``, ``ValueError`` for what is no DNS."""
    try:
        return DNSRecord.parse(await ask(make, server, DNSRecord.question(name, kind).pack(), port=port))
    except (DNSError, UnicodeError) as error:
        raise ValueError(str(error)) from error
