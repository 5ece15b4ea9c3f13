"""The room: what follows from what seats tell and boards request."""

from __future__ import annotations

import pytest

from engine.classroom import desk, protocol
from engine.classroom.journal import entries
from engine.classroom.kept import EventRecord, RoomSettings
from engine.classroom.protocol import ProtocolError
from engine.classroom.room import RoomRefusal
from engine.classroom.store import Store
from engine.messages import Message, render
from engine.network.snapshot import Link, Namespace, Snapshot
from engine.session.progress import Progress
from tests.classroom.rooms import FAILING, ONE, SETTLED, THREE, TWO, Clock, open_room, seat_in, told

SNAPSHOT = Snapshot(namespaces=(Namespace(name="host", inode=1),))
EVERYONE = desk.Target(everyone=True)


async def test_a_seat_is_joined_found_and_seated_where_it_was(store: Store) -> None:
    async with open_room(store, settings=RoomSettings(seats=3, first=TWO, language="zh")) as (room, hub):
        record = await room.join(" A\x1b[31mda\u202e\n", b"digest")
        assert (record.id, record.name) == (1, "A[31mda")
        assert await room.find(b"digest") == record and await room.find(b"guess") is None
        seated = await room.seated(record.id)
        assert (seated.first, seated.language, seated.progress, seated.number) == (TWO, "zh", None, 0)
        room.connected(record.id, True)
        room.told(record.id, protocol.ProgressKept(number=4, progress=Progress(step=TWO, states={ONE: "done"})))
        await hub.wait(lambda: (1, protocol.Acknowledged(number=4)) in hub.orders)
        seated = await room.seated(record.id)
        assert seated.progress == Progress(step=TWO, states={ONE: "done"}) and seated.number == 4


async def test_a_full_room_and_a_closed_one_take_nobody(sqlite_store: Store) -> None:
    async with open_room(sqlite_store, settings=RoomSettings(seats=1)) as (room, hub):
        first = await room.join("a", b"a")
        with pytest.raises(RoomRefusal) as refused:
            await room.join("b", b"b")
        assert render(refused.value.message, "en") == "All 1 seats are taken. Ask the instructor."
        await room.leave(first.id)
        assert (await room.join("b", b"b")).id == 2
        room.asked(1, desk.EndRoom())
        assert hub.over
        with pytest.raises(RoomRefusal):
            await room.join("c", b"c")


async def test_without_names_none_is_kept(sqlite_store: Store) -> None:
    async with open_room(sqlite_store, settings=RoomSettings(no_names=True)) as (room, _):
        assert (await room.join("Ada", b"a")).name is None
        assert [seat.name for seat in sqlite_store.seats()] == [None]


async def test_everybody_is_told_what_is_set_and_so_is_who_comes_later(sqlite_store: Store) -> None:
    clock = Clock()
    async with open_room(sqlite_store, clock=clock) as (room, hub):
        one = await seat_in(room, "one")
        room.asked(1, desk.SetGate(last=TWO))
        room.asked(1, desk.SetFreeze(on=True, text="look \x07up"))
        room.asked(1, desk.SetTimer(seconds=60.0, text="try"))
        room.asked(1, desk.StartDemo(first=ONE))
        wanted = [
            protocol.Gate(last=TWO),
            protocol.Freeze(on=True, text="look up"),
            protocol.Timer(seconds=60.0, text="try"),
            protocol.Mirror(on=True, columns=80, rows=24),
        ]
        assert hub.ordered(one) == wanted and hub.demos == [(ONE, None)]
        room.asked(1, desk.Watch(seat=desk.DEMO))
        assert hub.answered() == [desk.ScreenSized(seat=desk.DEMO, columns=80, rows=24)]
        assert hub.demos.pop() == "watched" and room.watchers(desk.DEMO) == {1} and room.may_type(1, desk.DEMO)
        clock.now += 20
        late = await room.join("late", b"late")
        room.connected(late.id, True)
        assert hub.ordered(late.id) == [*wanted[:2], protocol.Timer(seconds=40.0, text="try"), wanted[3]]
        leading = room.board().leading
        assert (leading.gate, leading.frozen, leading.timer_seconds, leading.demo) == (TWO, True, 40.0, True)
        room.asked(1, desk.SetGate(last=None))
        room.asked(1, desk.SetFreeze(on=False))
        room.asked(1, desk.SetTimer(seconds=None))
        room.asked(1, desk.StopDemo())
        assert hub.ordered(one) == [
            protocol.Gate(last=None),
            protocol.Freeze(on=False),
            protocol.Timer(seconds=None),
            protocol.Mirror(on=False),
        ]


