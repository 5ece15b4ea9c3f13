"""A demo's notes on another terminal: a Unix socket that tells where the demo stands and takes orders.

Only the same user gets in: the socket lies in a directory of mode 0700, below ``XDG_RUNTIME_DIR`` or the user's state
directory, and who connects is asked for by ``SO_PEERCRED`` (unix(7)). Both sides write one JSON document a line.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import stat
import struct
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Literal

import msgspec
import platformdirs

from engine.session.autopilot import events
from engine.session.autopilot.autopilot import Autopilot

TICK_SECONDS = 0.5
"""How often the times are told anew."""
BACKLOG_BYTES = 256 * 1024
"""A viewer that has not read so much is let go."""
LINE_BYTES = 256 * 1024
_CREDENTIALS = struct.Struct("3i")

Action = Literal[
    "toggle", "pause", "resume", "next", "previous", "replay", "faster", "slower", "take-over", "give-back", "restore",
    "blank", "goto", "press",
]  # fmt: skip


class Order(msgspec.Struct, frozen=True):
    """What a viewer wants: an action; for ``goto`` the step's id, for ``press`` the key."""

    do: Action
    what: str | None = None


class UnsafeDirectory(Exception):
    """The directory for the socket belongs to somebody else, or others may enter it."""


def runtime_directory() -> Path:
    """Where demos of this user are found."""
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    base = Path(runtime) if runtime and Path(runtime).is_dir() else platformdirs.user_state_path()
    return base / "nsteps"


def private(directory: Path) -> Path:
    """Make it, if need be, for this user alone. Raises :class:`UnsafeDirectory` or ``OSError``."""
    directory.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        directory.mkdir(mode=0o700)
    state = directory.lstat()
    if not stat.S_ISDIR(state.st_mode) or state.st_uid != os.getuid():
        raise UnsafeDirectory(str(directory))
    directory.chmod(0o700)
    return directory


def follow(autopilot: Autopilot, order: Order) -> None:
    """Do what was ordered. Raises ``LookupError`` for a step that there is not."""
    match order.do:
        case "toggle":
            autopilot.toggle()
        case "pause":
            autopilot.pause()
        case "resume":
            autopilot.resume()
        case "next":
            autopilot.next()
        case "previous":
            autopilot.previous()
        case "replay":
            autopilot.replay()
        case "faster":
            autopilot.faster()
        case "slower":
            autopilot.slower()
        case "take-over":
            autopilot.take_over()
        case "restore":
            autopilot.restore()
        case "blank":
            autopilot.blank(not autopilot.pace.held("blank"))
        case "goto":
            autopilot.goto(autopilot.session.course.step(order.what or ""))
        case "press":
            autopilot.press(order.what or "")


class NotesServer:
    """``async with NotesServer(autopilot): …``. A viewer that comes, goes or dies never disturbs the demo."""

    def __init__(self, autopilot: Autopilot, directory: Path | None = None) -> None:
        self.autopilot = autopilot
        self.directory = directory or runtime_directory()
        self.name = f"demo-{os.getpid()}.sock"
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._ticker: asyncio.Task[None] | None = None
        self._unsubscribe = autopilot.subscribe(self._hear)

    async def __aenter__(self) -> NotesServer:
        """Raises :class:`UnsafeDirectory` or ``OSError`` if there is no place for the socket."""
        private(self.directory)
        for name in _sockets(self.directory):
            if client := await _connect(self.directory, name):
                client.close()
        with contextlib.suppress(FileNotFoundError):
            (self.directory / self.name).unlink()
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        with _reachable(self.directory) as short:
            listening.bind(f"{short}/{self.name}")
        self._server = await asyncio.start_unix_server(self._serve, sock=listening, limit=LINE_BYTES)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._unsubscribe()
        for task in (self._ticker, *self._tasks):
            if task is not None:
                task.cancel()
        for writer in tuple(self._writers):
            self._drop(writer)
        if self._server is not None:
            self._server.close()
        with contextlib.suppress(OSError):
            (self.directory / self.name).unlink()

    @property
    def viewers(self) -> int:
        return len(self._writers)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = writer.get_extra_info("socket")
        credentials = peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
        if _CREDENTIALS.unpack(credentials)[1] != os.getuid():
            writer.close()
            return
        self._writers.add(writer)
        if self._ticker is None or self._ticker.done():
            self._ticker = asyncio.ensure_future(self._tick())
        self._tell(writer)
        try:
            while line := await reader.readline():
                await self._order(line)
        except (OSError, ValueError):  # gone, or a line without an end
            pass
        finally:
            self._drop(writer)

    async def _order(self, line: bytes) -> None:
        try:
            order = msgspec.json.decode(line, type=Order)
            if order.do == "give-back":
                await self.autopilot.give_back()
            else:
                follow(self.autopilot, order)
        except (msgspec.DecodeError, LookupError):
            return

    async def _tick(self) -> None:
        while self._writers:
            await asyncio.sleep(TICK_SECONDS)
            self._tell_all()

    def _hear(self, event: events.Event) -> None:
        if isinstance(event, events.Changed) and self._writers:
            self._tell_all()

    def _tell_all(self) -> None:
        for writer in tuple(self._writers):
            self._tell(writer)

    def _tell(self, writer: asyncio.StreamWriter) -> None:
        if writer.is_closing() or writer.transport.get_write_buffer_size() > BACKLOG_BYTES:
            self._drop(writer)
            return
        writer.write(msgspec.json.encode(self.autopilot.standing) + b"\n")

    def _drop(self, writer: asyncio.StreamWriter) -> None:
        self._writers.discard(writer)
        writer.transport.abort()


class NotesClient:
    """The viewer's side: :meth:`standings` as they come, :meth:`order` to steer."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def standings(self) -> AsyncIterator[events.Standing]:
        """Until the demo ends."""
        with contextlib.suppress(OSError, ValueError):
            while line := await self._reader.readline():
                yield msgspec.json.decode(line, type=events.Standing)

    def order(self, do: Action, what: str | None = None) -> None:
        with contextlib.suppress(OSError):
            self._writer.write(msgspec.json.encode(Order(do, what)) + b"\n")

    def close(self) -> None:
        self._writer.transport.abort()


async def connect(directory: Path | None = None) -> NotesClient | None:
    """The youngest demo of this user that is running; ``None`` if there is none. Sockets of dead ones are removed."""
    place = directory or runtime_directory()
    try:
        private(place)
        for name in _sockets(place):
            if client := await _connect(place, name):
                return client
    except (OSError, UnsafeDirectory):
        pass
    return None


async def _connect(place: Path, name: str) -> NotesClient | None:
    """Who listens there; nobody: a demo was killed, and its socket is removed."""
    with _reachable(place) as short:
        try:
            return NotesClient(*await asyncio.open_unix_connection(f"{short}/{name}", limit=LINE_BYTES))
        except ConnectionRefusedError:
            with contextlib.suppress(OSError):
                (place / name).unlink()
        except OSError:
            pass
    return None


def _sockets(place: Path) -> list[str]:
    paths = sorted(place.glob("demo-*.sock"), key=lambda path: path.lstat().st_mtime, reverse=True)
    return [path.name for path in paths]


@contextlib.contextmanager
def _reachable(directory: Path) -> Iterator[str]:
    """A short name of the directory: the name of a socket has room for 107 bytes only."""
    descriptor = os.open(directory, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{descriptor}"
    finally:
        os.close(descriptor)
