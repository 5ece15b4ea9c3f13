"""The tutorial's terminals against tmux: the echo of a typed key, and twenty megabytes of output.

    python benchmarks/terminal.py [ROUNDS]

Both run bash on a terminal of 120 × 36 whose output goes through an emulator, side by side in one run, and take turns.
*Echo* is the time from a key on its way in until its letter is on the outer screen (median and 95th percentile; aim: at
most 1.5 times tmux's). *Flood* is the time that ``cat`` of 20 MB takes from Enter to the prompt after it (aim: at most
twice tmux's). Then the proof that the program lives meanwhile: how often the screen changes during a flood and the
longest time it does not, how soon another terminal answers a command typed there, and how soon Ctrl-C brings the
prompt back.
"""

from __future__ import annotations

import contextlib
import os
import pty
import random
import select
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tui.terminal.ghostty import GhosttyEmulator

ROOT = Path(__file__).resolve().parents[1]
SIZE = (120, 36)
KEYS = 240
KEYS_IN_A_LINE = 20
LETTER = "Q"
TYPING_SECONDS = (0.02, 0.06)
"""Between two keys, by chance: somebody who types quickly."""
FLOOD_BYTES = 20_000_000
LINE = "%07d the quick brown fox jumps over the lazy dog 0123456789"
FLOODS_FOR_THE_PROOF = 60
ECHO_AIM, FLOOD_AIM = 1.5, 2.0
FRAME_SECONDS = 1 / 60
PATIENCE_SECONDS = 120.0
TERMINAL_KEY, CHORD = b"\x1bOS", b"\x1d"


class Terminal:
    """A program on a terminal, and what the terminal shows of it: like a real one it takes in whatever comes, and looks
    at the outcome sixty times a second, or when nothing more comes."""

    def __init__(self, name: str, words: list[str], environment: dict[str, str]) -> None:
        self.name = name
        self.emulator = GhosttyEmulator(*SIZE)
        self.emulator.on_reply(self.type)
        self.rows: dict[int, str] = {}
        self._looked = 0.0
        self.pid, self._file = pty.fork()
        if self.pid == 0:
            os.chdir(ROOT)
            os.execvpe(words[0], words, environment)
        termios.tcsetwinsize(self._file, (SIZE[1], SIZE[0]))

    def type(self, data: bytes | str) -> None:
        os.write(self._file, data.encode() if isinstance(data, str) else data)

    def read(self, seconds: float) -> bool:
        """Take what is printed within that time; whether something was."""
        if not select.select([self._file], [], [], seconds)[0]:
            return False
        try:
            self.emulator.feed(os.read(self._file, 1 << 16))
        except OSError:
            raise SystemExit(f"{self.name} has ended:\n{self.text}") from None
        now = time.perf_counter()
        if now - self._looked < FRAME_SECONDS and select.select([self._file], [], [], 0)[0]:
            return True  # more has come already
        self._looked = now
        for y, row in self.emulator.changed_rows().items():
            self.rows[y] = "".join(run.text for run in row)
        return True

    def settle(self, seconds: float = 0.3) -> None:
        """Until nothing was printed for a while."""
        while self.read(seconds):
            pass

    @property
    def text(self) -> str:
        return "\n".join(self.rows[y] for y in sorted(self.rows))

    def until(self, wanted: Callable[[str], object]) -> float:
        """Seconds until the screen shows it."""
        begun = time.perf_counter()
        while not wanted(self.text):
            if time.perf_counter() - begun > PATIENCE_SECONDS:
                raise SystemExit(f"{self.name} does not go on:\n{self.text}")
            self.read(1.0)
        return time.perf_counter() - begun

    def run(self, command: str) -> float:
        """Type a command; seconds from Enter to the end of it."""
        number = random.randrange(10**6, 10**7)
        self.type(f"{command}; echo $(({number}+1))")
        self.settle(0.1)
        begun = time.perf_counter()
        self.type("\r")
        self.until(lambda text: str(number + 1) in text)
        return time.perf_counter() - begun

    def end(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGTERM)
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and os.waitpid(self.pid, os.WNOHANG)[0] == 0:
            with contextlib.suppress(SystemExit):
                self.read(0.1)
        os.close(self._file)


