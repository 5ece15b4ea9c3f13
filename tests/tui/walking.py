"""A walk through every screen of the learner's program: each is opened as a learner would, and shown to ``see``."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
from textual.events import Key
from textual.screen import Screen

import tui
from engine.course.model import Term, Text
from engine.lab import CommandRun, LabError
from engine.manual.page import Page, read_overstrikes
from engine.manual.subject import Subject
from engine.messages import Message
from engine.network.announcement import Announcement
from engine.session import events
from engine.session.progress import Entry
from engine.verify import Verdict
from tests.tui.fakes import ADD, FakeSession
from tests.tui.network.moments import load
from tests.tui.running import Running
from tui.demo.help import help_lines
from tui.demo.words import sayer as demo_sayer
from tui.keys import STATE_LETTERS
from tui.network.topology import TopologyView
from tui.opening import Curtain
from tui.screens.help_box import HelpBox
from tui.screens.manual import ManualScreen
from tui.screens.tour import STOPS

CHARACTERS = {"slash": "/", "space": " "}
See = Callable[[str], Awaitable[None]]
CHORD = "ctrl+right_square_bracket"
OTHERS = ("tui.classroom", "tui.demo", "tui.web", "tui.commands", "tui.__main__")
"""Not the learner's own program: they have words and tests of their own."""
GLOSSARY = (
    Term(
        id="veth",
        title=Text("veth pair", "veth 对"),
        text=Text("A cable.\n\n```console\n$ ip link show type veth\n```", "一根网线。"),
        commands=("ip link show type veth",),
        step="veth/create-pair",
        related=("route",),
    ),
    Term(id="route", title=Text("Route", "路由"), text=Text("A way.", "一条路。"), step="addresses/host"),
)
MANUAL = {"en": "N\bNA\bAM\bME\bE\n   A manual has this.", "zh": "名称\n   手册里写着这些。"}


def learners_screens() -> set[type[Screen[Any]]]:
    """Every screen that the modules of the learner's program define, without those that are only there to be extended
    in them."""
    found: set[type[Screen[Any]]] = set()
    for module in pkgutil.walk_packages(tui.__path__, "tui."):
        if not module.name.startswith(OTHERS):
            members = vars(importlib.import_module(module.name)).values()
            found |= {
                one
                for one in members
                if isinstance(one, type) and issubclass(one, Screen) and one.__module__ == module.name
            }
    return {one for one in found if not any(other is not one and issubclass(other, one) for other in found)}


class Manuals:
    """Stands for ``look_up``: a page in the learner's language, where a real one is in the system's, or none."""

    fails: Exception | None = None

    async def __call__(self, lab: Any, subject: Subject, *, width: int, language: str, short: bool = False) -> Any:
        if self.fails is not None:
            raise self.fails
        if subject.program == "nonsense":
            return None
        source = "help" if short else "builtin" if subject.program == "cd" else "man"
        return Page(source=source, title=subject.program, lines=read_overstrikes(MANUAL[language]))


def session(language: str) -> FakeSession:
    """One that has done a few things."""
    made = FakeSession(language)
    made.course = msgspec.structs.replace(made.course, glossary=GLOSSARY)
    first = made.step
    made.progress.journal = [
        Entry(step=first.id, terminal="T1", text="ip netns add one"),
        Entry(step=first.id, terminal="T2", text="python3 -m http.server 8080", runs=True),
        Entry(step=first.id, terminal="T2", text="python3 -m http.server 8080", ends=True),
    ]
    return made


def put_a_directory_in_the_way(path: Path) -> None:
    """It cannot be written a second time."""
    path.unlink()
    path.mkdir()


