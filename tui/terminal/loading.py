"""Loads the emulator's library, late and in a thread, and says plainly why if it cannot be loaded."""

from __future__ import annotations

import asyncio
import platform

from tui.terminal.emulator import Emulator, EmulatorError


def make_emulator(columns: int, rows: int) -> Emulator:
    """An emulator of that size. Raises :class:`EmulatorError` where the library does not load."""
    try:
        from tui.terminal.ghostty import GhosttyEmulator
    except (ImportError, OSError, AttributeError) as error:
        where = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
        raise EmulatorError(f"{type(error).__name__}: {error} ({where})") from error
    return GhosttyEmulator(columns, rows)


async def preload() -> None:
    """Load the library in a thread, so that the first paint does not wait. Raises :class:`EmulatorError`."""
    await asyncio.to_thread(lambda: make_emulator(2, 2).close())
