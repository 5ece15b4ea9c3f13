"""One seat: over its shoulder, its journal, its network; and the demo."""

from __future__ import annotations

from engine.classroom import desk
from engine.classroom.desk import Leading
from engine.messages import Message
from engine.network.snapshot import Snapshot
from tests.classroom.board.fake_room import ROOM, STEPS, changed, make_board
from tests.classroom.board.showing import LINUS, ROW, showing
from tests.tui.fakes import make_snapshot
from tui.classroom.board.connection import Lost
from tui.classroom.board.dialogs import Confirm
from tui.classroom.board.pages import JournalLines, JournalScreen, NetworkScreen
from tui.classroom.board.shoulder import ShoulderScreen


async def test_looking_over_a_shoulder_and_typing_after_consent() -> None:
    async with showing() as room:
        await room.press(*["down"] * ROW, "enter")
        shoulder = room.app.screen
        assert isinstance(shoulder, ShoulderScreen) and room.asked() == [desk.Watch(seat=LINUS)]
        room.hub.tell(desk.ScreenSized(seat=LINUS, columns=100, rows=30))
        room.hub.paint(LINUS, "\x1b[c\x1b[2;3Hhello")
        room.hub.paint(9, "not this one")
        await room.until(lambda: "hello" in _screen(shoulder))
        assert "not this one" not in _screen(shoulder)
        assert shoulder._watched.emulator is not None and shoulder._watched.emulator.columns == 100
        await room.press("a", "x", "ctrl+c")
        assert room.hub.typed == []
        await room.press("o")
        assert room.asked() == [desk.OfferHelpTo(seat=LINUS)]
        await room.told(changed(make_board(), LINUS, help="offered"))
        await room.told(make_board())
        assert "rather go on alone" in room.text
        await room.told(changed(make_board(), LINUS, help="offered"))
        await room.press("b")
        assert room.hub.typed == []
        await room.told(changed(make_board(), LINUS, help="given"))
        await room.press("l", "s", "q", "enter", "escape", "f10", "ctrl+c")
        keys = b"".join(keys for seat, keys in room.hub.typed if seat == LINUS)
        assert keys == b"lsq\r\x1b\x1b[21~\x03"
        await room.press("ctrl+right_square_bracket")
        assert room.asked() == [desk.LetGo(seat=LINUS)]
        await room.told(make_board())
        room.hub.typed.clear()
        await room.press("z", "escape")
        assert room.hub.typed == [] and room.app.screen is room.app.board
        assert desk.Unwatch(seat=LINUS) in room.asked()


def _screen(shoulder: ShoulderScreen) -> str:
    rows = shoulder._watched._rows
    return "\n".join("".join(run.text for run in rows[y]) for y in sorted(rows))


async def test_consent_taken_back_ends_the_typing_and_so_does_the_seat() -> None:
    async with showing(changed(make_board(), LINUS, help="given")) as room:
        room.app.look_at(LINUS)
        await room.until(lambda: isinstance(room.app.screen, ShoulderScreen) and room.app.screen.typing)
        shoulder = room.app.screen
        assert isinstance(shoulder, ShoulderScreen)
        await room.told(make_board())
        assert not shoulder.typing and shoulder.focused is None
        room.hub.tell(desk.WatchEnded(seat=LINUS))
        await room.until(lambda: shoulder.over)
        assert "nobody is connected" in room.text
        await room.press("escape")
        assert room.app.screen is room.app.board


async def test_seats_that_cannot_be_watched_are_not() -> None:
    async with showing() as room:
        for seat, words in ((18, "Nobody is connected"), (29, "another hub")):
            room.app.look_at(seat)
            await room.pilot.pause()
            assert room.app.screen is room.app.board and words in room.text


