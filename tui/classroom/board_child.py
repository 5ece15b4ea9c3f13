"""The instructor's board as a child of the hub, on the hub's terminal."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import termios
from asyncio.subprocess import Process
from pathlib import Path
from typing import Any

STOP_SECONDS = 5.0
KILL_SECONDS = 2.0
_CODE = (
    "import sys; root = sys.argv.pop(1); root in sys.path or sys.path.append(root); "
    "from tui.classroom.board.__main__ import main; main()"
)
_ROOT = str(Path(__file__).resolve().parents[2])
_LEAVE = "\x1b[?1000l\x1b[?1003l\x1b[?1006l\x1b[?2004l\x1b[?1049l\x1b[?25h\x1b[0m"
"""For a board that could not clear up: no mouse, the usual screen, the cursor."""


class BoardChild:
    """``address``: the file that tells where the hub is."""

    def __init__(self, address: Path) -> None:
        self._address = address
        self._process: Process | None = None

    async def run(self) -> int:
        """Until it ends; its exit code. The terminal is then as it was."""
        modes = terminal_modes()
        try:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-P", "-c", _CODE, _ROOT, str(self._address)
            )
            code = await self._process.wait()
        finally:
            if modes is not None and sys.__stdin__ is not None:
                with contextlib.suppress(termios.error, OSError):
                    termios.tcsetattr(sys.__stdin__.fileno(), termios.TCSANOW, modes)
        if code:
            with contextlib.suppress(OSError):
                sys.stdout.write(_LEAVE)
                sys.stdout.flush()
        return code

    async def stop(self, *, told: bool) -> None:
        """End it, if it has not ended. ``told``: that the room is over, so that it ends by itself."""
        process = self._process
        if process is None:
            return
        for seconds, act in ((STOP_SECONDS * told, process.terminate), (KILL_SECONDS, process.kill)):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), seconds)
            if process.returncode is not None:
                return
            with contextlib.suppress(ProcessLookupError):
                act()
        await process.wait()


def terminal_modes() -> Any:
    """How the terminal is set up; None if there is none any more."""
    try:
        return termios.tcgetattr(sys.__stdin__.fileno()) if sys.__stdin__ is not None else None
    except (termios.error, OSError, ValueError):
        return None
