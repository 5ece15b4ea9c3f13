"""The lesson pane keeps what is being read in sight."""

from __future__ import annotations

from tests.tui.running import running


async def test_a_step_that_is_done_never_scrolls_its_own_heading_away() -> None:
    async with running(size=(80, 24)) as it:
        lesson = it.main.lesson
        step = it.session.step.id
        heading = lesson.anchor_line(step)
        assert heading is not None
        it.session.pass_step()
        await it.sees("Step done")
        await it.until(lambda: lesson.anchor_line(f"{step}#explanation") is not None)
        assert lesson.scroll_target_y <= heading