async def test_messages_go_to_one_to_a_cause_and_to_all(sqlite_store: Store) -> None:
    clock = Clock()
    async with open_room(sqlite_store, clock=clock) as (room, hub):
        one, two, three = [await seat_in(room, name) for name in ("one", "two", "three")]
        for seat in (one, three):
            room.told(seat, told(TWO, tried=3, failing=(FAILING,)))
        room.told(two, told(TWO))
        clock.now += SETTLED
        (cause,) = room.board().summary.causes
        assert cause.seats == (one, three)
        assert cause.why is not None and "netns_dustin" in render(cause.why, "zh")
        room.asked(1, desk.SayTo(to=desk.Target(cause=cause.id), text="the gateway"))
        room.asked(1, desk.PushHintTo(to=desk.Target(seats=(two,))))
        room.asked(1, desk.TakeTo(to=EVERYONE, step=THREE))
        say, hint, take = protocol.Say(text="the gateway"), protocol.PushHint(), protocol.Take(step=THREE)
        assert [hub.ordered(seat) for seat in (one, two, three)] == [[say, take], [hint, take], [say, take]]
        assert [answer.message for answer in hub.answered() if isinstance(answer, desk.Noted)] == [
            Message("board.noted.said", {"count": 2}),
            Message("board.noted.hinted", {"count": 1}),
            Message("board.noted.taken", {"count": 3}),
        ]


async def test_who_was_away_is_told_once_when_it_comes_back(store: Store) -> None:
    async with open_room(store) as (room, hub):
        seat = await seat_in(room)
        room.asked(1, desk.SayTo(to=EVERYONE, text="heard"))
        room.connected(seat, False)
        room.asked(1, desk.TakeTo(to=EVERYONE, step=TWO))
        room.asked(1, desk.TakeTo(to=EVERYONE, step=THREE))
        room.asked(1, desk.SayTo(to=EVERYONE, text="missed"))
        room.asked(1, desk.PushHintTo(to=EVERYONE))
        await room.tick()
        assert hub.ordered(seat) == [protocol.Say(text="heard")]
    async with open_room(store) as (room, hub):  # the hub was restarted meanwhile
        room.connected(seat, True)
        await hub.wait(lambda: len(hub.orders) == 3)
        assert hub.ordered(seat)[1:] == [protocol.Take(step=THREE), protocol.Say(text="missed")]
        room.connected(seat, False)
        room.connected(seat, True)
        await room.close()
        assert hub.ordered(seat) == [protocol.Gate(last=None)]


async def test_watching_and_helping_want_a_seat_and_its_consent(sqlite_store: Store) -> None:
    async with open_room(sqlite_store) as (room, hub):
        seat = await seat_in(room)
        room.told(seat, told(columns=100, rows=30))
        room.asked(1, desk.Watch(seat=seat))
        assert hub.ordered(seat) == [protocol.Watched(watchers=1)]
        assert hub.answered() == [desk.ScreenSized(seat=seat, columns=100, rows=30)]
        room.sized(seat, 120, 40)
        assert hub.answered() == [desk.ScreenSized(seat=seat, columns=120, rows=40)]
        assert room.watchers(seat) == {1} and not room.may_type(1, seat)
        room.told(seat, protocol.HelpAnswered(consent=True))  # nobody has offered
        assert not room.may_type(1, seat)
        room.asked(1, desk.OfferHelpTo(seat=seat))
        assert hub.ordered(seat) == [protocol.OfferHelp(on=True)] and not room.may_type(1, seat)
        room.told(seat, protocol.HelpAnswered(consent=True))
        assert room.may_type(1, seat) and not room.may_type(2, seat)
        room.asked(2, desk.OfferHelpTo(seat=seat))
        assert hub.answered(2) == [desk.Denied(message=Message("board.denied.helped-already"))]
        room.told(seat, protocol.HelpAnswered(consent=False))
        assert not room.may_type(1, seat)
        room.board_left(1)
        assert hub.ordered(seat) == [protocol.Watched(watchers=0)] and room.watchers(seat) == frozenset()


