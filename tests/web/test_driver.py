"""The driver, between a small application and a server's end of its socket: what is typed arrives as what it is."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest
from textual import events
from textual.app import App

from tui.terminal import input as terminal_input
from tui.terminal.keys import encode
from tui.web.channel import Channel
from tui.web.driver import driver_for
from tui.web.packets import (
    DATA,
    HEADER_BYTES,
    META,
    Focus,
    Meta,
    OpenUrl,
    Quit,
    Resize,
    header,
    meta,
    packet,
    understood,
)

PATIENCE_SECONDS = 30


class Listening(App[None], inherit_bindings=False):
    """Notes what happens to it."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, **more: Any) -> None:
        terminal_input.install()
        super().__init__(**more)
        self.heard: asyncio.Queue[Any] = asyncio.Queue()
        self.noted: list[events.Event] = []

    async def on_event(self, event: events.Event) -> None:
        kinds = events.Key | events.Paste | events.MouseDown | events.AppFocus | events.AppBlur
        if isinstance(event, kinds) and not any(event is other for other in self.noted):  # they come back by bubbling
            self.noted.append(event)
            self.heard.put_nowait(event)
        await super().on_event(event)

    def on_resize(self, event: events.Resize) -> None:
        self.heard.put_nowait(event)


class Server:
    """The other end."""

    def __init__(self, app: Listening, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.app = app
        self.reader = reader
        self.writer = writer

    async def type(self, text: str) -> None:
        self.writer.write(packet(DATA, text.encode()))
        await self.writer.drain()

    async def tell(self, what: Meta) -> None:
        self.writer.write(meta(what))
        await self.writer.drain()

    async def hears(self, kind: type[Any]) -> Any:
        """The next event of that kind that the application gets."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not isinstance(event := await self.app.heard.get(), kind):
                pass
        return event

    async def paints(self, text: bytes) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while text not in (await self.packet())[1]:
                pass

    async def told(self) -> Meta:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (got := await self.packet())[0] != META:
                pass
        return understood(got[1])

    async def packet(self) -> tuple[bytes, bytes]:
        kind, size = header(await self.reader.readexactly(HEADER_BYTES))
        return kind, await self.reader.readexactly(size)


@contextlib.asynccontextmanager
async def running() -> AsyncIterator[tuple[Server, asyncio.Task[Any]]]:
    ours, theirs = socket.socketpair()
    app = Listening(driver_class=driver_for(Channel(theirs), 90, 30))
    reader, writer = await asyncio.open_unix_connection(sock=ours)
    task = asyncio.create_task(app.run_async())
    server = Server(app, reader, writer)
    await server.hears(events.Resize)
    try:
        yield server, task
    finally:
        writer.close()
        await asyncio.wait_for(task, PATIENCE_SECONDS)
        theirs.close()


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with running() as (server, _):
        yield server


@pytest.mark.parametrize(
    "typed",
    [
        "\x1b",
        "\x1b[A",
        "\x1bOP",
        "\x1b[24~",
        "\x03",
        "\x1d",
        "\x17",
        "\x1c",
        "\x1bb",
        "\x1b.",
        "\x1b1",
        "\t",
        "\x1b[Z",
        "\r",
    ],
)
async def test_a_key_reaches_the_shell_as_it_was_typed(server: Server, typed: str) -> None:
    await server.type(typed)
    event = await server.hears(events.Key)
    assert encode(event.key, event.character) == typed.encode()


async def test_a_lone_escape_needs_no_waiting(server: Server) -> None:
    """With the next packet it would otherwise become Alt and that key."""
    await server.type("\x1b")
    await server.type("b")
    assert [(await server.hears(events.Key)).key for _ in range(2)] == ["escape", "b"]


async def test_chinese_is_typed(server: Server) -> None:
    await server.type("网桥")
    assert [(await server.hears(events.Key)).character for _ in range(2)] == ["网", "桥"]


async def test_a_paste_is_one_thing(server: Server) -> None:
    text = "ip link\nip addr 网\n" * 2000
    await server.type(f"\x1b[200~{text}\x1b[201~")
    assert (await server.hears(events.Paste)).text == text


async def test_the_mouse(server: Server) -> None:
    await server.type("\x1b[<0;11;6M")
    event = await server.hears(events.MouseDown)
    assert (event.screen_x, event.screen_y) == (10, 5)


async def test_what_no_terminal_sends_does_no_harm(server: Server) -> None:
    for nonsense in (
        "",
        "\x1b[<9999999;1;1M",
        "\x1b[M",
        "\x1b[?999999$y",
        "\x1b[" + "1;" * 100 + "u",
        "\x1b[1114112;1u",
    ):
        await server.type(nonsense)
    server.writer.write(packet(DATA, b"\xff\xfe") + packet(META, b"{}") + packet(META, b"\xff"))
    await server.type("q")
    while (await server.hears(events.Key)).key != "q":
        pass


async def test_the_window_changes_its_size_and_loses_the_keyboard(server: Server) -> None:
    assert server.app.size == (90, 30)
    await server.tell(Resize(120, 40))
    while (await server.hears(events.Resize)).size != (120, 40):
        pass
    await server.tell(Focus(False))
    await server.hears(events.AppBlur)
    await server.tell(Focus(True))
    await server.hears(events.AppFocus)


async def test_links_are_for_the_browser(server: Server) -> None:
    server.app.open_url("https://example.org/")
    assert await server.told() == OpenUrl("https://example.org/")


async def test_the_page_learns_of_the_picture_by_its_size(server: Server) -> None:
    """textual-serve's script shows the screen at the first packet of more than ten bytes."""
    kinds = [await server.packet()]
    while len(kinds[-1][1]) <= 10:
        kinds.append(await server.packet())
    assert b"\x1b[1;1H" in kinds[-1][1]


async def test_it_ends_when_it_is_told() -> None:
    async with running() as (server, task):
        await server.tell(Quit())
        await asyncio.wait_for(task, PATIENCE_SECONDS)


async def test_it_ends_when_the_server_is_gone() -> None:
    async with running() as (server, task):
        server.writer.close()
        await asyncio.wait_for(task, PATIENCE_SECONDS)
