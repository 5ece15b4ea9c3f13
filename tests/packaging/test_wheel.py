"""What ``pip install .`` gives: a program with its lessons and assets inside, from any directory."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "tests", "benchmarks")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = tmp_path_factory.mktemp("source") / "nsteps"
    target = tmp_path_factory.mktemp("wheel")
    shutil.copytree(ROOT, source, ignore=LEFT_OUT)  # the checkout itself may belong to somebody else
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    (built,) = target.glob("*.whl")
    return built


def test_everything_that_the_program_reads_is_in_the_wheel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for folder in ("lessons", "assets"):
        files = [path for path in (ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts]
        missing = {f"engine/_bundled/{path.relative_to(ROOT).as_posix()}" for path in files} - names
        assert files and not missing
    for package in ("engine", "tui"):
        files = [path for path in (ROOT / package).rglob("*") if path.is_file() and "__pycache__" not in path.parts]
        assert {path.relative_to(ROOT).as_posix() for path in files} <= names
    assert not any(name.startswith("tests/") for name in names)


def test_it_runs_from_anywhere_with_its_own_lessons(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    code = "import sys; from tui.cli import main; main(prog_name='nsteps')"
    variables = {**os.environ, "PYTHONPATH": f"{site}:{sysconfig.get_path('purelib')}"}

    def run(*words: str) -> str:
        command = [sys.executable, "-S", "-c", code, *words]
        return subprocess.run(command, cwd="/", env=variables, check=True, capture_output=True, text=True).stdout

    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert run("--version") == f"nsteps {version}\n"
    listed = json.loads(run("list", "--json"))
    assert len(listed["lessons"]) == 10
    assert all(lesson["steps"] for lesson in listed["lessons"])
