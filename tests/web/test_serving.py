"""``nsteps web`` whole, with a real lab, from the link to the last process; a client does what the page does."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pexpect
import pytest

from tests.cli.command_line import PROGRAM, ROOT, nsteps
from tests.web.serving import PATIENCE_SECONDS, Serving, Visitor, alive, all_gone, descendants, serving
from tui.web.server import MESSAGE_BYTES

PROMPT = "you@lab:~$"
SERVER = "python3 -m http.server 8080"
IN_TERMINAL = "^] Lesson"
F10 = "\x1b[21~"


@pytest.fixture
async def program() -> AsyncIterator[Serving]:
    async with serving() as program:
        yield program


@pytest.fixture
async def visitor(program: Serving) -> AsyncIterator[Visitor]:
    async with Visitor(program.origin) as visitor:
        assert await visitor.enter(program.link) == 200
        yield visitor


@pytest.mark.lab
async def test_a_closed_tab_ends_the_lab_and_the_next_one_resumes(program: Serving, visitor: Visitor) -> None:
    page = await visitor.look()
    await page.sees(IN_TERMINAL, PROMPT)
    await page.type(SERVER + "\r")
    await page.sees("Serving HTTP", "Step done")
    lab = descendants(program.process.pid)
    await page.close()
    await all_gone(lab)
    assert not descendants(program.process.pid)

    page = await visitor.look(columns=90, rows=30)
    await page.sees("Serving HTTP", "1.1", "2%")
    await page.resize(130, 40)
    await page.sees("F10 Quit", "Serving HTTP", IN_TERMINAL)
    await page.type("\x03")
    await page.sees("Keyboard interrupt received")
    lab = descendants(program.process.pid)
    await page.type(F10)
    await page.closed()
    ending = await visitor.ending(page)
    assert ending["reason"] == "left"
    assert "1.1" in ending["text"]
    await all_gone(lab)


@pytest.mark.lab
async def test_a_second_tab_is_told_and_may_take_over(program: Serving, visitor: Visitor) -> None:
    first = await visitor.look()
    await first.sees(IN_TERMINAL, PROMPT)
    lab = descendants(program.process.pid)
    status, told = await visitor.ask()
    assert status == 409
    assert told["reason"] == "busy"
    assert all(map(alive, lab))
    second = await visitor.look(take=True)
    await first.closed()
    assert (await visitor.ending(first))["reason"] == "moved"
    await all_gone(lab)
    await second.sees(IN_TERMINAL, PROMPT)


@pytest.mark.lab
async def test_a_process_that_dies_is_told(program: Serving, visitor: Visitor) -> None:
    page = await visitor.look()
    await page.sees(IN_TERMINAL, PROMPT)
    lab = descendants(program.process.pid)
    learner = next(pid for pid in lab if parent(pid) == program.process.pid)
    os.kill(learner, signal.SIGKILL)
    await page.closed()
    assert (await visitor.ending(page))["reason"] == "broken"
    await all_gone(lab)
    page = await visitor.look()
    await page.sees(IN_TERMINAL)


def parent(pid: int) -> int:
    text = Path(f"/proc/{pid}/stat").read_text()
    return int(text[text.rindex(")") + 2 :].split()[1])


@pytest.mark.lab
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
async def test_the_end_of_the_server_ends_everything(program: Serving, visitor: Visitor, number: int) -> None:
    page = await visitor.look()
    await page.sees(IN_TERMINAL, PROMPT)
    lab = descendants(program.process.pid)
    hanging_up = asyncio.create_task(page.closed())
    assert await program.end(number) == 0
    await hanging_up
    await all_gone(lab)


@pytest.mark.lab
async def test_a_page_that_does_not_read_ends_nevertheless(program: Serving, visitor: Visitor) -> None:
    page = await visitor.look()
    await page.sees(IN_TERMINAL, PROMPT)
    await page.type("yes an endless stream of words | cat -n\r")
    await page.sees("1000")
    lab = descendants(program.process.pid)
    await asyncio.sleep(2)  # all buffers on the way are full
    second = await visitor.look(take=True)
    assert (await visitor.ending(page))["reason"] == "moved"
    await all_gone(lab)
    await second.sees(IN_TERMINAL, PROMPT)
    lab = descendants(program.process.pid)
    await second.type("yes an endless stream of words | cat -n\r")
    await second.sees("1000")
    await asyncio.sleep(2)
    assert await program.end() == 0
    await all_gone(lab)


@pytest.mark.lab
async def test_too_much_at_once_ends_the_connection_with_a_word(program: Serving, visitor: Visitor) -> None:
    page = await visitor.look()
    await page.sees(IN_TERMINAL, PROMPT)
    with contextlib.suppress(ConnectionError, aiohttp.ClientError):  # the server hangs up in the middle of it
        await page.type("x" * (MESSAGE_BYTES + 1))
        await page.closed()
    assert (await visitor.ending(page))["reason"] == "broken"
    page = await visitor.look()
    await page.sees(IN_TERMINAL, PROMPT)


@pytest.mark.lab
async def test_the_death_of_the_server_leaves_nothing(program: Serving, visitor: Visitor) -> None:
    page = await visitor.look()
    await page.sees(IN_TERMINAL, PROMPT)
    lab = descendants(program.process.pid)
    assert len(lab) > 3
    await program.end(signal.SIGKILL)
    await all_gone(lab)


@pytest.mark.lab
async def test_the_death_of_the_server_before_the_first_picture_leaves_nothing(
    program: Serving, visitor: Visitor
) -> None:
    _, told = await visitor.ask()
    await visitor.connect(told["view"])
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not (started := descendants(program.process.pid)):  # noqa: ASYNC110 - nothing announces it
            await asyncio.sleep(0)
    await program.end(signal.SIGKILL)
    await all_gone(started)


@pytest.mark.lab
async def test_the_step_is_where_the_first_page_begins_and_not_the_next() -> None:
    async with serving("--step", "2.1", "--lang", "zh") as program, Visitor(program.origin) as visitor:
        assert await visitor.enter(program.link) == 200
        assert (await visitor.get("/"))[1].count('lang="zh"') == 1
        page = await visitor.look()
        await page.sees("2.1", PROMPT, "F1 帮助")
        await page.type("\x1b[18~")  # F7
        await page.sees("F5 ▸下一步")
        await page.type("\x1b[15~")  # F5
        await page.sees("›  2.2")
        await page.close()
        page = await visitor.look()
        await page.sees("›  2.2", "F1 帮助")


def test_usage_errors(tmp_path: Path) -> None:
    assert nsteps("web", "--step", "no-such-step").returncode == 2
    assert nsteps("web", "--port", "0").returncode == 2
    assert nsteps("web", "--lessons", str(tmp_path)).returncode == 2


async def test_a_port_that_is_taken(program: Serving) -> None:
    port = program.origin.rsplit(":", 1)[1]
    done = await asyncio.to_thread(nsteps, "web", "--port", port)
    assert done.returncode == 2
    assert f"Port {port} cannot be used" in done.stderr
    async with serving() as other:
        assert other.origin != program.origin


def test_enter_gives_a_new_link() -> None:
    child = pexpect.spawn(
        sys.executable,
        ["-c", PROGRAM, "web"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=PATIENCE_SECONDS,
        encoding="utf-8",
    )
    link = r"http://127\.0\.0\.1:\d+/\?token=\S+"
    child.expect(link)
    first = child.after
    child.expect_exact("Ctrl-C")
    child.send("\r")
    child.expect(link)
    assert child.after != first
    child.sendintr()
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
