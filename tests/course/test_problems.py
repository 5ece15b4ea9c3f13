"""Every mistake that an author can make is told with its line, in both languages, and never as a traceback."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.course import CourseError, load_course
from engine.messages import catalogue
from tests.course import glossaries
from tests.course.writing import CHINESE, LESSON, problems_of, step, write

RUN = "```console T1\n$ ip link add a type dummy\n```\n"
CHECK = "<!-- checks\n- id: there\n  link: {name: a}\n-->\n"
NUMBERS = "answers: [One, Two]\nright: 1\n-->\n\n"

IN_A_STEP = {
    # name of the problem: what stands in the step, and at which line of it
    "open-fence": ("```console T1\n$ true\n", 1),
    "nested-fence": ("- a list\n\n  ```console T1\n  $ true\n  ```\n", 3),
    "nested-html": ("- a list\n\n  <!-- checks\n  -->\n", 3),
    "open-comment": ("Words\n\n<!-- checks\n- id: a\n", 3),
    "text-after-comment": ("<!-- a remark --> and more\n", 1),
    "html-without-blank": ('<details class="hint">\n\nx\n\n</details>\n<!-- a remark -->\n', 6),
    "open-details": ('<details class="hint"><summary>Hint</summary>\n\nWords\n', 1),
    "stray-details-end": ("Words\n\n</details>\n", 3),
    "empty-notes": ("Words\n\n<!-- notes\n-->\n", 3),
    "stray-marker": ("Words\n\n<!-- recap -->\n", 3),
    "empty-heading": ("##\n\n<!-- recap -->\n", 1),
    "heading-without-marker": ("## Another\n\nWords\n", 1),
    "bad-step-marker": ("## Another\n\n<!-- step -->\n", 3),
    "step-marker-word": ("## Another\n\n<!-- step: two unguidd -->\n", 3),
    "bad-id": ("## Another\n\n<!-- step: Two_Steps -->\n", 3),
    "duplicate-step": ("## Again\n\n<!-- step: one -->\n", 1),
    "duplicate-part": ("## R\n\n<!-- recap -->\n\n## R\n\n<!-- recap -->\n", 5),
    "comment-elsewhere": ("<!-- lesson\nminutes: 5\n-->\n", 1),
    "comment-twice": (CHECK + "\n" + CHECK, 6),
    "unknown-comment": ("<!-- mistake\n- run: a\n-->\n", 1),
    "unknown-details": ('<details class="hnt"><summary>H</summary>\n\nx\n\n</details>\n', 1),
    "details-elsewhere": ('## R\n\n<!-- recap -->\n\n<details class="hint">\n\nx\n\n</details>\n', 5),
    "second-title": ("# Another title\n", 1),
    "fence-elsewhere": ("## R\n\n<!-- recap -->\n\n```console T1\n$ true\n```\n", 5),
    "no-terminal": ("```console\n$ true\n```\n", 1),
    "two-terminals": ("```console T1 T2\n$ true\n```\n", 1),
    "unknown-terminal": ("```console T12\n$ true\n```\n", 1),
    "unknown-fence-word": ("```console T1 lok\n$ true\n```\n", 1),
    "bad-exit": ("```console T1 exit=abc\n$ true\n```\n", 1),
    "fence-contradiction": ("```console T1 runs exit=1\n$ true\n```\n", 1),
    "output-without-command": ("```console T1\nhello\n$ true\n```\n", 2),
    "fence-without-command": ("```console T1\n```\n", 1),
    "empty-command": ("```console T1\n$ \n```\n", 2),
    "runs-then-more": ("```console T1 runs\n$ python3 -m http.server\n$ true\n```\n", 3),
    "solution-in-guided": ('<details class="solution">\n\nx\n\n</details>\n', 1),
    "predict-without-command": (f"{RUN}\n<!-- predict\nquestion: Q?\n{NUMBERS}", 5),
    "predict-without-right": (f"<!-- predict\nquestion: Q?\nanswers: [A, B]\n-->\n\n{RUN}", 1),
    "right-out-of-range": (f"<!-- predict\nquestion: Q?\nanswers: [A, B]\nright: 3\n-->\n\n{RUN}", 4),
    "empty-yaml": ("<!-- checks\n-->\n", 2),
    "broken-yaml": ("<!-- checks\n- id: a\n  link: {name: a\n-->\n", 4),
    "yaml-alias": ("<!-- checks\n- id: a\n  link: &x {name: a}\n- id: b\n  link: *x\n-->\n", 3),
    "key-no-word": ("<!-- checks\n- id: a\n  [1, 2]: b\n-->\n", 3),
    "key-twice": ("<!-- checks\n- id: a\n  link: {name: a}\n  id: b\n-->\n", 4),
    "unknown-field": (f"<!-- predict\nquestion: Q?\nanswrs: [A]\n{NUMBERS}{RUN}", 3),
    "missing-field": (f"<!-- predict\n{NUMBERS}{RUN}", 2),
    "wrong-type": (f"<!-- predict\nquestion: [A]\n{NUMBERS}{RUN}", 2),
    "not-a-list": ("<!-- checks\nid: a\n-->\n", 2),
    "check-no-mapping": ("<!-- checks\n- there\n-->\n", 2),
    "check-without-id": ("<!-- checks\n- link: {name: a}\n-->\n", 2),
    "check-without-kind": ("<!-- checks\n- id: a\n-->\n", 2),
    "check-two-kinds": ("<!-- checks\n- id: a\n  link: {name: a}\n  namespace: {name: b}\n-->\n", 4),
    "unknown-kind": ("<!-- checks\n- id: a\n  lnk: {name: a}\n-->\n", 3),
    "kind-no-mapping": ("<!-- checks\n- id: a\n  link: veth\n-->\n", 3),
    "bad-check-field": ("<!-- checks\n- id: a\n  link:\n    name: a\n    pere: b\n-->\n", 5),
    "duplicate-check": ("<!-- checks\n- id: a\n  link: {name: a}\n- id: a\n  link: {name: b}\n-->\n", 4),
    "bad-until": ("<!-- checks\n- id: a\n  link: {name: a}\n  until: [x]\n-->\n", 4),
    "unknown-until": ("<!-- checks\n- id: a\n  link: {name: a}\n  until: a/two\n-->\n", 2),
    "until-not-later": ("<!-- checks\n- id: a\n  link: {name: a}\n  until: a/one\n-->\n", 2),
    "unknown-check": (CHECK + "\n<!-- mistakes\n- run: x\n  fails: ther\n  says: not-there\n-->\n", 8),
    "unknown-diagnosis": (CHECK + "\n<!-- mistakes\n- run: x\n  fails: there\n  says: not-their\n-->\n", 9),
}
AT = 9
"""The line at which a step's words begin, in what ``writing.step`` makes."""


