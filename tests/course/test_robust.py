"""Whatever stands in a file, loading ends with a course or with problems: never with another exception."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from engine.course import CourseError, lint, load_course
from tests.course.writing import CHINESE, LESSON, write

PIECES = [
    "```",
    "<!--",
    "-->",
    "<details>",
    "</details>",
    "# ",
    "## ",
    "- ",
    "\t",
    ": ",
    "{",
    "[",
    "$ ",
    "&a *a",
    "\x00",
]


def _damage(text: str, random_: random.Random) -> str:
    lines = text.split("\n")
    for _ in range(random_.randint(1, 4)):
        at = random_.randrange(len(lines))
        action = random_.randrange(5)
        if action == 0:
            del lines[at : at + random_.randint(1, 6)]
        elif action == 1:
            lines.insert(at, random_.choice(PIECES) + random_.choice(lines or [""]))
        elif action == 2 and at < len(lines):
            cut = random_.randint(0, len(lines[at]))
            lines[at] = lines[at][:cut] + random_.choice(PIECES) + lines[at][cut:]
        elif action == 3 and at < len(lines):
            lines[at] = "  " + lines[at]
        else:
            lines[at : at + 1] = []
        lines = lines or [""]
    return "\n".join(lines)


@pytest.mark.parametrize("seed", range(12))
def test_damaged_files(seed: int, tmp_path: Path) -> None:
    random_ = random.Random(seed)
    for _ in range(25):
        write(tmp_path, n01_a=_damage(LESSON, random_), n01_a_zh=_damage(CHINESE, random_))
        try:
            load_course(tmp_path)
        except CourseError as error:
            assert error.problems
            for problem in error.problems:
                assert problem.render("en") and problem.render("zh")
        for problem in lint(tmp_path, thorough=True):
            assert problem.render("en") and problem.render("zh")


SCRAPS = ("", "\n\n\n", "---\n", "<!--", "```", "<details>", "#", "# \n## \n", "<!-- step: a -->\n# T\n")


@pytest.mark.parametrize("text", SCRAPS)
def test_scraps(text: str, tmp_path: Path) -> None:
    with pytest.raises(CourseError):
        load_course(write(tmp_path, n01_a=text))
    assert lint(tmp_path)


def test_line_ends_of_windows_and_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "01-a.md").write_bytes(b"\xef\xbb\xbf" + LESSON.replace("\n", "\r\n").encode())
    course = load_course(tmp_path)
    assert course.lessons[0].title.en == "A cable"
    assert course.steps[0].body.en == load_course(write(tmp_path, n01_a=LESSON)).steps[0].body.en
