"""The top line."""

from __future__ import annotations

import pytest

from tui.status.header import Standing, clock, header
from tui.words import sayer
from tui.wrap import width_of

SAY = sayer(lambda: "en")
STANDING = Standing(4, "Create a veth pair", "4.1", "Create both ends at once", 37, 754.0)


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00"), (7.9, "0:07"), (754, "12:34"), (3723, "1:02:03")])
def test_clock(seconds: float, text: str) -> None:
    assert clock(seconds) == text


@pytest.mark.parametrize("width", [60, 70, 80, 100, 120, 200])
def test_percent_and_time_are_always_there(width: int) -> None:
    for busy in (None, "Rebuilding the lab"):
        line = header(Standing(**{**STANDING.__dict__, "busy": busy}), width, SAY)
        assert width_of(line.spans) <= width
        assert "37%" in line.text and "12:34" in line.text
        assert busy is None or busy in line.text


def test_the_steps_title_gives_way_first() -> None:
    assert "Create both ends at once" in header(STANDING, 120, SAY).text
    narrow = header(STANDING, 80, SAY).text
    assert "4 Create a veth pair" in narrow and "4.1" in narrow
