"""A talk without a screen: the transcript of what really happened, as it happens."""

from __future__ import annotations

from collections.abc import Callable

from engine.messages import Message
from engine.session.autopilot.autopilot import Autopilot
from engine.session.autopilot.remote import NotesServer, UnsafeDirectory
from engine.session.autopilot.transcript import Transcript


async def give(autopilot: Autopilot, write: Callable[[str], None], *, size: tuple[int, int]) -> Message | None:
    """Give the talk; the reason why it stopped before its end. Raises ``LabError`` if no lab can be made."""
    session = autopilot.session
    session.set_size(*size)
    autopilot.subscribe(Transcript(session, write).hear)
    try:
        if autopilot.pace.instant:
            return await autopilot.run()
        try:
            server = await NotesServer(autopilot).__aenter__()
        except (OSError, UnsafeDirectory):
            return await autopilot.run()
        try:
            return await autopilot.run()
        finally:
            await server.__aexit__(None, None, None)
    finally:
        await session.close()
