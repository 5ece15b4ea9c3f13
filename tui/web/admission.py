"""Who may in: a token that works once, given out in a link, and the secret that a browser then keeps in a cookie.

Only digests are held here, and they are compared in constant time.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from aiohttp import web

SECRET_BYTES = 32


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()


class Admission:
    """One door: one token at a time may be redeemed, and one browser at a time is let in.

    ``cookie`` names the cookie. Cookies know no ports: servers on one host must use different names.
    """

    def __init__(self, cookie: str) -> None:
        self.cookie = cookie
        self._token: bytes | None = None
        self._secret: bytes | None = None

    def new_token(self) -> str:
        """A token for a link. The one before is void; a browser that is in stays in until this one is redeemed."""
        token = secrets.token_urlsafe(SECRET_BYTES)
        self._token = _digest(token)
        return token

    def redeem(self, token: str) -> str | None:
        """The secret for the cookie, in exchange for a token, which is then spent; None for any other text."""
        if self._token is None or not hmac.compare_digest(self._token, _digest(token)):
            return None
        self._token = None
        secret = secrets.token_urlsafe(SECRET_BYTES)
        self._secret = _digest(secret)
        return secret

    def knows(self, request: web.Request) -> bool:
        """Whether the request carries the secret."""
        secret = request.cookies.get(self.cookie)
        return bool(secret and self._secret and hmac.compare_digest(self._secret, _digest(secret)))

    def give(self, response: web.StreamResponse, secret: str, *, secure: bool = False) -> None:
        """Put the secret into the browser: out of reach of scripts, and sent only by the server's own pages."""
        response.set_cookie(self.cookie, secret, httponly=True, samesite="Strict", path="/", secure=secure)
