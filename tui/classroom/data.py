"""Where a room is kept, and what the hub keeps beside the database: a lock, and the instructor's token."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
import platformdirs

from engine.classroom.store import sqlite_url
from tui.classroom.joining import new_secret
from tui.classroom.seating import DeskAddress

URL_VARIABLE = "DATABASE_URL"
TOKEN_VARIABLE = "NSTEPS_INSTRUCTOR_TOKEN"
"""Given to several hubs of one room, so that a browser that leads one leads all."""
DATABASE = "room.sqlite"
RUNTIME_PREFIX = "nsteps-classroom-"


class DataError(Exception):
    """The directory cannot be used; the text is the system's reason."""


class DataBusy(Exception):
    """Another hub keeps its room there. ``pid``: its process, as far as is known."""

    def __init__(self, directory: Path | str = "", pid: str = "?") -> None:
        super().__init__(str(directory))
        self.pid = pid


def default_directory() -> Path:
    """Of a room that is given none."""
    return platformdirs.user_data_path("nsteps") / "classroom"


def database_url(directory: Path) -> str:
    """What the environment says, else a file in the directory."""
    return os.environ.get(URL_VARIABLE) or sqlite_url(directory / DATABASE)


def place(directory: Path) -> str:
    """The same for people: without a password."""
    url = os.environ.get(URL_VARIABLE)
    return str(directory) if not url else url.rpartition("@")[2] if "@" in url else url


@contextlib.contextmanager
def held(directory: Path) -> Iterator[None]:
    """Make the directory, its owner's only, and keep others from using it. Raises :class:`DataError`,
    :class:`DataBusy`."""
    try:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = os.open(directory / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise DataError(error.strerror or str(error)) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        holder = os.read(lock, 20).decode(errors="replace").strip()
        os.close(lock)
        raise DataBusy(directory, holder or "?") from error
    try:
        os.ftruncate(lock, 0)
        os.write(lock, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(lock)


@contextlib.contextmanager
def private() -> Iterator[None]:
    """Files that are made meanwhile are their owner's only, also in a directory that others may read."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def instructor_token(directory: Path) -> tuple[str, bool]:
    """The token, and whether the instructor was given it. It stays the same when the hub is restarted."""
    if given := os.environ.get(TOKEN_VARIABLE):
        return given, True
    path = directory / "instructor"
    try:
        if token := path.read_text(encoding="utf-8").strip():
            return token, False
    except FileNotFoundError:
        pass
    token = new_secret()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(token + "\n")
    return token, False


def desk_file(directory: Path) -> Path:
    """Where the hub that keeps its room there writes how its boards reach it."""
    return directory.absolute() / "desk"


@contextlib.contextmanager
def announced(directory: Path, token: str, lessons: str | None, language: str) -> Iterator[Path]:
    """Write :func:`desk_file` for as long as the hub runs; yields the path for its socket, in a temporary directory.

    That one is not in ``XDG_RUNTIME_DIR``, which goes away with the instructor's last login, but the hub stays. What a
    hub that was killed has left is removed. The directory must be :func:`held`.
    """
    file = desk_file(directory)
    with contextlib.suppress(OSError, msgspec.MsgspecError):
        left = Path(read_desk(file).unix).parent
        if left.name.startswith(RUNTIME_PREFIX) and left.owner() == directory.owner():
            shutil.rmtree(left)
    with tempfile.TemporaryDirectory(prefix=RUNTIME_PREFIX) as runtime:
        unix = Path(runtime) / "hub"
        address = DeskAddress(unix=str(unix), token=token, lessons=lessons, language=language)
        with private():
            fresh = file.with_suffix(".new")
            fresh.write_bytes(msgspec.json.encode(address))
            fresh.replace(file)
        try:
            yield unix
        finally:
            file.unlink(missing_ok=True)


def read_desk(file: Path) -> DeskAddress:
    """What a hub has written for boards of this machine. Raises ``OSError``, ``msgspec.MsgspecError``."""
    return msgspec.json.decode(file.read_bytes(), type=DeskAddress)
