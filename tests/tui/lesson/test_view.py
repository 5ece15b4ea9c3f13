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


async def test_on_a_small_screen_the_first_command_is_in_sight_and_an_arrow_says_that_more_follows() -> None:
    async with running(size=(80, 24)) as it:
        await it.sees("$ sudo ip link add dev veth_dustin")
        await it.sees("▼")
        await it.press("ctrl+right_square_bracket", "end")
        await it.sees_no("▼")
        await it.press("pageup")
        await it.sees("Guess: click, or Ctrl-] and its number.")
        await it.press("2")
        await it.sees("Your guess. Now run it.")
        assert "Guess: click" not in it.text()
        it.session.pass_step()
        await it.sees("Step done")
        (y,) = (y for y, row in enumerate(it.rows()) if "Step done" in row)
        await it.pilot.click(offset=(6, y))
        await it.sees("The kernel made two devices")