@pytest.mark.parametrize("name", IN_A_STEP)
def test_in_a_step(name: str, tmp_path: Path) -> None:
    body, line = IN_A_STEP[name]
    assert (name, line + AT - 1) in problems_of(write(tmp_path, n01_a=step(body)))


def test_a_mapping_in_accepted(tmp_path: Path) -> None:
    body = f"{RUN}\n<!-- accepted\n- {{run: true, inn: T2}}\n- [ok, {{run: x, in: T0}}]\n- []\n- {{in: T2}}\n-->\n"
    found = problems_of(write(tmp_path, n01_a=step(body)))
    assert found == [("unknown-field", 14), ("unknown-terminal", 15), ("empty-command", 16), ("missing-field", 17)]


UNGUIDED = "# T\n\n## S\n\n<!-- step: one unguided -->\n\n"
WHOLE_FILES: dict[str, tuple[dict[str, str], int]] = {
    "no-title": ({"n01_a": "Words\n"}, 1),
    "title-not-first": ({"n01_a": "Words\n\n# Title\n"}, 3),
    "no-steps": ({"n01_a": "# Title\n\nWords\n"}, 1),
    "no-solution": ({"n01_a": UNGUIDED}, 3),
    "empty-solution": ({"n01_a": UNGUIDED + '<details class="solution">\n\nx\n\n</details>\n'}, 7),
    "shown-in-unguided": ({"n01_a": UNGUIDED + RUN}, 7),
    "bad-file-name": ({"n1b": LESSON, "nnotes": "x"}, 0),
    "lesson-twice": ({"n01_a": LESSON, "n02_a": LESSON}, 0),
    "number-twice": ({"n01_a": LESSON, "n01_b": LESSON}, 0),
    "number-gap": ({"n01_a": LESSON, "n03_b": LESSON}, 0),
    "orphaned-translation": ({"n01_a": LESSON, "n02_b_zh": CHINESE}, 0),
    "only-in-english": ({"n01_a": LESSON, "n01_a_zh": CHINESE.replace("线\n", "线\n\n<!-- lesson\n-->\n", 1)}, 3),
    "translated-unknown-step": ({"n01_a": LESSON, "n01_a_zh": CHINESE.replace("step: create", "step: craete")}, 5),
    "step-not-translated": ({"n01_a": LESSON, "n01_a_zh": CHINESE.replace("step: create", "step: craete")}, 0),
    "hints-differ": ({"n01_a": LESSON, "n01_a_zh": CHINESE.replace('class="hint"', 'class="explanation"', 1)}, 5),
    "unguided-differs": ({"n01_a": LESSON, "n01_a_zh": CHINESE.replace("step: create", "step: create unguided")}, 5),
}
PREDICT = "<!-- predict\nquestion: Q?\nanswers: [A, B]\nright: 1\n-->\n\n```console"
PREDICT_ZH = "<!-- predict\nquestion: 问？\nanswers: [甲, 乙, 丙]\n-->\n\n```console"
WITH_QUESTION = LESSON.replace("```console", PREDICT, 1)
WHOLE_FILES["predictions-differ"] = ({"n01_a": WITH_QUESTION, "n01_a_zh": CHINESE}, 5)
WHOLE_FILES["answers-differ"] = ({"n01_a": WITH_QUESTION, "n01_a_zh": CHINESE.replace("```console", PREDICT_ZH, 1)}, 11)


