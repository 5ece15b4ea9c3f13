"""Progress is kept on disk, whole, whatever happens."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from engine.assets import lessons_directory
from engine.course.model import Course, Lesson, Step, Text
from engine.session.progress import Entry, Progress, ProgressStore, live


def course(path: Path, steps: int = 4) -> Course:
    some = tuple(Step(id=f"one/s{n}", number=f"1.{n}", title=Text("S"), body=Text("")) for n in range(1, steps + 1))
    lesson = Lesson(id="one", number=1, title=Text("One"), intro=Text(""), recap=Text(""), docker=Text(""), steps=some)
    return Course(lessons=(lesson,), path=path)


def test_what_was_saved_comes_back(tmp_path: Path) -> None:
    store, one = ProgressStore(tmp_path / "progress"), course(tmp_path / "lessons")
    progress = Progress(step="one/s2", states={"one/s1": "done"}, seconds=12.5, hints={"one/s1": 2}, language="zh")
    progress.journal.append(
        Entry(step="one/s1", terminal="T1", text="ip netns add x", files={"/etc/sysctl.conf": "a\n"})
    )
    store.save(one, progress)
    assert store.load(one) == progress


def test_percent_counts_done_and_skipped(tmp_path: Path) -> None:
    progress = Progress(states={"one/s1": "done", "one/s2": "skipped", "gone/step": "done"})
    assert progress.percent(course(tmp_path)) == 50


def test_a_damaged_file_is_set_aside_and_never_overwritten(tmp_path: Path) -> None:
    store, one = ProgressStore(tmp_path), course(tmp_path / "lessons")
    path = store.path(one)
    path.write_bytes(b'{"step": 3, "sta')
    assert store.load(one) == Progress()
    assert path.with_name(path.name + ".broken").read_bytes() == b'{"step": 3, "sta'
    store.save(one, Progress(step="one/s1"))
    assert store.load(one).step == "one/s1"


def test_courses_are_told_apart_by_where_they_lie(tmp_path: Path) -> None:
    store = ProgressStore(tmp_path)
    here, there = course(tmp_path / "a" / "lessons"), course(tmp_path / "b" / "lessons")
    store.save(here, Progress(step="one/s1"))
    assert store.load(there) == Progress()
    assert store.path(course(lessons_directory())).name == "nsteps.json"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_directory_that_cannot_be_written_is_an_oserror_and_leaves_nothing(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    with pytest.raises(OSError):
        ProgressStore(closed).save(course(tmp_path), Progress())
    assert list(closed.iterdir()) == []


def test_a_save_that_fails_keeps_the_old_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, one = ProgressStore(tmp_path), course(tmp_path / "lessons")
    store.save(one, Progress(step="one/s1"))

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError):
        store.save(one, Progress(step="one/s2"))
    assert store.load(one).step == "one/s1"
    assert [path.name for path in tmp_path.iterdir()] == [store.path(one).name]


def test_a_file_of_an_older_version_is_read(tmp_path: Path) -> None:
    store, one = ProgressStore(tmp_path), course(tmp_path / "lessons")
    store.path(one).write_text(
        '{"step": "one/s2", "states": {"one/s1": "done"}, "journal": [{"step": "one/s1", "terminal": "T1",'
        ' "text": "ip netns add x"}], "seconds": 12.5, "hints": {}, "language": "zh"}'
    )
    progress = store.load(one)
    assert progress.step == "one/s2" and progress.entries[0].text == "ip netns add x"
    assert (progress.step_seconds, progress.answers, progress.free) == ({}, {}, None)


def test_a_server_that_has_ended_is_not_needed_any_more() -> None:
    def entry(text: str, **fields: bool) -> Entry:
        return Entry(step="one/s1", terminal="T1", text=text, **fields)

    first, between, second = entry("serve", runs=True), entry("ip netns add x"), entry("serve", runs=True)
    end = entry("serve", ends=True)
    assert live([first, between]) == [first, between]
    assert live([first, between, end]) == [between]
    assert live([first, end, between, second]) == [between, second]
    assert live([first, end, second, end]) == []
    assert live([end, between]) == [between]


def test_free_play_has_a_journal_of_its_own() -> None:
    progress = Progress()
    assert progress.entries is progress.journal
    progress.free = []
    assert progress.entries is progress.free
