"""A course is not read again while none of its files has changed; a damaged cache, or none, is no harm."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import platformdirs
import pytest

from engine.assets import lessons_directory
from engine.course import CourseError, load_course
from engine.course.cache import load_quickly


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A course of one's own."""
    copy = tmp_path / "course"
    copy.mkdir()
    for file in lessons_directory().glob("[0-9]*.md"):
        shutil.copy(file, copy)
    return copy


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Path | None]:
    """The folders whose files were read."""
    found: list[Path | None] = []

    def counted(path: Path | None = None) -> object:
        found.append(path)
        return load_course(path)

    monkeypatch.setattr("engine.course.loader.load_course", counted)
    return found


def test_the_same_course_from_the_files_and_from_the_cache(reads: list[Path | None]) -> None:
    course = load_course()
    assert load_quickly() == course
    assert load_quickly() == course
    assert len(reads) == 1


def test_a_change_is_seen(folder: Path, reads: list[Path | None]) -> None:
    load_quickly(folder)
    lesson = folder / "01-http-server.md"
    lesson.write_text(lesson.read_text().replace("# Run an HTTP server", "# Run two HTTP servers", 1))
    assert load_quickly(folder).lessons[0].title.en == "Run two HTTP servers"
    facts = lesson.stat()
    os.utime(lesson, ns=(facts.st_atime_ns, facts.st_mtime_ns + 1))
    load_quickly(folder)
    (folder / "02-network-namespace.zh.md").unlink()
    assert load_quickly(folder).lessons[1].title.zh is None
    assert len(reads) == 4


def test_a_damaged_cache_is_read_over(folder: Path, reads: list[Path | None]) -> None:
    course = load_quickly(folder)
    (kept,) = platformdirs.user_cache_path("nsteps").glob("course-*.msgpack")
    for damage in (b"", b"\xc1nonsense", kept.read_bytes()[:-9]):
        kept.write_bytes(damage)
        assert load_quickly(folder) == course
    assert len(reads) == 4


def test_nowhere_to_keep_it(folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert load_quickly(folder) == load_course(folder)


def test_a_course_that_cannot_be_read_is_told_each_time(folder: Path) -> None:
    lesson = folder / "01-http-server.md"
    lesson.write_text(lesson.read_text() + "\n## A step without its marker\n")
    for _ in range(2):
        with pytest.raises(CourseError):
            load_quickly(folder)
