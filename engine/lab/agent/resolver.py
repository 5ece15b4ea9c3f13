"""Names to addresses as a command in a namespace would get them: its hosts file, then its resolv.conf's servers."""

from __future__ import annotations

import asyncio
import os

from dnslib import QTYPE, RCODE

from engine.lab.agent.outcome import ProbeError
from engine.lab.agent.sending import MakeSocket, ask_for, family_of

_MOST_SERVERS = 3  # MAXNS of resolv.conf(5)
_LEAST_SECONDS = 0.3


def nameservers(resolv_conf: str | None) -> tuple[str, ...]:
    """The servers that a resolv.conf names; the local machine if it names none, see resolv.conf(5)."""
    found = [words[1] for words in _lines(resolv_conf) if words[0] == "nameserver" and len(words) > 1]
    return tuple(found[:_MOST_SERVERS]) or ("127.0.0.1",)


def search_list(resolv_conf: str | None) -> tuple[str, ...]:
    """The domains that are tried behind a name without a dot."""
    domains: tuple[str, ...] = ()
    for words in _lines(resolv_conf):
        if words[0] in ("search", "domain"):
            domains = tuple(words[1:])
    return domains


def hosts_addresses(hosts: str | None, name: str) -> tuple[str, ...]:
    """The addresses that a hosts file has for a name, in its order, IPv4 first."""
    wanted = name.rstrip(".").lower()
    found = [
        words[0] for words in _lines(hosts) if wanted in (word.lower() for word in words[1:]) and family_of(words[0])
    ]
    return tuple(sorted(found, key=lambda address: ":" in address))


def _lines(text: str | None) -> list[list[str]]:
    lines = (line.partition("#")[0] for line in (text or "").splitlines() if not line.startswith(";"))
    return [words for line in lines if (words := line.split())]


async def resolve(
    make: MakeSocket, name: str, *, hosts: str | None, resolv_conf: str | None, timeout_seconds: float
) -> tuple[str, ...]:
    """The addresses of ``name``, IPv4 first. Raises :class:`ProbeError` with ``unknown-name``."""
    if family_of(name):
        return (name,)
    if addresses := hosts_addresses(hosts, name):
        return addresses
    servers = nameservers(resolv_conf)
    names = [name] if "." in name else [*(f"{name}.{domain}" for domain in search_list(resolv_conf)), name]
    words = "Name or service not known"
    deadline = asyncio.get_running_loop().time() + timeout_seconds
    for full_name in names:
        for number, server in enumerate(servers):
            left = deadline - asyncio.get_running_loop().time()
            try:
                async with asyncio.timeout(max(left / (len(servers) - number), min(left, _LEAST_SECONDS))):
                    addresses = await _addresses(make, server, full_name)
            except TimeoutError:
                words = f"no answer from name server {server}"
            except OSError as error:
                words = f"name server {server}: {os.strerror(error.errno) if error.errno else error}"
            except ValueError as error:
                words = f"name server {server}: {error}"
            else:
                if addresses:
                    return addresses
                words = "Name or service not known"
                break  # it said that there is no such name; another server is not asked
    raise ProbeError("unknown-name", words)


async def _addresses(make: MakeSocket, server: str, name: str) -> tuple[str, ...]:
    for kind in ("A", "AAAA"):
        answer = await ask_for(make, server, name, kind)
        if answer.header.rcode not in (RCODE.NOERROR, RCODE.NXDOMAIN):
            raise ValueError(RCODE.get(answer.header.rcode))
        found = tuple(str(record.rdata) for record in answer.rr if record.rtype == getattr(QTYPE, kind))
        if found or answer.header.rcode == RCODE.NXDOMAIN:
            return found
    return ()
