"""``nsteps demo`` on the command line: plans, options that fit together, and talks without a screen."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.course.writing import CHINESE, LESSON, write
from tui.cli import main


def demo(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["demo", *words])
    return result.exit_code, result.output


def test_a_plan_has_every_step_with_its_time() -> None:
    code, output = demo("--plan", "--from", "4.2", "--to", "4.4")
    lines = output.splitlines()
    assert code == 0 and len(lines) == 4
    assert re.fullmatch(r"\s+0:00\s+\d:\d\d  4\.2   Switch on the host's end", lines[0])
    assert re.fullmatch(r"\d+:\d\d for 3 steps at speed ×1\.", lines[-1])


def test_a_plan_in_chinese_and_as_data() -> None:
    assert "换" not in demo("--plan", "--to", "1")[1]
    code, output = demo("--plan", "--lang", "zh", "--from", "4", "--to", "4")
    assert code == 0 and "一次创建两端" in output and "共 4 步" in output
    told = json.loads(demo("--plan", "--json", "--from", "veth", "--to", "veth", "--speed", "2")[1])
    assert told["speed"] == 2 and [step["number"] for step in told["steps"]] == ["4.1", "4.2", "4.3", "4.4"]
    assert told["steps"][1]["begins_seconds"] == pytest.approx(told["steps"][0]["seconds"])


def test_a_duration_fits_the_pace() -> None:
    told = json.loads(demo("--plan", "--json", "--duration", "45m")[1])
    assert told["seconds"] == pytest.approx(45 * 60, abs=1)
    code, output = demo("--plan", "--duration", "2m")
    assert code == 2 and "they take" in output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--speed", "fast"], "0.1 … 100"),
        (["--speed", "0"], "0.1 … 100"),
        (["--duration", "soon"], "45m"),
        (["--size", "10x10", "--headless", "--record", "x.cast"], "80x24"),
        (["--speed", "2", "--duration", "45m"], "either --speed or --duration"),
        (["--from", "5", "--to", "4", "--plan"], "stands before"),
        (["--headless", "--manual"], "leave out --headless"),
        (["--headless", "--any-key"], "leave out --headless"),
        (["--fast"], "belong to --headless --record"),
        (["--headless", "--size", "120x36"], "belong to --headless --record"),
        (["--headless", "--record", "x.cast", "--loop"], "never end"),
        (["--headless", "--record", "x", "--transcript", "./x"], "a file each"),
        (["--from", "4.9", "--plan"], "no step 4.9"),
        (["--from", "4"], "needs a terminal"),
    ],
)
def test_what_does_not_fit_is_said_with_exit_code_2(words: list[str], said: str) -> None:
    code, output = demo(*words)
    assert code == 2 and said in output


def test_without_a_demo_there_are_no_notes_to_see(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setattr("tui.commands.learn_._check_terminal", lambda here: None)
    code, output = demo("--notes")
    assert code == 1 and "No demo of yours is running" in output


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    code, output = demo("--headless", "--transcript", str(tmp_path / "no" / "talk.md"))
    assert code == 2 and "cannot be written" in output


@pytest.mark.lab
def test_a_transcript_on_standard_output(tmp_path: Path) -> None:
    write(tmp_path, n01_a=LESSON, n01_a_zh=CHINESE)
    code, output = demo("--headless", "--lessons", str(tmp_path))
    assert code == 0
    assert output.startswith(
        "# 1 A cable\n\nYou will lay a cable.\n\n## 1.1 Create it\n\nOne command makes both ends.\n\n"
    )
    assert "```console T3\n$ sudo ip link add dev a type veth peer name b\n✓\n```\n\n- ✓ `a` on the host" in output
    assert output.index("Two devices that know") < output.index("### Recap") < output.index("### How Docker does this")


@pytest.mark.lab
def test_a_transcript_in_a_file_in_chinese(tmp_path: Path) -> None:
    write(tmp_path, n01_a=LESSON, n01_a_zh=CHINESE)
    path = tmp_path / "talk.md"
    code, output = demo("--headless", "--lang", "zh", "--lessons", str(tmp_path), "--transcript", str(path))
    assert (code, output) == (0, "")
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# 1 一根网线") and "### 小结" in text and "veth peer name b\n✓" in text


@pytest.mark.lab
def test_a_step_that_fails_ends_it_with_exit_code_1_and_the_reason(tmp_path: Path) -> None:
    wrong = LESSON.replace("$ sudo ip link add dev a type", "$ sudo ip link add dev c type")
    write(tmp_path, n01_a=wrong)
    code, output = demo("--headless", "--lessons", str(tmp_path))
    assert code == 1
    assert "- ✗ `a` on the host" in output and "**Stopped.** This does not hold" in output
    assert "The demo stopped at step 1.1." in output and "What happened" not in output
