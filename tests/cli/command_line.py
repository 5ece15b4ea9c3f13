"""Runs the command line as a person does, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = "from tui.cli import main; main(prog_name='nsteps')"


def nsteps(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """``nsteps`` with these words and these changes to the environment."""
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, *words],
        env={**os.environ, "PYTHONPATH": str(ROOT), **variables},
        cwd="/",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )


def install_program(directory: Path) -> Path:
    """A program ``nsteps`` in that directory, for what looks it up on PATH."""
    program = directory / "nsteps"
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -c "{PROGRAM}" "$@"\n')
    program.chmod(0o755)
    return program
