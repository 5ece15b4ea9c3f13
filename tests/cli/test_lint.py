"""``nsteps lint``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.course.writing import CHINESE, LESSON, write
from tui.cli import main


def lint(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["lint", *words])
    return result.exit_code, result.output


def test_a_clean_course(tmp_path: Path) -> None:
    write(tmp_path, n01_a=LESSON, n01_a_zh=CHINESE)
    assert lint(str(tmp_path)) == (0, "No problems. Lessons: 1, steps: 1.\n")
    assert lint("--lessons", str(tmp_path), "--lang", "zh") == (0, "没有问题：1 课，1 步。\n")


def test_problems_with_their_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write(tmp_path, n01_a=LESSON.replace("link:", "lnk:"), n01_a_zh=CHINESE))
    code, output = lint(".")
    assert code == 1
    assert output.splitlines()[:2] == [
        "01-a.md:21: `lnk` is not a kind of check.",
        "    Did you mean `link`?",
    ]


def test_json(tmp_path: Path) -> None:
    write(tmp_path, n01_a=LESSON)
    code, output = lint(str(tmp_path), "--json", "--lang", "zh")
    told = json.loads(output)
    assert code == 1 and told["passed"] is False
    (problem,) = told["problems"]
    assert (problem["name"], problem["line"]) == ("no-translation", 0)
    assert problem["path"].endswith("01-a.md") and "01-a.zh.md" in problem["how"]


def test_no_such_folder(tmp_path: Path) -> None:
    code, output = lint(str(tmp_path / "nowhere"))
    assert code == 2 and "There is no folder of this name." in output
