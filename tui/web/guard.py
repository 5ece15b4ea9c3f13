"""Stands before every handler: refuses requests that another site may have sent, and tells browsers what is forbidden.

A web page anywhere can make a visitor's browser send requests to ``127.0.0.1``. It cannot choose the ``Origin`` header,
which names that page; and when it has its own name resolved to ``127.0.0.1`` (DNS rebinding) the ``Host`` header bears
that name. So: ``Host`` must be one of the server's own names, with its port; ``Origin``, where there is one, must be
the very same; and where a request can change something (a WebSocket, whatever is not GET or HEAD) there must be one.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def loopback_hosts(port: int) -> frozenset[str]:
    """What ``Host`` may say to a server on this machine's loopback."""
    hosts = {f"{name}:{port}" for name in LOOPBACK_NAMES}
    return frozenset(hosts | set(LOOPBACK_NAMES)) if port == 80 else frozenset(hosts)


class Guard:
    """``refuse(key, **params)`` makes the answer, status 403, from the name of a reason: ``host`` or ``origin``."""

    def __init__(self, hosts: frozenset[str], refuse: Callable[..., web.Response], *, scheme: str = "http") -> None:
        self._origins = {host: f"{scheme}://{host}" for host in hosts}
        self._refuse = refuse

    def origins(self, request: web.Request) -> Mapping[str, str]:
        """The origin of the server's own pages, by each name that ``Host`` may bear."""
        return self._origins

    def needs_origin(self, request: web.Request) -> bool:
        """Whether it can change something on the strength of a browser's cookie."""
        return request.method not in ("GET", "HEAD") or "Upgrade" in request.headers

    def install(self, application: web.Application) -> None:
        """Put it before all the handlers of ``application``."""
        application.middlewares.insert(0, self._watch)
        application.on_response_prepare.append(self._add_headers)

    @web.middleware
    async def _watch(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        refused = self.objection(request)
        return refused if refused is not None else await handler(request)

    def objection(self, request: web.Request) -> web.Response | None:
        """The refusal, if there is a reason for one."""
        known = self.origins(request)
        own = self._own(request, known)
        if own is None:
            return self._refuse("host", host=", ".join(sorted(known)))
        origins = request.headers.getall("Origin", [])
        if any(origin.lower() != own for origin in origins) or len(origins) > 1:
            return self._refuse("origin")
        return self._refuse("origin") if not origins and self.needs_origin(request) else None

    @staticmethod
    def _own(request: web.Request, known: Mapping[str, str]) -> str | None:
        hosts = request.headers.getall("Host", [])
        return known.get(hosts[0].lower()) if len(hosts) == 1 else None

    async def _add_headers(self, request: web.Request, response: web.StreamResponse) -> None:
        own = self._own(request, self.origins(request))
        socket = f" ws{own.removeprefix('http')}" if own else ""
        policy = {
            "default-src": "'none'",
            "script-src": "'self'",
            "style-src": "'self' 'unsafe-inline'",  # xterm.js makes style elements for its cells
            "font-src": "'self'",
            "img-src": "'self'",
            "connect-src": f"'self'{socket}",  # Safari: 'self' is no WebSocket
            "base-uri": "'none'",
            "form-action": "'none'",
            "frame-ancestors": "'none'",
        }
        response.headers["Content-Security-Policy"] = "; ".join(f"{name} {value}" for name, value in policy.items())
        response.headers["Cache-Control"] = "no-store"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Server"] = "nsteps"
