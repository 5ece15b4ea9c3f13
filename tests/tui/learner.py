"""A learner at the real screen with the real course, typing real keys: bytes through Textual's own reader."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from textual._xterm_parser import XTermParser

from engine.course import load_course
from engine.course.model import Command, Step
from engine.lab import Shell
from engine.messages import render
from engine.session.progress import ProgressStore
from engine.session.session import Session
from tests.tui.running import Running, running
from tui.screens.finish import FinishScreen
from tui.terminal import input as terminal_input

SILENCE_SECONDS = 0.6
"""How long a command without an end is watched before Ctrl-C when nothing is to come."""
ENTER, INTERRUPT = "\r", "\x03"
HELP, HINT, SOLUTION, TERMINAL, NEXT, VIEW, SKIP, STEPS, RESET, QUIT, LANGUAGE = (
    *("\x1bOP", "\x1bOQ", "\x1bOR", "\x1bOS"),
    *(f"\x1b[{number}~" for number in (15, 17, 18, 19, 20, 21, 24)),
)


class Learner:
    """Types, looks, and waits for what a person would wait for."""

    def __init__(self, it: Running) -> None:
        self.it = it
        self.session: Session = it.session

    @property
    def step(self) -> Step:
        return self.session.step

    async def type(self, data: str) -> None:
        """These bytes come from the keyboard."""
        parser = XTermParser()
        for event in [*parser.feed(data), *parser.feed("")]:
            self.it.app.post_message(event)
        await self.it.pilot.pause()

    async def until(self, condition: Callable[[], object], what: str) -> None:
        await self.it.until(condition, f"{what} in step {self.step.id}")

    async def idle(self) -> None:
        """The session has finished what it was asked, and the screen shows it."""
        await self.until(lambda: not self.session.busy and self.it.main.busy is None, "the end of the work")

    @property
    def ends(self) -> bool:
        """The screen at the end of a lesson is open."""
        return isinstance(self.it.app.screen, FinishScreen)

    def shell(self, name: str) -> Shell:
        return self.session.terminals[name]

    async def go_to_terminal(self, name: str) -> Shell:
        """Press F4 until that terminal is in front."""
        await self.until(lambda: name in self.it.main.deck.names, f"terminal {name}")
        for _ in range(8):
            if self.it.main.deck.front == name:
                break
            before = self.it.main.deck.front
            await self.type(TERMINAL)
            await self.until(lambda before=before: self.it.main.deck.front != before, "the next terminal")
        assert self.it.main.deck.front == name
        await self.until(lambda: self.it.view.has_focus, "the focus")
        return self.shell(name)

    async def perform(self, command: Command) -> None:
        """Type one command of the lesson where it belongs, and see it through."""
        shell = await self.go_to_terminal(command.terminal)
        if command.text == "^C":
            await self.type(INTERRUPT)
            await self.until(lambda: shell.at_prompt, "the prompt after Ctrl-C")
            return
        await self.until(lambda: shell.at_prompt, f"a prompt in {command.terminal}")
        ended = asyncio.Event()
        lines: list[bytes] = []
        shell.on_finished.append(lambda run: ended.set())
        shell.on_output.append(lines.append)
        await self.type(command.text.replace("\n", ENTER) + ENTER)
        if command.runs:
            await self.until(
                lambda: shell.running is not None and self._listens_for(command), f"the server {command.text}"
            )
        elif command.interrupt:
            wanted = 2 if command.exit == 0 else 1
            seen = asyncio.ensure_future(
                self.until(lambda: b"".join(lines).count(b"\n") > wanted or ended.is_set(), "output")
            )
            await asyncio.wait({seen}, timeout=SILENCE_SECONDS if command.exit != 0 else None)
            seen.cancel()
            if not ended.is_set():
                await self.type(INTERRUPT)
            await self.until(ended.is_set, f"the end of {command.text}")
        else:
            await self.until(ended.is_set, f"the end of {command.text}")

    def _listens_for(self, command: Command) -> bool:
        space = self.session.snapshot.namespace(command.namespace) if self.session.snapshot else None
        return bool(space and any(one.process for one in space.listeners))

    async def do_step(self) -> None:
        """Type everything the step shows, and see it turn green."""
        step = self.step
        for command in step.commands:
            await self.perform(command)
        await self.until(lambda: self.session.step_state(step) == "done", f"green checks ({self.slips()})")

    def slips(self) -> str:
        failed = [verdict for verdict in self.session.verdicts if not verdict.passed]
        return "; ".join(render(verdict.hint or verdict.observed, "en") for verdict in failed)

    async def next(self) -> None:
        """Press F5 and see the next step's title; at the end of a lesson, past the screen that says so."""
        before = self.step
        await self.type(NEXT)
        await self.until(lambda: self.session.step is not before or self.ends, "the next step, or the end of a lesson")
        if self.ends:
            await self.type(ENTER)
        await self.until(lambda: self.session.step is not before, "the next step")
        await self.sees_step()

    async def sees_step(self) -> None:
        """The header and the lesson show the current step."""
        step = self.step
        await self.it.sees(f"▸ {step.number}" if not self.session.passed else step.number)


@asynccontextmanager
async def learning(
    directory: Path, language: str = "en", size: tuple[int, int] = (120, 36), at: str | None = None
) -> AsyncIterator[Learner]:
    """A learner at the real course, whose progress is kept in ``directory``; ``at``: begin at that step."""
    terminal_input.install()
    course = load_course()
    session = Session.open(course, store=ProgressStore(directory), language=language)
    if at is not None:
        session.begin_at(course.step(at))
    async with running(session=session, size=size) as it:
        learner = Learner(it)
        await learner.idle()
        yield learner
