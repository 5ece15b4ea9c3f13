"""A seat's life, with real labs: reload, another tab, grace, a killed hub, the end."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from engine.classroom import desk
from tests.classroom.hub.serving import IN_TERMINAL, PROMPT, Board, Learner, Room, board, room
from tests.web.serving import PATIENCE_SECONDS, Page, all_gone, descendants

pytestmark = pytest.mark.lab

SERVER = "python3 -m http.server 8080"
F10 = "\x1b[21~"


async def until(desk: Board, condition: object) -> None:
    """Hear the board until it holds."""
    assert callable(condition)
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition():
            await desk.hear()


async def test_a_lost_page_comes_back_to_the_very_same_shell(tmp_path: Path) -> None:
    async with room(tmp_path / "room") as here, Learner(here.origin) as ada, Learner(here.origin) as bob:
        page = await ada.sit("Ada")
        await page.sees(PROMPT, IN_TERMINAL)
        await page.type("mark=kept-in-this-very-shell; false\r")
        await page.sees("false")
        await page.close()
        page = await ada.look(columns=100, rows=30)
        await page.sees("mark=kept-in-this-very-shell", PROMPT)  # painted anew, in the new size
        await page.type("clear; echo it-is-$mark\r")
        await page.sees("it-is-kept-in-this-very-shell")

        status, told = await ada.ask()  # a second tab
        assert (status, told["reason"]) == (409, "busy")
        second = await ada.look(take=True)
        await page.closed()
        assert (await ada.ending(page))["reason"] == "moved"
        await second.sees("it-is-kept-in-this-very-shell")

        # Nobody else gets at it: not with its view, not with a view of theirs.
        assert (await bob.join("Bob"))[0] == 200
        _, told = await ada.ask(take=True)
        stolen = await bob.connect(told["view"])
        await stolen.closed()
        assert PROMPT not in stolen.text
        assert (await bob.get(f"/ending/{second.view}"))[0] == 404
        mine = await ada.connect(told["view"])
        await mine.sees("it-is-kept-in-this-very-shell")

        lab = descendants(here.process.pid)
        await mine.type(F10)
        await mine.closed()
        ending = await ada.ending(mine)
        assert ending["reason"] == "left"
        async with ada.session.post(f"{here.origin}/leave", headers={"Origin": here.origin}) as answer:
            assert answer.status == 200
        assert (await ada.ask())[0] == 409
        assert 'id="join"' in (await ada.get("/"))[1]
        assert lab > descendants(here.process.pid)


async def test_a_killed_hub_comes_back_with_every_place_and_the_board(tmp_path: Path) -> None:
    async with room(tmp_path / "room") as here, Learner(here.origin) as ada, Learner(here.origin) as bob:
        page, other = await ada.sit("Ada"), await bob.sit("Bob")
        await page.sees(PROMPT, IN_TERMINAL)
        await page.type(SERVER + "\r")
        await page.sees("Serving HTTP", "Step done")
        await page.type("\x1b[15~")  # F5
        await page.sees("1.2")
        await other.sees(PROMPT, IN_TERMINAL)
        async with board(here) as instructor:
            await instructor.ask(desk.SetGate(last="http-server/visit"))
            await until(instructor, lambda: instructor.now.leading.gate == "http-server/visit")
            await until(instructor, lambda: instructor.row(1).number == "1.2" and instructor.row(1).done == 1)
        everything = descendants(here.process.pid)
        await here.end(signal.SIGKILL)
        await all_gone(everything)
        async with room(here.data, port=here.port) as again:
            assert again.token == here.token
            page = await ada.look()
            await page.sees("1.2", "2%", PROMPT)
            await page.type("curl localhost:8080\r")  # the server of the step before runs again
            await page.sees("Directory listing", "Step done")
            async with board(again) as instructor:
                await until(instructor, lambda: len(instructor.now.rows) == 2)
                assert {row.name for row in instructor.now.rows} == {"Ada", "Bob"}
                assert instructor.now.leading.gate == "http-server/visit"
                await until(instructor, lambda: instructor.row(1).done == 2)

                await instructor.ask(desk.RemoveSeat(seat=1))
                await page.closed()
                assert (await ada.ending(page))["reason"] == "removed"
                assert (await ada.ask())[0] == 409
                await until(instructor, lambda: [row.name for row in instructor.now.rows] == ["Bob"])
                await instructor.ask(desk.EndRoom())
                await until(instructor, lambda: isinstance(instructor.answers[-1], desk.RoomEnded))
            assert await asyncio.wait_for(again.process.wait(), PATIENCE_SECONDS) == 0


async def test_after_the_grace_time_and_after_its_process_has_died_a_seat_resumes(tmp_path: Path) -> None:
    async with room(tmp_path / "room", "--grace", "0.2") as here, Learner(here.origin) as ada:
        parents = descendants(here.process.pid)
        page = await ada.sit("Ada")
        await page.sees(PROMPT, IN_TERMINAL)
        await page.type(SERVER + "\r")
        await page.sees("Serving HTTP", "Step done")
        seat = descendants(here.process.pid) - parents
        await page.close()
        await all_gone(seat)
        page = await ada.look()
        await page.sees("Serving HTTP", "1.1", "2%")
        await killed_seat(here, parents, ada, page)


async def killed_seat(here: Room, parents: set[int], ada: Learner, page: Page) -> None:
    """A seat's process that dies takes its lab along, says so, and begins anew."""
    seat = descendants(here.process.pid) - parents
    os.kill(min(seat), signal.SIGKILL)
    await page.closed()
    assert (await ada.ending(page))["reason"] == "broken"
    await all_gone(seat)
    page = await ada.look()
    await page.sees("Serving HTTP", "1.1")
