"""``./nsteps`` on a machine that lacks programs: which line it shows and runs, with each package manager."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.packaging.launching import Launch, without

pytestmark = pytest.mark.lab

BWRAP = "/usr/bin/bwrap"
MANAGERS = ("/usr/bin/apt-get", "/usr/bin/dnf", "/usr/bin/pacman")
STUB = '#!/bin/sh\necho "$(basename "$0") $*" >>"$UV_CALLS.packages"\n'


@pytest.fixture
def launch(tmp_path: Path) -> Launch:
    return Launch(tmp_path)


def run_lines(launch: Launch) -> list[str]:
    path = Path(f"{launch.calls_file}.packages")
    return path.read_text().splitlines() if path.exists() else []


def begin_with(lines: list[str], beginnings: list[str]) -> bool:
    """Each line as expected, give or take extras that this machine does not have."""
    pairs = list(zip(lines, beginnings, strict=True))
    return all(f"{line} ".startswith(f"{beginning} ") for line, beginning in pairs)


@pytest.mark.parametrize(
    ("manager", "lines"),
    [
        ("apt-get", ["apt-get update", "apt-get install -y --no-install-recommends bubblewrap iptables"]),
        ("dnf", ["dnf install -y bubblewrap iptables-nft"]),
        ("pacman", ["pacman -Sy --needed --noconfirm bubblewrap iptables"]),
    ],
)
def test_root_installs_with_the_systems_manager(launch: Launch, manager: str, lines: list[str]) -> None:
    launch.install_tool(manager, STUB)
    done = launch.run("x", before=without(BWRAP, "/usr/sbin/iptables", *MANAGERS, uid=0))
    assert done.stdout == "program x\n"
    assert begin_with(run_lines(launch), lines)
    assert all(line in done.stderr for line in lines)


def test_an_ordinary_user_uses_sudo_which_may_not_ask_without_a_terminal(launch: Launch) -> None:
    launch.install_tool("sudo", STUB)
    launch.install_tool("apt-get", STUB)
    done = launch.run("x", before=without(BWRAP))
    assert done.stdout == "program x\n"
    lines = ["sudo -n apt-get update", "sudo -n apt-get install -y --no-install-recommends bubblewrap"]
    assert begin_with(run_lines(launch), lines)


@pytest.mark.parametrize(("answer", "installed"), [("\n", True), ("y\n", True), ("n\n", False)])
def test_on_a_terminal_it_asks_once(launch: Launch, answer: str, installed: bool) -> None:
    launch.install_tool("apt-get", STUB)
    terminal, end = os.openpty()
    os.write(terminal, answer.encode())
    command = [*without(BWRAP, uid=0), str(launch.checkout / "nsteps"), "x"]
    done = subprocess.run(
        command, env=launch.environment, stdin=end, stderr=end, stdout=subprocess.PIPE, text=True, timeout=60
    )
    said = os.read(terminal, 65536).decode()
    os.close(terminal)
    os.close(end)
    assert done.stdout == "program x\n"
    assert said.count("Install them now? [Y/n]") == 1
    assert bool(run_lines(launch)) == installed


def test_with_yes_it_does_not_ask_on_a_terminal_either(launch: Launch) -> None:
    launch.install_tool("apt-get", STUB)
    terminal, end = os.openpty()
    command = [*without(BWRAP, uid=0), str(launch.checkout / "nsteps"), "--yes", "x"]
    done = subprocess.run(command, env=launch.environment, stdin=end, stderr=end, stdout=subprocess.PIPE, timeout=60)
    os.close(terminal)
    os.close(end)
    assert done.stdout == b"program x\n"
    assert run_lines(launch)


def test_without_sudo_it_says_what_root_has_to_type_and_goes_on(launch: Launch) -> None:
    done = launch.run("x", before=without(BWRAP, "/usr/bin/sudo", "/usr/bin/doas"))
    assert done.stdout == "program x\n"
    assert "There is no sudo here; type as root:\n    apt-get update && apt-get install -y" in done.stderr
    assert "nsteps doctor" in done.stderr


def test_an_unknown_system_is_told_what_is_missing(launch: Launch) -> None:
    done = launch.run("x", before=without(BWRAP, *MANAGERS))
    assert done.stdout == "program x\n"
    assert "Missing: bubblewrap" in done.stderr


def test_an_installation_that_fails_is_told(launch: Launch) -> None:
    launch.install_tool("apt-get", "#!/bin/sh\necho no such package >&2\nexit 100\n")
    done = launch.run("x", before=without(BWRAP, uid=0))
    assert done.stdout == "program x\n"
    assert "That did not work." in done.stderr


def test_nothing_is_installed_where_only_extras_are_missing(launch: Launch) -> None:
    launch.install_tool("apt-get", STUB)
    done = launch.run("x", before=without("/usr/bin/tcpdump", "/usr/bin/dig", "/usr/bin/nano", uid=0))
    assert (done.stdout, run_lines(launch)) == ("program x\n", [])


def test_no_python_anywhere(launch: Launch) -> None:
    (launch.tools / "uv").unlink()
    pythons = [str(path) for path in Path("/usr/bin").glob("python3*")]
    launch.install_tool("apt-get", STUB)
    done = launch.run("x", before=without(*pythons, uid=0))
    assert done.returncode == 3
    assert begin_with(run_lines(launch)[1:2], ["apt-get install -y --no-install-recommends python3 python3-venv"])
    assert "needs Python 3.11" in done.stderr


def test_too_old_a_python_gets_a_newer_one_beside_it(launch: Launch) -> None:
    (launch.tools / "uv").unlink()
    launch.install_tool("old", "#!/bin/sh\nexit 1\n")
    launch.install_tool("apt-get", STUB)
    pythons = [str(path) for path in Path("/usr/bin").glob("python3*")]
    done = launch.run("x", before=without(*pythons, uid=0, instead=launch.tools / "old"))
    assert done.returncode == 3
    lines = ["apt-get install -y --no-install-recommends python3.11 python3.11-venv"]
    assert begin_with(run_lines(launch)[1:], lines)
