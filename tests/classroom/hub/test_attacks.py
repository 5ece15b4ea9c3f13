"""What a learner may try from inside, in real labs, while another learner's keys come back as ever."""

from __future__ import annotations

import asyncio
import contextlib
import string
import time
from collections.abc import AsyncIterator
from itertools import cycle
from pathlib import Path

import aiohttp
import pytest

from tests.classroom.hub.serving import IN_TERMINAL, PROMPT, Learner, Room, room
from tests.web.serving import PATIENCE_SECONDS, Page
from tui.classroom.addresses import outward_address

pytestmark = pytest.mark.lab

FLOOD = "head -c 100000000 /dev/zero | tr '\\0' x | fold -w 50; echo $((6 * 7)) is the end"
BOMB = "bomb() { bomb | bomb & }; bomb"
KEYS = 12


@contextlib.asynccontextmanager
async def drained(page: Page) -> AsyncIterator[None]:
    """Take what the page is sent, as a browser does, and look at none of it."""

    async def drain() -> None:
        while (await page.socket.receive()).type in (aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT):
            pass

    task = asyncio.create_task(drain())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})


async def echoes(page: Page) -> list[float]:
    """Seconds from a key until its letter is on the screen."""
    took: list[float] = []
    word = ""
    for letter, _ in zip(cycle(string.ascii_lowercase), range(KEYS), strict=False):
        word += letter
        began = time.monotonic()
        await page.type(letter)
        await page.sees(f"$ {word}")
        took.append(time.monotonic() - began)
    await page.type("\x15")
    await page.sees(PROMPT)
    return took


async def run(page: Page, command: str, told: str) -> None:
    await page.type(f"clear; {command}\r")
    await page.sees(told)


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Room]:
    async with room(tmp_path / "room") as here:
        yield here


async def test_what_is_done_in_one_seat_another_neither_sees_nor_feels(here: Room) -> None:
    async with Learner(here.origin) as mallory, Learner(here.origin) as ada:
        theirs, mine = await mallory.sit("Mallory"), await ada.sit("Ada")
        await theirs.sees(PROMPT, IN_TERMINAL)
        await mine.sees(PROMPT, IN_TERMINAL)

        # Over the network: the hub, the real host, another lab. Each lab's own addresses are its own.
        await run(mine, "python3 -m http.server 8080 > /dev/null 2>&1 & sleep 1; echo up-$((1+1))", "up-2")
        addresses = {"127.0.0.1", "localhost", "192.168.0.1", "192.168.0.100", outward_address() or "127.0.0.1"}
        tries = " ".join(f"{address}:{port}" for address in addresses for port in (here.port, 8080))
        await run(
            theirs,
            f"n=0; for a in {tries}; do curl -s -m 1 $a/alive | grep nsteps && n=1; done; echo reached-$n",
            "reached-0",
        )
        await run(theirs, "curl -s -m 1 192.168.0.100:8080 || echo nobody-$((1+1))", "nobody-2")
        # Through the file system and the process table.
        await run(theirs, f"ls -d {here.data} /tmp/.X11-unix; ps ax | grep -c [c]lassroom", "\n")
        await run(theirs, "ps ax | grep -c '[n]steps'; kill -9 -1; echo still-$((1+1))", "still-2")

        # 100 MB of output, then a fork bomb.
        await run(theirs, FLOOD, "xxxxxxxx")
        async with drained(theirs):
            flooded = await echoes(mine)
        await theirs.type("\x03")
        await theirs.type(BOMB + "\r")
        async with drained(theirs):
            bombed = await echoes(mine)
        assert len(flooded) == len(bombed) == KEYS
        async with asyncio.timeout(PATIENCE_SECONDS):
            assert (await ada.get("/alive"))[0] == 200
