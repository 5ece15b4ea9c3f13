"""How ``nsteps join`` gets a seat: the address as it was typed, and the code and the name for a secret."""

from __future__ import annotations

import ipaddress
import ssl
from typing import NamedTuple
from urllib.parse import urlsplit

import aiohttp
import msgspec

from engine.classroom.plain import plain_text

ANSWER_SECONDS = 15.0
ANSWER_BYTES = 64 * 1024
ADVICE_CHARACTERS = 500


class Room(NamedTuple):
    """Where the classroom is, and the code if the link had one."""

    url: str
    code: str | None
    encrypted: bool
    on_loopback: bool


class Joined(msgspec.Struct, frozen=True):
    """A seat."""

    seat: int
    secret: str
    name: str | None = None


class _Refusal(msgspec.Struct, frozen=True):
    reason: str = ""
    text: str = ""


class NoSeat(Exception):
    """``reason``: ``code``, ``full``, ``slow``, ``closed`` … as the hub says, ``unreachable`` or ``strange``; ``text``:
    the hub's words, or the system's."""

    def __init__(self, reason: str, text: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.text = plain_text(text, ADVICE_CHARACTERS)


def room_at(typed: str) -> Room:
    """The room of a link. Without ``http://`` or ``https://`` before it: TLS, but for this machine's own loopback.
    Raises ``ValueError``."""
    text = typed.strip()
    if "://" not in text:
        host = urlsplit(f"//{text}").hostname or ""
        text = f"{'http' if _is_loopback(host) else 'https'}://{text}"
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise ValueError(typed)
    _ = parts.port  # raises ValueError
    url = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
    return Room(url, parts.fragment or None, parts.scheme == "https", _is_loopback(parts.hostname))


def tls_context(ca: str | None) -> ssl.SSLContext:
    """Verifies the hub's certificate, by the authorities in the file ``ca`` if one is given. Raises ``OSError``."""
    return ssl.create_default_context(cafile=ca)


async def join(url: str, code: str, name: str | None, language: str, tls: ssl.SSLContext | None) -> Joined:
    """A new seat. Raises :class:`NoSeat`."""
    timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
    wanted = msgspec.json.encode({"code": code, "name": name})
    headers = {"Accept-Language": language, "Content-Type": "application/json"}
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.post(
                f"{url}/api/join", data=wanted, headers=headers, ssl=tls or True, allow_redirects=False
            ) as answer,
        ):
            body = b""
            async for piece in answer.content.iter_chunked(ANSWER_BYTES):
                body += piece[: ANSWER_BYTES - len(body)]
            status = answer.status
    except TimeoutError as error:
        raise NoSeat("unreachable", "timeout") from error
    except (aiohttp.ClientError, OSError) as error:
        raise NoSeat("unreachable", str(error)) from error
    try:
        if status == 200:
            return msgspec.json.decode(body, type=Joined)
        refusal = msgspec.json.decode(body, type=_Refusal)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise NoSeat("strange", f"HTTP {status}") from error
    raise NoSeat(refusal.reason or "strange", refusal.text or f"HTTP {status}")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
