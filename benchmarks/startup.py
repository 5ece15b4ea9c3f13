"""How long the tutorial's screen takes to appear, against an empty Textual application, as a terminal sees it.

    python benchmarks/startup.py [ROUNDS] [TERM]

Both programs run on a terminal of 120 × 36 whose output goes through an emulator; they take turns in one run. *First
paint* is the first output after which the screen is not blank, *lesson* the first with the step's checks, *prompt* the
shell's in the lab, *echo* the answer to a line that is typed as soon as the prompt is seen. Aims: the first paint
within 1.5 times the empty application's, the prompt within 0.5 s after it. Python's compiled files and the
course as it was read last are warm and kept apart, the progress is that of a first start.

*Interpreter* is what ``python -c pass`` takes, *imports* the tutorial's own way there without a screen.
"""

from __future__ import annotations

import os
import pty
import select
import signal
import statistics
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tui.terminal.ghostty import GhosttyEmulator

ROOT = Path(__file__).resolve().parents[1]
SIZE = (120, 36)
PAINT_AIM, PROMPT_AIM_SECONDS = 1.5, 0.5
PATIENCE_SECONDS = 60.0
AFTERMATH_SECONDS = 1.0
"""The kernel takes a moment to clear away a lab's namespaces; what is measured next shall not pay for it."""
EMPTY = [sys.executable, "-c", "from textual.app import App; App().run()"]
TUTORIAL = [sys.executable, "-m", "tui"]
LESSON, PROMPT = "Checks", "you@lab"
SUM = "expr 191 '*' 457"
ANSWER = str(191 * 457)


class Terminal:
    """A program on a terminal, and what the terminal shows of it."""

    def __init__(self, words: list[str], environment: dict[str, str]) -> None:
        self.emulator = GhosttyEmulator(*SIZE)
        self.emulator.on_reply(self.type)
        self._rows: dict[int, str] = {}
        self.coloured = False
        self.begun = time.perf_counter()
        self.pid, self._file = pty.fork()
        if self.pid == 0:
            os.chdir(ROOT)
            os.execvpe(words[0], words, environment)
        termios.tcsetwinsize(self._file, (SIZE[1], SIZE[0]))

    def type(self, data: bytes) -> None:
        os.write(self._file, data)

    def until(self, condition: Callable[[Terminal], bool]) -> float:
        """Seconds from the start until it was so. Raises ``TimeoutError``, or ``ChildProcessError``: it ended."""
        while not condition(self):
            if time.perf_counter() - self.begun > PATIENCE_SECONDS:
                raise TimeoutError("\n".join(self._rows.values()))
            if select.select([self._file], [], [], 1.0)[0]:
                arrived = time.perf_counter()
                try:
                    self.emulator.feed(os.read(self._file, 1 << 16))
                except OSError:
                    raise ChildProcessError(f"the program has ended:\n{self.text}") from None
                self._look()
                if condition(self):
                    return arrived - self.begun
        return time.perf_counter() - self.begun

    def _look(self) -> None:
        for y, row in self.emulator.changed_rows().items():
            self._rows[y] = "".join(run.text for run in row)
            self.coloured = self.coloured or any(run.style.background is not None for run in row)

    @property
    def text(self) -> str:
        return "\n".join(self._rows.values())

    @property
    def painted(self) -> bool:
        return self.coloured or bool(self.text.strip())

    def close(self, *keys: bytes) -> None:
        """Ask it to leave, and see to it that it does."""
        for key in keys:
            self.type(key)
        deadline = time.perf_counter() + 10
        while os.waitpid(self.pid, os.WNOHANG) == (0, 0):
            if time.perf_counter() > deadline:
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
                break
            if select.select([self._file], [], [], 0.05)[0]:
                try:
                    os.read(self._file, 1 << 16)
                except OSError:
                    time.sleep(0.01)
        os.close(self._file)
        self.emulator.close()


def empty(environment: dict[str, str]) -> float:
    """Seconds to the first paint of an application without anything."""
    terminal = Terminal(EMPTY, environment)
    paint = terminal.until(lambda it: it.painted)
    terminal.close(b"\x11")
    return paint


def tutorial(environment: dict[str, str]) -> tuple[float, float, float, float]:
    """Seconds to the first paint, the lesson, the prompt and the answer of a line typed there, each from the start."""
    with tempfile.TemporaryDirectory() as home:
        places = dict.fromkeys(("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"), home)
        settings = Path(home) / "nsteps" / "settings.json"
        settings.parent.mkdir()
        settings.write_text('{"tour_seen": true}')
        terminal = Terminal(TUTORIAL, environment | places)
        paint = terminal.until(lambda it: it.painted)
        lesson = terminal.until(lambda it: LESSON in it.text)
        prompt = terminal.until(lambda it: PROMPT in it.text)
        terminal.type(f"{SUM}\r".encode())
        echo = terminal.until(lambda it: ANSWER in it.text)
        terminal.close(b"\x1b[21~")
    time.sleep(AFTERMATH_SECONDS)
    return paint, lesson, prompt, echo


def plainly(environment: dict[str, str], code: str) -> float:
    """Seconds that Python takes for ``code``."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], env=environment, cwd=ROOT, check=True)
    return time.perf_counter() - begun


def main(rounds: int, term: str) -> None:
    figures: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as compiled:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("NSTEPS_")}
        environment |= {"PYTHONPYCACHEPREFIX": compiled, "XDG_CACHE_HOME": compiled}
        environment |= {"TERM": term, "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for number in range(rounds + 1):
            paint, lesson, prompt, echo = tutorial(environment)
            measured = {
                "interpreter": plainly(environment, "pass"),
                "imports": plainly(environment, "import tui.commands.learn_, tui.screens.main, engine.session.session"),
                "empty application, first paint": empty(environment),
                "nsteps, first paint": paint,
                "nsteps, lesson after it": lesson - paint,
                "nsteps, prompt after it": prompt - paint,
                "nsteps, echo after the prompt": echo - prompt,
            }
            for name, seconds in measured.items() if number else ():  # the first round compiles
                figures.setdefault(name, []).append(seconds)
    middle = {name: statistics.median(seconds) for name, seconds in figures.items()}
    for name, seconds in figures.items():
        print(f"{name:<32} {1000 * middle[name]:6.0f} ms   ({', '.join(f'{1000 * one:.0f}' for one in seconds)})")
    ratio = middle["nsteps, first paint"] / middle["empty application, first paint"]
    after = middle["nsteps, prompt after it"]
    print(f"first paint    {ratio:4.2f}× an empty application   (aim {PAINT_AIM}×)")
    print(f"prompt         {after:4.2f} s after the first paint   (aim {PROMPT_AIM_SECONDS} s)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7, sys.argv[2] if len(sys.argv) > 2 else "xterm-256color")
