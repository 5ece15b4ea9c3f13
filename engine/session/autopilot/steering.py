"""Where a talk stands, and how it is steered: everything that may be asked of it while it is being given."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import msgspec
from msgspec.structs import replace

from engine.course.model import LANGUAGES, Step, Text
from engine.lab import LabError
from engine.messages import Message, render
from engine.session.autopilot import events
from engine.session.autopilot.needs import broken_check, busy_terminal, needed_checks
from engine.session.autopilot.pacing import Pace
from engine.session.autopilot.plan import Plan, make_plan
from engine.session.session import Session

SPACE = "space"


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """How the talk is given."""

    steps: tuple[Step, ...]
    pause: float = 4.0
    """Seconds between two steps."""
    manual: bool = False
    """Each command, each answer and each new step waits for a key; nothing else waits."""
    by_key: bool = False
    """The instructor's keys, whichever they are, type the commands."""
    loop: bool = False
    """Begin again after the last step."""
    patient: bool = False
    """Somebody is there who steers: a talk that has stopped or ended waits for them."""


class Steering:
    """Never waits but for :meth:`give_back`: it holds or hurries the pace, or ends the step that is being played and
    names another. Who plays is the subclass."""

    def __init__(self, session: Session, choices: Choices, pace: Pace) -> None:
        self.session = session
        self.choices = choices
        self.pace = pace
        self.step = choices.steps[0]
        self.phase: events.Phase = "starting"
        self.round = 1
        self.reason: Message | None = None
        """Why it has stopped, or cannot go on."""
        self.plan: Plan = self._plan()
        self._subscribers: list[Callable[[events.Event], None]] = []
        self._command = 0
        self._over = False
        self._wanted: Step | None = None
        self._told = asyncio.Event()
        self._player: asyncio.Task[None] | None = None
        self._held: tuple[str, ...] = ()
        self._began: float | None = None

    def _plan(self) -> Plan:
        choices = self.choices
        pause = 0.0 if choices.manual else choices.pause
        language = self.session.language
        return make_plan(self.session.course, choices.steps, language, speed=self.pace.speed, pause=pause)

    # -- telling -----------------------------------------------------------------------------------------------

    def subscribe(self, callback: Callable[[events.Event], None]) -> Callable[[], None]:
        """Hear of every event from now on; call the result to stop."""
        self._subscribers.append(callback)
        return lambda: self._subscribers.remove(callback)

    def _emit(self, event: events.Event) -> None:
        for callback in tuple(self._subscribers):
            callback(event)

    def _set(self, phase: events.Phase) -> None:
        self.phase = phase
        self._emit(events.Changed())

    def _changed(self) -> None:
        self._emit(events.Changed())

    @property
    def taken(self) -> bool:
        """Whether the instructor has the keyboard."""
        return self.pace.held("taken")

    @property
    def over(self) -> bool:
        """Whether the step has been played to its end and its checks held."""
        return self._over

    @property
    def elapsed(self) -> float:
        """Seconds since the talk began, in a loop since its present round did."""
        return self.pace.clock.now() - self._began if self._began is not None else 0.0

    @property
    def standing(self) -> events.Standing:
        """Where it stands now."""
        step, course, pace = self.step, self.session.course, self.pace
        lesson = course.lesson_of(step)
        command = step.commands[self._command] if self._command < len(step.commands) else None
        index = self.plan.index(step) or 0
        return events.Standing(
            phase=self.phase,
            step=step.id,
            number=step.number,
            title=step.title,
            lesson_number=lesson.number,
            lesson=lesson.title,
            notes=step.notes,
            next_command=command.text if command else None,
            terminal=command.terminal if command else None,
            remaining=pace.remaining if self.phase not in ("typing", "running") else None,
            speed=None if pace.instant else pace.speed,
            paused=pace.held("paused"),
            taken=self.taken,
            blank=pace.held("blank"),
            wants_key=pace.waits_for_key,
            manual=self.choices.manual or self.choices.by_key,
            reason=in_all_languages(self.reason) if self.reason else None,
            position=index + 1,
            count=len(self.plan.steps),
            round=self.round,
            elapsed=self.elapsed,
            planned=self.plan.begins(index),
            total=self.plan.total,
        )

    # -- steering ----------------------------------------------------------------------------------------------

    def pause(self) -> None:
        """Hold, also in the midst of a word."""
        self.pace.hold("paused")
        self._changed()

    def resume(self) -> None:
        self.pace.release("paused")
        self._changed()

    def toggle(self) -> None:
        """Pause or resume; where it waits for a key, give it one; where it has stopped, look at the checks again."""
        if self.taken:
            return
        if self.phase == "stopped":
            self.pace.release("paused")
            self._told.set()
            return
        if self.pace.waits_for_key and not self.pace.held("paused"):
            self.press(SPACE)
        elif self.pace.held("paused"):
            self.resume()
        else:
            self.pause()

    def press(self, key: str) -> None:
        """A key, for a talk that waits for one."""
        self.pace.press(key)

    def faster(self) -> None:
        self.pace.faster()
        self._changed()

    def slower(self) -> None:
        self.pace.slower()
        self._changed()

    def next(self) -> None:
        """The step after this one: at once if this one is done, else in a lab brought there."""
        if self.phase == "counting" and not self.taken:
            self.resume()
            self.pace.skip()
            if self.pace.waits_for_key:
                self.press(SPACE)
            return
        index = self._index()
        if index + 1 < len(self.choices.steps):
            self.goto(self.choices.steps[index + 1])

    def previous(self) -> None:
        """The step before this one; the lab follows back. At the first, that one again."""
        self.goto(self.choices.steps[max(0, self._index() - 1)])

    def replay(self) -> None:
        """This step again, from a lab just before it."""
        self.goto(self.step)

    def goto(self, step: Step) -> None:
        """Play ``step`` next, in a lab brought there, then what follows it. A step that the talk left out belongs to
        it from now on, and so does what lies between."""
        self._wanted = step
        if step not in self.choices.steps:
            steps = self.session.course.steps
            places = [steps.index(one) for one in (*self.choices.steps, step)]
            self.choices = replace(self.choices, steps=steps[min(places) : max(places) + 1])
            self.plan = self._plan()
        self.reason = None
        for hold in ("taken", "paused"):
            self.pace.release(hold)
        self._told.set()
        if self._player is not None:
            self._player.cancel()
        self._changed()

    def take_over(self) -> None:
        """The keyboard is the instructor's: nothing is typed until it is given back."""
        if self.taken or self.phase in ("starting", "bringing"):
            return
        self._held = tuple(verdict.check for verdict in self.session.verdicts if verdict.passed)
        self.pace.turn += 1
        self.pace.hold("taken")
        self._changed()

    async def give_back(self) -> bool:
        """Go on in the lab as it now is, if what the talk needs still holds; else ``reason`` says what does not, and
        the instructor keeps the keyboard (:meth:`restore` gives a lab in which the talk can go on)."""
        if not self.taken:
            return True
        self.reason = await self._obstacle()
        if self.reason is None:
            self.pace.release("taken")
            self.pace.release("paused")
            self._told.set()
        self._changed()
        return self.reason is None

    def restore(self) -> None:
        """A fresh lab where the talk stands: at this step, or the next if this one was over."""
        index = self._index()
        over = self._over and index + 1 < len(self.choices.steps)
        self.goto(self.choices.steps[index + 1] if over else self.step)

    def blank(self, hidden: bool) -> None:
        """Have the room see nothing; nothing goes on meanwhile."""
        self._hold("blank", hidden)

    def cover(self, covered: bool) -> None:
        """Something else stands before the talk, as the list of steps: nothing goes on while nobody sees it."""
        self._hold("covered", covered)

    def _hold(self, reason: str, on: bool) -> None:
        if on != self.pace.held(reason):
            (self.pace.hold if on else self.pace.release)(reason)
            self._changed()

    def _index(self) -> int:
        return next((index for index, step in enumerate(self.choices.steps) if step.id == self.step.id), 0)

    async def _obstacle(self) -> Message | None:
        session, step = self.session, self.step
        if session.lost is not None or session.lab is None:
            return session.lost or Message("demo.broken.lab")
        try:
            snapshot = await session.lab.refresh()
        except LabError as error:
            return error.message
        begun = self._command > 0 or self.phase == "running"
        if self.phase == "stopped":
            return busy_terminal(session, ())
        checks = needed_checks(session.course, step, begun=begun, over=self._over, held=self._held)
        if found := broken_check(checks, snapshot):
            return found
        if self.phase == "running":
            return None
        index = self._index()
        steps = self.choices.steps
        following = steps[index + 1].commands if self._over and index + 1 < len(steps) else ()
        return busy_terminal(session, following if self._over else step.commands[self._command :])


def in_all_languages(message: Message) -> Text:
    """A message as words, for who cannot render it."""
    return Text(*(render(message, language) for language in LANGUAGES))
