"""``nsteps classroom`` as a process of its own, and what its pages and programs do, by hand over HTTP and WebSocket."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import secrets
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
from yarl import URL

from engine.classroom import desk
from tests.cli.command_line import PROGRAM, ROOT
from tests.web.serving import PATIENCE_SECONDS, Page, Serving, Visitor

CODE = "ABC234"
PROMPT = "you@lab:~$"
IN_TERMINAL = "^] Lesson"


class Room(Serving):
    """The running hub. ``desk_link`` lets one browser see the board."""

    def __init__(self, process: asyncio.subprocess.Process, link: str, desk_link: str, data: Path) -> None:
        super().__init__(process, link)
        self.desk_link = desk_link
        self.data = data

    @property
    def port(self) -> int:
        port = URL(self.origin).port
        assert port is not None
        return port

    @property
    def token(self) -> str:
        """The instructor's."""
        return (self.data / "instructor").read_text().strip()


def program(data: Path, *words: str, port: int = 0) -> tuple[str, ...]:
    """``nsteps classroom`` on loopback, believing in ``X-Forwarded-For``."""
    listen = ("--listen", f"127.0.0.1:{port}", "--trust-proxy", "127.0.0.1")
    return (sys.executable, "-c", PROGRAM, "classroom", "--code", CODE, "--data", str(data), *listen, *words)


@contextlib.asynccontextmanager
async def room(data: Path, *words: str, port: int = 0, **variables: str) -> AsyncIterator[Room]:
    """``nsteps classroom`` with these words, ended at the end."""
    process = await asyncio.create_subprocess_exec(
        *program(data, *words, port=port),
        env={**os.environ, "PYTHONPATH": str(ROOT), "NSTEPS_LANG": "en", **variables},
        cwd="/",
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        found: list[str] = []
        async with asyncio.timeout(PATIENCE_SECONDS):
            async for line in process.stdout:
                found += re.findall(r"https?://\S+", line.decode())
                if "Ctrl-C" in line.decode():
                    break
        assert found, "no link"
        yield Room(process, found[0], next(one for one in found if "/desk?" in one), data)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(process.wait(), PATIENCE_SECONDS)
            except TimeoutError:
                process.kill()


@contextlib.contextmanager
def lasting(data: Path, *words: str) -> Iterator[Room]:
    """The same, for tests that each have an event loop of their own."""
    process = subprocess.Popen(
        program(data, *words),
        env={**os.environ, "PYTHONPATH": str(ROOT), "NSTEPS_LANG": "en"},
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        found: list[str] = []
        for line in process.stdout:
            found += re.findall(r"https?://\S+", line)
            if "Ctrl-C" in line:
                break
        yield Room(process, found[0], next(one for one in found if "/desk?" in one), data)  # type: ignore[arg-type]
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE_SECONDS)


class Learner(Visitor):
    """A browser in the room, behind an address of its own."""

    def __init__(self, origin: str) -> None:
        super().__init__(origin)
        self.session.headers["X-Forwarded-For"] = f"2001:db8::{secrets.token_hex(2)}:{secrets.token_hex(2)}"

    async def join(self, name: str = "Ada", code: str = CODE, **headers: str) -> tuple[int, dict[str, str]]:
        """Ask for a seat, as the join page does."""
        body = json.dumps({"code": code, "name": name})
        sent = {"Origin": self.origin} | headers
        async with self.session.post(f"{self.origin}/join", data=body, headers=sent) as answer:
            told = await answer.json() if answer.content_type == "application/json" else {}
            return answer.status, told

    async def sit(self, name: str = "Ada", *, columns: int = 120, rows: int = 36) -> Page:
        """Join, and open the seat's screen."""
        status, told = await self.join(name)
        assert status == 200, told
        return await self.look(columns=columns, rows=rows)


@contextlib.asynccontextmanager
async def board(room: Room) -> AsyncIterator[Board]:
    """The instructor's board, by hand."""
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(
            f"{room.origin}/desk/room",
            headers={"Authorization": f"Bearer {room.token}", "Origin": room.origin},
            max_msg_size=64 * 1024 * 1024,
        ) as socket,
    ):
        yield Board(socket)


class Board:
    """``now``: what it shows; ``frames``: what watched screens painted, by seat."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.now = desk.Board(at=0.0)
        self.answers: list[desk.Answer] = []
        self.frames: dict[int, bytes] = {}

    async def ask(self, request: desk.Request) -> None:
        await self.socket.send_str(desk.encode(request))

    async def hear(self) -> None:
        """One message."""
        message = await self.socket.receive()
        if message.type is aiohttp.WSMsgType.BINARY:
            seat, picture = desk.framed(message.data)
            self.frames[seat] = self.frames.get(seat, b"") + picture
        else:
            assert message.type is aiohttp.WSMsgType.TEXT, message
            answer = desk.answer(message.data)
            self.answers.append(answer)
            if isinstance(answer, desk.BoardTold):
                self.now = answer.board

    def row(self, seat: int) -> desk.Row:
        return next(row for row in self.now.rows if row.seat == seat)
