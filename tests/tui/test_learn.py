"""The program itself, in a real terminal: how it starts, and that it ends cleanly however it is ended."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pexpect
import pytest

from engine.messages import catalogue
from engine.session.progress import Progress

PATIENCE_SECONDS = 30
PROGRAM = [sys.executable, "-m", "tui"]
ROOT = Path(__file__).parents[2]


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return {
        **kept,
        "HOME": str(home),
        "XDG_DATA_HOME": str(home),
        "XDG_CONFIG_HOME": str(home),
        "TERM": "xterm-256color",
        "LC_ALL": "C.UTF-8",
        **more,
    }


class Program:
    """nsteps in a terminal of 100 by 30."""

    def __init__(self, home: Path, *arguments: str, **more: str) -> None:
        self.home = home
        self.child = pexpect.spawn(
            PROGRAM[0], [*PROGRAM[1:], *arguments], dimensions=(30, 100), env=environment(home, **more), cwd=ROOT
        )
        self.child.timeout = PATIENCE_SECONDS

    def sees(self, text: str) -> None:
        self.child.expect_exact(text.encode())

    def press(self, keys: str) -> None:
        self.child.send(keys)

    def ends(self) -> int | None:
        """Wait for its end; the exit code."""
        self.child.expect(pexpect.EOF)
        self.child.close()
        status: int | None = self.child.exitstatus
        return status

    @property
    def said(self) -> str:
        return bytes(self.child.before or b"").decode("utf-8", "replace")

    def saved(self) -> None:
        """Wait until there is progress on the disk."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (self.home / "nsteps/progress/nsteps.json").exists():
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def progress(self) -> Progress:
        return msgspec.json.decode((self.home / "nsteps/progress/nsteps.json").read_bytes(), type=Progress)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[type[Program]]:
    started: list[Program] = []

    def make(*arguments: str, **more: str) -> Program:
        started.append(Program(tmp_path, *arguments, **more))
        return started[-1]

    yield make  # type: ignore[misc]
    for program in started:
        with contextlib.suppress(OSError):  # its terminal was closed already
            program.child.close(force=True)


def is_gone(pid: int) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False


def children(pid: int) -> set[int]:
    """The processes of the program's session of processes: nursery, labs, agents."""
    found, wanted = set(), {pid}
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except OSError:
                continue
    while wanted:
        wanted = {child for child, parent in parents.items() if parent in wanted} - found
        found |= wanted
    return found


@pytest.mark.parametrize("arguments", [[], ["--lang", "zh"]])
def test_without_a_terminal_it_says_so(tmp_path: Path, arguments: list[str]) -> None:
    done = subprocess.run(
        [*PROGRAM, *arguments],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        cwd=ROOT,
        env=environment(tmp_path),
    )
    assert done.returncode == 2 and not done.stdout
    assert done.stderr.strip() == catalogue("zh" if arguments else "en")["tui.learn.not-a-terminal"]


def test_in_a_simple_terminal_it_says_so(start: type[Program]) -> None:
    program = start(TERM="dumb")
    assert program.ends() == 2
    assert "TERM=dumb" in program.said


def test_an_unknown_step_is_a_usage_error(start: type[Program]) -> None:
    program = start("--step", "veth/create-pear")
    assert program.ends() == 2
    assert "veth/create-pair" in program.said


@pytest.mark.lab
def test_quit_leaves_one_friendly_line_and_a_clean_terminal(start: type[Program]) -> None:
    program = start("--step", "4.1")
    program.sees("you@lab")
    program.press("\x1b[21~")
    program.sees("\x1b[?1049l")
    assert program.ends() == 0
    assert "you are at step 4.1" in program.said and "Traceback" not in program.said
    assert program.progress().step == "veth/create-pair"


@pytest.mark.lab
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_cleanly(start: type[Program], number: int) -> None:
    program = start("--step", "3.1")
    program.sees("you@lab")
    lab = children(program.child.pid)
    program.child.kill(number)
    program.sees("\x1b[?1049l")
    assert program.ends() == 0
    assert all(is_gone(pid) for pid in lab)
    step = program.progress().step
    assert step is not None and step.startswith("loopback/")


@pytest.mark.lab
def test_a_closed_window_ends_it_cleanly(start: type[Program]) -> None:
    program = start("--step", "4.1")
    program.sees("you@lab")
    pid = program.child.pid
    lab = children(pid)
    assert lab
    os.close(program.child.child_fd)
    assert is_gone(pid)
    assert all(is_gone(one) for one in lab)
    assert program.progress().step == "veth/create-pair"


@pytest.mark.lab
def test_killed_it_leaves_no_lab_and_whole_progress(start: type[Program]) -> None:
    program = start("--step", "4.1")
    program.sees("you@lab")
    program.saved()
    lab = children(program.child.pid)
    program.child.kill(signal.SIGKILL)
    assert all(is_gone(one) for one in lab)
    assert program.progress().step == "veth/create-pair"


@pytest.mark.lab
def test_a_second_window_says_that_it_keeps_nothing(start: type[Program]) -> None:
    first = start("--step", "4.1")
    first.sees("you@lab")
    second = start("--step", "2.1")
    second.sees("This course is open in another window")
    second.press("\r")
    second.sees("you@lab")
    second.press("\x1b[21~")
    assert second.ends() == 0
    assert "Nothing was kept" in second.said
    first.press("\x1b[21~")
    assert first.ends() == 0
    assert first.progress().step == "veth/create-pair"


@pytest.mark.lab
def test_the_first_start_shows_the_screen_and_no_later_one_does(start: type[Program]) -> None:
    program = start("--lang", "en")
    program.sees("you@lab")
    program.sees("The lesson")  # the first card
    program.press("echo 6*7=$((6*7))\r")  # meant for the shell: it gets there
    program.sees("6*7=42")
    program.press("\x1b[21~")
    assert program.ends() == 0
    settings = msgspec.json.decode((program.home / "nsteps/settings.json").read_bytes())
    assert settings["tour_seen"] is True
    again = start("--lang", "en")
    again.sees("you@lab")
    again.press("\x1b[21~")
    assert again.ends() == 0
    assert b"goes on" not in bytes(again.child.before or b"")


@pytest.mark.lab
def test_the_language_that_was_chosen_stays(start: type[Program]) -> None:
    program = start()
    program.sees("you@lab")
    program.press("\x1b[24~")
    program.sees("下一步")
    program.press("\x1b[21~")
    assert program.ends() == 0
    again = start()
    again.sees("下一步")
    again.press("\x1b[21~")
    assert again.ends() == 0
    assert "进度已保存" in again.said


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_progress_that_cannot_be_read(start: type[Program], tmp_path: Path) -> None:
    file = tmp_path / "nsteps/progress/nsteps.json"
    file.parent.mkdir(parents=True)
    file.write_text("{}")
    file.chmod(0)
    program = start()
    assert program.ends() == 1
    assert str(file) in "".join(program.said.split("\r\n")) and "Traceback" not in program.said
