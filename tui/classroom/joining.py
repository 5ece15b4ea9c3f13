"""Who may join: the code of the room, the secret of a seat, and how often one may try.

Codes are short, because people type them, so guessing is made slow: for each address and for all of them together.
Secrets are long. Only digests are kept, and all are compared in constant time.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable

CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""None that is mistaken for another when it is read from a wall."""
CODE_LENGTH = 6
SECRET_BYTES = 32

ADDRESSES_KNOWN = 10_000
"""So many addresses are told apart; then the one that has been quiet longest is forgotten."""


def new_code() -> str:
    """A code for a room."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def same_code(given: str, code: str) -> bool:
    """Whether that is the code, whatever the case, the blanks and the hyphens."""
    return hmac.compare_digest(digest(_plain(given)), digest(_plain(code)))


def _plain(code: str) -> str:
    return "".join(code[:100].split()).upper().replace("-", "")


def new_secret() -> str:
    """A secret for a seat, or a token for the instructor."""
    return secrets.token_urlsafe(SECRET_BYTES)


def digest(secret: str) -> bytes:
    """What is kept of it."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


class Bucket:
    """So many at once, then so many a second. ``clock`` gives seconds."""

    def __init__(self, burst: float, per_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._burst = self._level = float(burst)
        self._per_second = per_second
        self._clock = clock
        self._at = clock()

    def full(self) -> bool:
        """Whether nothing has been taken lately."""
        self._fill()
        return self._level >= self._burst

    def any(self) -> bool:
        """Whether one could be taken."""
        self._fill()
        return self._level >= 1

    def take(self) -> bool:
        """Take one; False if there is none."""
        if not self.any():
            return False
        self._level -= 1
        return True

    def _fill(self) -> None:
        now = self._clock()
        self._level = min(self._burst, self._level + (now - self._at) * self._per_second)
        self._at = now


class Rates:
    """How often a room may be joined. A right code costs a join, a wrong one a guess.

    Wrong guesses: each address has :data:`GUESSES` and gets one more every ten seconds; all addresses together have
    :data:`GUESSES_OF_ALL` and one more each second. Of 887 million codes a crowd of strangers so tries four in a
    million in an hour. A whole room may sit behind one address, so joins are as many at once as there are seats, for
    each address and for all.
    """

    GUESSES = 12
    GUESSES_OF_ALL = 120

    def __init__(self, seats: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seats = seats
        self._guesses = Bucket(self.GUESSES_OF_ALL, 1.0, clock)
        self._joins = Bucket(2 * seats, 1.0, clock)
        self._of: OrderedDict[str, tuple[Bucket, Bucket]] = OrderedDict()

    def may_try(self, address: str) -> bool:
        """Whether that address may show a code now. Ask before looking at the code."""
        guesses, joins = self._buckets(address)
        return guesses.any() and joins.any() and self._guesses.any() and self._joins.any()

    def wrong(self, address: str) -> None:
        """It was not the code."""
        self._buckets(address)[0].take()
        self._guesses.take()

    def right(self, address: str) -> None:
        """It was."""
        self._buckets(address)[1].take()
        self._joins.take()

    def _buckets(self, address: str) -> tuple[Bucket, Bucket]:
        buckets = self._of.pop(address, None) or (
            Bucket(self.GUESSES, 0.1, self._clock),
            Bucket(self._seats + 5, 0.5, self._clock),
        )
        self._of[address] = buckets
        while len(self._of) > ADDRESSES_KNOWN:
            self._of.popitem(last=False)
        return buckets
