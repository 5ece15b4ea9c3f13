"""Opens a room: the database, the seats' parent, the server, the board; and closes it."""

from __future__ import annotations

import asyncio
import contextlib
import getpass
import io
import os
import resource
import shutil
import signal
import ssl
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec
import segno

from engine.classroom.kept import RoomSettings
from engine.classroom.room import Room
from engine.classroom.store import Store, StoreError
from engine.classroom.writer import Writer
from engine.course.model import Course
from engine.messages import Message, render
from tui.classroom import data
from tui.classroom.addresses import Addresses, ListenError
from tui.classroom.cgroups import Cgroups
from tui.classroom.hub import Hub, Limits
from tui.classroom.joining import digest, new_code
from tui.classroom.nursery import NurseryError, SeatNursery
from tui.classroom.server import ClassroomServer
from tui.classroom.until import Until
from tui.commands.options import EXIT_NOT_PASSED, EXIT_USAGE
from tui.wrap import Span, wrap

FILES_PER_SEAT = 4
FILES_BESIDE = 100
HUB_VARIABLE = "NSTEPS_HUB"
"""The name of this hub among those that share a database; by default, the host's."""


class Failure(Exception):
    """The room cannot be opened; ``message`` says why, ``code`` is the program's exit code."""

    def __init__(self, message: Message, code: int = EXIT_USAGE) -> None:
        super().__init__(message.key)
        self.message = message
        self.code = code


class Busy(Failure):
    """Another hub keeps its room there."""


class Opening(msgspec.Struct, kw_only=True):
    """What ``nsteps classroom`` was asked for."""

    language: str
    course: Course
    lessons: str | None
    room_language: str | None
    addresses: Addresses
    limits: Limits
    seats: int
    first: str | None
    last: str | None
    no_names: bool
    board: bool
    directory: Path
    code: str | None
    certificate: tuple[Path, Path] | None

    def say(self, key: str, **params: object) -> None:
        """On the instructor's terminal, which may be gone already."""
        text = render(Message(f"classroom.run.{key}", params), self.language)
        with contextlib.suppress(OSError):
            columns = shutil.get_terminal_size().columns
            lines = wrap((Span(text),), columns)
            click.echo(text if "://" in text else "\n".join("".join(span.text for span in line) for line in lines))


async def serve(opening: Opening) -> None:
    """Until the instructor ends the room, by the board or Ctrl-C. ``kill`` ends the hub only: pages and programs come
    back to the next one. The end of the terminal ends neither. Raises :class:`Failure`."""
    ended, restarting = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, ended.set)
    loop.add_signal_handler(signal.SIGHUP, lambda: None)  # whether the terminal is gone is seen at the terminal

    def stop() -> None:
        restarting.set()
        ended.set()

    loop.add_signal_handler(signal.SIGTERM, stop)
    tls = _tls(opening)
    with _failures(opening), data.held(opening.directory), contextlib.ExitStack() as stack:
        token, standing = data.instructor_token(opening.directory)
        unix = stack.enter_context(data.announced(opening.directory, token, opening.lessons, opening.language))
        with data.private():
            opened = Store.open(data.database_url(opening.directory))
        with opened as store:
            room_settings = _settings(opening, store, token)
            cgroups = Cgroups.open()
            hub = Hub(SeatNursery(opening.lessons), opening.lessons, opening.limits, cgroups)
            await hub.warm_up()
            room = Room(store, Writer(store), opening.course, room_settings, hub, hub_name=_hub_name())
            hub.start(room)
            server = ClassroomServer(
                hub,
                opening.addresses,
                code=room_settings.code,
                token=token,
                standing=standing,
                address=data.desk_file(opening.directory),
                language=opening.room_language,
            )
            try:
                _open(room)
                await server.start(tls, unix)
                _tell(opening, server, room_settings)
                opening.say("hard-limits" if cgroups else "soft-limits")
                await Until(opening, server, hub, ended).over(restarting)
                opening.say("ending")
            finally:
                await hub.close(over=not restarting.is_set())
                await server.close()


def _settings(opening: Opening, store: Store, token: str) -> RoomSettings:
    """A room that was open before keeps its code, so that a link stays good."""
    before = store.settings()
    return RoomSettings(
        lessons=opening.lessons,
        first=opening.first,
        last=opening.last,
        language=opening.room_language,
        seats=opening.seats,
        no_names=opening.no_names,
        code=(opening.code or (before.code if before else "") or new_code()).upper(),
        instructor=digest(token).hex(),
        opened_at=before.opened_at if before else time.time(),
    )


def _open(room: Room) -> None:
    """Whatever the room was when it was closed, it is open now; and not past its last step."""
    if room.state.closed:
        room.set_state(closed=False)
    if room.settings.last is not None and room.state.gate is None:
        room.set_state(gate=room.settings.last)


def _tell(opening: Opening, server: ClassroomServer, settings: RoomSettings) -> None:
    """Everything a room needs to know, before the board covers it."""
    addresses = opening.addresses
    with contextlib.suppress(OSError, UnicodeError):
        if sys.stdout.isatty():
            picture = io.StringIO()
            segno.make(server.link_with_code, error="l").terminal(picture, compact=True, border=2)
            click.echo(picture.getvalue())
    opening.say("open", seats=settings.seats)
    click.echo(f"\n    {server.link}\n")
    opening.say("code")
    click.echo(f"\n    {settings.code}\n")
    opening.say("own-terminal", link=server.link)
    opening.say("board", link=server.desk_link())
    if addresses.on_loopback and not addresses.public_url:
        opening.say("loopback", port=server.port)
    else:
        key = "network-tls" if server.link.startswith("https:") else "network"
        opening.say(key, host=addresses.host, port=server.port, user=getpass.getuser())
    where = data.place(opening.directory)
    opening.say("kept-without-names" if settings.no_names else "kept", where=where)
    files = _raise_files()
    if (files - FILES_BESIDE) // FILES_PER_SEAT < settings.seats:
        opening.say("open-files", possible=(files - FILES_BESIDE) // FILES_PER_SEAT, files=files)


def _tls(opening: Opening) -> ssl.SSLContext | None:
    if opening.certificate is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(*opening.certificate, password=lambda: "")
    except (OSError, ssl.SSLError, ValueError) as error:
        raise Failure(Message("classroom.run.certificate", {"reason": str(error)})) from error
    return context


@contextlib.contextmanager
def _failures(opening: Opening) -> Iterator[None]:
    try:
        yield
    except data.DataBusy as error:
        raise Busy(Message("classroom.run.busy", {"where": str(error), "pid": error.pid})) from error
    except data.DataError as error:
        where = {"where": str(opening.directory), "reason": str(error)}
        raise Failure(Message("classroom.run.data", where)) from error
    except StoreError as error:
        raise Failure(error.message) from error
    except ListenError as error:
        place = {"host": opening.addresses.host, "port": opening.addresses.port, "reason": str(error)}
        raise Failure(Message("classroom.run.listen-failed", place)) from error
    except NurseryError as error:
        raise Failure(Message("classroom.run.no-seats", {"reason": str(error)}), EXIT_NOT_PASSED) from error


def _hub_name() -> str:
    return os.environ.get(HUB_VARIABLE) or os.uname().nodename or "hub"


def _raise_files() -> int:
    """Let the hub open as many files as it may; how many."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return 1 << 20 if most == resource.RLIM_INFINITY else most
