"""Which figure belongs to which step."""

from __future__ import annotations

from pathlib import Path

from engine.assets import assets_directory
from engine.course import load_course
from engine.course.figures import figures_of
from tests.course.writing import load, step

TWO = "\n\n![A pair,\nup](../assets/figures/pair.svg) ![photo](photo.png)\n\n```console T1\n$ true\n```\n"


def test_figures_of_a_course(tmp_path: Path) -> None:
    course = load(tmp_path, n01_a=step(TWO), n02_b=step(TWO))
    (figure,) = figures_of(course)
    assert (figure.name, figure.step.id, figure.words) == ("pair.svg", "a/one", "A pair, up")


def test_the_courses_own_figures() -> None:
    names = [figure.name for figure in figures_of(load_course())]
    assert names == ["pair.svg", "internet.svg", "two-pairs.svg", "bridge.svg", "final.svg"]
    assert sorted(path.name for path in (assets_directory() / "figures").iterdir()) == sorted(names)
