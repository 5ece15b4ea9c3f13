"""What all the routes of the hub share."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from tui.classroom.addresses import Addresses
from tui.classroom.hub import Hub
from tui.classroom.pages import Pages, language_of

HEARTBEAT_SECONDS = 15.0
HANG_UP_SECONDS = 2.0


class Site:
    """``language``: the room's, or ``None`` for each browser's own. ``port`` is known once it listens."""

    def __init__(self, hub: Hub, addresses: Addresses, language: str | None) -> None:
        self.hub = hub
        self.addresses = addresses
        self.language = language
        self.port = addresses.port

    @property
    def link(self) -> str:
        """What everybody opens."""
        return self.addresses.link(self.port)

    @property
    def secure(self) -> bool:
        """Whether browsers come over TLS."""
        return self.link.startswith("https:")

    def pages(self, request: web.Request) -> Pages:
        return Pages(language_of(request, self.language))

    def refused(self, key: str, **params: Any) -> web.Response:
        """For the guard, which knows no language."""
        return Pages(self.language or "en").refusal(key, **params)


def new_socket(most_bytes: int) -> web.WebSocketResponse:
    """A WebSocket to be prepared; a message of more than ``most_bytes`` ends it."""
    return web.WebSocketResponse(
        heartbeat=HEARTBEAT_SECONDS, timeout=HANG_UP_SECONDS, compress=False, max_msg_size=most_bytes
    )
