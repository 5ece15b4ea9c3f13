"""Makes ``assets/screenshots``: the real screen in the midst of a lesson, played in a real lab.

python -m tests.tui.screenshots
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from pathlib import Path

from rich.cells import cell_len

from engine.assets import assets_directory
from engine.course.model import LANGUAGES
from tests.tui.learner import learning

STEP = "4.1"
COMMANDS = 1
SIZE = (120, 36)
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


async def take(language: str) -> str:
    """Play to the step, do some of it, and take the picture."""
    with tempfile.TemporaryDirectory() as directory:
        async with learning(Path(directory), language, SIZE, at=STEP) as learner:
            states = learner.session.progress.states
            for step in learner.session.course.steps:
                if step is learner.step:
                    break
                states[step.id] = "done"
            learner.session.progress.seconds = 27 * 60
            await learner.it.pilot.pause(1.2)  # from now on the state pane marks what changes
            for command in learner.step.commands[:COMMANDS]:
                await learner.perform(command)
            learner.it.main.show_standing()
            await learner.it.pilot.pause(0.6)
            return widened(learner.it.app.export_screenshot(title="nsteps"))


if __name__ == "__main__":
    for name in LANGUAGES:
        suffix = "" if name == "en" else f".{name}"
        path = assets_directory() / "screenshots" / f"lesson{suffix}.svg"
        path.write_text(asyncio.run(take(name)), encoding="utf-8")
