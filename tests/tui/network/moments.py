"""The lab as it really was after steps of the course, and the drawings of it.

python -m tests.tui.network.moments            plays the course in real labs and writes moments/*.json anew
python -m tests.tui.network.moments drawings   writes drawings/*.txt anew, from what is in moments/
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import msgspec

from engine.course import load_course
from engine.course.figures import figures_of
from engine.network.snapshot import Snapshot
from tui.network.drawing import Drawing, draw
from tui.network.scene import Scene, graph_of
from tui.words import Say, sayer

HERE = Path(__file__).parent
MOMENTS, DRAWINGS = HERE / "moments", HERE / "drawings"
WIDTHS = (40, 60, 78, 110, 150)
LESSONS = ("start", *(f"lesson-{number:02}" for number in range(1, 11)))
FIGURES = ("pair", "internet", "two-pairs", "bridge", "final")
EVERY = (*LESSONS, *FIGURES)


def say(language: str = "en") -> Say:
    return sayer(lambda: language)


def load(name: str) -> Snapshot:
    """The lab after a lesson (``lesson-04``) or at a figure (``bridge``)."""
    return msgspec.json.decode((MOMENTS / f"{name}.json").read_bytes(), type=Snapshot)


def drawn(name: str, width: int, language: str = "en") -> Drawing:
    return draw(Scene(graph_of(load(name)), say(language)), width)


def text(drawing: Drawing) -> str:
    return "".join(f"{line.text}\n" for line in drawing.lines)


async def record() -> None:
    from engine.session.moment import moment

    course = load_course()
    steps = {"start": None} | {f"lesson-{one.number:02}": one.steps[-1] for one in course.lessons}
    steps |= {Path(one.name).stem: one.step for one in figures_of(course)}
    MOMENTS.mkdir(exist_ok=True)
    for name, step in steps.items():
        data = msgspec.json.encode(msgspec.structs.replace(await moment(course, step), processes=(), files={}))
        (MOMENTS / f"{name}.json").write_bytes(msgspec.json.format(data, indent=0) + b"\n")


def redraw() -> None:
    DRAWINGS.mkdir(exist_ok=True)
    for name in FIGURES:
        for width in WIDTHS:
            (DRAWINGS / f"{name}-{width}.txt").write_text(text(drawn(name, width)), encoding="utf-8")


if __name__ == "__main__":
    redraw() if sys.argv[1:] == ["drawings"] else asyncio.run(record())
