"""Sends probes. They are plain sockets of the agent inside the namespace: no process, no shell, nothing to be seen."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import socket
import ssl
from collections.abc import Callable
from urllib.parse import urlsplit

from dnslib import QTYPE, RCODE

from engine.lab.agent.entrance import Entrance
from engine.lab.agent.outcome import ProbeError, of_error
from engine.lab.agent.ping import ping
from engine.lab.agent.resolver import nameservers, resolve
from engine.lab.agent.sending import DNS_PORT, MakeSocket, ask_for, family_of, socket_maker
from engine.lab.agent.tree import LabGone
from engine.verify.probe import Probe, ProbeResult

_HEAD_BYTES = 64 * 1024


class Prober:
    """Runs probes; any number at the same time."""

    def __init__(self, entrance: Entrance, file_as_seen_in: Callable[[str, str], str | None]) -> None:
        self._entrance = entrance
        self._file = file_as_seen_in

    async def run(self, probe: Probe) -> ProbeResult:
        """What came of it. Raises nothing: a probe that cannot be sent has failed."""
        try:
            descriptor = self._entrance.open(probe.namespace)
        except (OSError, LabGone):
            return ProbeResult(outcome="no-namespace", detail=probe.namespace)
        try:
            return await _Run(probe, socket_maker(self._entrance, descriptor), self._file).run()
        except ProbeError as error:
            return error.result
        except TimeoutError:
            return ProbeResult(outcome="timeout", detail=f"nothing came within {probe.timeout_seconds:g} s")
        except OSError as error:
            return of_error(error)
        except LabGone:
            return ProbeResult(outcome="no-namespace", detail=probe.namespace)
        except ValueError as error:
            return ProbeResult(outcome="failed", detail=str(error))
        finally:
            os.close(descriptor)


class _Run:
    def __init__(self, probe: Probe, make: MakeSocket, file: Callable[[str, str], str | None]) -> None:
        self._probe = probe
        self._make = make
        self._file = file
        self._loop = asyncio.get_running_loop()
        self._deadline = self._loop.time() + probe.timeout_seconds

    async def run(self) -> ProbeResult:
        match self._probe.kind:
            case "ping":
                (address, *_) = await self._resolve(self._probe.target)
                return await ping(self._make, address, family_of(address) or socket.AF_INET, self._left)
            case "connect":
                if self._probe.port is None:
                    return ProbeResult(outcome="failed", detail="a port is needed")
                with await self._connect(self._probe.target, self._probe.port) as sock:
                    return ProbeResult(outcome="open", detail=_text(sock.getpeername()))
            case "curl":
                return await self._curl()
            case "dig":
                return await self._dig()
        return ProbeResult(outcome="failed", detail=f"there is no probe {self._probe.kind!r}")

    @property
    def _left(self) -> float:
        return max(self._deadline - self._loop.time(), 0.0)

    async def _resolve(self, name: str) -> tuple[str, ...]:
        return await resolve(
            self._make,
            name,
            hosts=self._file(self._probe.namespace, "hosts"),
            resolv_conf=self._file(self._probe.namespace, "resolv.conf"),
            timeout_seconds=self._left,
        )

    async def _connect(self, name: str, port: int) -> socket.socket:
        """A TCP connection to the first address that takes it; the caller closes it. Raises the first one's error."""
        error: OSError | None = None
        for address in await self._resolve(name):
            sock = self._make(family_of(address) or socket.AF_INET, socket.SOCK_STREAM, 0)
            try:
                async with asyncio.timeout_at(self._deadline):
                    await self._loop.sock_connect(sock, (address, port))
                return sock
            except TimeoutError:
                sock.close()
                raise
            except OSError as reason:
                sock.close()
                error = error or reason
            except BaseException:
                sock.close()
                raise
        raise error or OSError(errno.EADDRNOTAVAIL, os.strerror(errno.EADDRNOTAVAIL))

    async def _curl(self) -> ProbeResult:
        target = self._probe.target
        url = urlsplit(target if "://" in target else f"http://{target}")
        if url.scheme not in ("http", "https") or not url.hostname:
            return ProbeResult(outcome="failed", detail=f"{target}: not a URL of http or https")
        secure = url.scheme == "https"
        sock = await self._connect(url.hostname, url.port or (443 if secure else 80))
        async with asyncio.timeout_at(self._deadline):
            reader, writer = await asyncio.open_connection(
                sock=sock,
                limit=_HEAD_BYTES,
                ssl=ssl.create_default_context() if secure else None,
                server_hostname=url.hostname if secure else None,
            )
            try:
                path = (url.path or "/") + (f"?{url.query}" if url.query else "")
                head = f"GET {path} HTTP/1.1\r\nHost: {url.netloc}\r\nUser-Agent: curl\r\nAccept: */*\r\n"
                writer.write(f"{head}Connection: close\r\n\r\n".encode())
                with contextlib.suppress(ConnectionError):
                    await writer.drain()
                line = (await reader.readline()).decode(errors="replace").strip()
            finally:
                writer.close()
        if not line:
            return ProbeResult(outcome="failed", detail="Empty reply from server")
        if not line.startswith("HTTP/"):
            return ProbeResult(outcome="failed", detail=f"not HTTP: {line[:60]}")
        return ProbeResult(outcome="ok", detail=" ".join(line.split()[1:]))

    async def _dig(self) -> ProbeResult:
        probe = self._probe
        if probe.server is None:
            servers = nameservers(self._file(probe.namespace, "resolv.conf"))
        else:
            servers = await self._resolve(probe.server)
        result = ProbeResult(outcome="timeout", detail="no servers could be reached")
        for number, server in enumerate(servers):
            try:
                async with asyncio.timeout(self._left / (len(servers) - number)):
                    answer = await ask_for(self._make, server, probe.target, "A", port=probe.port or DNS_PORT)
            except TimeoutError:
                result = ProbeResult(outcome="timeout", detail=f"no answer from {server}")
            except OSError as error:
                result = of_error(error)
            else:
                return _dug(answer)
        return result


def _dug(answer: object) -> ProbeResult:
    """The result of an answer; its detail is what ``dig +short`` prints, in one line."""
    records = [str(record.rdata) for record in answer.rr if record.rtype in (QTYPE.A, QTYPE.CNAME)]  # type: ignore[attr-defined]
    code = answer.header.rcode  # type: ignore[attr-defined]
    if code == RCODE.NOERROR and records:
        return ProbeResult(outcome="answer", detail=" ".join(records))
    if code in (RCODE.NXDOMAIN, RCODE.NOERROR):
        return ProbeResult(outcome="unknown-name", detail="NXDOMAIN" if code == RCODE.NXDOMAIN else "no address")
    return ProbeResult(outcome="failed", detail=str(RCODE.get(code)))


def _text(name: tuple[object, ...]) -> str:
    """A peer's name as people write it."""
    return f"[{name[0]}]:{name[1]}" if len(name) > 2 else f"{name[0]}:{name[1]}"
