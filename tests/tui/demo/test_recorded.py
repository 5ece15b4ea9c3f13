"""Recordings: without a terminal, and of a screen in one; both show what the screen showed."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pexpect
import pytest
from textual.screen import Screen

from engine.course import load_course
from engine.session.autopilot.autopilot import Autopilot, Choices
from engine.session.autopilot.pacing import Pace, QuickClock
from engine.session.autopilot.recording import Recording
from engine.session.autopilot.store import ForgetfulStore
from engine.session.session import Session
from tui.demo.app import DemoApp
from tui.terminal.flow import QUESTION
from tui.terminal.loading import make_emulator

pytestmark = pytest.mark.lab

ROOT = Path(__file__).resolve().parents[3]
SIZE = (120, 36)


def read(path: Path) -> tuple[dict[str, object], list[tuple[float, str, str]]]:
    header, *events = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return header, [tuple(event) for event in events]


def play(events: list[tuple[float, str, str]], *, until: float = 1e9, size: tuple[int, int] = SIZE) -> list[str]:
    """The rows of a terminal that was sent everything up to that moment."""
    emulator = make_emulator(*size)
    for seconds, code, data in events:
        if code == "o" and seconds <= until:
            emulator.feed(data.encode())
    rows = emulator.changed_rows()
    emulator.close()
    return ["".join(run.text for run in rows[y]).rstrip() if y in rows else "" for y in range(size[1])]


def timeless(rows: list[str]) -> list[str]:
    """The rows without the clock and the countdown: those are painted a moment after they have changed."""
    return [re.sub(r"\d+(:\d\d)?", "#", rows[0]), *rows[1:-2], re.sub(r"\d+(:\d\d)?", "#", rows[-2]), rows[-1]]


def painted(screen: Screen[object]) -> bool:
    """Whether all that the screen holds has been written to the terminal."""
    waiting = screen._layout_required or screen._dirty_widgets or screen._compositor._dirty_regions
    return not waiting and not any(
        (one._repaint_required or one._layout_required) and one.is_on_screen for one in screen.walk_children()
    )


def likeness(events: list[tuple[float, str, str]], shown: dict[float, list[str]]) -> int:
    """How many rows of the pictures the recording shows as well, at the picture's moment or when it was painted next:
    a busy machine paints a little later what the screen already holds."""
    emulator = make_emulator(*SIZE)
    rows = [""] * SIZE[1]
    moments = sorted(shown)
    best = dict.fromkeys(moments, 0)
    outputs = [(seconds, data) for seconds, code, data in events if code == "o"]
    for index, (_, data) in enumerate(outputs):
        emulator.feed(data.encode())
        for y, row in emulator.changed_rows().items():
            rows[y] = "".join(run.text for run in row).rstrip()
        after = outputs[index + 1][0] if index + 1 < len(outputs) else 1e9
        before = [moment for moment in moments if moment < after]
        for moment in before[-2:]:  # the picture at hand, and the one before, which may be painted only now
            pairs = zip(timeless(list(rows)), timeless(shown[moment]), strict=True)
            best[moment] = max(best[moment], sum(one == other for one, other in pairs))
    emulator.close()
    return sum(best.values())


async def test_a_recording_without_a_terminal_shows_what_the_screen_showed(tmp_path: Path) -> None:
    path = tmp_path / "talk.cast"
    course = load_course()
    steps = tuple(step for step in course.steps if step.number in ("4.1", "4.2"))
    session = Session.open(course, store=ForgetfulStore(), language="en")
    pace = Pace(QuickClock())
    autopilot = Autopilot(session, Choices(steps=steps), pace=pace, seed=1)
    shown: dict[float, list[str]] = {}
    with Recording(path, SIZE, pace.clock.now) as recording:
        app = DemoApp(autopilot, recording=recording, unseen=True)

        def look() -> None:
            if not painted(app.screen):
                app.set_timer(0.003, look)  # a busy machine
                return
            strips = app.screen._compositor.render_strips()
            shown[recording.seconds] = [strip.text.rstrip() for strip in strips]

        clock, show_time = pace.clock, None
        assert isinstance(clock, QuickClock)

        def ticked() -> None:
            show_time()  # type: ignore[misc]
            if autopilot.phase == "reading" and app.main.busy is None and not app.screen._dirty_widgets:
                app.call_later(look)

        original = app.get_default_screen

        def screen():  # type: ignore[no-untyped-def]
            nonlocal show_time
            made = original()
            show_time = clock.ticked
            clock.ticked = ticked
            return made

        app.get_default_screen = screen  # type: ignore[method-assign]
        await app.run_async(size=SIZE)
    assert app.stopped is None and app.crash is None
    header, events = read(path)
    assert (header["version"], header["width"], header["height"]) == (2, *SIZE)
    assert [data for _, code, data in events if code == "m"] == [
        "4.1 Create both ends at once",
        "4.2 Switch on the host's end",
    ]
    times = [seconds for seconds, _, _ in events]
    assert times == sorted(times)
    planned = autopilot.plan.total
    assert 0.8 * planned < times[-1] < 1.3 * planned, "the times are not those of a talk"
    last = play(events)
    text = "\n".join(last)
    assert "4.2 Switch on the host's end" in text and "LOWERLAYERDOWN" in text and "Step done" in text
    typing = play(events, until=next(s for s, code, data in events if code == "m" and data.startswith("4.2")) - 1)
    assert any("veth_dustin@veth_ns_dustin" in row for row in typing)
    assert shown
    same = likeness(events, shown)  # packets may be on their way in the drawing
    rows = [row for picture in shown.values() for row in picture]
    assert same >= 0.95 * len(rows), f"{same} of {len(rows)} rows are the screen's own"


def test_a_recording_that_is_interrupted_says_so(tmp_path: Path) -> None:
    path = tmp_path / "talk.cast"
    words = ["demo", "--headless", "--record", str(path), "--from", "4.1", "--to", "4.1"]
    program = subprocess.Popen([sys.executable, "-m", "tui.cli", *words], cwd=ROOT)
    deadline = time.monotonic() + 60
    while not (path.exists() and '"m", "4.1' in path.read_text(encoding="utf-8")):
        assert program.poll() is None and time.monotonic() < deadline
        time.sleep(0.02)
    program.send_signal(signal.SIGINT)
    assert program.wait(60) == 130
    read(path)


def test_a_recording_beside_a_screen_holds_the_very_same_output(tmp_path: Path) -> None:
    path = tmp_path / "talk.cast"
    seen = bytearray()
    environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "XDG_RUNTIME_DIR": str(tmp_path)}
    child = pexpect.spawn(
        sys.executable,
        ["-m", "tui.cli", "demo", "--from", "4.1", "--to", "4.1", "--speed", "max", "--record", str(path)],
        dimensions=(36, 120),
        env=environment,
        cwd=ROOT,
        timeout=60,
    )

    class Keep:
        def write(self, data: bytes) -> None:
            seen.extend(data)

        def flush(self) -> None:
            return

    child.logfile_read = Keep()
    child.expect_exact("the end")
    child.expect(pexpect.TIMEOUT, timeout=1)  # what is still painted
    child.send("q")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    _, events = read(path)
    recorded = "".join(data for _, code, data in events if code == "o").encode()
    shown = bytes(seen).replace(b"\r\n", b"\n").replace(QUESTION.encode(), b"")  # that is asked of the terminal there
    assert len(recorded) > 5000 and recorded in shown
    assert "the end" in "\n".join(play(events))
