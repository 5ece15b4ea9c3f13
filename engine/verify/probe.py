"""An active test sent from one of the lab's network namespaces, and what came of it: plain data."""

from __future__ import annotations

import msgspec


class Probe(msgspec.Struct, frozen=True, kw_only=True):
    """What to send, from where, and how long to wait for an answer."""

    kind: str
    """``ping``, ``curl``, ``dig`` or ``connect`` (a TCP connection)."""
    namespace: str = "host"
    """The network namespace it is sent from, by name."""
    target: str
    """An address or a name (``ping``, ``connect``), a URL (``curl``; without ``http://`` too), a DNS name (``dig``)."""
    port: int | None = None
    """``connect``: the TCP port. ``dig``: the name server's port, 53 unless given."""
    server: str | None = None
    """``dig``: the name server to ask; ``None`` asks those of the namespace's ``resolv.conf``."""
    timeout_seconds: float = 1.0
    """The longest that the whole probe may take, name resolution included."""


class ProbeResult(msgspec.Struct, frozen=True, kw_only=True):
    """How a probe ended."""

    outcome: str
    """Success: ``reply`` (ping), ``ok`` (curl: any HTTP answer), ``answer`` (dig: a record), ``open`` (connect).

    Failure: ``no-reply`` (ping: nothing came back), ``no-route`` (the kernel knows no way there), ``refused``,
    ``timeout``, ``unknown-name`` (it does not resolve), ``unreachable`` (a router or the link says that nobody is
    there), ``no-namespace``, ``failed`` (anything else; ``detail`` says what).
    """
    detail: str = ""
    """The address that answered, the HTTP status, the records, or the system's own words for the failure."""
