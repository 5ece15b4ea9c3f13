"""The instructor's hands: plays the steps of a talk in a real session, and lets itself be steered at any moment.

One task plays (:meth:`Autopilot.run`); what ends it or holds it up is in :mod:`engine.session.autopilot.steering`.
Nothing is shown that did not happen: a command is over when the terminal says so, a step when its checks hold; one that
does not stops the talk, with the reason.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Coroutine
from typing import Any

from msgspec.structs import replace

from engine.course.model import Step
from engine.lab import LabError
from engine.messages import Message
from engine.session import events as session_events
from engine.session.autopilot import events
from engine.session.autopilot.pacing import Pace
from engine.session.autopilot.reading import looking_seconds
from engine.session.autopilot.rhythm import Rhythm
from engine.session.autopilot.script import (
    Advance,
    Ask,
    Beat,
    Explain,
    Perform,
    Read,
    Reveal,
    Verify,
    paced_seconds,
    script,
)
from engine.session.autopilot.steering import Choices, Steering
from engine.session.autopilot.typist import Typist
from engine.session.performer import INTERRUPT
from engine.session.session import Session

__all__ = ["Autopilot", "Choices"]

INTERRUPT_SECONDS = 0.4


class _Stop(Exception):
    def __init__(self, reason: Message) -> None:
        super().__init__(reason.key)
        self.reason = reason


class Autopilot(Steering):
    """See the module. ``session`` is not started yet; whoever made it closes it."""

    def __init__(
        self, session: Session, choices: Choices, *, pace: Pace | None = None, seed: int | None = None
    ) -> None:
        super().__init__(session, choices, pace or Pace())
        self._typist = Typist(self.pace, Rhythm(seed), by_key=choices.by_key)
        self._typist.typed = lambda: self._set("running")
        session.subscribe(self._hear)
        session.begin_at(self.step)
        self._mark(self.step)

    async def run(self) -> Message | None:
        """Give the talk; the reason why it stopped before its end, ``None`` if it came to it.

        Raises ``LabError`` if no lab can be made.
        """
        await self.session.start()
        self._began = self.pace.clock.now()
        step: Step | None = self.choices.steps[0]
        while step is not None:
            step = await self._turn(step)
        return self.reason

    async def _turn(self, step: Step) -> Step | None:
        """Play a step; the one to play after it, in a lab that is ready for it. ``None``: the talk is over."""
        if self._wanted is not None:
            return await self._bring()
        stopped = await self._guarded(self._play(step))
        while stopped is not None and self._wanted is None:
            self.reason = stopped
            self._set("stopped")
            self._emit(events.Stopped(step, stopped))
            if not self.choices.patient:
                return None
            await self._wait_to_be_told()
            if self._wanted is None:
                stopped = await self._guarded(self._conclude(step))
        if self._wanted is not None:
            return await self._bring()
        return await self._onward(step)

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> Message | None:
        """Do it until it is over, stops (the reason is returned) or another step is wanted."""
        self._player = asyncio.ensure_future(work)
        try:
            await self._player
        except _Stop as stop:
            return stop.reason
        except LabError as error:
            return self.session.lost or error.message
        except asyncio.CancelledError:
            if self._wanted is None and self.session.lost is None:
                raise
            return self.session.lost
        finally:
            self._player.cancel()
            self._player = None
        return None

    async def _wait_to_be_told(self) -> None:
        self._told.clear()
        await self._told.wait()

    async def _bring(self) -> Step:
        """A lab just before the step that is wanted, whichever it is by the time it is there."""
        step = self.step
        while self._wanted is not None:
            step, self._wanted = self._wanted, None
            self._mark(step)
            self._set("bringing")
            await self.session.goto(step)
        return step

    async def _onward(self, step: Step) -> Step | None:
        index = self._index()
        steps = self.choices.steps
        if index + 1 < len(steps):
            following = steps[index + 1]
            if not (await self.session.next() and self.session.step is following):
                self._wanted = following
                return await self._bring()
            return following
        self._emit(events.RoundFinished(self.round))
        if self.choices.loop:
            self.round += 1
            self._wanted = steps[0]
            self.session.progress.hints.clear()
            first = await self._bring()
            gc.collect()  # a lab that is left is a knot of tasks, shells and callbacks: only a collection frees it
            self._began = self.pace.clock.now()
            return first
        self._set("finished")
        if not self.choices.patient:
            return None
        await self._wait_to_be_told()
        return await self._bring() if self._wanted is not None else await self._onward(step)

    def _mark(self, step: Step) -> None:
        """What stands before the step counts as done."""
        states = self.session.progress.states
        states.clear()
        for one in self.session.course.steps:
            if one.id == step.id:
                break
            states[one.id] = "done"

    async def _play(self, step: Step) -> None:
        self.step, self._command, self._over, self.reason = step, 0, False, None
        self._emit(events.StepBegan(step))
        for beat in script(self.session.course, step):
            await self._beat(step, beat)

    async def _conclude(self, step: Step) -> None:
        """From the checks on, once more: somebody has mended the lab."""
        beats = script(self.session.course, step)
        start = next(index for index, beat in enumerate(beats) if isinstance(beat, Verify))
        for beat in beats[start:]:
            await self._beat(step, beat)

    async def _beat(self, step: Step, beat: Beat) -> None:
        await self.pace.ready()
        if self._wanted is not None:
            raise asyncio.CancelledError
        self._emit(events.BeatBegan(step, beat))
        manual = self.choices.manual or self.choices.by_key
        match beat:
            case Perform():
                await self._perform(step, beat)
            case Verify():
                await self._verify(step)
            case Advance():
                if self.choices.loop or self._index() + 1 < len(self.choices.steps):
                    self._set("counting")
                    await (self.pace.key() if manual else self.pace.wait(self.choices.pause, scaled=False))
            case Ask():
                self._set("asking")
                await (self.pace.key() if manual else self._read(beat))
            case Read():
                self._set("reading")
                await (self.pace.ready() if manual else self._read(beat))
            case Reveal():
                self._set("revealing")
                await (self.pace.ready() if manual else self._read(beat))
            case Explain():
                self._set("explaining")
                await (self.pace.ready() if manual else self._read(beat))

    async def _read(self, beat: Beat) -> None:
        await self.pace.wait(paced_seconds(beat, self.session.language))

    async def _perform(self, step: Step, beat: Perform) -> None:
        command = beat.command
        self._command = beat.index
        if self.choices.manual:
            self._set("waiting")
            await self.pace.key()
        self._set("typing")
        if command.text == INTERRUPT:
            await self.pace.wait(INTERRUPT_SECONDS)
        performed = await self.session.perform(command, self._typist)
        self._command = beat.index + 1
        self._emit(events.CommandPerformed(step, beat.index, performed))
        if performed.run is None and performed.problem is not None:
            raise _Stop(Message("demo.stopped.command", {"command": command.text, "terminal": command.terminal}))
        self._set("looking")
        lines = performed.run.output.count("\n") if performed.run else 1
        if not (self.choices.manual or self.choices.by_key):
            await self.pace.wait(looking_seconds(lines, changes=not command.look))

    async def _verify(self, step: Step) -> None:
        self._set("verifying")
        verdicts = await self.session.settle()
        self._emit(events.StepVerified(step, verdicts))
        failed = next((verdict for verdict in verdicts if not verdict.passed), None)
        if failed is not None:
            told = failed.hint or failed.observed
            raise _Stop(Message("demo.stopped.check", {"expected": failed.expected, "observed": told}))
        if len(verdicts) != len(step.checks):
            raise _Stop(Message("demo.broken.lab"))
        self._over = True
        self.reason = None
        self._changed()

    def _hear(self, event: session_events.Event) -> None:
        """A lab that is lost ends the step: what it can no longer show is not waited for."""
        if isinstance(event, session_events.LabLost) and self._player is not None:
            self._player.cancel()
        elif isinstance(event, session_events.LanguageChanged):
            self.plan = replace(self._plan(), speed=self.plan.speed)
            self._changed()
