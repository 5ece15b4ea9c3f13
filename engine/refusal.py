"""Why the operating system refuses something, in the learner's language: ``strerror`` speaks the system's."""

from __future__ import annotations

import errno

from engine.messages import Message, catalogue


def reason(error: OSError) -> Message | str:
    """Why it failed, to be filled into a message; the system's own words for what the catalogue has no name of."""
    key = f"system.{errno.errorcode.get(error.errno or 0, '')}"
    return Message(key) if key in catalogue("en") else error.strerror or str(error)
