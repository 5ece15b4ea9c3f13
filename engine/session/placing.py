"""Puts a command at a terminal's prompt, and never types it into a program that runs there."""

from __future__ import annotations

import asyncio

from engine.lab import Shell

DISCARD_LINE = b"\x05\x15"
"""Readline's end-of-line and unix-line-discard: what stands at the prompt gives way."""
INTERRUPT = b"\x03"
MOMENT_SECONDS = 0.3
"""So long a command that is about to end is waited for."""
OPENING_SECONDS = 3.0
"""So long a shell that runs nothing is waited for: it is just opening, or about to print its prompt."""
STOPPING_SECONDS = 2.0
"""So long a program has to end after Ctrl-C."""


async def place(shell: Shell, text: str, *, run: bool = False) -> bool:
    """Put ``text`` at the prompt in place of what stands there; with ``run`` press Enter too.

    ``False``, and nothing typed, if no prompt is there: a program runs in the terminal. Raises ``LabError`` if the
    shell ends meanwhile.
    """
    patience = OPENING_SECONDS if shell.running is None else MOMENT_SECONDS
    if not await _prompt(shell, patience):
        return False
    shell.write(DISCARD_LINE)
    await shell.type(text)
    if run:
        shell.write(b"\r")
    return True


async def stop(shell: Shell) -> bool:
    """Press Ctrl-C for what runs in the terminal; whether a prompt came of it. Raises ``LabError`` as :func:`place`."""
    shell.write(INTERRUPT)
    return await _prompt(shell, STOPPING_SECONDS)


async def _prompt(shell: Shell, patience_seconds: float) -> bool:
    try:
        async with asyncio.timeout(patience_seconds):
            await shell.wait_prompt()
    except TimeoutError:
        return False
    return True
