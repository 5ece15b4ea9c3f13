"""The command line itself: what it offers, and how it answers a wrong word."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from tests.cli.command_line import nsteps
from tui.cli import COMMANDS, main, program_version

INTERACTIVE = ("shell", "web", "classroom", "join")
"""They have nothing to say that a program would read."""


def test_version() -> None:
    done = nsteps("--version")
    assert (done.returncode, done.stdout) == (0, f"nsteps {program_version()}\n")


@pytest.mark.parametrize("word", ["-h", "--help"])
def test_help_names_every_command_and_the_exit_codes(word: str) -> None:
    done = nsteps(word)
    assert done.returncode == 0
    assert all(f"\n  {name} " in done.stdout for name in COMMANDS)
    assert "Exit codes: 0" in done.stdout


def test_help_speaks_the_locale() -> None:
    assert "退出码" in nsteps("--help", LANG="zh_CN.UTF-8").stdout
    assert "退出码" in nsteps("--help", NSTEPS_LANG="zh").stdout


@pytest.mark.parametrize("language", ["en", "zh"])
def test_help_says_in_a_line_what_each_command_does(language: str) -> None:
    assert "..." not in nsteps("--help", NSTEPS_LANG=language).stdout.replace("[ARGS]...", "")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_takes_the_same_options(name: str) -> None:
    done = CliRunner().invoke(main, [name, "--help"])
    assert done.exit_code == 0
    expected = {"--json", "--lang", "--lessons"} - ({"--json"} if name in INTERACTIVE else set())
    assert all(option in done.output for option in expected)


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense"],
        ["--nonsense"],
        ["try"],
        ["try", "no/such-step", "true"],
        ["verify", "no-such-lesson"],
        ["list", "--lang", "fr"],
        ["list", "--lessons", "/nowhere"],
        ["completion"],
        ["completion", "csh"],
    ],
)
def test_a_usage_error_exits_with_2_and_a_sentence(words: list[str]) -> None:
    done = nsteps(*words)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_an_unknown_step_is_told_the_near_ones() -> None:
    done = nsteps("try", "veth/create-pear", "true")
    assert "veth/create-pair" in done.stderr
    assert "nsteps list" in done.stderr
