"""The course as it was read last, for a quick start: reading twenty Markdown files takes longer than a first paint.

It is kept in the user's XDG cache directory together with name, size and time of every file that it was made from, the
program's own among them. Where any of it differs, the files are read. It may be deleted at any time.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import platformdirs

from engine.assets import lessons_directory
from engine.course.model import Course

_ENGINE = Path(__file__).resolve().parents[1]
_MAKERS = (_ENGINE / "course", _ENGINE / "verify")
"""The program's files that make a course of Markdown and check it."""


class _Kept(msgspec.Struct):
    state: str
    course: Course


def load_quickly(path: Path | None = None) -> Course:
    """What :func:`~engine.course.loader.load_course` gives, without reading the files again if none has changed.

    Raises ``CourseError`` as that does.
    """
    folder = (path or lessons_directory()).absolute()
    file = _file(folder)
    state = _state(folder)
    with contextlib.suppress(OSError, msgspec.DecodeError):
        kept = msgspec.msgpack.decode(file.read_bytes(), type=_Kept, dec_hook=_path_of)
        if kept.state == state:
            return kept.course

    from engine.course.loader import load_course

    course = load_course(folder)
    with contextlib.suppress(OSError):
        _keep(file, _Kept(state, course))
    return course


def _file(folder: Path) -> Path:
    digest = hashlib.sha256(str(folder).encode()).hexdigest()[:12]
    return platformdirs.user_cache_path("nsteps") / f"course-{digest}.msgpack"


def _state(folder: Path) -> str:
    """What changes when any of the files does."""
    digest = hashlib.sha256()
    for file in sorted(_files(folder)):
        with contextlib.suppress(OSError):
            facts = file.stat()
            digest.update(f"{file}\0{facts.st_size}\0{facts.st_mtime_ns}\0".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    yield from folder.glob("*.md")
    for directory in _MAKERS:
        yield from directory.rglob("*.py")


def _keep(file: Path, kept: _Kept) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=file.parent, prefix=file.name, suffix=".new")
    try:
        with os.fdopen(descriptor, "wb") as new:
            new.write(msgspec.msgpack.encode(kept, enc_hook=str))
        Path(temporary).replace(file)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise


def _path_of(kind: type, value: Any) -> Path:
    if kind is not Path:
        raise NotImplementedError(kind)
    return Path(value)
