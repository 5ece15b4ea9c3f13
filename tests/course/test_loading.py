"""From a folder to a course."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine.assets import lessons_directory
from engine.course import lint, load_course
from engine.course.model import Text
from tests.course.writing import CHINESE, LESSON, load


def test_two_lessons_in_two_languages(tmp_path: Path) -> None:
    course = load(tmp_path, n01_cable=LESSON, n01_cable_zh=CHINESE, n02_second_one=LESSON)
    assert course.path == tmp_path
    assert [(step.id, step.number) for step in course.steps] == [("cable/create", "1.1"), ("second-one/create", "2.1")]
    first, second = course.lessons
    assert first.title == Text("A cable", "一根网线") and second.title == Text("A cable")
    step = first.steps[0]
    assert step.title == Text("Create it", "创建它")
    assert step.hints[0] == Text("What comes in pairs?", "什么东西成对出现？")
    assert step.explanation == Text("Two devices that know each other.", "两个互相认识的设备。")
    assert step.body.zh is not None and step.body.zh.startswith("一条命令创建两端。\n\n```console T3\n$ sudo ip")
    assert first.recap.zh == "你会拉网线了。"
    assert step.path == tmp_path / "01-cable.md" and step.line == 9


def test_a_translation_does_not_depend_on_the_order_of_its_steps(tmp_path: Path) -> None:
    more = "## Two\n\n<!-- step: two -->\n\n```console T1\n$ true\n```\n\n"
    zh_more = "## 二\n\n<!-- step: two -->\n\n……\n\n"
    course = load(
        tmp_path,
        n01_a=LESSON.replace("## Recap", more + "## Recap"),
        n01_a_zh=CHINESE.replace("## 创建它", zh_more + "## 创建它"),
    )
    assert [step.title.zh for step in course.steps] == ["创建它", "二"]


def test_the_courses_own_lessons_load_and_lint_clean() -> None:
    course = load_course()
    assert course.path == lessons_directory()
    assert [problem.render("en") for problem in lint(thorough=True)] == []


MODULES = ("engine.course", "engine.course.model", "engine.course.problems", "engine.messages")


@pytest.mark.parametrize("module", MODULES)
def test_every_module_can_be_imported_first(module: str) -> None:
    subprocess.run([sys.executable, "-c", f"import {module}"], check=True, timeout=60)


def test_loading_is_quick(tmp_path: Path) -> None:
    """At each start twenty files are read: the limit is far above what it takes, and below what one would notice."""
    more = "".join(
        LESSON[LESSON.index("## Create") : LESSON.index("## Recap")].replace("step: create", f"step: s{number}")
        for number in range(8)
    )
    for number in range(1, 11):
        text = LESSON.replace("## Recap", more + "## Recap")
        (tmp_path / f"{number:02}-l{number}.md").write_text(text, encoding="utf-8")
    load_course(tmp_path)
    before = time.process_time()
    load_course(tmp_path)
    assert time.process_time() - before < 0.3