@contextlib.contextmanager
def both() -> Iterator[tuple[Terminal, Terminal]]:
    """tmux and the tutorial, each at a prompt of bash."""
    tmux = shutil.which("tmux")
    if tmux is None:
        raise SystemExit("This compares with tmux, which is not installed.")
    with tempfile.TemporaryDirectory() as directory:
        environment = {
            **{name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ},
            **{"TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "HOME": directory, "SHELL": "/bin/bash"},
            **{"PS1": "$ ", "XDG_DATA_HOME": directory, "XDG_CONFIG_HOME": directory, "TMUX_TMPDIR": directory},
        }
        shell = [tmux, "-L", "bench", "-f", "/dev/null", "new-session", "bash", "--norc", "--noprofile"]
        with contextlib.ExitStack() as stack:
            terminals = []
            for name, words in (
                ("tmux", shell),
                ("nsteps", [sys.executable, "-m", "tui.cli", "--lang", "en", "--no-tour"]),
            ):
                terminals.append(Terminal(name, words, environment))
                stack.callback(terminals[-1].end)
            stack.callback(
                lambda: subprocess.run([tmux, "-L", "bench", "kill-server"], env=environment, capture_output=True)
            )
            for one in terminals:
                one.until(lambda text: "$ " in text if "Checks" not in text else "you@lab" in text)
                one.settle(1.0)
                one.run(f"cd; seq -f '{LINE.replace('%07d', '%07.0f')}' 1 400000 | head -c {FLOOD_BYTES} > flood")
                one.type("clear\r")
                one.settle()
            yield terminals[0], terminals[1]


def echo(terminal: Terminal) -> list[float]:
    """Milliseconds from each key to its letter on the screen."""
    times = []
    for number in range(KEYS_IN_A_LINE):
        time.sleep(random.uniform(*TYPING_SECONDS))
        terminal.settle(0.0)
        begun = time.perf_counter()
        terminal.type(LETTER)
        terminal.until(lambda text, wanted=LETTER * (number + 1): f"$ {wanted}" in text)
        times.append(1000 * (time.perf_counter() - begun))
    terminal.type(b"\x15")
    terminal.settle(0.1)
    return times


def percentile(values: list[float], part: float = 0.95) -> float:
    return sorted(values)[int(part * (len(values) - 1))]


def report(what: str, aim: float, unit: str, tmux: float, nsteps: float) -> None:
    ratio = nsteps / tmux
    print(f"  {what:<22} tmux {tmux:8.2f} {unit}   nsteps {nsteps:8.2f} {unit}   ×{ratio:.2f}   (aim ×{aim:.1f})")


def proof(terminal: Terminal) -> None:
    """What can be done in the tutorial while a flood goes on."""
    terminal.type(CHORD)
    terminal.until(lambda text: "^] Terminal" in text)
    terminal.type("o")
    terminal.until(lambda text: "T2" in text.split("\n")[1] and "you@lab" in text and "^] Lesson" in text)
    terminal.settle()
    terminal.type(TERMINAL_KEY)
    terminal.settle()
    terminal.type(f"cat {'flood ' * FLOODS_FOR_THE_PROOF}\r")
    begun = last = time.perf_counter()
    paints, longest, before = 0, 0.0, terminal.text
    while time.perf_counter() - begun < 1.5:
        terminal.read(0.5)
        now = time.perf_counter()
        if terminal.text != before:
            paints, longest, before = paints + 1, max(longest, now - last), terminal.text
            last = now
    print(f"  the screen changes     {paints / 1.5:.0f} times a second; the longest pause is {1000 * longest:.0f} ms")
    begun = time.perf_counter()
    terminal.type(TERMINAL_KEY)
    terminal.until(lambda text: "0123456789" not in text)
    switched = time.perf_counter() - begun
    seconds = terminal.run("true")
    print(f"  another terminal       is there after {1000 * switched:.0f} ms, and answers in {1000 * seconds:.0f} ms")
    begun = time.perf_counter()
    terminal.type(b"\x1b[24~")  # another language: every pane is laid out and painted anew
    terminal.until(lambda text: "帮助" in text)
    print(f"  every other pane       is painted anew (in Chinese) after {1000 * (time.perf_counter() - begun):.0f} ms")
    terminal.type(b"\x1b[24~")
    terminal.until(lambda text: "Help" in text)
    terminal.type(TERMINAL_KEY)
    terminal.until(lambda text: "0123456789" in text)
    begun = time.perf_counter()
    terminal.type(b"\x03")
    terminal.until(lambda text: "^C" in text and text.rstrip().count("$ "))
    print(f"  Ctrl-C                 brings the prompt back after {1000 * (time.perf_counter() - begun):.0f} ms")
    terminal.settle()
    terminal.type("clear\r")
    terminal.settle()


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    with both() as (tmux, nsteps):
        print(f"Echo of {KEYS} keys each:")
        times: dict[str, list[float]] = {"tmux": [], "nsteps": []}
        for _ in range(KEYS // KEYS_IN_A_LINE):
            for one in (tmux, nsteps):
                times[one.name] += echo(one)
        report("median", ECHO_AIM, "ms", *(statistics.median(times[name]) for name in ("tmux", "nsteps")))
        report("95th percentile", ECHO_AIM, "ms", *(percentile(times[name]) for name in ("tmux", "nsteps")))
        print(f"cat of {FLOOD_BYTES / 1e6:.0f} MB, {rounds} times each:")
        floods: dict[str, list[float]] = {"tmux": [], "nsteps": []}
        for _ in range(rounds):
            for one in (tmux, nsteps):
                floods[one.name].append(one.run("cat flood"))
                one.type("clear\r")
                one.settle()
        report("median", FLOOD_AIM, "s ", *(statistics.median(floods[name]) for name in ("tmux", "nsteps")))
        print("While nsteps shows a flood:")
        proof(nsteps)


if __name__ == "__main__":
    main()
