"""The manual of the command at hand: which command that is, its parts, the place in the page, and what is said else."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from engine.lab import LabError
from engine.manual.page import Page, read_overstrikes
from engine.manual.subject import Subject
from tests.tui.running import Running, running
from tui.screens import manual
from tui.screens.manual import ManualScreen

LONG = "\n".join(
    [
        "N\bNA\bAM\bME\bE",
        "   ip link add - add a link",
        *["       words"] * 60,
        "       peer name NAME",
        "       the end",
    ]
)


class Library:
    """Stands for the lab's manuals: what it gives, by program, and what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, bool]] = []
        self.fails: Exception | None = None

    async def look_up(
        self, lab: Any, subject: Subject, *, width: int, language: str, short: bool = False
    ) -> Page | None:
        self.asked.append((subject.program, short))
        if self.fails is not None:
            raise self.fails
        if subject.program == "nonsense":
            return None
        text = "Usage: ip link help" if short else LONG
        title = " ".join(subject.help) if short else subject.pages[0]
        return Page(source="help" if short else "man", title=title, lines=read_overstrikes(text))


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Library:
    here = Library()
    monkeypatch.setattr(manual, "look_up", here.look_up)
    return here


def screen(it: Running) -> ManualScreen:
    assert isinstance(it.app.screen, ManualScreen)
    return it.app.screen


async def opened(it: Running, command: str) -> None:
    await it.press("shift+f1")
    await it.until(lambda: isinstance(it.app.screen, ManualScreen) and screen(it).command == command, command)


async def test_the_lessons_next_command_part_by_part(library: Library) -> None:
    async with running() as it:
        await opened(it, "sudo ip link add dev veth_dustin type veth peer name veth_ns_dustin")
        await it.sees("Manual page ip-link")
        await it.sees("▸    ip link add - add a link")
        assert "as root: only root may change the network" in it.text()
        assert "▸ ip link add dev veth_dustin" in it.text(), "sudo is not what one wonders about"
        await it.press("end")
        await it.sees("the end")
        await it.press("home", "down", "down")
        await it.sees("▸        peer name NAME")
        await it.press("up", "up", "up")
        await it.until(lambda: ("sudo", False) in library.asked, "the manual of sudo")
        await it.press("pagedown", "pageup", "tab")
        await it.sees("Printed by sudo --help   Tab: its manual page")
        assert library.asked == [("ip", False), ("sudo", False), ("sudo", True)], "what is known is not looked up again"
        await it.press("q")
        await it.until(lambda: it.app.screen is it.main, "the main screen")


async def test_which_command_is_at_hand(library: Library) -> None:
    async with running() as it:
        it.shell.say(b"you@lab:~$ nonsense -x")
        await it.sees("nonsense -x")
        await opened(it, "nonsense -x")
        await it.sees("neither a manual page for nonsense nor")
        await it.press("escape")
        it.shell.running = SimpleNamespace(text="ping 10.0.0.10")
        await opened(it, "ping 10.0.0.10")
        await it.press("escape")
        it.shell.running = None
        await it.press("ctrl+right_square_bracket", "tab")  # the second command of the lesson
        await opened(it, "ip link list")
        await it.press("escape")


async def test_it_says_why_there_is_nothing_to_read(library: Library) -> None:
    async with running(language="zh", size=(80, 24)) as it:
        it.shell.say(b"you@lab:~$ ./mine && ss -ltn")
        await it.sees("./mine")
        await it.press("shift+f1")
        await it.sees("它不是系统自带的程序")
        await it.press("down")
        await it.sees("它只是把前后两条命令连起来")
        library.fails = TimeoutError()
        await it.press("down")
        await it.sees("等了 10 秒也没有结果")
        library.fails = LabError("closed")
        await it.press("tab")
        await it.sees("实验环境现在不可用")
        await it.press("shift+f1")
        await it.until(lambda: it.app.screen is it.main, "the main screen")