async def test_a_board_that_leaves_lets_go_and_a_seat_that_goes_is_not_watched(sqlite_store: Store) -> None:
    async with open_room(sqlite_store) as (room, hub):
        seat = await seat_in(room)
        room.asked(1, desk.OfferHelpTo(seat=seat))
        room.board_left(1)
        assert hub.ordered(seat) == [protocol.OfferHelp(on=True), protocol.OfferHelp(on=False)]
        room.asked(1, desk.Watch(seat=seat))
        room.asked(1, desk.WantNetworkOf(seat=seat))
        room.told(seat, protocol.NetworkSeen(snapshot=SNAPSHOT))
        room.asked(1, desk.WantNetworkOf(seat=seat))
        room.connected(seat, False)
        assert hub.answered()[1:] == [
            desk.NetworkTold(seat=seat, snapshot=SNAPSHOT),
            desk.WatchEnded(seat=seat),
            desk.NetworkTold(seat=seat, snapshot=None),
        ]
        room.asked(1, desk.Watch(seat=seat))
        assert hub.answered() == [desk.Denied(message=Message("board.denied.away"))]


async def test_what_a_seats_network_is_called_is_text(sqlite_store: Store) -> None:
    link = Link(index=1, name="a\x1b]0;b\x07", kind="veth\u202e")
    hostile = Snapshot(namespaces=(Namespace(name="host", inode=1, links=(link,)),))
    async with open_room(sqlite_store) as (room, hub):
        seat = await seat_in(room)
        for snapshot in (hostile, Snapshot(namespaces=())):
            room.asked(1, desk.WantNetworkOf(seat=seat))
            room.told(seat, protocol.NetworkSeen(snapshot=snapshot))
        shown, nothing = hub.answered()
        assert isinstance(shown, desk.NetworkTold) and shown.snapshot is not None
        assert [(one.name, one.kind) for one in shown.snapshot.namespaces[0].links] == [("a]0;b", "veth")]
        assert nothing == desk.NetworkTold(seat=seat, snapshot=None)


async def test_a_hand_goes_up_and_down(sqlite_store: Store) -> None:
    async with open_room(sqlite_store) as (room, hub):
        seat = await seat_in(room)
        room.told(seat, protocol.HandRaised(up=True))
        assert room.board().rows[0].need == "hand"
        room.connected(seat, False)
        room.connected(seat, True)  # perhaps another process, which does not know
        assert protocol.HandUp() in hub.ordered(seat)
        room.asked(1, desk.LowerHandOf(seat=seat))
        assert hub.ordered(seat) == [protocol.LowerHand()] and not room.board().rows[0].hand


async def test_the_journal_of_a_seat(store: Store) -> None:
    async with open_room(store) as (room, hub):
        seat = await seat_in(room)
        room.told(seat, protocol.CommandRan(step=ONE, terminal="T1", namespace="host", text="ip \x1b]0;x\x07a", exit=2))
        room.told(seat, protocol.StepEnded(step=ONE, state="done", seconds=80.0, hints=1, tries=2))
        room.told(seat, protocol.HandRaised(up=True))
        room.told(seat, protocol.HelpAnswered(consent=False))
        room.asked(1, desk.SayTo(to=EVERYONE, text="hello"))
        await room.tick()
        hub.answered()
        room.asked(1, desk.WantJournal(seat=seat))
        await hub.wait(lambda: hub.answers)
        (journal,) = hub.answered()
        assert isinstance(journal, desk.JournalTold)
        assert [(one.kind, one.text or one.detail) for one in journal.entries] == [
            ("joined", ""),
            ("command", "ip ]0;xa"),
            ("step-ended", "done"),
            ("hand", "up"),
            ("help-answered", "no"),
            ("order", "hello"),
        ]
        assert journal.entries[1].exit == 2 and journal.entries[2].seconds == 80.0


def test_the_journal_tells_an_offer_declined_from_help_that_was_ended() -> None:
    answers = [protocol.encode(protocol.HelpAnswered(consent=consent)) for consent in (False, True, False)]
    events = [
        EventRecord(seq=number, seat=1, at=0.0, kind="help-answered", payload=answer)
        for number, answer in enumerate(answers)
    ]
    assert [entry.detail for entry in entries(events)] == ["no", "yes", "over"]


