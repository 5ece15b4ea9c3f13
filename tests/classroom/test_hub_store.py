"""Progress that is told instead of written, and what nsteps join keeps besides."""

from __future__ import annotations

import stat
from pathlib import Path

import msgspec
import pytest

from engine.classroom.hub_store import TIME_SECONDS, HubStore
from engine.classroom.protocol import ProgressKept, encode, fact
from engine.classroom.seat_file import JoinedStore, KeptSeat, SeatFile
from engine.course.model import Course
from engine.session.progress import Entry, Progress

COURSE = Course(lessons=())


class Told:
    """A store, a clock to be moved, and what was told, as it was then."""

    def __init__(self, progress: Progress | None = None, number: int = 0) -> None:
        self.now = 0.0
        self.facts: list[ProgressKept] = []
        self.store = HubStore(progress, number, lambda: self.now)
        self.store.tell = self._take

    def _take(self, kept: ProgressKept) -> None:
        told = fact(encode(kept))
        assert isinstance(told, ProgressKept)
        self.facts.append(told)


def test_it_goes_on_from_what_the_hub_had_and_counts_on() -> None:
    told = Told(Progress(step="veth/create-pair", journal=[Entry(step="a/b", terminal="T1", text="x")]), 7)
    progress = told.store.load(COURSE)
    assert progress.step == "veth/create-pair"
    progress.journal.clear()
    assert told.store.load(COURSE).journal, "a copy each time"
    told.store.save(COURSE, progress, durable=False)
    assert [one.number for one in told.facts] == [8]
    assert told.facts[0].progress == progress


def test_time_alone_is_told_now_and_then_and_at_the_end() -> None:
    told, progress = Told(), Progress(step="a/b")
    told.store.save(COURSE, progress, durable=False)
    progress.seconds += 5
    progress.step_seconds["a/b"] = 5
    told.now = 5
    told.store.save(COURSE, progress, durable=False)
    assert len(told.facts) == 1
    told.now = TIME_SECONDS
    told.store.save(COURSE, progress, durable=False)
    assert told.facts[-1].progress.seconds == 5
    told.store.save(COURSE, progress, durable=True)
    assert [one.number for one in told.facts] == [1, 2, 3]


def test_it_knows_what_is_safe() -> None:
    told = Told(number=3)
    assert told.store.safe
    told.store.save(COURSE, Progress(step="a/b"))
    assert not told.store.safe
    told.store.acknowledged(3)
    assert not told.store.safe
    told.store.acknowledged(99)  # no hub can have written what was never told
    assert told.store.acknowledged_number == 4
    assert told.store.safe


@pytest.fixture
def file(tmp_path: Path) -> SeatFile:
    return SeatFile("https://room.example:8422", tmp_path / "classroom")


def test_the_secret_is_for_the_user_alone(file: SeatFile) -> None:
    kept = KeptSeat(url=file.url, seat=3, secret="s3cret", name="网 <b>")
    file.save(kept)
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.path.parent.stat().st_mode) == 0o700
    assert file.load() == kept


def test_a_damaged_file_or_another_rooms_is_none(file: SeatFile) -> None:
    assert file.load() is None
    file.save(KeptSeat(url="https://elsewhere", seat=1, secret="x"))
    assert file.load() is None
    file.path.write_bytes(b"\xff{")
    assert file.load() is None


def test_the_progress_is_kept_here_as_well(file: SeatFile) -> None:
    store = JoinedStore(KeptSeat(url=file.url, seat=3, secret="s", number=5), file)
    facts: list[ProgressKept] = []
    store.tell = facts.append
    store.save(COURSE, Progress(step="a/b"), durable=False)
    kept = file.load()
    assert kept is not None and kept.progress is not None
    assert (kept.number, kept.progress.step, kept.secret) == (6, "a/b", "s")
    assert [one.number for one in facts] == [6]


def test_a_seat_that_is_no_more_leaves_its_progress(file: SeatFile) -> None:
    assert file.put_aside() is None
    file.save(KeptSeat(url=file.url, seat=3, secret="s"))
    assert file.put_aside() is None, "nothing was learned there"
    assert not file.path.exists()
    file.save(KeptSeat(url=file.url, seat=3, secret="s", progress=Progress(step="a/b")))
    aside = file.put_aside()
    assert aside is not None and not file.path.exists()
    kept = msgspec.json.decode(aside.read_bytes(), type=KeptSeat)
    assert (kept.secret, kept.progress) == ("", Progress(step="a/b"))
