"""Types a command at a real prompt as a person does: key by key, or a few keys for each that the instructor presses."""

from __future__ import annotations

from collections.abc import Callable

from engine.lab import Shell
from engine.session.autopilot.pacing import Pace
from engine.session.autopilot.rhythm import Rhythm

KEYS_FOR_ONE = 2
"""Characters that one key of the instructor types."""
ENTER = "enter"
_CLEAR = b"\x05\x15"
"""readline's end-of-line and unix-line-discard: what stands at the prompt gives way."""


class Typist:
    """Stands in for ``Shell.type``. When the keyboard was given away meanwhile, it clears the line and begins anew."""

    def __init__(self, pace: Pace, rhythm: Rhythm, *, by_key: bool = False) -> None:
        self.pace = pace
        self.rhythm = rhythm
        self.by_key = by_key
        self.typed: Callable[[], None] = lambda: None
        """Called when the whole command stands at the prompt."""

    async def __call__(self, shell: Shell, text: str) -> None:
        """Put ``text`` at the prompt. Raises ``LabError`` if the shell ends."""
        await self.pace.ready()
        await shell.wait_prompt()
        while not await (self._by_key(shell, text) if self.by_key else self._by_rhythm(shell, text)):
            if shell.at_prompt:
                shell.write(_CLEAR)  # an empty line for whoever has the keyboard now
            await self.pace.ready()
            await shell.wait_prompt()
            shell.write(_CLEAR)
        self.typed()

    async def _by_rhythm(self, shell: Shell, text: str) -> bool:
        """``False``: the keyboard was given away in between."""
        turn = self.pace.turn
        if self.pace.instant:
            await shell.type(text)
            return True
        for keystroke in self.rhythm.keystrokes(text):
            await self.pace.wait(keystroke.seconds, turn=turn)
            if self.pace.turn != turn:
                return False
            shell.write(_keys(keystroke.text))
        await self.pace.wait(self.rhythm.before_enter(), turn=turn)
        return self.pace.turn == turn

    async def _by_key(self, shell: Shell, text: str) -> bool:
        turn = self.pace.turn
        position = 0
        while True:
            key = await (self.pace.key() if position == 0 else self.pace.next_key())
            if self.pace.turn != turn:
                return False
            if position < len(text):
                shell.write(b"".join(_keys(one) for one in text[position : position + KEYS_FOR_ONE]))
                position += KEYS_FOR_ONE
            elif key == ENTER:
                return True


def _keys(character: str) -> bytes:
    """What is sent for it; a line's end as pasted, which readline takes as part of the command."""
    return b"\x1b[200~\n\x1b[201~" if character == "\n" else character.encode()
