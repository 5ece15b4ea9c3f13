"""The asciicast file: its header, its events, its times."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.session.autopilot.recording import Recording
from tests.autopilot.clock import FakeClock


def test_events_with_their_times(tmp_path: Path) -> None:
    clock = FakeClock()
    path = tmp_path / "talk.cast"
    with Recording(path, (120, 36), clock.now, title="nsteps", theme={"fg": "#ffffff"}, timestamp=7) as recording:
        recording.output("\x1b[2J网络")
        clock.time = 1.5
        recording.output("")
        recording.marker("4.1 Create")
        clock.time = 61.25
        recording.resized(120, 36)
        recording.resized(80, 24)
    recording.output("too late")
    header, *events = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert header == {
        "version": 2,
        "width": 120,
        "height": 36,
        "timestamp": 7,
        "title": "nsteps",
        "env": {"TERM": "xterm-256color", "SHELL": "/bin/bash"},
        "theme": {"fg": "#ffffff"},
    }
    assert events == [[0.0, "o", "\x1b[2J网络"], [1.5, "m", "4.1 Create"], [61.25, "r", "80x24"]]


def test_what_was_recorded_is_in_the_file_at_once(tmp_path: Path) -> None:
    path = tmp_path / "talk.cast"
    with Recording(path, (80, 24), FakeClock().now) as recording:
        recording.output("a")
        assert len(path.read_text().splitlines()) == 2


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        Recording(tmp_path / "missing" / "talk.cast", (80, 24), FakeClock().now)
