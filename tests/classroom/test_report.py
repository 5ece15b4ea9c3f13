"""What is left of a workshop, and how it is deleted."""

from __future__ import annotations

import csv
import io
import json
import time
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from engine.classroom import protocol
from engine.classroom.kept import RoomSettings
from engine.classroom.outline import outline
from engine.classroom.report import report
from engine.classroom.report_files import COLUMNS, as_csv, as_json
from engine.classroom.report_page import as_page
from engine.classroom.store import Store, sqlite_url
from engine.course import load_course
from engine.session.progress import Progress
from tests.classroom.rooms import COURSE, FAILING, ONE, OUTLINE, TWO, Clock, open_room, seat_in, told
from tui.classroom.data import DATABASE, held
from tui.cli import main

EVERY = frozenset(step.id for step in OUTLINE)
ROOM = RoomSettings(seats=9, opened_at=1000.0)


async def play(store: Store) -> None:
    """Ada does a step slowly and is stuck at the next; Bob skips one and leaves; a third only came."""
    clock = Clock()
    async with open_room(store, clock=clock, settings=ROOM) as (room, _):
        ada, bob = await seat_in(room, "Ada"), await seat_in(room, '=1+"<script>')
        await seat_in(room, "Eve")
        room.told(ada, protocol.StepEnded(step=ONE, state="done", seconds=400.0, hints=2, tries=7))
        room.told(ada, told(TWO, tried=4, step_seconds=50.0, failing=(FAILING,)))
        room.told(ada, protocol.ProgressKept(number=1, progress=Progress(states={ONE: "done"}, hints={ONE: 2, TWO: 1})))
        room.told(bob, protocol.StepEnded(step=ONE, state="skipped", seconds=20.0, hints=0, tries=0))
        room.told(bob, told(TWO))
        await room.tick()
        clock.now += 60
        await room.tick()
        await room.leave(bob)


async def test_each_seat_and_step_and_where_time_was_lost(store: Store) -> None:
    await play(store)
    made = report(store, OUTLINE, EVERY)
    ada, bob, eve = made.seats
    assert [(one.step, one.state, one.seconds, one.hints, one.tries) for one in ada.steps] == [
        (ONE, "done", 400.0, 2, 7),
        (TWO, "todo", 50.0, 1, 4),
    ]
    assert (bob.done, bob.skipped, bob.left_at) == (0, 1, 1060.0) and eve.steps == ()
    first, second, third = made.steps
    assert (first.done, first.skipped, first.left_open, first.median_seconds) == (1, 1, 0, 210.0)
    assert first.lost_seconds == pytest.approx(400.0 - OUTLINE[0].planned_seconds)
    (reason,) = second.reasons
    assert (reason.check, reason.seats) == ("route", 1) and reason.why is not None
    assert (third.done, third.left_open) == (0, 0)


async def test_a_room_of_part_of_a_course_reports_that_and_what_was_reached(sqlite_store: Store) -> None:
    await play(sqlite_store)
    assert [step.id for step in report(sqlite_store, OUTLINE, {ONE}).outline] == [ONE, TWO]


async def test_the_csv_has_a_line_for_each_and_no_formula(sqlite_store: Store) -> None:
    await play(sqlite_store)
    rows = list(csv.reader(io.StringIO(as_csv(report(sqlite_store, OUTLINE, EVERY), "zh"))))
    assert tuple(rows[0]) == COLUMNS and len(rows) == 5
    assert rows[1][:6] == ["1", "Ada", "1", "1.1", "步骤 one", "done"]
    assert rows[1][6] == "400.0" and rows[1][10] == "1970-01-01T00:16:40Z"
    assert rows[3][1] == "'=1+\"<script>"


async def test_the_json_is_everything(sqlite_store: Store) -> None:
    await play(sqlite_store)
    made = report(sqlite_store, OUTLINE, EVERY)
    assert msgspec.json.decode(as_json(made), type=type(made)) is not None
    assert json.loads(as_json(made))["seats"][0]["steps"][0]["tries"] == 7


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_the_page_needs_nothing_from_elsewhere_and_names_are_text(sqlite_store: Store, language: str) -> None:
    await play(sqlite_store)
    page = as_page(report(sqlite_store, OUTLINE, EVERY), language)
    assert "<script" not in page and "=1+&quot;&lt;script&gt;" in page
    assert "http" not in page and "src=" not in page and "url(" not in page
    assert "netns_dustin" in page and "<svg" in page


async def test_an_empty_room_has_a_report(sqlite_store: Store) -> None:
    async with open_room(sqlite_store, settings=ROOM):
        pass
    made = report(sqlite_store, outline(COURSE), EVERY)
    assert made.seats == () and as_page(made, "en") and as_csv(made, "en").count("\n") == 1


# -- the commands ------------------------------------------------------------------------------------------------------


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with a room of the real course, where Ada has done the first step."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    step = load_course().steps[0].id
    ended = protocol.StepEnded(step=step, state="done", seconds=61.0, hints=0, tries=3)
    with Store.open(sqlite_url(tmp_path / DATABASE)) as store:
        store.open_room(ROOM)
        seat = store.add_seat("Ada Lovelace", b"digest", at=1.0).id
        store.append(seat, "step-ended", protocol.encode(ended), 2.0)
    return tmp_path


def run(*words: str, answer: str | None = None) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["classroom", *words], input=answer)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result.exit_code, result.output


def test_the_report_is_shown_and_written(data: Path, tmp_path: Path) -> None:
    code, said = run("report", "--data", str(data))
    assert code == 0 and "seats: 1" in said and "1.1  " in said and "done 1" in said
    files = {kind: tmp_path / f"report.{kind}" for kind in ("csv", "json", "html")}
    code, _ = run("report", "--data", str(data), *(f"--{kind}={path}" for kind, path in files.items()))
    assert code == 0 and all("Ada Lovelace" in path.read_text() for path in files.values())
    assert run("report", "--data", str(data), "--csv", "-")[1].startswith("seat,name")


def test_there_is_nothing_to_report_where_nothing_was_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    code, said = run("report", "--data", str(tmp_path))
    assert code == 2 and "There is no room in" in said
    assert list(tmp_path.iterdir()) == []


def test_names_are_forgotten_without_a_trace_and_the_rest_stays(data: Path) -> None:
    assert run("forget", "--names", "--data", str(data), answer="n\n")[0] == 1
    code, said = run("forget", "--names", "--data", str(data), answer="y\n")
    assert code == 0 and "Names deleted: 1." in said
    assert all(b"Lovelace" not in path.read_bytes() for path in data.iterdir())
    assert "done 1" in run("report", "--data", str(data))[1]


def test_everything_is_forgotten_but_not_under_an_open_room(data: Path) -> None:
    with held(data):
        code, said = run("forget", "--yes", "--data", str(data))
        assert code == 2 and "is open" in said
    with Store.open(sqlite_url(data / DATABASE)) as store:
        store.hub_lives("another", time.time())
    assert run("forget", "--yes", "--data", str(data))[0] == 2
    with Store.open(sqlite_url(data / DATABASE)) as store:
        store.hub_lives("another", 0.0)
    assert run("forget", "--yes", "--data", str(data))[0] == 0
    assert all(b"Lovelace" not in path.read_bytes() for path in data.iterdir() if path.is_file())
    assert run("report", "--data", str(data))[0] == 2
