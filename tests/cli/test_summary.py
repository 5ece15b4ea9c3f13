"""``nsteps summary``: without the screen, from the kept progress."""

from __future__ import annotations

import json
from pathlib import Path

from engine.course import load_course
from engine.session.progress import Progress, ProgressStore
from tests.cli.command_line import nsteps


def home(directory: Path) -> dict[str, str]:
    """Progress of somebody who has done the first lesson."""
    course = load_course()
    steps = course.lessons[0].steps
    progress = Progress(
        states={step.id: "done" for step in steps},
        seconds=754.0,
        step_seconds={step.id: 180.0 for step in steps},
        passed_on={step.id: "2026-03-04" for step in steps},
    )
    ProgressStore(directory / "nsteps" / "progress").save(course, progress)
    return {"XDG_DATA_HOME": str(directory)}


def test_as_markdown_on_standard_output(tmp_path: Path) -> None:
    done = nsteps("summary", "--lang", "en", "--name", "Ada", **home(tmp_path))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("# Container networking, by hand\n\n**Ada**\n")
    assert "### 1 Run an HTTP server" in done.stdout and "12 min" in done.stdout
    assert "### 2" not in done.stdout


def test_as_data(tmp_path: Path) -> None:
    done = nsteps("summary", "--json", "--lang", "zh", **home(tmp_path))
    data = json.loads(done.stdout)
    assert (data["done"], data["seconds"], data["next_step"], data["finished_on"]) == (4, 754, "2.1", None)
    assert data["lessons"][0]["finished_on"] == "2026-03-04"
    assert data["lessons"][0]["title"] == "运行一个 HTTP 服务器"


def test_into_files(tmp_path: Path) -> None:
    markdown, picture = tmp_path / "new" / "a.md", tmp_path / "b.svg"
    done = nsteps("summary", "--md", str(markdown), "--svg", str(picture), "--lang", "zh", **home(tmp_path))
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"已写入：{markdown}\n已写入：{picture}\n"
    assert markdown.read_text(encoding="utf-8").startswith("# 亲手搭建容器网络")
    assert picture.read_text(encoding="utf-8").startswith("<svg")


def test_nothing_done_yet_is_no_error(tmp_path: Path) -> None:
    done = nsteps("summary", "--lang", "en", XDG_DATA_HOME=str(tmp_path))
    assert done.returncode == 0 and "0%" in done.stdout


def test_what_does_not_go_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = nsteps("summary", "--md", str(tmp_path / "file" / "a.md"), "--lang", "en", **home(tmp_path))
    assert done.returncode == 2 and "cannot be written" in done.stderr
    assert nsteps("summary", "--json", "--svg", "x.svg", **home(tmp_path)).returncode == 2
