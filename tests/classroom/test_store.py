"""The store: the same in SQLite and in PostgreSQL."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from engine.classroom.desk import LastCommand
from engine.classroom.kept import ORDER_EVENT, RoomSettings, RoomState, SeatStanding
from engine.classroom.protocol import Failing, StandingTold
from engine.classroom.store import Store, StoreError, sqlite_url
from engine.messages import Message, render
from engine.session.progress import Entry, Progress

STANDING = SeatStanding(
    told=StandingTold(
        step="veth/create-pair",
        state="todo",
        percent=20,
        step_seconds=12.5,
        failing=(
            Failing(
                check="pair",
                diagnosis="not-there",
                hint=Message(
                    "verify.hint.not-there",
                    {"what": "veth_dustin", "where": Message("verify.place.namespace", {"namespace": "netns_dustin"})},
                ),
            ),
        ),
    ),
    last=LastCommand(text="ip link 'x' \x00".strip("\x00"), exit=1, namespace="host", terminal="T1"),
    states={"http-server/start": "done"},
    paces={"http-server/start": 70.0},
)


def test_a_room_is_kept(store: Store) -> None:
    assert store.settings() is None
    store.open_room(RoomSettings(seats=7, code="ABC"))
    store.change_room(gate="veth/create-pair")
    store.open_room(RoomSettings(seats=8, code="ABC"))
    assert (store.settings(), store.room()) == (RoomSettings(seats=8, code="ABC"), RoomState(gate="veth/create-pair"))


def test_one_field_of_the_state_is_changed_and_the_version_grows(store: Store) -> None:
    store.open_room(RoomSettings())
    store.change_room(gate="veth/create-pair")
    before = store.version()
    assert store.change_room(frozen=True) == RoomState(gate="veth/create-pair", frozen=True) == store.room()
    assert store.version() > before


def test_a_seat_is_found_by_its_secret_until_it_leaves(store: Store) -> None:
    one = store.add_seat("小明 <b>", b"\x00digest", at=1.5, owner="hub")
    two = store.add_seat(None, b"other", at=2.5)
    assert store.seat_with(b"\x00digest") == one
    assert store.seats() == [one, two] and two.id > one.id
    store.remove_seat(one.id, at=9.0)
    assert store.seat_with(b"\x00digest") is None and store.seats() == [two]
    assert [seat.left_at for seat in store.seats(gone=True)] == [9.0, None]


def test_two_seats_cannot_have_the_same_secret(store: Store) -> None:
    store.add_seat(None, b"same", at=1.0)
    with pytest.raises(Exception, match=r"(?i)unique"):
        store.add_seat(None, b"same", at=1.0)
    assert len(store.seats()) == 1


def test_where_a_seat_stands_comes_back_as_it_was_and_its_words_can_be_said(store: Store) -> None:
    seat = store.add_seat("a", b"a", at=1.0).id
    store.set_standing(seat, STANDING)
    store.set_connected(seat, True)
    store.set_owner(seat, "pod-1")
    (found,) = store.seats()
    assert (found.connected, found.owner) == (True, "pod-1")
    assert found.standing.states == STANDING.states and found.standing.last == STANDING.last
    assert found.standing.told is not None
    hint = found.standing.told.failing[0].hint
    assert hint is not None and render(hint, "en") == "There is no `veth_dustin` in `netns_dustin` yet."
    store.disconnect_seats("pod-1")
    assert [one.connected for one in store.seats()] == [False]


def test_events_come_back_in_order_by_seat_and_kind(store: Store) -> None:
    store.open_room(RoomSettings())
    seat, other = (store.add_seat(None, name, at=1.0).id for name in (b"a", b"b"))
    with store.transaction() as records:
        for number in range(1203):
            records.append(seat if number % 2 else other, "command", b'{"n":%d}' % number, float(number))
    before = store.version()
    ordered = store.give_order(seat, b'{"order":1}', 2.0)
    assert store.version() > before
    assert [event.at for event in store.events(kinds=("command",))] == [float(number) for number in range(1203)]
    assert [event.payload for event in store.events(seat=seat, kinds=(ORDER_EVENT,))] == [b'{"order":1}']
    latest = list(store.events(seat=seat, latest=3))
    assert [event.payload for event in latest] == [b'{"n":1199}', b'{"n":1201}', b'{"order":1}']
    assert list(store.events(after=latest[-2].seq)) == list(store.events(after=latest[-2].seq, latest=9))
    assert ordered == latest[-1].seq
    store.append(None, "room", b"{}", 1.0)
    assert [event.seat for event in store.events(after=ordered)] == [None]


def test_progress_is_replaced(store: Store) -> None:
    seat = store.add_seat(None, b"a", at=1.0).id
    assert store.progress(seat) is None
    progress = Progress(step="veth/create-pair", journal=[Entry(step="s", terminal="T1", text="ip netns add “x”\n")])
    store.keep_progress(seat, 7, Progress())
    store.keep_progress(seat, 2, progress)
    assert store.progress(seat) == (2, progress)


def test_a_transaction_is_all_or_nothing(store: Store) -> None:
    with pytest.raises(RuntimeError), store.transaction() as records:
        records.add_seat("a", b"a", at=1.0)
        raise RuntimeError
    assert store.seats() == []


def test_names_are_forgotten_and_everything_is(store: Store) -> None:
    store.open_room(RoomSettings())
    seat = store.add_seat("Ada", b"a", at=1.0).id
    store.add_seat(None, b"b", at=1.0)
    store.append(seat, "joined", b"{}", 1.0)
    store.keep_progress(seat, 1, Progress())
    assert store.forget_names() == 1 and [one.name for one in store.seats()] == [None, None]
    store.forget_all()
    assert (store.seats(gone=True), list(store.events()), store.settings()) == ([], [], None)


def test_hubs_say_that_they_live(store: Store) -> None:
    store.hub_lives("one", 1.0)
    store.hub_lives("two", 2.0)
    store.hub_lives("one", 3.0)
    assert store.hubs() == {"one": 3.0, "two": 2.0}


def test_hubs_that_start_at_once_make_the_tables_once(url: str) -> None:
    problems: list[BaseException] = []

    def start() -> None:
        try:
            with Store.open(url) as store:
                store.hub_lives(threading.current_thread().name, 1.0)
        except BaseException as error:
            problems.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    with Store.open(url) as store:
        assert len(store.hubs()) == 4


def test_a_database_of_another_layout_is_refused(url: str) -> None:
    with Store.open(url) as store:
        store.open_room(RoomSettings())
        with store.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE room SET layout = 99")
    with pytest.raises(StoreError, match="layout 99"):
        Store.open(url)


def test_somebody_elses_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE room (number INTEGER)")
    connection.commit()
    connection.close()
    with pytest.raises(StoreError, match="`room`"):
        Store.open(sqlite_url(path))


@pytest.mark.parametrize("url", ["nonsense", "mysql://a/b", "http://x"], indirect=False)
def test_a_url_of_something_else_is_refused(url: str) -> None:
    with pytest.raises(StoreError, match="database"):
        Store.open(url)


def test_a_database_that_cannot_be_reached_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be used"):
        Store.open(sqlite_url(tmp_path / "no" / "room.db"))
    with pytest.raises(StoreError, match="cannot be used"):
        Store.open(f"postgresql://nobody@/none?host={tmp_path}")


def test_sqlite_is_written_ahead_and_waits_for_the_disk(sqlite_store: Store) -> None:
    with sqlite_store.engine.begin() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