async def test_a_removed_seat_is_gone_for_good(sqlite_store: Store) -> None:
    async with open_room(sqlite_store) as (room, hub):
        seat = await seat_in(room)
        room.asked(1, desk.RemoveSeat(seat=seat))
        await hub.wait(lambda: hub.gone)
        assert hub.ordered(seat) == [protocol.RoomClosed()] and hub.gone == [seat]
        assert room.board().rows == () and await room.find(b"Ada") is None
        room.asked(1, desk.Watch(seat=seat))
        assert hub.answered() == [desk.Denied(message=Message("board.denied.no-seat", {"seat": seat}))]


async def test_what_cannot_be_is_denied(sqlite_store: Store) -> None:
    async with open_room(sqlite_store) as (room, hub):
        for request in (
            desk.SetGate(last="veth/none"),
            desk.SayTo(to=EVERYONE, text=" \x00"),
            desk.SayTo(to=EVERYONE, text="x"),
            desk.TakeTo(to=EVERYONE, step="nowhere"),
            desk.Watch(seat=desk.DEMO),
            desk.WantJournal(seat=9),
        ):
            room.asked(1, request)
            (answer,) = hub.answered()
            assert isinstance(answer, desk.Denied), request
            assert render(answer.message, "zh") and render(answer.message, "en")
        seat = await seat_in(room)
        with pytest.raises(ProtocolError):
            room.told(seat, told("another/course"))


async def test_a_restart_brings_everything_back(store: Store) -> None:
    async with open_room(store) as (room, hub):
        seat = await seat_in(room)
        room.asked(1, desk.SetGate(last=TWO))
        room.told(seat, told(TWO, tried=4, failing=(FAILING,)))
        room.told(seat, protocol.StepEnded(step=ONE, state="done", seconds=200.0, hints=0, tries=1))
        room.told(seat, protocol.HandRaised(up=True))
        await room.tick()
        before = room.board()
    async with open_room(store) as (room, hub):
        after = room.board()
        assert after.leading == before.leading
        (row,) = after.rows
        assert (row.need, row.step, row.done, row.why is not None) == ("away", TWO, 1, True)
        room.connected(seat, True)
        assert room.board().rows == before.rows and room.board().summary == before.summary
        assert hub.ordered(seat) == [protocol.Gate(last=TWO), protocol.HandUp()]


async def test_two_hubs_keep_one_room(url: str) -> None:
    clock = Clock()
    with Store.open(url) as first, Store.open(url) as second:
        async with (
            open_room(first, name="a", clock=clock) as (one, hub_one),
            open_room(second, name="b", clock=clock) as (two, hub_two),
        ):
            seat = await seat_in(one, "Ada")
            other = await seat_in(two, "Bob")
            one.told(seat, told(TWO, tried=3, failing=(FAILING,)))
            clock.now += SETTLED
            await one.tick()  # its hub lives
            two.asked(7, desk.SetGate(last=TWO))
            two.asked(7, desk.SayTo(to=EVERYONE, text="all"))
            await two.tick()
            await one.tick()
            await two.tick()
            assert hub_one.ordered(seat) == [protocol.Gate(last=TWO), protocol.Say(text="all")]
            assert hub_two.ordered(other) == [protocol.Gate(last=TWO), protocol.Say(text="all")]
            assert [(row.seat, row.connected, row.here) for row in two.board().rows] == [
                (seat, True, False),
                (other, True, True),
            ]
            assert two.board().summary.causes[0].seats == (seat,)
            two.asked(7, desk.Watch(seat=seat))
            assert hub_two.answered(7)[-1] == desk.Denied(message=Message("board.denied.elsewhere", {"hub": "a"}))
            await one.tick()
            assert hub_one.ordered(seat) == []
            two.asked(7, desk.RemoveSeat(seat=seat))
            await hub_two.wait(lambda: len(two.board().rows) == 1)
            await one.tick()
            assert hub_one.gone == [seat] and hub_one.ordered(seat) == [protocol.RoomClosed()]


async def test_seats_of_a_hub_that_died_are_away_and_can_come_to_another(url: str) -> None:
    clock = Clock()
    with Store.open(url) as first, Store.open(url) as second:
        async with open_room(second, name="b", clock=clock) as (two, _hub_two):
            async with open_room(first, name="a", clock=clock) as (one, _):
                seat = await seat_in(one, "Ada")
                await two.tick()
                assert two.board().rows[0].connected
            clock.now += 60
            await two.tick()
            assert not two.board().rows[0].connected
            found = await two.find(b"Ada")
            assert found is not None and found.id == seat
            two.connected(seat, True)
            await two.tick()
            assert two.board().rows[0].connected and two.board().rows[0].here
