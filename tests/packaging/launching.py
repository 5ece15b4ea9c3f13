"""A checkout to launch, with a ``uv`` that needs no network: it makes a tiny environment and writes down each call."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

_UV = """#!/bin/sh
echo "$@" >>"$UV_CALLS"
case $1 in
venv)
    for directory in "$@"; do :; done
    mkdir -p "$directory/bin" "$directory/lib/python3/site-packages/one" "$directory/lib/python3/site-packages/two"
    ln -s "$UV_PYTHON" "$directory/bin/python"
    ;;
pip)
    [ ! -e "$UV_CALLS.fail" ] || { echo "no network" >&2; exit 1; }
    directory=$(dirname "$(dirname "$5")")
    cp "$UV_PROGRAM" "$directory/bin/nsteps"
    ;;
esac
"""
_PROGRAM = """\
import os, sys
print("program", *sys.argv[1:])
print(os.getcwd(), file=sys.stderr)
"""


class Launch:
    """One user's home, one checkout, and what the launcher did there."""

    def __init__(self, directory: Path, checkout_name: str = "a check out") -> None:
        self.home = directory / "home"
        self.checkout = directory / checkout_name
        self.tools = directory / "tools"
        self.calls_file = directory / "calls"
        for path in (self.home, self.checkout / "engine/lab/doctor", self.tools):
            path.mkdir(parents=True)
        for name in ("nsteps", "pyproject.toml", "engine/lab/doctor/tools.txt"):
            shutil.copy(ROOT / name, self.checkout / name)
        self.install_tool("uv", _UV)
        self.install_tool("program", _PROGRAM)

    def install_tool(self, name: str, script: str) -> None:
        path = self.tools / name
        path.write_text(script)
        path.chmod(0o755)

    @property
    def environment(self) -> dict[str, str]:
        return {
            "HOME": str(self.home),
            "PATH": f"{self.tools}:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "UV_CALLS": str(self.calls_file),
            "UV_PROGRAM": str(self.tools / "program"),
            "UV_PYTHON": os.path.realpath(sys.executable),
        }

    @property
    def calls(self) -> int:
        """How many times an environment was begun."""
        text = self.calls_file.read_text() if self.calls_file.exists() else ""
        return sum(line.startswith("venv") for line in text.splitlines())

    @property
    def made(self) -> Path:
        """The one environment that is there."""
        (stamp,) = (self.home / ".local/share/nsteps/environments").glob("*/nsteps-stamp")
        return stamp.parent

    def run(
        self,
        *words: str,
        launcher: Path | None = None,
        before: Sequence[str] = (),
        cwd: Path | str = "/",
        **variables: str,
    ) -> subprocess.CompletedProcess[str]:
        """Start the launcher without a terminal. ``before``: words in front, such as a sandbox."""
        return subprocess.run(
            [*before, str(launcher or self.checkout / "nsteps"), *words],
            env={**self.environment, **variables},
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )


def without(*programs: str, uid: int = 1000, instead: Path = Path("/dev/null")) -> list[str]:
    """A sandbox in which the system lacks these programs (or has ``instead`` in their place)."""
    files = {Path(program).resolve() for program in programs if Path(program).exists()}
    masks = [word for file in sorted(files) for word in ("--ro-bind", str(instead), str(file))]
    return ["bwrap", "--unshare-user", "--uid", str(uid), "--gid", str(uid), "--dev-bind", "/", "/", *masks, "--"]
