"""The servers of the outside world, and the stub resolver of the lab's host.

They are the agent's own sockets, opened inside those namespaces: the learner sees the sockets (``ss -ltnup``) as on a
real machine, and no process to kill. Nothing here sends anything but answers, except the stub's questions, which go
the host's way and fail when that is broken.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, cast

from dnslib.dns import DNSError

from engine.lab.agent.entrance import Entrance
from engine.lab.agent.sending import DNS_PORT, MakeSocket, ask, socket_maker
from engine.lab.agent.zone import NAME_SERVER, WEB_SERVER, answer, cut_for_udp, server_failure

STUB_ADDRESS = "127.0.0.53"
_IP_FREEBIND = 15
_PATIENCE_SECONDS = 10.0
_STUB_TIMEOUT_SECONDS = 3.0
_MOST_AT_ONCE = 200
_PAGE = (
    "<!DOCTYPE html>\n"
    '<html lang="zh"><head><meta charset="utf-8"><title>百度一下</title></head>\n'
    "<body><h1>www.baidu.com</h1><p>The lab's own outside world: no packet has left this machine.</p></body></html>\n"
)
Answer = Callable[[bytes, bool], Awaitable[bytes | None]]
"""A DNS question and whether it came by TCP → the answer."""


class World:
    """Owns every server's socket until :meth:`close`."""

    def __init__(self, entrance: Entrance) -> None:
        self._entrance = entrance
        self._stack = contextlib.AsyncExitStack()
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Open the servers. Their addresses need not be there yet. Raises ``OSError`` if a port is taken."""
        outside: MakeSocket = _outside
        host = socket_maker(self._entrance, self._entrance.host)
        try:
            await self._serve_dns(outside, NAME_SERVER, _answer)
            await self._serve_tcp(outside, WEB_SERVER, 80, _http)
            await self._serve_dns(host, STUB_ADDRESS, _Stub(host).answer)
        except BaseException:
            await self._stack.aclose()
            raise

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await self._stack.aclose()

    async def _serve_dns(self, make: MakeSocket, address: str, answer_to: Answer) -> None:
        sock = _bound(make, address, DNS_PORT, socket.SOCK_DGRAM)
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: _Datagrams(answer_to, self._spawn), sock=sock
        )
        self._stack.callback(transport.close)

        async def conversation(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while True:
                length = int.from_bytes(await reader.readexactly(2), "big")
                reply = await answer_to(await reader.readexactly(length), True)
                if reply is None:
                    return
                writer.write(len(reply).to_bytes(2, "big") + reply)
                await writer.drain()

        await self._serve_tcp(make, address, DNS_PORT, conversation)

    async def _serve_tcp(
        self,
        make: MakeSocket,
        address: str,
        port: int,
        conversation: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
    ) -> None:
        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                async with asyncio.timeout(_PATIENCE_SECONDS):
                    await conversation(reader, writer)
            except (TimeoutError, OSError, asyncio.IncompleteReadError, ValueError, asyncio.LimitOverrunError):
                pass  # the other side went away or talks something else
            finally:
                writer.close()

        def accepted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if not self._spawn(connected(reader, writer)):
                writer.close()

        server = await asyncio.start_server(accepted, sock=_bound(make, address, port, socket.SOCK_STREAM))
        self._stack.callback(server.close)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> bool:
        """Do ``work`` meanwhile; not, if too much is being done already."""
        if len(self._tasks) >= _MOST_AT_ONCE:
            work.close()
            return False
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, answer_to: Answer, spawn: Callable[[Coroutine[Any, Any, None]], bool]) -> None:
        self._answer = answer_to
        self._spawn = spawn
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)  # asyncio's own is none before Python 3.12

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._spawn(self._reply(data, addr))

    async def _reply(self, data: bytes, address: tuple[str, int]) -> None:
        reply = await self._answer(data, False)
        if reply is not None and self._transport is not None and not self._transport.is_closing():
            with contextlib.suppress(DNSError):  # not to be cut, as it is no DNS
                self._transport.sendto(cut_for_udp(reply), address)


class _Stub:
    """Answers as systemd-resolved's stub does: by asking the name server through the host's own connection."""

    def __init__(self, make: MakeSocket) -> None:
        self._make = make

    async def answer(self, question: bytes, tcp: bool) -> bytes | None:
        try:
            async with asyncio.timeout(_STUB_TIMEOUT_SECONDS):
                return await ask(self._make, NAME_SERVER, question, tcp=tcp)
        except OSError:  # TimeoutError is one: the host cannot reach it
            return server_failure(question)


async def _answer(question: bytes, tcp: bool) -> bytes | None:
    return answer(question)


async def _http(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One request, one answer (RFC 9112), then the connection ends."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    words = head.partition("\r\n")[0].split()
    body, status = _PAGE.encode(), "200 OK"
    if len(words) != 3 or not words[2].startswith("HTTP/"):
        body, status = b"Bad request\n", "400 Bad Request"
    elif words[0] not in ("GET", "HEAD"):
        body, status = b"Only GET and HEAD\n", "501 Not Implemented"
    elif words[1].partition("?")[0] not in ("/", "/index.html"):
        body, status = b"Not found\n", "404 Not Found"
    kind = "text/html" if status == "200 OK" else "text/plain"
    writer.write(
        f"HTTP/1.1 {status}\r\nServer: outside-world\r\nContent-Type: {kind}; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
    )
    if words[:1] != ["HEAD"]:
        writer.write(body)
    await writer.drain()


def _outside(family: int, kind: int, protocol: int = 0) -> socket.socket:
    """A socket where the agent stands anyway."""
    return socket.socket(family, kind | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC, protocol)


def _bound(make: MakeSocket, address: str, port: int, kind: int) -> socket.socket:
    """A socket bound to an address, whether that is there by now or will come later (IP_FREEBIND, ip(7))."""
    sock = make(socket.AF_INET, kind, 0)
    try:
        sock.setsockopt(socket.SOL_IP, _IP_FREEBIND, 1)
        if kind == socket.SOCK_STREAM:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((address, port))
    except BaseException:
        sock.close()
        raise
    return sock
