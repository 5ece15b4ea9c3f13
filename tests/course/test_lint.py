"""What the loader lets pass and an author should know."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.course import Problem, lint
from engine.course.effects import changes, looks_only
from engine.course.room import SCREEN_LINES, lines_needed
from engine.messages import catalogue
from tests.course.glossaries import LINTED
from tests.course.writing import CHINESE, LESSON, write

FENCE = "```console T3\n$ sudo ip link add dev a type veth peer name b\n```\n"
SERVER = "```console T1 runs\n$ python3 -m http.server\n```\n\n"

CASES: dict[str, tuple[str, str, int, bool]] = {
    # name: English, Chinese, line of the problem, in the Chinese file
    "no-intro": (LESSON.replace("You will lay a cable.\n", ""), CHINESE.replace("你会拉一根网线。\n", ""), 1, False),
    "no-recap": (LESSON.replace("You can lay a cable.\n", ""), CHINESE.replace("你会拉网线了。\n", ""), 1, False),
    "no-docker": (LESSON[: LESSON.index("## How")], CHINESE[: CHINESE.index("## Docker")], 1, False),
    "no-minutes": (LESSON.replace("<!-- lesson\nminutes: 8\n-->\n", ""), CHINESE, 1, False),
    "hints": (
        re.sub(r'<details class="hint">.*?</details>', "", LESSON, count=1, flags=re.DOTALL),
        re.sub(r'<details class="hint">.*?</details>', "", CHINESE, count=1, flags=re.DOTALL),
        9,
        False,
    ),
    "empty-hint": (LESSON.replace("What comes in pairs?\n", ""), CHINESE, 24, False),
    "no-explanation": (LESSON.replace("Two devices that know each other.", ""), CHINESE, 9, False),
    "no-checks": (re.sub(r"<!-- (checks|mistakes).*?-->", "", LESSON, flags=re.DOTALL), CHINESE, 9, False),
    "no-commands": (LESSON.replace(FENCE, ""), CHINESE.replace(FENCE, ""), 9, False),
    "no-accepted": (re.sub(r"<!-- accepted.*?-->", "", LESSON, flags=re.DOTALL), CHINESE, 9, False),
    "no-mistakes": (re.sub(r"<!-- mistakes.*?-->", "", LESSON, flags=re.DOTALL), CHINESE, 9, False),
    "look-changes": (LESSON.replace("console T3", "console T3 look"), CHINESE.replace("T3", "T3 look"), 16, False),
    "looks-without-look": (LESSON.replace(FENCE, FENCE + "\n```console T1\n$ ip link list\n```\n"), CHINESE, 20, False),
    "numbered-title": (LESSON.replace("# A cable", "# 4. A cable"), CHINESE, 1, False),
    "long-step": (LESSON.replace("One command", "One command\n\n" * 40), CHINESE, 9, False),
    "figure-without-words": (LESSON.replace("One command", "![](01-a.md)\n\nOne command"), CHINESE, 13, False),
    "remote-figure": (LESSON.replace("One command", "![A](https://example.org/a.svg)\n\nOne"), CHINESE, 13, False),
    "no-figure": (LESSON, CHINESE.replace("一条命令", "![图](../a.svg)\n\n一条命令"), 9, True),
    "order-differs": (
        LESSON.replace("## Recap", f"## Two\n\n<!-- step: two -->\n\n{FENCE}\n## Recap"),
        CHINESE.replace("## 创建它", f"## 二\n\n<!-- step: two -->\n\n{FENCE}\n## 创建它"),
        1,
        True,
    ),
    "untranslated": (LESSON, CHINESE.replace("你会拉网线了。\n", ""), 1, True),
    "notes-only-translated": (LESSON, CHINESE.replace("一条命令", "<!-- notes: 拿起网线 -->\n\n一条命令"), 9, True),
    "same-words": (LESSON, CHINESE.replace("一条命令创建两端。", "One command makes both ends."), 5, True),
    "fences-differ": (LESSON, CHINESE.replace(FENCE, ""), 5, True),
    "fence-words-differ": (LESSON, CHINESE.replace("console T3", "console T2"), 11, True),
    "commands-differ": (LESSON, CHINESE.replace("dev a type", "dev aa type"), 11, True),
    "nothing-to-interrupt": (LESSON.replace(FENCE, FENCE.replace("```\n", "$ ^C\n```\n")), CHINESE, 17, False),
    "terminal-busy": (LESSON.replace(FENCE, SERVER + FENCE.replace("T3", "T1")), CHINESE, 20, False),
    "never-stopped": (LESSON.replace(FENCE, SERVER + FENCE), CHINESE, 16, False),
}


def lint_pair(folder: Path, english: str, chinese: str) -> tuple[Problem, ...]:
    return lint(write(folder, n01_a=english, n01_a_zh=chinese), thorough=True)


def test_a_good_course_is_clean(tmp_path: Path) -> None:
    assert [problem.render("en") for problem in lint_pair(tmp_path, LESSON, CHINESE)] == []


@pytest.mark.parametrize("name", CASES)
def test_finds(name: str, tmp_path: Path) -> None:
    english, chinese, line, translated = CASES[name]
    found = {(one.name, one.line, one.path.name) for one in lint_pair(tmp_path, english, chinese)}
    assert (name, line, "01-a.zh.md" if translated else "01-a.md") in found


def test_a_missing_translation(tmp_path: Path) -> None:
    (problem,) = lint(write(tmp_path, n01_a=LESSON))
    assert (problem.name, problem.line) == ("no-translation", 0)
    assert "01-a.zh.md" in problem.render("zh")


def test_other_ways_are_only_asked_for_when_thorough(tmp_path: Path) -> None:
    english = re.sub(r"<!-- (accepted|mistakes).*?-->", "", LESSON, flags=re.DOTALL)
    folder = write(tmp_path, n01_a=english, n01_a_zh=CHINESE)
    assert lint(folder) == ()
    assert {problem.name for problem in lint(folder, thorough=True)} == {"no-accepted", "no-mistakes"}


def test_every_problem_has_a_test_and_words() -> None:
    for language in ("en", "zh"):
        named = {key.split(".")[2] for key in catalogue(language) if key.startswith("lint.problem.")}
        assert named == {*CASES, *LINTED, "no-translation"}, language


CHANGING = [
    "sudo ip netns add netns_dustin",
    "sudo ip link set dev veth_dustin up",
    "sudo ip netns exec netns_dustin ip route add default via 10.0.0.10",
    "sudo iptables --append FORWARD --jump ACCEPT",
    "sudo iptables -t nat -A POSTROUTING -j MASQUERADE",
    "echo 1 | sudo tee /proc/sys/net/ipv4/ip_forward",
    "sudo sysctl -p",
    "sudo rm -rf /etc/netns/netns_dustin",
    "echo 1 > /proc/sys/net/ipv4/ip_forward",
]
LOOKING = [
    "ip link list",
    "ip route",
    "ip -n netns_dustin address list",
    "sudo ip netns exec netns_dustin ip route list",
    "ping 10.0.0.11 -c 1",
    "sudo iptables --list FORWARD -v",
    "sudo iptables-save | grep MASQ",
    "cat /proc/sys/net/ipv4/ip_forward",
    "curl localhost:8080 2>/dev/null",
    "ip route get 10.0.0.21",
]


@pytest.mark.parametrize("text", CHANGING)
def test_obvious_changes(text: str) -> None:
    assert changes(text) and not looks_only(text)


@pytest.mark.parametrize("text", LOOKING)
def test_obvious_looks(text: str) -> None:
    assert looks_only(text) and not changes(text)


def test_room() -> None:
    assert lines_needed("a " * 60) == 2
    assert lines_needed("字" * 60) == 2
    assert lines_needed("One\n\n```console T1\n$ a\n$ b\n```\n\n- x\n- y\n") == 7
    assert lines_needed("\n\n".join(["a"] * 30)) > SCREEN_LINES
