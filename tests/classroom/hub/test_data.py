"""How the boards of this machine find the hub: written down while it runs, and what a killed one left is removed."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import msgspec

from tui.classroom import data
from tui.classroom.data import RUNTIME_PREFIX, announced, desk_file, held, read_desk
from tui.classroom.seating import DeskAddress


def test_the_hub_is_announced_for_as_long_as_it_runs(tmp_path: Path) -> None:
    with held(tmp_path), announced(tmp_path, "secret", None, "zh") as unix:
        file = desk_file(tmp_path)
        assert read_desk(file) == DeskAddress(unix=str(unix), token="secret", language="zh")
        assert file.stat().st_mode & 0o077 == 0
        assert unix.parent.stat().st_mode & 0o077 == 0
        assert len(str(unix)) < 100  # a Unix socket's path may have 107
    assert not file.exists()
    assert not unix.parent.exists()


def test_what_a_killed_hub_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    left = Path(tempfile.mkdtemp(prefix=RUNTIME_PREFIX))
    other = tmp_path / "other"
    other.mkdir()
    for directory in (left, other):
        address = DeskAddress(unix=str(directory / "hub"), token="old")
        desk_file(tmp_path).write_bytes(msgspec.json.encode(address))
        with held(tmp_path), announced(tmp_path, "new", None, "en"):
            assert directory.exists() == (directory is other)
    desk_file(tmp_path).write_text("{")
    with held(tmp_path), announced(tmp_path, "new", None, "en"):
        assert read_desk(desk_file(tmp_path)).token == "new"
    shutil.rmtree(left, ignore_errors=True)


def test_who_holds_the_directory_is_told(tmp_path: Path) -> None:
    with held(tmp_path):
        try:
            with held(tmp_path):
                raise AssertionError
        except data.DataBusy as busy:
            assert (str(busy), busy.pid) == (str(tmp_path), str(os.getpid()))