@pytest.mark.parametrize("name", WHOLE_FILES)
def test_whole_files(name: str, tmp_path: Path) -> None:
    files, line = WHOLE_FILES[name]
    assert (name, line) in problems_of(write(tmp_path, **files))


def test_folders_that_hold_no_course(tmp_path: Path) -> None:
    assert problems_of(tmp_path / "nowhere") == [("no-folder", 0)]
    assert problems_of(tmp_path) == [("empty-folder", 0)]
    (tmp_path / "README.md").write_text("# About this course\n", encoding="utf-8")
    assert problems_of(tmp_path) == [("empty-folder", 0)]
    assert problems_of(tmp_path / "README.md") == [("not-a-folder", 0)]
    (tmp_path / "01-a.md").mkdir()
    assert problems_of(tmp_path) == [("unreadable", 0)]


def test_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "01-a.md").write_bytes(b"# Title\n\nGr\xfc\xdfe\n")
    assert problems_of(tmp_path) == [("not-utf8", 3)]


def test_yaml_with_tabs(tmp_path: Path) -> None:
    found = problems_of(write(tmp_path, n01_a=step("<!-- checks\n- id: a\n\tlink: {name: a}\n-->\n")))
    assert found == [("broken-yaml", AT + 2)]


def test_everything_is_told_at_once(tmp_path: Path) -> None:
    bodies = ["unknown-kind", "bad-exit", "bad-check-field"]
    texts = [step(IN_A_STEP[name][0]) for name in bodies]
    write(tmp_path, n01_a=texts[0] + "\n" + IN_A_STEP["unknown-terminal"][0], n02_b=texts[1], n04_c=texts[2])
    found = [name for name, _ in problems_of(tmp_path)]
    assert found == ["unknown-kind", "unknown-terminal", "bad-exit", "number-gap", "bad-check-field"]


def test_a_problem_reads_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, n01_a=step(IN_A_STEP["unknown-kind"][0]))
    with pytest.raises(CourseError) as error:
        load_course(tmp_path)
    (problem,) = error.value.problems
    assert problem.render("en") == "01-a.md:11: `lnk` is not a kind of check. Did you mean `link`?"
    assert problem.render("zh") == "01-a.md:11: 没有 `lnk` 这种检查。是不是想写 `link`？"


def test_every_problem_has_a_test_and_words() -> None:
    tested = {
        *IN_A_STEP,
        *WHOLE_FILES,
        *glossaries.PROBLEMS,
        "no-folder",
        "empty-folder",
        "not-a-folder",
        "unreadable",
        "not-utf8",
    }
    for language in ("en", "zh"):
        words = catalogue(language)
        named = {key.split(".")[2] for key in words if key.startswith("course.problem.")}
        assert named == tested, language


def test_every_problem_can_be_said(tmp_path: Path) -> None:
    for number, (name, (body, _)) in enumerate(IN_A_STEP.items()):
        folder = tmp_path / str(number)
        folder.mkdir()
        with pytest.raises(CourseError) as error:
            load_course(write(folder, n01_a=step(body)))
        for problem in error.value.problems:
            for language in ("en", "zh"):
                said = problem.render(language)
                assert not re.search(r"\{[a-z]+\}", said), name
                assert re.search(r"[一-鿿]", said) if language == "zh" else not re.search(r"[一-鿿]", said)
