"""What each key of the program does, with a session that has no lab."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from engine.lab import LabError
from engine.messages import Message
from engine.session import events
from engine.verify import Verdict
from tests.tui.fakes import FakeSession, make_snapshot
from tests.tui.running import running
from tui.terminal.widget import TerminalView


def word(text: str) -> Message:
    return Message("tui.checks.next", {"title": text})


def verdict(passed: bool, hint: str | None = None) -> Verdict:
    return Verdict(
        check="pair",
        passed=passed,
        expected=word("a pair"),
        observed=word("nothing"),
        hint=word(hint) if hint else None,
    )


async def test_the_first_screen() -> None:
    async with running() as it:
        for text in (
            "4 Create a veth pair",
            "4.1",
            "0%",
            "12:34",
            "Checks 0/2",
            "T1",
            "T2",
            "enp4s0",
            "F5 Next",
            "^] Lesson",
        ):
            await it.sees(text)
        assert it.main.deck.front == "T2"  # where the step's first command belongs
        assert it.session.calls == ["start"]


async def test_a_hint_and_then_a_clearer_one() -> None:
    async with running() as it:
        await it.press("f2")
        await it.sees("Hint 1/2")
        await it.press("f2")
        await it.sees("Its type is veth")
        assert isinstance(it.main.focused, TerminalView)


async def test_the_solution_is_typed_and_not_run() -> None:
    async with running() as it:
        await it.press("f4")
        assert it.main.deck.front == "T1"
        await it.press("f3")
        await it.until(lambda: it.session.terminals["T2"].written)
        assert it.main.deck.front == "T2" and it.view.has_focus
        assert it.session.terminals["T2"].written == b"\x05\x15" + it.session.step.commands[0].text.encode()


async def test_next_waits_for_the_step_to_be_done() -> None:
    async with running() as it:
        await it.press("f5")
        await it.sees("not done yet")
        assert "next" not in it.session.calls
        it.session.evaluate((verdict(True), verdict(True)))
        it.session.pass_step()
        await it.sees("Step done")
        await it.sees("What happened")
        await it.sees("F5  next: Move one end")
        await it.until(lambda: it.session.step.number == "4.1")  # nothing moves by itself
        await it.press("f5")
        await it.sees("▸ 4.2")
        await it.sees("T3")
        assert it.main.deck.front == "T3"
        await it.sees("33%")


async def test_the_last_step_says_so() -> None:
    async with running() as it:
        it.session.step = it.session.course.steps[-1]
        it.session.emit(events.StepChanged(it.session.step))
        it.session.pass_step()
        await it.sees("the last step of the course")
        await it.press("f5")
        await it.sees("What you have done so far")


async def test_skip_is_marked_as_skipped() -> None:
    async with running() as it:
        await it.press("f7")
        await it.sees("Step skipped")
        await it.sees("What happened")
        await it.press("ctrl+right_square_bracket", "home")
        await it.sees("↷ 4.1")


async def test_jump_to_a_step_by_searching() -> None:
    async with running() as it:
        await it.press("f8")
        await it.sees("Go to a step")
        await it.press(*"host's")
        await it.press("enter")
        await it.until(lambda: "goto addresses/host" in it.session.calls)
        await it.sees("5.1")
        await it.until(lambda: isinstance(it.main.focused, TerminalView))


async def test_jump_by_arrows_and_the_mouse() -> None:
    async with running() as it:
        await it.press("f8", "down", "enter")
        await it.until(lambda: "goto veth/move-end" in it.session.calls)
        await it.press("f8")
        await it.sees("Go to a step")
        row = next(y for y, text in enumerate(it.rows()) if "5.1" in text)
        await it.pilot.click(offset=(40, row))
        await it.until(lambda: "goto addresses/host" in it.session.calls)


async def test_leaving_the_list_changes_nothing() -> None:
    async with running() as it:
        for key in ("escape", "f8", "f10"):
            await it.press("f8")
            await it.sees("Go to a step")
            await it.press(key)
            await it.sees_no("Go to a step")
        assert it.session.calls == ["start"]


async def test_a_search_that_finds_nothing() -> None:
    async with running() as it:
        await it.press("f8", *"zzzz", "enter")
        await it.sees("Go to a step")
        await it.press("escape")
        await it.sees_no("Go to a step")


async def test_reset() -> None:
    async with running() as it:
        old = it.session.terminals["T2"]
        await it.press("f9")
        await it.until(lambda: it.session.terminals.get("T2") not in (None, old))
        it.session.terminals["T2"].say(b"fresh prompt")
        await it.sees("fresh prompt")
        old.say(b"from the grave")
        await it.pilot.pause()
        assert "from the grave" not in it.text()


async def test_back_is_a_letter_in_the_lesson() -> None:
    async with running() as it:
        await it.press("p")
        assert it.shell.written == b"p"
        await it.press("ctrl+right_square_bracket", "p")
        await it.until(lambda: "previous" in it.session.calls)


async def test_earlier_lessons_can_be_read_without_touching_the_lab() -> None:
    async with running() as it:
        await it.session.goto(it.session.course.steps[-1])
        await it.sees("▸ 5.1")
        await it.press("ctrl+right_square_bracket", "left_square_bracket")
        await it.sees("4.1  Create both ends at once")
        await it.sees("5.1")  # the top line still says where the learner is
        await it.press("left_square_bracket")  # there is none before
        await it.press("right_square_bracket")
        await it.sees("▸ 5.1")
        assert it.session.calls == ["start", "goto addresses/host"]


async def test_help_shows_every_key_and_closes() -> None:
    async with running(size=(120, 50)) as it:
        for key in ("escape", "f1", "enter"):
            await it.press("f1")
            await it.sees("Put the step's next command at the prompt")
            await it.sees("Every other key goes to the shell")
            await it.press(key)
            await it.sees_no("Put the step's next command")
        assert it.view.has_focus and it.shell.written == b""


async def test_help_can_be_read_on_a_small_screen() -> None:
    async with running(size=(80, 24)) as it:
        await it.press("f1")
        await it.sees("A hint")
        for _ in range(12):
            await it.press("pagedown")
        await it.sees("Leave. Your progress")


async def test_the_language_while_running() -> None:
    async with running() as it:
        await it.press("f2")
        await it.sees("Hint 1/2")
        await it.press("f12")
        for text in ("4 创建 veth 对", "提示 1/2", "检查 0/2", "F5 下一步", "主机"):
            await it.sees(text)
        await it.press("f12")
        await it.sees("Create both ends at once")


async def test_started_in_chinese() -> None:
    async with running("zh") as it:
        await it.sees("一次创建两端")
        await it.press("f5")
        await it.sees("这一步还没有完成")


async def test_a_question_is_answered_by_number_and_by_mouse() -> None:
    async with running() as it:
        await it.press("ctrl+right_square_bracket", "1")
        await it.sees("▸  One")
    async with running() as it:
        await it.sees("2  Two, both")
        row = next(y for y, text in enumerate(it.rows()) if "2  Two, both" in text)
        await it.pilot.click(offset=(12, row))
        await it.sees("▸  Two")
        assert "▸  One" not in it.text()


async def test_the_footer_is_for_the_mouse_as_well() -> None:
    async with running() as it:
        footer = it.rows()[35]
        await it.pilot.click(offset=(footer.index("F2") + 4, 35))
        await it.sees("Hint 1/2")


async def test_another_terminal() -> None:
    async with running() as it:
        await it.sees("T2    +")
        await it.pilot.click(offset=(it.rows()[1].index("+"), 1))
        await it.until(lambda: it.main.deck.front == "T3" and it.view.has_focus)
        await it.press("x")
        assert it.session.terminals["T3"].written == b"x"


async def test_dark_light_and_the_terminals_own() -> None:
    async with running() as it:
        assert it.app.theme == "nsteps-dark"
        await it.press("ctrl+right_square_bracket")
        for name in ("light", "ansi-dark", "dark"):
            await it.press("d")
            await it.until(lambda name=name: it.app.theme == f"nsteps-{name}")  # type: ignore[misc]


async def test_views() -> None:
    async with running() as it:
        await it.press("f6")
        await it.sees_no("Checks")
        assert it.view.size.width > 110 and it.view.has_focus
        await it.press("f6")
        await it.sees_no("T1")
        await it.press("f6")
        await it.sees_no("T1")
        await it.sees("enp4s0")
        await it.press("f6")
        await it.sees("Checks")
        await it.sees("T1")


async def test_the_checklist_turns_green_live_and_says_what_went_wrong() -> None:
    async with running() as it:
        it.session.evaluate((verdict(False, "it is on the host"), verdict(False)))
        await it.sees("○ F5 next: a pair")
        assert "it is on the host" not in it.text()
        it.session.commands = (object(),)
        it.session.evaluate((verdict(False, "it is on the host"), verdict(True)))
        await it.sees("it is on the host")
        await it.sees("Checks 1/2")
        it.session.evaluate((verdict(True), verdict(True)), (verdict(False, "lo is down"),))
        await it.sees("An earlier step no longer holds")


async def test_a_busy_session_takes_no_keys_and_says_so() -> None:
    async with running() as it:
        it.session.emit(events.Busy(word("rebuilding")))
        await it.sees("rebuilding")
        await it.press("a", "enter")
        assert it.shell.written == b""
        it.session.emit(events.Idle())
        await it.sees_no("rebuilding")
        await it.press("b")
        assert it.shell.written == b"b"


async def test_a_lost_lab_offers_a_fresh_one_at_this_step() -> None:
    async with running() as it:
        it.session.emit(events.LabLost(word("everything was deleted")))
        await it.sees("The lab is gone")
        await it.sees("everything was deleted")
        await it.press("f2", "f5", "a")  # keys of the program do nothing behind it
        assert it.session.hints_shown == 0
        await it.press("enter")
        await it.until(lambda: "reset" in it.session.calls)
        await it.sees_no("The lab is gone")
        await it.until(lambda: isinstance(it.main.focused, TerminalView))


async def test_a_lost_lab_is_told_once() -> None:
    async with running() as it:
        for _ in range(3):
            it.session.emit(events.LabLost(word("gone")))
        await it.sees("The lab is gone")
        await it.press("enter")
        await it.until(lambda: "reset" in it.session.calls)
        await it.sees_no("The lab is gone")
        assert it.session.calls.count("reset") == 1


async def test_quit_keeps_the_progress() -> None:
    async with running() as it:
        await it.press("f10")
        await it.until(lambda: "close" in it.session.calls)
        assert it.session.calls.count("close") == 1


async def test_no_lab_can_be_made() -> None:
    session = FakeSession()
    session.failure = LabError.of(word("user namespaces are off"))
    async with running(session=session, started=False) as it:
        await it.sees("No lab could be started")
        await it.sees("user namespaces are off")
        await it.press("enter")
        await it.until(lambda: "close" in it.session.calls)


async def test_a_lab_that_fails_later_is_told() -> None:
    async with running() as it:

        async def fails() -> None:
            raise LabError.of(word("no more memory"))

        it.session.reset = fails
        await it.press("f9")
        await it.sees("no more memory")


async def test_the_state_pane_marks_what_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.network.overview.SETTLING_SECONDS", 0.0)
    async with running(size=(120, 50)) as it:
        await it.press("shift+f6")
        it.session.emit(events.SnapshotTaken(make_snapshot(pair=True, sequence=2)))
        await it.sees("+          veth_dustin")
        it.session.emit(events.SnapshotTaken(make_snapshot(sequence=3)))
        await it.sees("−          veth_dustin")


async def test_a_storm_of_snapshots_is_cheap() -> None:
    async with running() as it:
        painted = []
        await it.press("shift+f6")
        view = it.main.network.tables.view
        changed = view.changed
        view.changed = lambda: (painted.append(1), changed())  # type: ignore[method-assign, assignment, func-returns-value]
        for sequence in range(2, 102):
            it.session.emit(events.SnapshotTaken(make_snapshot(sequence=sequence)))
        await it.sees("202×")
        assert len(painted) < 50


async def test_a_namespace_that_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.network.overview.SETTLING_SECONDS", 0.0)
    async with running(size=(120, 50)) as it:
        await it.press("shift+f6")
        await it.sees("netns_dustin ──")
        it.session.emit(events.SnapshotTaken(replace(make_snapshot(), namespaces=make_snapshot().namespaces[:1])))
        await it.sees("− ")
        it.session.emit(events.SnapshotTaken(make_snapshot()))
        await it.sees("netns_dustin ──")


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (120, 36), (200, 60)])
async def test_every_size_shows_lesson_checks_terminal_and_keys(size: tuple[int, int]) -> None:
    async with running(size=size) as it:
        it.shell.say(b"$ prompt")
        for text in ("$ prompt", "Checks", "Create a veth pair", "0%", "12:34", "F5 Next", "T2"):
            await it.sees(text)
        assert it.view.size.width >= 60 and it.view.size.height >= 8
        assert it.shell.size == tuple(it.view.size) == it.session.size
        await it.press("f6")
        assert all(len(row) <= size[0] for row in it.rows())


async def test_text_of_the_lesson_can_be_marked_and_copied() -> None:
    async with running() as it:
        await it.sees("A veth pair is a cable")
        row = next(y for y, text in enumerate(it.rows()) if "A veth pair is a cable" in text)
        column = it.rows()[row].index("veth")
        await it.pilot.mouse_down(offset=(column, row))
        await it.pilot.hover(offset=(column + 9, row))
        await it.pilot.mouse_up(offset=(column + 9, row))
        assert it.main.focused is it.main.lesson
        await it.press("ctrl+c")
        await it.until(lambda: it.app.clipboard.startswith("veth pair"))
        assert it.session.terminals["T2"].written == b""


async def test_a_lab_that_is_not_quite_as_it_was_left_is_told_until_read() -> None:
    async with running() as it:
        it.session.emit(events.LabRestored(word("`python3 [x]` did not work")))
        await it.sees("Not quite as you left it")
        await it.sees("python3 [x]")
        await it.press("enter")
        await it.sees_no("Not quite as you left it")
        await it.press("a")
        assert it.shell.written == b"a"
