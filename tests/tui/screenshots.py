"""Makes the pictures of the tutorial in ``assets/screenshots``: the real screen, played with real keys in real labs.

python -m tests.tui.screenshots [PICTURE …]

``first`` is what a learner sees first, ``lesson`` the midst of a step, ``topology`` the network over the whole screen
when the bridge is built, ``end`` the end of the course; each in both languages.
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import NamedTuple

from rich.cells import cell_len

from engine.assets import assets_directory
from engine.course.model import LANGUAGES
from tests.tui.learner import NEXT, VIEW, Learner, learning

_TEXT = re.compile(r'textLength="(?P<length>[\d.]+)"(?P<rest>[^>]*)>(?P<text>[^<]*)</text>')


def widened(svg: str) -> str:
    """Text of Chinese characters as wide as it is: the exporter counts characters, not cells."""

    def mend(match: re.Match[str]) -> str:
        text = re.sub(r"&#?\w+;", " ", match["text"])
        if not text:
            return match[0]
        length = float(match["length"]) * cell_len(text) / len(text)
        return f'textLength="{length:g}"{match["rest"]}>{match["text"]}</text>'

    return _TEXT.sub(mend, svg)


async def as_it_is(learner: Learner) -> None:
    """Nothing is done yet."""


async def first_command(learner: Learner) -> None:
    """What it has changed is still marked."""
    await learner.it.pilot.pause(1.2)  # from now on the network marks what changes
    await learner.perform(learner.step.commands[0])


async def network_large(learner: Learner) -> None:
    """The step is done, and its probes have left their traces in the drawing."""
    await learner.do_step()
    for _ in range(4):
        if learner.it.main.view == "network":
            break
        before = learner.it.main.view
        await learner.type(VIEW)
        await learner.until(lambda before=before: learner.it.main.view != before, "another view")  # type: ignore[misc]
    await learner.until(lambda: learner.it.main.view == "network", "the network over the whole screen")


async def course_end(learner: Learner) -> None:
    """The last step is done, and F5 pressed."""
    await learner.do_step()
    await learner.type(NEXT)
    await learner.until(lambda: learner.ends, "the end of the course")


class Picture(NamedTuple):
    """``minutes`` is the time that the learner has spent, ``step`` where the picture is taken, after ``play``."""

    step: str
    size: tuple[int, int]
    minutes: int
    play: Callable[[Learner], Awaitable[None]]


PICTURES = {
    "first": Picture("1.1", (120, 36), 0, as_it_is),
    "lesson": Picture("4.1", (120, 36), 27, first_command),
    "topology": Picture("9.9", (130, 40), 96, network_large),
    "end": Picture("10.7", (120, 36), 131, course_end),
}


async def take(picture: Picture, language: str) -> str:
    """Begin at the step with everything before it done, play, and take the picture."""
    with tempfile.TemporaryDirectory() as directory:
        async with learning(Path(directory), language, picture.size, at=picture.step) as learner:
            session = learner.session
            learner.it.main._told_of_undo = True  # nothing covers the keys
            for step in session.course.steps:
                if step is session.step:
                    break
                session.progress.states[step.id] = "done"
                session.progress.step_seconds[step.id] = 60.0 * picture.minutes / len(session.course.steps)
            session.progress.seconds = 60.0 * picture.minutes
            await picture.play(learner)
            learner.it.main.show_standing()
            await learner.it.pilot.pause(1.0)
            return widened(learner.it.app.export_screenshot(title="nsteps"))


def main(names: list[str]) -> None:
    for name in names or PICTURES:
        for language in LANGUAGES:
            suffix = "" if language == "en" else f".{language}"
            path = assets_directory() / "screenshots" / f"{name}{suffix}.svg"
            path.write_text(asyncio.run(take(PICTURES[name], language)), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
