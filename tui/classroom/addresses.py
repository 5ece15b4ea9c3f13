"""Where the hub listens, by which names it may be called, and who is asking."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Mapping
from urllib.parse import urlsplit

import msgspec
from aiohttp import web

from tui.web.guard import LOOPBACK_NAMES, Guard

USUAL_PORT = {"http": 80, "https": 443}
FREE_OF_ORIGIN = ("/api/",)
"""For programs, not pages: what they may do hangs on a header that no page can send, and on no cookie."""


class ListenError(Exception):
    """No listening there; the text is the system's reason."""


class Addresses(msgspec.Struct, frozen=True, kw_only=True):
    """``host`` and ``port`` to listen on. ``public_url``: what people type, where that is something else.

    ``proxies``: addresses, or networks (``10.0.0.0/8``), from which ``X-Forwarded-For`` is believed.
    """

    host: str = "127.0.0.1"
    port: int = 8422
    tls: bool = False
    public_url: str | None = None
    proxies: tuple[str, ...] = ()

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine's own programs can connect."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def scheme(self) -> str:
        return "https" if self.tls else "http"

    def link(self, port: int) -> str:
        """The address to tell people, without a slash at the end."""
        if self.public_url:
            return self.public_url.rstrip("/")
        host = self.host
        if _is_any(host):
            host = outward_address() or socket.gethostname()
        return f"{self.scheme}://{_netloc(host, port, self.scheme)}"

    def own_names(self, port: int) -> dict[str, str]:
        """What ``Host`` may say wherever the connection came in: the origin of the pages, by that name."""
        hosts = [*LOOPBACK_NAMES]
        if not self.on_loopback:
            hosts += [name for name in (socket.gethostname().lower(), f"{socket.gethostname().lower()}.local") if name]
            hosts += [] if _is_any(self.host) else [self.host.lower()]
        names: dict[str, str] = {}
        for host in hosts:
            names |= _named(host, port, self.scheme)
        if self.public_url:
            parts = urlsplit(self.public_url)
            names |= _named(parts.hostname or "", parts.port or USUAL_PORT[parts.scheme], parts.scheme)
        return names

    def client(self, request: web.Request) -> str:
        """Who asks: the other end, or whom a trusted proxy names as its own other end."""
        peer = _plain_address(request.remote or "")
        if self._trusts(peer):
            named = request.headers.get("X-Forwarded-For", "").split(",")[-1].strip()
            try:
                return str(ipaddress.ip_address(named))
            except ValueError:
                return peer
        return peer

    def _trusts(self, peer: str) -> bool:
        try:
            address = ipaddress.ip_address(peer)
        except ValueError:
            return False
        return any(address in ipaddress.ip_network(one, strict=False) for one in self.proxies)


class NetworkGuard(Guard):
    """Lets also pass who calls the hub by the very address to which the connection was made. A page that has its own
    name resolved to that address (DNS rebinding) bears the name."""

    def __init__(self, addresses: Addresses, port: int, refuse: object) -> None:
        super().__init__(frozenset(), refuse)  # type: ignore[arg-type]
        self._names = addresses.own_names(port)
        self._port = port
        self._scheme = addresses.scheme

    def origins(self, request: web.Request) -> Mapping[str, str]:
        end = request.transport.get_extra_info("sockname") if request.transport else None
        if isinstance(end, tuple) and len(end) >= 2:
            return self._names | _named(_plain_address(str(end[0])), self._port, self._scheme)
        return self._names

    def needs_origin(self, request: web.Request) -> bool:
        return super().needs_origin(request) and not request.path.startswith(FREE_OF_ORIGIN)


def listening_socket(host: str, port: int) -> socket.socket:
    """Raises :class:`ListenError`."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except socket.gaierror as error:
        raise ListenError(error.strerror or str(error)) from error
    family, kind, protocol, _, address = found[0]
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6 and _is_any(host):
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        listening.bind(address)
    except OSError as error:
        listening.close()
        raise ListenError(error.strerror or str(error)) from error
    return listening


def outward_address() -> str | None:
    """The address with which this machine reaches others. Nothing is sent: a UDP socket only looks up the route."""
    for family, somewhere in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((somewhere, 9))
                return str(probe.getsockname()[0])
        except OSError:
            continue
    return None


def _plain_address(text: str) -> str:
    """Without a zone; IPv4 as such, where it comes in at a socket that takes both."""
    return text.partition("%")[0].removeprefix("::ffff:")


def _is_any(host: str) -> bool:
    return host in ("0.0.0.0", "::", "")


def _netloc(host: str, port: int, scheme: str) -> str:
    bracketed = f"[{host}]" if ":" in host and not host.startswith("[") else host
    return bracketed if port == USUAL_PORT[scheme] else f"{bracketed}:{port}"


def _named(host: str, port: int, scheme: str) -> dict[str, str]:
    """A browser leaves the usual port out; other programs may not."""
    short = _netloc(host, port, scheme).lower()
    origin = f"{scheme}://{short}"
    bracketed = f"[{host}]" if ":" in host and not host.startswith("[") else host
    return {short: origin, f"{bracketed.lower()}:{port}": origin}
