"""The example in lessons/README.md is a course, and means what an author would expect."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.assets import lessons_directory
from engine.course import lint, load_course
from engine.course.diagnoses import DIAGNOSES
from engine.course.model import Alternative, Check, Command, Course, Prediction, Text
from engine.verify.fields import FIELDS

README = (lessons_directory() / "README.md").read_text(encoding="utf-8")
LATER = "## Move one end\n\n<!-- step: move-end -->\n\n```console T3\n$ sudo ip link set b netns c\n```\n\n"
"""The example speaks of a step that it leaves out."""


def example(number: int) -> str:
    return re.findall(r"^````markdown\n(.*?)^````$", README, re.DOTALL | re.MULTILINE)[number]


@pytest.fixture
def course(tmp_path: Path) -> Course:
    (tmp_path / "04-veth.md").write_text(example(0).replace("## Recap", LATER + "## Recap"), encoding="utf-8")
    return load_course(tmp_path)


def test_the_lesson(course: Course) -> None:
    (lesson,) = course.lessons
    assert (lesson.id, lesson.number, lesson.minutes) == ("veth", 4, 8)
    assert lesson.title == Text("Create a veth pair")
    assert lesson.intro.en.startswith("You will lay a cable") and "<!--" not in lesson.intro.en
    assert lesson.recap.en.startswith("You can join two namespaces")
    assert lesson.docker.en.endswith("```console docker\n$ ip link show type veth\n```")


def test_the_step(course: Course) -> None:
    step = course.step("4.1")
    output = (
        "8: veth_ns_dustin@veth_dustin: <BROADCAST,MULTICAST,M-DOWN> mtu 1500 …",
        "9: veth_dustin@veth_ns_dustin: <BROADCAST,MULTICAST,M-DOWN> mtu 1500 …",
    )
    add = "sudo ip link add dev veth_dustin type veth peer name veth_ns_dustin"
    assert step.id == "veth/create-pair"
    assert step.title == Text("Create both ends at once")
    assert step.commands == (
        Command(text=add, terminal="T3"),
        Command(text="ip link list", terminal="T3", look=True, shows=output),
    )
    assert step.predictions == (
        Prediction(
            question=Text("How many devices will `ip link list` show now that were not there before?"),
            answers=(Text("One"), Text("Two"), Text("None until they are up")),
            right=1,
            before=1,
        ),
    )
    first, second, third = step.checks
    fields = {"name": "veth_dustin", "kind": "veth", "peer": "veth_ns_dustin"}
    assert first == Check(id="pair", kind="link", fields=fields, line=first.line)
    assert (second.until, third.kind) == ("veth/move-end", "ran")
    assert example(0).split("\n")[first.line - 1] == "- id: pair"
    assert [hint.en.split()[0] for hint in step.hints] == ["`ip", "`sudo"]
    assert step.explanation.en.startswith("The kernel made two devices")
    assert step.accepted == (
        Alternative(
            commands=(
                Command(text="ip link add veth_dustin type veth peer veth_ns_dustin", terminal="T3"),
                Command(text="ls /sys/class/net", terminal="T3"),
            ),
            line=step.accepted[0].line,
        ),
    )
    (mistake,) = step.mistakes
    assert (mistake.check, mistake.diagnosis) == ("pair", "near-name")
    assert not step.unguided


def test_the_body_is_what_is_shown(course: Course) -> None:
    body = course.step("4.1").body.en
    assert body.startswith("A **veth pair** is a cable")
    assert body.endswith("each names the other after the `@`.")
    assert "```console T3 look\n$ ip link list\n8: veth_ns" in body
    assert not re.search(r"<|\n\n\n", body.replace("<BROADCAST", ""))


def test_the_translation(tmp_path: Path) -> None:
    """The Chinese example leaves out what it would repeat; filled in, it lints clean."""
    english = example(0)
    fences = re.findall(r"^```console.*?^```\n", english, re.DOTALL | re.MULTILINE)
    chinese = example(1)
    for fence in fences[:2]:
        chinese = chinese.replace("……\n", "正文。\n\n" + fence, 1)
    hint = '<details class="hint"><summary>提示</summary>\n\n命令\n\n</details>\n\n'
    why = '<details class="explanation"><summary>发生了什么</summary>\n\n解释\n\n</details>\n\n'
    end = "## 小结\n\n<!-- recap -->\n\n小结\n\n## Docker 的做法\n\n<!-- docker -->\n\n每个容器都有这样一对。\n\n"
    (tmp_path / "04-veth.md").write_text(english.replace("  until: veth/move-end\n", ""), encoding="utf-8")
    (tmp_path / "04-veth.zh.md").write_text(chinese + hint + why + end + fences[2], encoding="utf-8")
    assert [problem.render("en") for problem in lint(tmp_path)] == []
    step = load_course(tmp_path).step("veth/create-pair")
    assert step.title.zh == "一次创建两端"
    assert step.predictions[0].answers[2] == Text("None until they are up", "启用之前看不到")


def _words(first: str, last: str) -> set[str]:
    table = README[README.index(first) : README.index(last)]
    return {word for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE) for word in re.findall(r"`([^`]+)`", row)}


def test_the_tables_are_complete() -> None:
    assert _words("| says | meaning |", "**`<!-- recap") == DIAGNOSES
    assert _words("| kind | fields", "Checks look at the lab") == set(FIELDS)
