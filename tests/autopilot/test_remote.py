"""The door for the notes viewer: for its user alone, and never in the talk's way, whoever comes, goes or dies."""

from __future__ import annotations

import asyncio
import math
import os
import signal
import socket
import stat
import sys
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from engine.course import load_course
from engine.session.autopilot.autopilot import Autopilot, Choices
from engine.session.autopilot.events import Standing
from engine.session.autopilot.pacing import Pace
from engine.session.autopilot.remote import NotesClient, NotesServer, UnsafeDirectory, connect, private
from engine.session.autopilot.store import ForgetfulStore
from engine.session.session import Session
from tests.autopilot.talks import PATIENCE_SECONDS, talk

ROOT = Path(__file__).resolve().parents[2]


def make() -> Autopilot:
    """One that stands at 4.1 and does not move."""
    course = load_course()
    session = Session.open(course, store=ForgetfulStore(), language="en")
    return Autopilot(session, Choices(steps=(course.step("4.1"), course.step("4.2"))), pace=Pace())


async def first(client: NotesClient) -> Standing:
    async with asyncio.timeout(PATIENCE_SECONDS):
        async for standing in client.standings():
            return standing
    raise AssertionError("the demo hung up")


async def until(client: NotesClient, **wanted: object) -> Standing:
    """The next standing that is like that."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        async for standing in client.standings():
            if all(getattr(standing, name) == value for name, value in wanted.items()):
                return standing
    raise AssertionError("the demo hung up")


async def test_a_viewer_sees_the_step_its_notes_and_the_next_command(tmp_path: Path) -> None:
    autopilot = make()
    async with NotesServer(autopilot, tmp_path / "nsteps"):
        client = await connect(tmp_path / "nsteps")
        assert client is not None
        standing = await first(client)
        step = autopilot.session.course.step("4.1")
        assert (standing.number, standing.title, standing.notes) == ("4.1", step.title, step.notes)
        assert standing.notes.en and standing.notes.zh
        assert (standing.next_command, standing.terminal) == (step.commands[0].text, "T2")
        assert standing.total > 0 and standing.count == 2
        client.close()


async def test_a_viewer_steers(tmp_path: Path) -> None:
    autopilot = make()
    async with NotesServer(autopilot, tmp_path / "nsteps"):
        client = await connect(tmp_path / "nsteps")
        assert client is not None
        client.order("pause")
        await until(client, paused=True)
        client.order("faster")
        await until(client, speed=1.25)
        client.order("toggle")
        await until(client, paused=False)
        client.close()


async def test_nonsense_is_overheard(tmp_path: Path) -> None:
    autopilot = make()
    async with NotesServer(autopilot, tmp_path / "nsteps") as server:
        client = await connect(tmp_path / "nsteps")
        assert client is not None
        for line in (b"\n", b"{}\n", b'{"do": "format"}\n', b'{"do": "goto", "what": "no/step"}\n', b"\xff\xfe\n"):
            client._writer.write(line)
        client.order("pause")
        await until(client, paused=True)
        client._writer.write(b"x" * 1_000_000)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while server.viewers:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        assert await connect(tmp_path / "nsteps") is not None


async def test_only_the_user_may_enter(tmp_path: Path) -> None:
    place = tmp_path / "nsteps"
    async with NotesServer(make(), place):
        assert stat.S_IMODE(place.stat().st_mode) == 0o700
    assert list(place.iterdir()) == []
    place.chmod(0o777)
    private(place)
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    (tmp_path / "link").symlink_to(place)
    with pytest.raises(UnsafeDirectory):
        private(tmp_path / "link")


async def test_who_connects_must_be_the_same_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with NotesServer(make(), tmp_path / "nsteps"):
        client = await connect(tmp_path / "nsteps")
        assert client is not None
        me = os.getuid()
        monkeypatch.setattr(os, "getuid", lambda: me + 1)
        assert [standing async for standing in client.standings()] == []


async def test_the_socket_of_a_dead_demo_is_removed_and_the_living_one_found(tmp_path: Path) -> None:
    place = private(tmp_path / "nsteps")
    dead = socket.socket(socket.AF_UNIX)
    dead.bind(str(place / "demo-1.sock"))
    dead.close()
    assert await connect(place) is None
    assert not (place / "demo-1.sock").exists()


async def test_a_long_path_is_no_obstacle(tmp_path: Path) -> None:
    place = tmp_path / ("a" * 120) / "nsteps"
    async with NotesServer(make(), place):
        assert await connect(place) is not None


async def test_a_viewer_that_reads_nothing_is_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.session.autopilot.remote.BACKLOG_BYTES", 20_000)
    autopilot = make()
    async with NotesServer(autopilot, tmp_path / "nsteps") as server:
        lazy = socket.socket(socket.AF_UNIX)
        lazy.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(lazy, str(tmp_path / "nsteps" / server.name))
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not server.viewers:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            while server.viewers:
                autopilot.pause()
                await asyncio.sleep(0)
        lazy.close()


VIEWER = """
import asyncio, sys
from pathlib import Path
from engine.session.autopilot.remote import connect
async def main():
    client = await connect(Path(sys.argv[1]))
    async for standing in client.standings():
        print(standing.number, flush=True)
asyncio.run(main())
"""


@pytest.mark.lab
async def test_a_viewer_that_is_killed_does_not_disturb_the_talk(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        it = await stack.enter_async_context(talk("4.1", "4.4", speed=math.inf, paused_at="4.2"))
        server = await stack.enter_async_context(NotesServer(it.autopilot, tmp_path / "nsteps"))
        viewer = await asyncio.create_subprocess_exec(
            sys.executable, "-c", VIEWER, str(tmp_path / "nsteps"), cwd=ROOT, stdout=asyncio.subprocess.PIPE
        )
        assert viewer.stdout is not None
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await viewer.stdout.readline() != b"4.2\n":
                pass
        viewer.send_signal(signal.SIGKILL)
        await viewer.wait()
        it.autopilot.resume()
        await it.until(lambda: it.task.done(), "the end")  # type: ignore[union-attr]
        assert it.verified() == ["4.1", "4.2", "4.3", "4.4"]
        await it.until(lambda: server.viewers == 0, "the viewer's end")