class Walk:
    """``await Walk(it, see).everywhere(manuals)``. ``seen``: the screens that were in front."""

    def __init__(self, it: Running, see: See) -> None:
        self.it = it
        self.seen: set[type[Screen[Any]]] = set()
        self._see = see

    async def see(self, where: str) -> None:
        await self.it.pilot.pause()
        self.seen.add(type(self.it.app.screen))
        await self._see(where)

    async def press(self, *keys: str) -> None:
        """As the pilot does, without its waiting after each key."""
        for key in keys:
            character = CHARACTERS.get(key, key if len(key) == 1 else None)
            self.it.app.post_message(Key(key, character))
        await self.it.pilot.pause()

    async def opens(self, *keys: str) -> None:
        """Press keys of which the last opens a screen, and look at it."""
        await self.press(*keys)
        await self.it.until(lambda: self.it.app.screen is not self.it.main, f"what {keys} opens")
        await self.see(" ".join(keys))

    async def closes(self, *keys: str) -> None:
        await self.press(*(keys or ("escape",)))
        await self.it.until(lambda: self.it.app.screen is self.it.main, f"the end of {self.it.app.screen}")

    async def to_the_lesson(self) -> None:
        main = self.it.main
        main.set_view("all")
        await self.it.pilot.pause()
        main.set_focus(main.lesson)
        await self.it.until(lambda: main.lesson.has_focus, "the lesson")

    async def everywhere(self, manuals: Manuals) -> None:
        await self.beginning()
        await self.main()
        await self.panes()
        await self.reading()
        await self.manual(manuals)
        await self.finding()
        await self.drawing()
        await self.terminals()
        await self.work()
        await self.ends()

    async def beginning(self) -> None:
        it = self.it
        await it.app.push_screen(Curtain())
        await self.see("the first paint")
        it.app.pop_screen()
        await it.pilot.pause()
        await self.to_the_lesson()
        await self.opens("T")
        for stop in STOPS[1:]:
            await self.press("right")
            await self.see(f"tour: {stop}")
        await self.closes()

    async def main(self) -> None:
        it, session = self.it, self.it.session
        words: Any = Message("tui.terminal.copied")
        session.commands = (CommandRun(id=1, terminal="T2", text="true", cwd=None, exit=0),)
        slip = Message("tui.told.no_hint")
        session.evaluate((Verdict(check="pair", passed=False, expected=words, observed=words, hint=slip),))
        await self.see("a slip")
        for key in ("f2", "f2", "f3", "f5", "f7", "shift+f7", "f2", "shift+f7", "shift+f9"):
            await self.press(key)
            await self.see(key)
        await self.press("shift+f6")
        for view in range(4):
            await self.press("f6")
            await self.see(f"view {view}")
        await self.press("shift+f6", "shift+f6")
        await self.to_the_lesson()
        await self.press("2")
        await self.see("a guess")
        session.emit(events.CommandFinished(CommandRun(id=2, terminal="T2", text=ADD.text, cwd=None, exit=0)))
        session.emit(events.PredictionJudged(f"{session.step.id}?0", True))
        await self.see("it held")
        session.pass_step()
        await self.see("the step is done")
        for _ in range(3):
            await self.press("d")
            await self.see("colours")
        size = it.app.size
        await it.pilot.resize_terminal(60, 20)
        await self.see("too small")
        await it.pilot.resize_terminal(*size)
        await self.see("large enough")

    async def panes(self) -> None:
        session = self.it.session
        session.emit(events.CommandStarted(CommandRun(id=3, terminal="T2", text="ip link", cwd=None)))
        session.emit(events.SnapshotTaken(load("final")))
        session.emit(events.KernelAnnounced((Announcement(1.0, "host", "LINK", "Deleted 8: veth_dustin"),)))
        await self.to_the_lesson()
        for letter, pane in STATE_LETTERS:
            await self.press(letter)
            await self.see(pane)
        await self.opens("slash")
        await self.closes()
        await self.to_the_lesson()

    async def reading(self) -> None:
        """The glossary, the keys, the steps, and what the lab went through."""
        it = self.it
        for key in ("f1", "f8", "shift+f8", "shift+f3", "shift+f2"):
            await self.opens(key)
            if key != "shift+f8":
                await self.press(*"qz")
                if key == "shift+f3":  # it waits a moment before it says that there is nothing
                    await it.sees(it.main.say("palette.nothing"))
                await self.see(f"nothing found: {key}")
            await self.closes()
        await self.opens("shift+f2")
        await self.press("tab", "tab")
        await self.see("another link")
        await self.press("shift+tab", "enter")
        await self.see("the related entry")
        await self.closes("enter")
        await self.see("still to come")

    async def manual(self, manuals: Manuals) -> None:
        it = self.it
        for command in ("nonsense -x", "sudo ip netns && cd | ./own"):
            it.shell.running = SimpleNamespace(text=command)
            it.shell.at_prompt = False
            it.main.focus_terminal()
            await self.opens("shift+f1")
            await self.press("tab")
            await self.see(f"{command}: short help")
            page = it.app.screen
            assert isinstance(page, ManualScreen)
            for part in page.parts[2:]:
                await self.press("down")
                await self.see(f"{command}: {part.text}")
            await self.closes()
        for failure in (TimeoutError(), LabError("shell-ended", terminal="T2")):
            manuals.fails = failure
            await self.opens("shift+f1")
            await self.closes()
        it.shell.running, it.shell.at_prompt = None, True

    async def finding(self) -> None:
        say = self.it.main.say
        for push in (
            lambda: self.it.main.tell(Message("tui.restored.title")),
            self.it.app._ask_whether_to_go_on,
            lambda: self.it.app._give_up(say("failed.lab"), str(say("lost.silent"))),
            lambda: self.it.app.push_screen(HelpBox(demo_sayer(lambda: self.it.session.language), help_lines)),
        ):
            push()
            await self.it.until(lambda: self.it.app.screen is not self.it.main, "a notice")
            await self.see("a notice")
            self.it.app.pop_screen()
            await self.it.pilot.pause()

    async def drawing(self) -> None:
        it = self.it
        await self.press("shift+f6", "shift+f6")
        it.main.network.want("drawing")
        it.main.set_view("network")
        await it.pilot.pause()
        view = it.main.query_one(TopologyView)
        await it.until(lambda: view._regions, "the drawing")
        view.focus()
        kinds: set[tuple[str, bool]] = set()
        for key in [region.key for region in view._regions]:
            kind = (key[0], key[1:2] == ("host",))
            if kind not in kinds:
                kinds.add(kind)
                view.choose(key)
                await self.opens("enter")
                await self.closes()
        assert {one[0] for one in kinds} >= {"device", "space", "router", "internet"}
        await self.to_the_lesson()

    async def terminals(self) -> None:
        it = self.it
        it.main.focus_terminal()
        for keys in (("shift+f4",), ("shift+f4",), ("shift+f5",), ("y",), ("tab",), ("slash",), ("z", "q", "enter")):
            await self.press(*keys)
            await self.see(f"copy mode: {keys}")
        await self.press("q")
        it.shell.at_prompt, it.shell.running = False, SimpleNamespace(text="python3 -m http.server")
        await self.opens("f3")
        await self.closes("right", "enter")
        await it.sees(":q!")
        await self.see("it did not stop")
        it.shell.running = None
        await self.opens("f3")
        await self.closes()
        it.shell.end()
        await self.see("a shell that has ended")

    async def work(self) -> None:
        it = self.it
        for key in ("course.busy-starting", "course.busy-rebuilding", "course.busy-skipping"):
            it.session.emit(events.Busy(Message(key)))
            await self.see(key)
            await self.press("f3")
            await self.see("it has to wait")
        it.session.emit(events.Idle())
        await it.pilot.pause()
        it.main.lab_lost(Message("tui.lost.silent"))
        await self.see("the lab is lost")
        await self.closes("enter")

    async def ends(self) -> None:
        session = self.it.session
        await self.to_the_lesson()
        await self.opens("e")
        for refused in (False, True):
            for key, kind in (("m", "md"), ("s", "svg")):
                await self.press(key)
                await self.see(f"saved: {key}")
                if not refused:
                    put_a_directory_in_the_way(Path(f"nsteps-summary.{kind}"))
        await self.closes()
        create, move, address = session.course.steps
        for step in (move, address):
            session.progress.states.update({create.id: "skipped", step.id: "done"})
            session.step = step
            session.emit(events.StepChanged(step))
            await self.see(step.number)
            await self.opens("f5")
            await self.closes()
            await self.see(f"after {step.number}")
