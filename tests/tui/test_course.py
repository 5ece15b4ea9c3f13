"""The whole course played at the screen: every command typed key by key in the terminal the lesson names."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.course.model import LANGUAGES
from engine.messages import catalogue
from tests.tui.learner import NEXT, learning

pytestmark = pytest.mark.lab
FINISHED = "teaching.finish.course-title"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_whole_course(tmp_path: Path, language: str) -> None:
    async with learning(tmp_path, language) as learner:
        steps = learner.session.course.steps
        for step in steps:
            assert learner.step is step
            await learner.do_step()
            assert not learner.session.undone, (step.id, learner.session.undone)
            if step is not steps[-1]:
                await learner.next()
        assert learner.session.percent == 100
        await learner.it.sees("100%")
        await learner.type(NEXT)
        await learner.it.sees(catalogue(language)[FINISHED])
