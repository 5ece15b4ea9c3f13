"""Small courses written into a folder, for tests."""

from __future__ import annotations

from pathlib import Path

from engine.course import CourseError, load_course
from engine.course.model import Course

LESSON = """# A cable

<!-- lesson
minutes: 8
-->

You will lay a cable.

## Create it

<!-- step: create -->

One command makes both ends.

```console T3
$ sudo ip link add dev a type veth peer name b
```

<!-- checks
- id: pair
  link: {name: a, kind: veth, peer: b}
-->

<details class="hint"><summary>Hint</summary>

What comes in pairs?

</details>

<details class="hint"><summary>Hint</summary>

`ip link add …`

</details>

<details class="explanation"><summary>What happened</summary>

Two devices that know each other.

</details>

<!-- accepted
- ip link add a type veth peer b
-->

<!-- mistakes
- run: ip link add c type veth peer name b
  fails: pair
  says: not-there
-->

## Recap

<!-- recap -->

You can lay a cable.

## How Docker does this

<!-- docker -->

With such a pair.

```console docker
$ ip link show type veth
```
"""

CHINESE = """# 一根网线

你会拉一根网线。

## 创建它

<!-- step: create -->

一条命令创建两端。

```console T3
$ sudo ip link add dev a type veth peer name b
```

<details class="hint"><summary>提示</summary>

什么东西成对出现？

</details>

<details class="hint"><summary>提示</summary>

用 `ip link add …`

</details>

<details class="explanation"><summary>发生了什么</summary>

两个互相认识的设备。

</details>

## 小结

<!-- recap -->

你会拉网线了。

## Docker 是怎么做的

<!-- docker -->

就用这样一对设备。

```console docker
$ ip link show type veth
```
"""


def write(folder: Path, **lessons: str) -> Path:
    """Write files named ``n01_cable`` → 01-cable.md, ``n01_cable_zh`` → 01-cable.zh.md."""
    for name, text in lessons.items():
        base = name.removeprefix("n").replace("_", "-")
        base = f"{base[:-3]}.zh.md" if base.endswith("-zh") else f"{base}.md"
        (folder / base).write_text(text, encoding="utf-8")
    return folder


def step(body: str, *, id: str = "one", more: str = "") -> str:
    """A lesson of one step with that body."""
    return f"# Title\n\nOpening.\n\n## Step\n\n<!-- step: {id} -->\n\n{body}\n{more}"


def problems_of(folder: Path) -> list[tuple[str, int]]:
    """Name and line of each problem that loading finds."""
    try:
        load_course(folder)
    except CourseError as error:
        return [(problem.name, problem.line) for problem in error.problems]
    return []


def load(folder: Path, **lessons: str) -> Course:
    return load_course(write(folder, **lessons))