async def test_the_demo_is_steered_and_ended() -> None:
    async with showing() as room:
        await room.press("d", *"5.1", "enter")
        assert room.asked() == [desk.StartDemo(first="addresses/host-end")]
        await room.told(make_board(Leading(demo=True)))
        await room.press("d")
        assert room.asked() == [desk.Watch(seat=desk.DEMO)]
        await room.press("o", "n", "space")
        assert room.hub.typed == [(desk.DEMO, b"n"), (desk.DEMO, b" ")]
        await room.press("ctrl+right_square_bracket", "escape")
        assert isinstance(room.app.screen, Confirm)
        await room.press("left", "enter")
        assert desk.StopDemo() in room.asked() and room.app.screen is room.app.board


async def test_the_journal_is_read_and_followed() -> None:
    command = desk.JournalEntry(seq=4, at=0.0, kind="command", step=STEPS[20].id, text="ip \x1b[2Jroute", exit=2)
    entries = [desk.JournalEntry(seq=1, at=0.0, kind="joined"), command]
    for kind, detail in (("hand", "up"), ("order", "say"), ("step-ended", "done"), ("help-answered", "no")):
        entries.append(desk.JournalEntry(seq=5 + len(entries), at=0.0, kind=kind, detail=detail, text="words"))
    stuck = desk.JournalEntry(seq=20, at=0.0, kind="stuck", detail="route", why=Message("verify.place.host"))
    async with showing() as room:
        await room.press("j")
        page = room.app.screen
        assert isinstance(page, JournalScreen)
        assert room.asked() == [desk.WantJournal(seat=page.seat)]
        room.hub.tell(desk.JournalTold(seat=page.seat, entries=tuple(entries)))
        await room.until(lambda: len(page.entries) == len(entries))
        assert "✗2 ip [2Jroute" in room.text and "was told: words" in room.text and "asks for help" in room.text
        room.hub.tell(desk.JournalTold(seat=page.seat, entries=(*entries, stuck)))
        await room.until(lambda: len(page.entries) == len(entries) + 1)
        page.ask()
        assert room.asked()[-1] == desk.WantJournal(seat=page.seat, after=20)
        assert "stuck: on the host" in room.text
        await room.press("down", "q")
        assert room.app.screen is room.app.board
        assert not page.query(JournalLines) or not page.is_current


async def test_a_seats_network_is_drawn() -> None:
    async with showing() as room:
        await room.press("n")
        page = room.app.screen
        assert isinstance(page, NetworkScreen) and desk.WantNetworkOf(seat=page.seat) in room.asked()
        room.hub.tell(desk.NetworkTold(seat=page.seat, snapshot=make_snapshot()))
        await room.until(lambda: "netns_dustin" in room.text and "enp4s0" in room.text)
        room.hub.tell(desk.NetworkTold(seat=page.seat, snapshot=None))
        await room.until(lambda: "No lab just now." in room.text)
        room.hub.tell(desk.NetworkTold(seat=page.seat, snapshot=make_snapshot()))
        await room.until(lambda: "netns_dustin" in room.text)
        room.hub.tell(desk.NetworkTold(seat=page.seat, snapshot=Snapshot(namespaces=())))  # drawn some frames later
        await room.until(lambda: "netns_dustin" not in room.text)
        await room.press("escape")
        assert room.app.screen is room.app.board


async def test_a_hub_that_is_away_is_told_and_watched_again_when_it_is_back() -> None:
    async with showing() as room:
        room.app.look_at(LINUS)
        await room.until(lambda: room.hub.requests == [desk.Watch(seat=LINUS)])
        room.asked()
        room.hub.hear(Lost("connection refused"))
        await room.until(lambda: room.app.view.away is not None)
        room.hub.tell(ROOM)
        await room.until(lambda: room.app.view.away is None)
        assert room.asked() == [desk.Watch(seat=LINUS)]
        await room.press("escape")
        room.asked()
        room.hub.hear(Lost("connection refused"))
        await room.until(lambda: "room not reachable" in room.text)
        await room.press("h")
        assert room.asked() == [] and "connection refused" in room.text


async def test_a_click_chooses_and_a_second_one_looks() -> None:
    async with showing() as room:
        await room.pilot.click("#seats", offset=(10, ROW))
        assert room.app.view.seat == LINUS
        await room.pilot.click("#seats", offset=(10, ROW))
        await room.until(lambda: isinstance(room.app.screen, ShoulderScreen))
