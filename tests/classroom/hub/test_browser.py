"""A room in a real browser: a learner's keys in Chromium, the instructor's board in another tab."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from engine.classroom import desk
from tests.classroom.hub.serving import CODE, IN_TERMINAL, PROMPT, board, room
from tests.classroom.hub.test_seats import SERVER, until
from tests.web.chromium import Tab, chromium, needs_chromium

pytestmark = [pytest.mark.lab, needs_chromium]

HARMLESS = (
    "software WebGL",
    "in CLOSING or CLOSED state",
    "ERR_CONNECTION_REFUSED",  # the page looks whether the hub is there again
    "beforeunload",
)
"""What the console may say."""
KEY = """(() => {
  const key = [...document.querySelectorAll("#touch button")].find((one) => one.textContent === "LABEL");
  key.scrollIntoView();
  const place = key.getBoundingClientRect();
  return [Math.round(place.x + place.width / 2), Math.round(place.y + place.height / 2)];
})()"""
"""Where a key of the row for touch screens is."""


async def tap(tab: Tab, label: str) -> None:
    x, y = await tab.evaluate(KEY.replace("LABEL", label))
    await tab.click(x, y)


async def test_a_learner_and_the_instructor_in_a_browser(tmp_path: Path) -> None:
    async with chromium() as browser:
        async with room(tmp_path / "room") as here:
            tab = await browser.tab()
            await tab.open(f"{here.origin}/#{CODE}")  # as the QR code has it
            await tab.until("document.activeElement?.id === 'name'")
            await tab.type("<b>Ada</b>\n")
            await tab.ready()
            await tab.sees(PROMPT, IN_TERMINAL)
            await tab.type(f"mark=same-lab; {SERVER}\n")
            await tab.sees("Serving HTTP", "Step done")
            await tab.reload()
            await tab.ready()
            await tab.sees("Serving HTTP", "Step done")  # the very same terminal, painted anew
            await tab.press("c", "Control")
            await tab.type("clear; echo the-$mark\n")
            await tab.sees("the-same-lab")

            # The row of keys for touch screens: Ctrl is held until the next key, and so is Shift.
            await tab.open(f"{here.origin}/?keys")
            await tab.ready()
            await tab.sees("the-same-lab")
            await tab.type("sleep 1000\n")
            await tap(tab, "Ctrl")
            await tab.type("c")
            await tab.sees("^C")
            await tap(tab, "↑")
            await tab.sees("$ sleep 1000")
            await tap(tab, "Shift")
            await tap(tab, "F12")
            await tab.compose("qiao", "桥")
            await tab.sees("桥")

            async with board(here) as instructor:
                await until(instructor, lambda: instructor.now.rows and instructor.row(1).hand)
                assert instructor.row(1).name == "<b>Ada</b>"
                await instructor.ask(desk.Watch(seat=1))
                await until(instructor, lambda: b"sleep" in instructor.frames.get(1, b""))
                await instructor.ask(desk.SetGate(last="http-server/start"))
                await until(instructor, lambda: instructor.now.leading.gate is not None)
                await tab.press("F5")
                await tab.type("held")
                await tab.sees("held", "1.1 ")
                await instructor.ask(desk.TakeTo(to=desk.Target(everyone=True), step="network-namespace/create"))
                await tab.sees("2.1")

            instructors = await browser.tab()
            await instructors.open(here.desk_link)
            await instructors.ready()
            await instructors.sees("<b>Ada</b>", "2.1")

            port = here.port
            await here.end(signal.SIGKILL)
            assert await tab.card() == "The connection is lost"
        async with room(tmp_path / "room", port=port) as again:
            await tab.ready()  # by itself
            await tab.sees("2.1", IN_TERMINAL)
            await instructors.ready()
            await instructors.sees("<b>Ada</b>", "2.1")
            assert await again.end() == 0
        assert [await one.card() for one in (tab, instructors)] == ["The workshop is over"] * 2
        own = (f"http://127.0.0.1:{port}", f"ws://127.0.0.1:{port}")
        assert all(url.startswith(own) for url in tab.requests + instructors.requests), tab.requests
        told = [text for text in tab.complaints if not any(word in text for word in HARMLESS)]
        assert told == []
