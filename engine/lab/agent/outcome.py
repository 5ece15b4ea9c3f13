"""What the errors of the kernel mean for a probe."""

from __future__ import annotations

import errno
import os

from engine.verify.probe import ProbeResult

_OUTCOMES = {
    errno.ENETUNREACH: "no-route",
    errno.EHOSTUNREACH: "unreachable",
    errno.EHOSTDOWN: "unreachable",
    errno.ECONNREFUSED: "refused",
    errno.ECONNRESET: "refused",
    errno.ETIMEDOUT: "timeout",
}


class ProbeError(Exception):
    """A probe ends here, with this result."""

    def __init__(self, outcome: str, detail: str = "") -> None:
        super().__init__(outcome, detail)
        self.result = ProbeResult(outcome=outcome, detail=detail)


def of_error(error: OSError) -> ProbeResult:
    """The outcome that an error of a socket stands for, with the system's own words."""
    number = error.errno or 0
    return ProbeResult(outcome=_OUTCOMES.get(number, "failed"), detail=os.strerror(number) if number else str(error))
