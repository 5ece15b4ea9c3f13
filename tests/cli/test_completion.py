"""Completion scripts, tried in the shells themselves."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.command_line import install_program, nsteps

BASH = """
eval "$(nsteps completion bash)"
COMP_WORDS=(%s)
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_nsteps_completion nsteps
printf '%%s\\n' "${COMPREPLY[@]}"
"""


def in_shell(directory: Path, shell: str, script: str) -> list[str]:
    """The lines that a shell prints for a script, with ``nsteps`` on its PATH."""
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    install_program(directory)
    variables = {**os.environ, "PATH": f"{directory}:{os.environ['PATH']}", "HOME": str(directory)}
    done = subprocess.run(
        [shell, "-c", script], env=variables, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("nsteps do", "doctor"),
        ("nsteps try veth/create-p", "veth/create-pair"),
        ("nsteps try 4.1", "4.1"),
        ("nsteps --step veth/create-p", "veth/create-pair"),
        ("nsteps verify bri", "bridge"),
        ("nsteps list --js", "--json"),
    ],
)
def test_bash_completes(tmp_path: Path, words: str, expected: str) -> None:
    assert expected in in_shell(tmp_path, "bash", BASH % words)


def test_fish_completes(tmp_path: Path) -> None:
    script = "nsteps completion fish | source; complete -C 'nsteps try veth/create-p'"
    assert any(line.startswith("veth/create-pair") for line in in_shell(tmp_path, "fish", script))


def test_zsh_reads_its_script(tmp_path: Path) -> None:
    script = 'autoload -U compinit && compinit -u && eval "$(nsteps completion zsh)" && echo $_comps[nsteps]'
    assert in_shell(tmp_path, "zsh", script) == ["_nsteps_completion"]


def test_as_json() -> None:
    data = json.loads(nsteps("completion", "fish", "--json").stdout)
    assert data["shell"] == "fish"
    assert "_NSTEPS_COMPLETE=fish_complete" in data["script"]
