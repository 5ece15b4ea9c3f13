"""The list of what changed the lab, and the keys that go back in it, with a session that has no lab."""

from __future__ import annotations

from engine.session.progress import Entry
from tests.tui.fakes import FakeSession
from tests.tui.running import running
from tui.screens.history import HistoryScreen

TEXTS = ("ip netns add one", "python3 -m http.server 8080", "ip netns add two")


def changed(language: str = "en") -> FakeSession:
    session = FakeSession(language)
    first, second = session.course.steps[:2]
    session.step = second
    session.progress.journal = [
        Entry(step=first.id, terminal="T1", text=TEXTS[0]),
        Entry(step=first.id, terminal="T2", text=TEXTS[1], runs=True),
        Entry(step=second.id, terminal="T2", text=TEXTS[1], ends=True),
        Entry(step=second.id, terminal="T3", text=TEXTS[2], namespace="one"),
    ]
    return session


async def test_everything_that_changed_the_lab_stands_under_its_step() -> None:
    async with running(session=changed()) as it:
        await it.press("shift+f8")
        await it.sees("What has changed the lab")
        text = it.text()
        places = [
            text.index(one)
            for one in (
                "The lab as it begins",
                "4.1  Create",
                *TEXTS[:2],
                "4.2  Move",
                f"stopped: {TEXTS[1]}",
                TEXTS[2],
            )
        ]
        assert places == sorted(places)
        assert "▸ T3  ip netns add two   (one)" in text
        await it.press("escape")
        await it.until(lambda: not isinstance(it.app.screen, HistoryScreen))
        assert not [call for call in it.session.calls if call.startswith("move")]


async def test_enter_goes_back_to_a_point_and_from_there_forward_again() -> None:
    async with running(session=changed()) as it:
        await it.press("shift+f8")
        await it.sees("What has changed the lab")
        await it.press("up", "up", "enter")
        await it.until(lambda: it.session.history.position == 2)
        assert it.session.calls[-1] == "move 2 veth/move-end"
        await it.press("shift+f8")
        await it.sees("↷ T3")
        await it.press("down", "down", "enter")
        await it.until(lambda: it.session.history.position == 4)


async def test_undo_takes_back_one_change_and_says_which() -> None:
    async with running(session=changed()) as it:
        await it.press("shift+f9")
        await it.sees("Taken back: ip netns add two")
        await it.press("shift+f9")
        await it.sees("Runs again: python3 -m http.server 8080")
        assert it.session.history.position == 2
        assert it.session.step.id == "veth/move-end"
        await it.press("shift+f9")
        await it.until(lambda: it.session.step.id == "veth/create-pair")


async def test_in_an_untouched_lab_there_is_nothing_to_take_back() -> None:
    async with running() as it:
        await it.press("shift+f9")
        await it.sees("There is nothing to take back")


async def test_the_letters_do_the_same_in_the_lesson() -> None:
    async with running("zh", session=changed("zh")) as it:
        await it.press("ctrl+right_square_bracket", "u")
        await it.sees("已撤销：ip netns add two")
        await it.press("b")
        await it.sees("改变过实验环境的操作")


async def test_a_small_window_cuts_long_commands() -> None:
    session = changed()
    session.progress.journal.append(Entry(step=session.step.id, terminal="T1", text="ip link add " + "x" * 200))
    async with running(session=session, size=(80, 24)) as it:
        await it.press("shift+f8")
        await it.sees("…")
        assert all(len(row) <= 80 for row in it.rows())
